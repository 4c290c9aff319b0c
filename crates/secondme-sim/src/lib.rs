//! A simulated SecondMe for the demo and the tests, written from SecondMe's own documents.
//!
//! It deliberately knows no other crate of this workspace: every shape on the wire is spelled out here a second time,
//! so that one misreading cannot hide on both sides of a test.
//!
//! A map of the crate: [`Simulator`] binds and serves; `world` is everything it remembers; `visitor_chat` and
//! `avatar_hub` speak one document each over HTTP, behind `admission`; `conversation` takes the messages of both, with the
//! `words` of a visitor in the demo; `socket` pushes frames to browsers and knows no API; `replies` and `chunks` are
//! what the avatar says and how it is cut; [`script`] is how that looks on the wire, from the document to the letter to
//! every departure from it; `faults`, [`Control`] and [`Observed`] are the test instrument.

mod admission;
mod answer;
mod avatar_hub;
mod chunks;
mod control;
mod conversation;
mod faults;
mod media;
mod observed;
mod replies;
pub mod script;
mod settings;
mod simulator;
mod socket;
mod step;
mod visitor_chat;
mod words;
mod world;

pub use admission::Endpoint;
pub use control::{AvatarAddition, CONTROL_HELP, Command, CommandError, Control};
pub use faults::{AnswerFault, Operation, PlannedRefusal, TokenRefusal};
pub use observed::{HubObserved, Observed, ObservedSession};
pub use replies::{reply_to, reply_without_persona};
pub use script::{Script, Variant};
pub use settings::Settings;
pub use simulator::{Simulator, StartError};
pub use words::word_help;

//! A simulated SecondMe for the demo and the tests, written from SecondMe's own documents.
//!
//! It deliberately knows no other crate of this workspace: every shape on the wire is spelled out here a second time,
//! so that one misreading cannot hide on both sides of a test.
//!
//! A map of the crate: [`Simulator`] binds and serves; `world` is everything it remembers; `visitor_chat` speaks the
//! Visitor Chat document over HTTP; `oauth` is where users sign in; `console` is what the avatar's owner sees; `socket`
//! pushes frames to browsers and knows no API; `replies` and `chunks` are what the avatar says and how it is cut;
//! [`script`] is how that looks on the wire, from the document to the letter to every departure from it; `faults`,
//! [`Control`] and [`Observed`] are the test instrument.

mod answer;
mod chunks;
mod console;
mod control;
mod faults;
mod media;
mod oauth;
mod observed;
mod origin;
mod replies;
pub mod script;
mod settings;
mod simulator;
mod socket;
mod step;
mod visitor_chat;
mod world;

pub use control::{AvatarAddition, CONTROL_HELP, Command, CommandError, Control};
pub use faults::{AnswerFault, Operation, PlannedRefusal, TokenRefusal};
pub use observed::{Observed, ObservedSession};
pub use replies::reply_to;
pub use script::{Script, Variant};
pub use settings::Settings;
pub use simulator::{Simulator, StartError};
pub use visitor_chat::word_help;

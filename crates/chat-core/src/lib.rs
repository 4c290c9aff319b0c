//! What a SecondMe conversation is: a state machine that knows no browser, no clock, no chance and no I/O.
//!
//! - [`session`]: [`Session`] takes an [`Input`] and the time, and gives [`Effect`]s to carry out and [`Change`]s to show.
//! - [`transcript`]: the messages, as plain data.
//! - [`export`]: a conversation for its visitor to keep.
//! - [`failure`]: what can go wrong, as a state that a visitor is shown.
//! - [`retry`]: what may be tried again, and when.
//! - [`json`]: JSON as a value, and how values are put by.
//! - [`wire`]: the contract between widget and proxy, and the frames of the socket.
//! - [`moment`]: time as a value.

pub mod export;
pub mod failure;
pub mod json;
pub mod moment;
pub mod retry;
pub mod session;
pub mod transcript;
pub mod wire;

pub use failure::{Failure, RequestFault};
pub use moment::Moment;
pub use session::{Change, Connection, Effect, Input, Output, Profile, Saved, Session, Settings, Turn, Waiting};
pub use transcript::{Author, Message, MessageId, Status, Transcript};
pub use wire::part::{Attachment, AttachmentKind};

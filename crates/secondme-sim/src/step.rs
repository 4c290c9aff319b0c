//! What a socket is to do next. It knows bytes and pauses, but neither frames nor connections.

use std::time::Duration;

/// One thing for a socket to do, and how long it waits for that beyond the chunk rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) pause: Duration,
    pub(crate) action: Action,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Send a frame of text.
    Text(String),
    /// Send a frame of bytes.
    Binary(Vec<u8>),
    /// Drop the connection without a word.
    Cut,
}

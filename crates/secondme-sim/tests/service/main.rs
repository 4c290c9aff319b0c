//! The simulator from outside: real HTTP, real WebSockets, and the documents' JSON spelled out by hand.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test did not expect is its failure, in its helping functions too"
)]

mod answers;
mod caller;
mod control;
mod conversation;
mod errors;
mod hub;
mod lost_sockets;
mod program;
mod sdk;
mod sockets;
mod variants;
mod words;

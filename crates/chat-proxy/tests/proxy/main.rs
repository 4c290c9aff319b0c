//! The proxy over real sockets, in front of the simulated SecondMe or of servers that misbehave. One module per subject.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as the test does")]

mod conversation;
#[cfg(feature = "demo")]
mod demo;
mod description;
mod files;
mod limit_settings;
mod limits;
mod operator;
mod origins;
mod pages;
mod program;
mod redis_server;
mod requests;
mod settings;
mod shared_budget;
mod support;
mod token;
mod upstream_faults;

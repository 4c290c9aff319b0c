//! The proxy over real sockets, in front of the simulated SecondMe or of servers that misbehave. One module per subject.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as the test does")]

mod any_proxy;
mod avatar_hub;
mod avatars;
mod browser;
mod conversation;
mod csrf;
#[cfg(feature = "demo")]
mod demo;
mod deployment;
mod description;
mod documentation;
mod examples;
mod files;
mod hand_made;
mod limit_settings;
mod limits;
mod login;
mod neighbours;
mod operator;
mod origins;
mod pages;
mod policies;
mod program;
mod redis_server;
mod replicas;
mod requests;
mod rows;
mod sessions;
mod settings;
mod shared_budget;
mod site_tokens;
mod support;
mod token;
mod upstream_faults;
mod user_tokens;
mod visitor_chat;

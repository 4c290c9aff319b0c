//! The site's own proxy between the chat widget and SecondMe: the one place that holds a secret.
//!
//! - [`settings`] and [`config`]: what an operator may say, and what the proxy makes of it.
//! - [`server`]: the listener, the routes put together, the orderly stop.
//! - `routes`, `contract`, `failure`, `origin`: the widget's side. They know nothing of SecondMe's JSON.
//! - `identity` and `login`: who a visitor is, and how one signs in with SecondMe.
//! - `conversation` and `seal`: what is between the two, kept by the widget and unreadable to it.
//! - `upstream` with a module per SecondMe API, and `token`: SecondMe's side. They know nothing of HTTP handlers.
//! - [`budget`]: how many requests SecondMe allows, and whose turn it is. It knows neither side.
//! - `limits` and [`metrics`]: what one client may do to the proxy, and what an operator can see of it.
//! - `static_files` and `embedded`: the widget's built files, from a folder or from the program itself.
//! - `operator` and `openapi`: what the operator's own programs ask.
//! - [`csp`]: what a page's Content-Security-Policy must say for the widget.
//! - [`mod@check`], `demo`, [`logging`]: the rest of the program.

pub mod budget;
pub mod check;
pub mod config;
mod contract;
mod conversation;
pub mod csp;
#[cfg(feature = "demo")]
pub mod demo;
mod embedded;
mod failure;
mod identity;
mod limits;
pub mod logging;
mod login;
pub mod metrics;
mod openapi;
mod operator;
mod origin;
#[cfg(test)]
#[path = "../tests/proxy/redis_server.rs"]
#[allow(dead_code, reason = "the tests over sockets use what the units do not")]
mod redis_server;
mod routes;
mod seal;
pub mod server;
pub mod settings;
mod static_files;
mod token;
mod upstream;

pub use check::{CheckOptions, check};
pub use config::{Config, ConfigError};
pub use origin::Origin;
pub use seal::{SealFailed, SessionKeys};
pub use server::{Server, StartError, router};
pub use settings::Settings;
pub use upstream::Fault;

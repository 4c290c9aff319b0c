//! `chat-proxy check`: what stands between the settings and a chat that works. Each finding is a sentence. It sends no
//! message, and opens a conversation only where that is asked.

mod origins;
mod page;
mod secondme;
mod socket;

use clap::Args;
use reqwest::Url;
use thiserror::Error;

use crate::config::Config;
use crate::origin::Origin;
use crate::upstream::Fault;

/// How thorough `check` is.
#[derive(Args, Clone, Debug, Default)]
pub struct CheckOptions {
    /// Also open a conversation with each avatar, which its owner sees, and the WebSocket; no message is sent
    #[arg(long)]
    pub deep: bool,
    /// A page with the widget: say what in its Content-Security-Policy keeps the widget from working
    #[arg(long = "page", value_name = "URL", value_parser = page::address)]
    pub pages: Vec<Url>,
}

/// What is well, or what is wrong and what to do.
pub type Finding = Result<String, Problem>;

/// What keeps the chat from working, as a sentence for the operator. None holds a secret.
#[derive(Debug, Error)]
pub enum Problem {
    /// SecondMe refused the app's credentials.
    #[error("SecondMe refused SECONDME_CLIENT_ID or SECONDME_CLIENT_SECRET: {0}.")]
    Credentials(Fault),
    /// SecondMe refused the API key of an avatar.
    #[error("SecondMe refused {key}: {fault}.")]
    Key {
        /// Where the key comes from; never the key.
        key: String,
        /// How it was refused.
        fault: Fault,
    },
    /// SecondMe did not answer as it should.
    #[error("{0} (SECONDME_BASE_URL is {1}).")]
    Upstream(Fault, String),
    /// The client for SecondMe can't be made.
    #[error("The HTTP client can't be set up: {0}.")]
    Client(#[from] reqwest::Error),
    /// The WebSocket by which replies come can't be opened from here.
    #[error(
        "SecondMe's WebSocket at {origin} did not open: {reason}; visitors' browsers connect to it themselves, so see \
         whether the network lets them."
    )]
    Socket {
        /// Scheme, host and port; never the rest, which lets in.
        origin: String,
        /// Why, as a clause.
        reason: String,
    },
    /// The policies that `csp` prints would forbid the WebSocket.
    #[error(
        "SecondMe's WebSocket is at {0}, which the policies of `chat-proxy csp` don't name: set SECONDME_WS_ORIGINS={0} and \
         print them anew."
    )]
    UnnamedSocket(String),
    /// A site without TLS may use the chat.
    #[error(
        "CHAT_PROXY_ALLOWED_ORIGINS holds {0}: anybody on the way can change its pages and chat in their name, so serve \
         them by https and name that origin."
    )]
    InsecureOrigin(Origin),
    /// A page can't be looked at.
    #[error("The page {0} {1}.")]
    Page(String, String),
    /// A page's calls would be turned away.
    #[error(
        "The page {page} would be turned away, because the proxy at {proxy} is on another origin: add {origin} to \
         CHAT_PROXY_ALLOWED_ORIGINS."
    )]
    Unlisted {
        /// The page's address.
        page: String,
        /// The page's origin.
        origin: Origin,
        /// Where the page looks for the proxy.
        proxy: String,
    },
    /// A page's own policy forbids something that the widget needs.
    #[error("{directive} in the Content-Security-Policy of {page} ({place}) keeps the widget from {what}: {remedy}.")]
    Policy {
        /// The page's address.
        page: String,
        /// Where the policy stands.
        place: &'static str,
        /// The directive that decides.
        directive: String,
        /// What is forbidden.
        what: String,
        /// What to do.
        remedy: String,
    },
}

/// Tries the credentials, looks at the origins, and where it is asked, at the WebSocket and at pages.
pub async fn check(config: &Config, options: &CheckOptions) -> Vec<Finding> {
    let mut findings = secondme::findings(config, options.deep).await;
    findings.extend(origins::findings(&config.allowed_origins));
    for url in &options.pages {
        findings.extend(page::findings(config, url).await);
    }
    findings
}

//! SecondMe as the handlers see it, whichever of its APIs is spoken. Each API has a module, and only that one knows its JSON.

mod exchange;
mod fault;
mod visitor_chat;

use std::sync::Once;
use std::time::Duration;

pub use fault::Fault;

use crate::config::{Api, UpstreamConfig};
use crate::contract::{InitAnswer, InitRequest, SendAnswer, SendRequest};
use visitor_chat::VisitorChat;

/// How long a connection may take to come about; the whole answer has its own, longer time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Gateways close idle connections after a minute as a rule; a request on one that is closing fails for nothing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// The API that the configuration names.
pub(crate) enum Upstream {
    VisitorChat(VisitorChat),
}

impl Upstream {
    pub(crate) fn new(config: UpstreamConfig) -> Result<Self, reqwest::Error> {
        let http = client(config.timeout)?;
        Ok(match config.api {
            Api::VisitorChat => Self::VisitorChat(VisitorChat::new(http, config)),
        })
    }

    /// Opens the visitor's conversation, or finds it again.
    pub(crate) async fn init(&self, request: InitRequest) -> Result<InitAnswer, Fault> {
        match self {
            Self::VisitorChat(api) => api.init(request).await,
        }
    }

    /// Hands a message over. The reply comes over the visitor's socket.
    pub(crate) async fn send(&self, request: SendRequest) -> Result<SendAnswer, Fault> {
        match self {
            Self::VisitorChat(api) => api.send(request).await,
        }
    }

    /// Finds out whether SecondMe answers and takes the credentials, without touching any conversation.
    pub(crate) async fn probe(&self) -> Result<(), Fault> {
        match self {
            Self::VisitorChat(api) => api.probe().await,
        }
    }
}

fn client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    static PROVIDER: Once = Once::new();
    // A host program may have installed a provider of its own; that one serves as well.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .timeout(timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        // The secrets go to the configured address and to no other.
        .redirect(reqwest::redirect::Policy::none())
        // `HTTP_PROXY`, set for some other program, must not decide where requests with secrets go.
        .no_proxy()
        .user_agent(concat!("secondme-chat-proxy/", env!("CARGO_PKG_VERSION")))
        .build()
}

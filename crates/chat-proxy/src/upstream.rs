//! SecondMe as the conversations see it, whichever of its APIs is spoken. Each API has a module, and only that one knows
//! its JSON.

mod address;
mod allowance;
mod avatar_hub;
mod exchange;
mod fault;
mod retry;
mod visitor_chat;

use std::sync::{Arc, Once};
use std::time::Duration;

use chat_core::wire::Heartbeat;
use chat_core::wire::VisitorId;
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub(crate) use allowance::Allowance;
pub(crate) use exchange::{exchange, innermost};
pub use fault::Fault;
pub(crate) use visitor_chat::{SecretText, address};

use crate::config::{Api, Avatar, UpstreamConfig};
use crate::metrics::Metrics;
use avatar_hub::AvatarHub;
use visitor_chat::VisitorChat;

/// How long a connection may take to come about; the whole answer has its own, longer time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Gateways close idle connections after a minute as a rule; a request on one that is closing fails for nothing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// One of SecondMe's APIs. Any replica of the proxy can take any call: whatever one needs of an earlier one is handed in.
pub(crate) trait Upstream: Send + Sync {
    /// Opens the visitor's conversation, or goes on with one.
    fn init<'a>(&'a self, opening: Opening<'a>) -> BoxFuture<'a, Result<Opened, Fault>>;

    /// Hands a message over, at most once. The reply comes over the visitor's socket.
    fn send<'a>(&'a self, posting: Posting<'a>) -> BoxFuture<'a, Result<(), Fault>>;

    /// Whether SecondMe's own users are known here, so that one can be asked for in the name of another than the site.
    fn takes_users(&self) -> bool {
        false
    }

    /// Finds out whether SecondMe answers and takes the credentials, as far as that shows without opening a conversation
    /// with the avatar.
    fn probe<'a>(&'a self, avatar: &'a Avatar) -> BoxFuture<'a, Result<(), Fault>>;
}

/// Who talks, as SecondMe is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Visitor {
    /// The same id finds the same person's conversations again.
    pub id: VisitorId,
    /// What the avatar's owner sees; nothing where nobody said.
    pub name: Option<String>,
    pub identity: Identity,
}

/// What is known of who talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Identity {
    /// Nothing: the widget has made up the id.
    Anonymous,
    /// The site knows them; the id is made from theirs there.
    Site,
    /// A user of SecondMe, who is who their token says.
    SecondMe,
}

impl Visitor {
    /// Whether a conversation of this visitor is one of the other's.
    pub(crate) fn is(&self, other: &Self) -> bool {
        (self.identity, &self.id) == (other.identity, &other.id)
    }
}

/// A conversation that is wanted.
pub(crate) struct Opening<'a> {
    pub avatar: &'a Avatar,
    pub visitor: &'a Visitor,
    /// The conversation to go on with; without it, one begins where the API lets a visitor have several.
    pub session: Option<&'a UpstreamSession>,
    /// In whose name, where it is a user of SecondMe. It is kept nowhere.
    pub user_token: Option<&'a SecretString>,
}

/// A conversation that is open.
pub(crate) struct Opened {
    /// What [`Upstream::send`] and a later [`Upstream::init`] need.
    pub session: UpstreamSession,
    /// Where the replies come: a complete WebSocket address.
    pub ws_url: String,
    pub avatar_name: String,
    pub opening: Option<String>,
    pub visitor_user_id: Option<String>,
    pub heartbeat: Option<Heartbeat>,
    pub starters: Vec<String>,
    pub avatar_image: Option<String>,
}

/// A message on its way.
pub(crate) struct Posting<'a> {
    pub avatar: &'a Avatar,
    pub visitor: &'a Visitor,
    pub session: &'a UpstreamSession,
    /// 1 to 10,000 characters.
    pub message: &'a str,
    /// As in [`Opening::user_token`].
    pub user_token: Option<&'a SecretString>,
}

/// What an API needs to go on with a conversation. It travels sealed; only the API's own module looks into it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum UpstreamSession {
    VisitorChat(visitor_chat::Session),
    AvatarHub(avatar_hub::Session),
}

/// The API that the configuration names. The allowance is asked where the API limits the requests of a key.
pub(crate) fn connect(
    config: &UpstreamConfig,
    allowance: Arc<dyn Allowance>,
    metrics: &Metrics,
) -> Result<Box<dyn Upstream>, reqwest::Error> {
    let (http, base_url, timeout) = (client(config.timeout)?, config.base_url.clone(), config.timeout);
    let metrics = metrics.clone();
    Ok(match &config.api {
        Api::VisitorChat(app) => Box::new(VisitorChat::new(http, base_url, timeout, app, metrics)),
        Api::AvatarHub => Box::new(AvatarHub::new(http, base_url, timeout, allowance, metrics)),
    })
}

pub(crate) fn client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    provide_cryptography();
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

/// Chooses what encrypts the program's connections, where nobody has yet.
pub(crate) fn provide_cryptography() {
    static PROVIDER: Once = Once::new();
    // A host program may have installed a provider of its own; that one serves as well.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

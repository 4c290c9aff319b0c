//! What a simulator is started with. It knows nothing of the command line.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use crate::script::Script;

/// How one simulated SecondMe is set up: where it listens, whom it lets in, and how fast its avatar speaks.
///
/// The defaults are ready for use: loopback, a free port, and credentials that look like real ones and open nothing.
#[derive(Clone)]
pub struct Settings {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The registered application's id, as `token/client` expects it.
    pub client_id: String,
    /// The registered application's secret, as `token/client` expects it.
    pub client_secret: String,
    /// The avatar's API key.
    pub api_key: String,
    /// The registered application's name. The owner sees visitors as `{visitorName}({appName})`.
    pub app_name: String,
    /// The avatar's display name.
    pub avatar_name: String,
    /// The avatar's greeting; `None` answers `null`, which the document allows.
    pub opening: Option<String>,
    /// What a visitor might ask first: `sentence.firstOfUser` of the Avatar Hub's `session/create`, which leaves it out
    /// where there is none.
    pub starters: Vec<String>,
    /// The address of the owner's picture, as the Avatar Hub's `avatar/public` tells it.
    pub owner_image: Option<String>,
    /// How many requests a minute the Avatar Hub answers for one API key, at least 1; the document says 60.
    pub rate_limit: usize,
    /// How long an address of the Avatar Hub's `ws/create` waits to be connected to; the document says 60 seconds.
    pub address_lifetime: Duration,
    /// How long the Avatar Hub's `chat/init` lasts for a session to be created; the document says 10 minutes.
    pub payload_lifetime: Duration,
    /// How long a socket of the Avatar Hub lives without a heartbeat. The document asks for one every 15 seconds, and here
    /// it is twice that; sockets of Visitor Chat, whose document asks for none, live on.
    pub silence_limit: Duration,
    /// The pause before each frame of a reply. Zero sends a reply as one burst of frames.
    pub chunk_interval: Duration,
    /// The longest chunk of a reply, in characters; at least 1. Chunks are of uneven length up to this.
    pub chunk_chars: usize,
    /// How replies are told until something else is asked for.
    pub script: Script,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            client_id: "demo-client".into(),
            client_secret: "demo-secret-9f27c1d84be6".into(),
            api_key: "sk-demo-5d0a7e31c94f".into(),
            app_name: "Paper Shop".into(),
            avatar_name: "Mira".into(),
            opening: Some("Hello! I'm Mira, the shop's assistant. Ask me about notebooks, pens or your order.".into()),
            starters: Vec::new(),
            owner_image: None,
            rate_limit: 60,
            address_lifetime: Duration::from_secs(60),
            payload_lifetime: Duration::from_mins(10),
            silence_limit: Duration::from_secs(30),
            chunk_interval: Duration::from_millis(40),
            chunk_chars: 24,
            script: Script::default(),
        }
    }
}

impl Settings {
    /// Names the first setting that cannot work, in the words of the command line.
    pub(crate) fn unusable(&self) -> Option<&'static str> {
        if self.chunk_chars == 0 {
            return Some("the longest chunk must have at least one character");
        }
        if self.rate_limit == 0 {
            return Some("the rate limit must be at least one request a minute");
        }
        [
            (&self.client_id, "the client id must not be empty"),
            (&self.client_secret, "the client secret must not be empty"),
            (&self.api_key, "the API key must not be empty"),
            (&self.app_name, "the application's name must not be empty"),
            (&self.avatar_name, "the avatar's name must not be empty"),
        ]
        .into_iter()
        .find_map(|(value, complaint)| value.is_empty().then_some(complaint))
    }
}

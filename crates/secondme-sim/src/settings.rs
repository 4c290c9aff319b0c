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
    /// Where users may be sent back to after they have signed in, each to the letter.
    pub redirect_uris: Vec<String>,
    /// Also send users back to any HTTP address of this machine, which no real service does.
    pub any_loopback_redirect: bool,
    /// How long a user's access token is valid.
    pub user_token_lifetime: Duration,
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
            redirect_uris: Vec::new(),
            any_loopback_redirect: false,
            user_token_lifetime: Duration::from_hours(7 * 24),
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

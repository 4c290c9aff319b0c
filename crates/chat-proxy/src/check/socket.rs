//! Whether a WebSocket opens: its handshake over HTTP, and no frame after it.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{StatusCode, Url};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use uuid::Uuid;

use super::{Finding, Problem};
use crate::upstream::{client, innermost};

/// What the protocol appends to the client's key before it is hashed (RFC 6455, 1.3).
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Where a socket is. It lets in whoever knows it, so only its origin is ever shown.
pub(super) struct Address {
    socket: Url,
    http: Url,
}

impl Address {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let socket = Url::parse(text).ok()?;
        let mut http = socket.clone();
        http.set_scheme(if socket.scheme() == "wss" { "https" } else { "http" }).ok()?;
        Some(Self { socket, http })
    }

    pub(super) fn url(&self) -> &Url {
        &self.socket
    }

    /// Scheme, host and port.
    pub(super) fn origin(&self) -> String {
        self.socket.origin().ascii_serialization()
    }

    /// Opens the socket, and closes it at once.
    pub(super) async fn open(&self, within: Duration) -> Finding {
        let failed = |reason: String| Problem::Socket { origin: self.origin(), reason };
        let key = STANDARD.encode(Uuid::new_v4().as_bytes());
        let request = client(within)?
            .get(self.http.clone())
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, &key);
        let response = request.send().await.map_err(|error| failed(innermost(&error.without_url())))?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(failed(format!("it answered with status {}", response.status().as_u16())));
        }
        let accepted = response.headers().get(SEC_WEBSOCKET_ACCEPT).is_some_and(|text| text == &accept(&key));
        if !accepted {
            return Err(failed("what answered there is no WebSocket".to_owned()));
        }
        Ok(format!("SecondMe's WebSocket at {} opened.", self.origin()))
    }
}

/// What a server must answer to the key.
fn accept(key: &str) -> String {
    STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, format!("{key}{GUID}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocols_own_example_is_answered() {
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}

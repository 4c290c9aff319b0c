//! A site's back end and a visitor's browser in one, as far as the tests need them. It knows the documents, but nothing
//! of how the simulator is made.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::StatusCode;
use secondme_sim::{Control, Settings, Simulator};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite};

/// How long anything may take before a test says that it did not happen.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) type Answer = (StatusCode, Value);

/// A running simulator and the means to talk to it.
pub(crate) struct Caller {
    pub(crate) simulator: Simulator,
    pub(crate) http: reqwest::Client,
}

impl Caller {
    /// Against a simulator that sends replies as fast as it can.
    pub(crate) async fn new() -> Caller {
        Caller::with(Settings { chunk_interval: Duration::ZERO, ..Settings::default() }).await
    }

    pub(crate) async fn with(settings: Settings) -> Caller {
        install_cryptography();
        Caller { simulator: Simulator::start(settings).await.unwrap(), http: reqwest::Client::new() }
    }

    pub(crate) fn control(&self) -> &Control {
        self.simulator.control()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.base_url())
    }

    pub(crate) async fn request_token(&self, form: &[(&str, &str)]) -> Answer {
        answer(self.http.post(self.url("/api/oauth/token/client")).form(form)).await
    }

    /// A good token.
    pub(crate) async fn token(&self) -> String {
        let Settings { client_id, client_secret, .. } = self.simulator.settings();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client_id),
            ("client_secret", client_secret),
            ("scope", "chat.write"),
        ];
        let (status, body) = self.request_token(&form).await;
        assert_eq!(status, 200, "{body}");
        body["data"]["accessToken"].as_str().unwrap().to_owned()
    }

    /// Calls `init` or `send` with a body of the test's own.
    pub(crate) async fn post(&self, operation: &str, token: &str, body: &Value) -> Answer {
        let url = self.url(&format!("/api/secondme/visitor-chat/{operation}"));
        answer(self.http.post(url).bearer_auth(token).json(body)).await
    }

    /// The data of a good `init`.
    pub(crate) async fn init(&self, token: &str, visitor_id: &str) -> Value {
        let body = json!({ "apiKey": self.api_key(), "visitorId": visitor_id, "visitorName": "John" });
        let (status, body) = self.post("init", token, &body).await;
        assert_eq!((status, &body["code"]), (StatusCode::OK, &json!(0)), "{body}");
        body["data"].clone()
    }

    pub(crate) async fn send(&self, token: &str, session: &Value, message: &str) -> Answer {
        let body = json!({ "sessionId": session["sessionId"], "apiKey": self.api_key(), "message": message });
        self.post("send", token, &body).await
    }

    /// A good token, a session and its socket.
    pub(crate) async fn conversation(&self, visitor_id: &str) -> (String, Value, Socket) {
        let token = self.token().await;
        let session = self.init(&token, visitor_id).await;
        let socket = Socket::open(&session).await;
        (token, session, socket)
    }

    pub(crate) fn api_key(&self) -> &str {
        &self.simulator.settings().api_key
    }
}

/// The HTTP client wants a provider even where nothing is encrypted.
pub(crate) fn install_cryptography() {
    // The second test of this process finds one installed, which is just as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status();
    (status, response.json().await.unwrap())
}

/// One visitor's browser socket.
pub(crate) struct Socket(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

/// How a socket ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With a close frame of this code.
    Closed(u16),
    /// Without one.
    Cut,
}

impl Socket {
    pub(crate) async fn open(session: &Value) -> Socket {
        Socket::connect(session["wsUrl"].as_str().unwrap()).await
    }

    pub(crate) async fn connect(address: &str) -> Socket {
        Socket(connect_async(address).await.unwrap().0)
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.0.send(text.into()).await.unwrap();
    }

    /// The next frame of text, or how the socket ended instead.
    pub(crate) async fn next(&mut self) -> Result<Value, End> {
        loop {
            if let tungstenite::Message::Text(text) = self.next_raw().await? {
                return Ok(serde_json::from_str(&text).unwrap());
            }
        }
    }

    /// The next thing of any kind, or how the socket ended instead.
    pub(crate) async fn next_raw(&mut self) -> Result<tungstenite::Message, End> {
        match time::timeout(PATIENCE, self.0.next()).await.expect("the next frame comes") {
            Some(Ok(tungstenite::Message::Close(frame))) => {
                Err(End::Closed(frame.map_or(1005, |frame| frame.code.into())))
            }
            Some(Ok(message)) => Ok(message),
            Some(Err(_)) | None => Err(End::Cut),
        }
    }

    /// Every frame of one reply, the last one included.
    pub(crate) async fn reply(&mut self) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap();
            let complete = frame["index"] == -1;
            frames.push(frame);
            if complete {
                return frames;
            }
        }
    }

    /// The text of one whole reply.
    pub(crate) async fn reply_text(&mut self) -> String {
        self.reply().await.iter().map(answer_text).collect()
    }
}

/// The `wsId` in the query of the session's `wsUrl`, decoded.
pub(crate) fn ws_id(session: &Value) -> String {
    let url = session["wsUrl"].as_str().unwrap();
    let (_, rest) = url.split_once("?wsId=").unwrap();
    rest.split_once('&').unwrap().0.replace("%3A", ":")
}

pub(crate) fn answer_text(frame: &Value) -> &str {
    frame["multipleData"][0]["modal"]["answer"].as_str().unwrap()
}

/// Waits until something that happens on the other side has happened.
pub(crate) async fn eventually(what: &str, condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(time::timeout(PATIENCE, wait).await.is_ok(), "{what} did not happen");
}

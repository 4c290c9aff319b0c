//! A running proxy, a client that speaks to it as a page of its own origin does, and a SecondMe whose bytes a test writes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chat_proxy::{Server, Settings};
use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
use secondme_sim::Simulator;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// A proxy that runs until it is dropped.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    pub(crate) client: reqwest::Client,
    _stop: oneshot::Sender<()>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Proxy {
    pub(crate) async fn start(settings: Settings) -> Self {
        Self::run(Server::bind(settings.into_config().unwrap()).await.unwrap())
    }

    pub(crate) fn run(server: Server) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let address = server.address();
        tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { address, client, _stop: stop }
    }

    /// In front of a simulated SecondMe.
    pub(crate) async fn simulated() -> (Self, Simulator) {
        let simulator = Simulator::start(quick()).await.unwrap();
        (Self::start(settings_for(&simulator)).await, simulator)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    /// A POST as a page of the proxy's own origin makes it.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header("origin", format!("http://{}", self.address));
        Answer::of(request.json(body)).await
    }

    pub(crate) async fn init(&self, visitor_id: &str) -> Answer {
        self.post("/chat/init", &json!({"visitorId": visitor_id})).await
    }

    /// The `sessionId` of a conversation that was opened for this visitor.
    pub(crate) async fn session(&self, visitor_id: &str) -> String {
        self.init(visitor_id).await.data()["sessionId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn send(&self, session_id: &str, message: &str) -> Answer {
        self.post("/chat/send", &json!({"sessionId": session_id, "visitorId": "web_1", "message": message})).await
    }
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        Self { status: response.status(), headers: response.headers().clone(), text: response.text().await.unwrap() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// Holds a success to the contract's form and takes its data out.
    pub(crate) fn data(&self) -> Value {
        assert_eq!((self.status.as_u16(), &self.body()["code"]), (200, &json!(0)), "{}", self.text);
        self.body()["data"].clone()
    }

    /// Holds a failure to the contract's form.
    #[track_caller]
    pub(crate) fn assert_failure(&self, status: u16, sub_code: &str) {
        let body = self.body();
        assert_eq!((self.status.as_u16(), body["subCode"].as_str()), (status, Some(sub_code)), "{}", self.text);
        assert_eq!(body["code"], status, "{}", self.text);
        assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{}", self.text);
        assert_eq!(self.header("retry-after").is_some(), matches!(status, 429 | 503), "{status}");
        assert!(self.header("x-request-id").is_some());
    }
}

/// Any proxy of the tests opens what another one has sealed.
pub(crate) const SESSION_KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

/// The `sessionId` of a conversation of `web_1`, which every proxy here can open.
pub(crate) async fn a_session() -> String {
    let (proxy, _simulator) = Proxy::simulated().await;
    proxy.session("web_1").await
}

/// A simulator whose replies come at once.
pub(crate) fn quick() -> secondme_sim::Settings {
    secondme_sim::Settings { chunk_interval: Duration::ZERO, ..Default::default() }
}

pub(crate) fn settings_for(simulator: &Simulator) -> Settings {
    let accepted = simulator.settings();
    Settings {
        secondme_base_url: Some(simulator.base_url()),
        secondme_client_id: Some(accepted.client_id.clone()),
        secondme_client_secret: Some(accepted.client_secret.clone().into()),
        secondme_api_key: Some(accepted.api_key.clone().into()),
        session_key: Some(SESSION_KEY.into()),
        listen: Some("127.0.0.1:0".into()),
        ..Settings::default()
    }
}

/// Settings for a SecondMe at this address, which takes whatever credentials.
pub(crate) fn settings_at(address: SocketAddr) -> Settings {
    Settings {
        secondme_base_url: Some(format!("http://{address}/lab")),
        secondme_client_id: Some("an-app".into()),
        secondme_client_secret: Some("a-secret".into()),
        secondme_api_key: Some("sk-a-key".into()),
        session_key: Some(SESSION_KEY.into()),
        listen: Some("127.0.0.1:0".into()),
        ..Settings::default()
    }
}

/// What a hand-made SecondMe does with a request.
#[derive(Clone)]
pub(crate) enum Reaction {
    /// Answers this status with this body.
    Answer(u16, String),
    /// Writes these bytes and closes the connection.
    Bytes(String),
    /// Keeps the connection open and says nothing.
    Silence,
}

/// A SecondMe that grants tokens and reacts to everything else as told; it counts that.
pub(crate) struct HandMade {
    pub(crate) address: SocketAddr,
    pub(crate) calls: Arc<AtomicUsize>,
}

impl HandMade {
    pub(crate) async fn start(reaction: Reaction) -> Self {
        let granted = json!({"code": 0, "data": {"accessToken": "lba_at_1", "tokenType": "Bearer", "expiresIn": 604_800, "scope": ["chat.write"]}});
        Self::with_token(Reaction::Answer(200, granted.to_string()), reaction).await
    }

    pub(crate) async fn with_token(token: Reaction, reaction: Reaction) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, calls) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&calls);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (token, reaction, counter) = (token.clone(), reaction.clone(), Arc::clone(&counter));
                tokio::spawn(async move { react(stream, token, reaction, &counter).await });
            }
        });
        Self { address, calls }
    }

    pub(crate) fn count(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

async fn react(mut stream: TcpStream, token: Reaction, reaction: Reaction, counter: &AtomicUsize) {
    let request = read_request(&mut stream).await;
    let reaction = if request.starts_with("POST /lab/api/oauth/token/client ") {
        token
    } else {
        counter.fetch_add(1, Ordering::SeqCst);
        reaction
    };
    let bytes = match reaction {
        Reaction::Answer(status, body) => {
            format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        }
        Reaction::Bytes(bytes) => bytes,
        Reaction::Silence => return std::future::pending().await,
    };
    // The proxy may have given up already.
    let _ = stream.write_all(bytes.as_bytes()).await;
}

async fn read_request(stream: &mut TcpStream) -> String {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return text,
            Ok(count) => read.extend_from_slice(&buffer[..count]),
        }
    }
}

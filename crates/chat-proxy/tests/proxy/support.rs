//! A running proxy in front of either of SecondMe's APIs, and a client that speaks to it as a page of its own origin does.

use std::net::SocketAddr;
use std::time::Duration;

use chat_proxy::{Server, Settings};
use futures_util::StreamExt;
use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
use secondme_sim::{AvatarAddition, Simulator};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{OnceCell, oneshot};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(crate) use crate::hand_made::{HandMade, Reaction};

/// Which of SecondMe's APIs a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    VisitorChat,
    AvatarHub,
}

pub(crate) const APIS: [Api; 2] = [Api::VisitorChat, Api::AvatarHub];

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
        let client = client();
        Self { address, client, _stop: stop }
    }

    /// In front of a simulated SecondMe.
    pub(crate) async fn simulated() -> (Self, Simulator) {
        Self::simulated_by(Api::VisitorChat).await
    }

    /// The same by this API.
    pub(crate) async fn simulated_by(api: Api) -> (Self, Simulator) {
        let simulator = Simulator::start(quick()).await.unwrap();
        (Self::start(settings_by(api, &simulator)).await, simulator)
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

/// The socket on which a page hears the avatar.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens the one that a session names.
    pub(crate) async fn open(session: &Value) -> Self {
        Self(connect_async(session["wsUrl"].as_str().unwrap()).await.unwrap().0)
    }

    /// The next reply, once all of it is there.
    pub(crate) async fn reply(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let frame: Value = serde_json::from_str(self.0.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
            reply.push_str(frame["multipleData"][0]["modal"]["answer"].as_str().unwrap_or_default());
            if frame["index"] == -1 {
                return reply;
            }
        }
    }
}

/// A client of the test's own. The proxy in the same process may not be there yet to choose who encrypts.
pub(crate) fn client() -> reqwest::Client {
    // Where the proxy was first, its choice serves as well.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Any proxy of the tests opens what another one has sealed.
pub(crate) const SESSION_KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

/// The API key that a hand-made SecondMe is asked with.
const KEY: &str = "sk-a-key";

/// The `sessionId` of a conversation of `web_1`, which every proxy here can open.
pub(crate) async fn a_session_by(api: Api) -> String {
    static SESSIONS: [OnceCell<String>; 2] = [OnceCell::const_new(), OnceCell::const_new()];
    SESSIONS[api as usize].get_or_init(|| begin_session(api)).await.clone()
}

async fn begin_session(api: Api) -> String {
    let simulator = Simulator::start(quick()).await.unwrap();
    let settings = Settings { secondme_api_key: Some(KEY.into()), ..settings_by(api, &simulator) };
    simulator.control().add_avatar(AvatarAddition {
        api_key: KEY.into(),
        avatar_name: "Mira".into(),
        opening: None,
        starters: Vec::new(),
        owner_image: None,
    });
    Proxy::start(settings).await.session("web_1").await
}

/// A simulator whose replies come at once.
pub(crate) fn quick() -> secondme_sim::Settings {
    secondme_sim::Settings { chunk_interval: Duration::ZERO, ..Default::default() }
}

pub(crate) fn settings_for(simulator: &Simulator) -> Settings {
    settings_by(Api::VisitorChat, simulator)
}

pub(crate) fn settings_by(api: Api, simulator: &Simulator) -> Settings {
    let accepted = simulator.settings();
    Settings {
        secondme_api: Some(api.name().into()),
        secondme_base_url: Some(api.base_url(simulator)),
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
    settings_at_by(Api::VisitorChat, address)
}

pub(crate) fn settings_at_by(api: Api, address: SocketAddr) -> Settings {
    Settings {
        secondme_api: Some(api.name().into()),
        secondme_base_url: Some(format!("http://{address}/base")),
        secondme_client_id: Some("an-app".into()),
        secondme_client_secret: Some("a-secret".into()),
        secondme_api_key: Some(KEY.into()),
        session_key: Some(SESSION_KEY.into()),
        listen: Some("127.0.0.1:0".into()),
        ..Settings::default()
    }
}

impl Api {
    /// As `SECONDME_API` has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::VisitorChat => "visitor-chat",
            Self::AvatarHub => "avatar-hub",
        }
    }

    pub(crate) fn base_url(self, simulator: &Simulator) -> String {
        match self {
            Self::VisitorChat => simulator.base_url(),
            Self::AvatarHub => simulator.hub_base_url(),
        }
    }
}

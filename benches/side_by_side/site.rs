//! The site, its proxy and SecondMe in one, without any delay of their own: what is measured is the browser's work. Files
//! travel as brotli, like the real proxy sends them.

use std::collections::HashMap;
use std::env;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path as UrlPath, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use futures_util::SinkExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};

use crate::content;

/// Clones are the same site.
#[derive(Clone)]
pub(crate) struct Site {
    address: SocketAddr,
    folders: Arc<[PathBuf]>,
    sessions: Arc<Mutex<HashMap<String, mpsc::UnboundedSender<String>>>>,
    connected: Arc<watch::Sender<usize>>,
    said: Arc<watch::Sender<usize>>,
}

impl Site {
    pub(crate) async fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder =
            |variable: &str, default: &str| env::var_os(variable).map_or_else(|| root.join(default), PathBuf::from);
        let folders = [folder("SECONDME_CHAT_DIST", "dist"), folder("SECONDME_CHAT_PEERS", "target/bench")];
        for (folder, file) in folders.iter().zip(["widget.js", "floor.js"]) {
            assert!(folder.join(file).is_file(), "There is no {file}: run `cargo xtask bench widget`.");
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let site = Self {
            address: listener.local_addr().unwrap(),
            folders: folders.into(),
            sessions: Arc::default(),
            connected: Arc::new(watch::Sender::new(0)),
            said: Arc::new(watch::Sender::new(0)),
        };
        let chat = Router::new()
            .route("/init", post(init))
            .route("/send", post(send))
            .route("/socket", any(socket))
            .route("/{file}", get(file));
        let router = Router::new().nest("/chat", chat).route("/{program}", get(page)).with_state(site.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        site
    }

    /// The page with this program on it, or with none.
    pub(crate) fn page(&self, program: &str) -> String {
        format!("http://{}/{program}", self.address)
    }

    /// How many sockets there have been so far.
    pub(crate) fn connected(&self) -> usize {
        *self.connected.borrow()
    }

    /// Waits until there have been more sockets than this.
    pub(crate) async fn until_connected(&self, before: usize) {
        self.connected.subscribe().wait_for(|count| *count > before).await.unwrap();
    }

    /// How many replies have been said to their end so far.
    pub(crate) fn said(&self) -> usize {
        *self.said.borrow()
    }

    /// Waits until more replies than this have been said.
    pub(crate) async fn until_said(&self, before: usize) {
        self.said.subscribe().wait_for(|count| *count > before).await.unwrap();
    }
}

/// The least that a page can be, so that what is on it is the difference.
async fn page(UrlPath(program): UrlPath<String>) -> Html<String> {
    let script = match program.as_str() {
        "secondme" => "<script async src=\"/chat/widget.js\"></script>",
        "floor" => "<script async src=\"/chat/floor.js\"></script>",
        "deep-chat" => "<script async src=\"/chat/deep-chat.js\"></script>",
        _ => "",
    };
    Html(format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Shop</title></head>
<body><h1>Shop</h1><p>Paper and ink.</p>{script}</body></html>"#
    ))
}

async fn init(State(site): State<Site>) -> Json<Value> {
    let session = format!("session-{}", site.sessions.lock().unwrap_or_else(PoisonError::into_inner).len());
    let url = format!("ws://{}/chat/socket?session={session}", site.address);
    site.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session.clone(), mpsc::unbounded_channel().0);
    Json(json!({ "code": 0, "data": { "sessionId": session, "wsUrl": url, "avatarName": "Mira", "opening": null } }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    session_id: String,
    message: String,
}

async fn send(State(site): State<Site>, Json(sent): Json<Sent>) -> Json<Value> {
    let sessions = site.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    let heard = sessions.get(&sent.session_id).is_some_and(|session| session.send(sent.message).is_ok());
    Json(json!({ "code": if heard { 0 } else { 410 }, "data": { "sent": heard } }))
}

#[derive(Deserialize)]
struct Ticket {
    session: String,
}

async fn socket(
    State(site): State<Site>,
    Query(Ticket { session }): Query<Ticket>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(|socket| async move { site.speak(session, socket).await })
}

impl Site {
    /// Answers each message of this session, until the browser is gone.
    async fn speak(self, session: String, mut socket: WebSocket) {
        let (sender, mut messages) = mpsc::unbounded_channel();
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session.clone(), sender);
        self.connected.send_modify(|count| *count += 1);
        loop {
            tokio::select! {
                message = messages.recv() => {
                    let Some(message) = message else { return };
                    if reply(&mut socket, &session, &message).await.is_err() {
                        return;
                    }
                    self.said.send_modify(|count| *count += 1);
                }
                // Closing is all that a browser says over this socket.
                heard = socket.recv() => {
                    if heard.is_none_or(|heard| heard.is_err()) {
                        return;
                    }
                }
            }
        }
    }
}

/// `Question 17: …` has its answer in one frame; `200 chunks, 100 a second, The end.` is answered as it wishes, where 0 a second
/// is all at once.
async fn reply(socket: &mut WebSocket, session: &str, message: &str) -> Result<(), axum::Error> {
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
    if let Some(question) = message.strip_prefix("Question ") {
        let (_, answer) = content::pair(number(question));
        return socket.send(frame(session, -1, &answer)).await;
    }
    let wishes: Vec<_> = message.split(", ").collect();
    let (count, rate) = (number(wishes[0]), number(wishes[1]));
    let mut pace = (rate > 0).then(|| interval(Duration::from_secs(1) / u32::try_from(rate).unwrap()));
    if let Some(pace) = &mut pace {
        pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    }
    for (index, chunk) in (0..).zip(content::chunks(count, wishes[2])) {
        if let Some(pace) = &mut pace {
            pace.tick().await;
            socket.send(frame(session, index, &chunk)).await?;
        } else {
            socket.feed(frame(session, index, &chunk)).await?;
        }
    }
    socket.send(frame(session, -1, "")).await
}

/// As SecondMe's documents show it.
fn frame(session: &str, index: i64, text: &str) -> Message {
    let data = json!([{ "modal": { "answer": text }, "singleDataType": "text" }]);
    let frame = json!({ "sender": "umm", "sessionId": session, "index": index, "multipleData": data });
    Message::text(frame.to_string())
}

async fn file(State(site): State<Site>, UrlPath(name): UrlPath<String>) -> Response {
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    let read = |ending: &str| {
        site.folders.iter().find_map(|folder| std::fs::read(folder.join(format!("{name}{ending}"))).ok())
    };
    match (read(".br"), read("")) {
        (Some(bytes), _) => {
            ([(CONTENT_TYPE, kind), (CONTENT_ENCODING, "br"), (CACHE_CONTROL, "max-age=600")], bytes).into_response()
        }
        (None, Some(bytes)) => ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "max-age=600")], bytes).into_response(),
        (None, None) => StatusCode::NOT_FOUND.into_response(),
    }
}

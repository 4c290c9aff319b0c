//! A SecondMe whose bytes a test writes, request by request, and which remembers every request as it came.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What a hand-made SecondMe does with a request.
#[derive(Clone)]
pub(crate) enum Reaction {
    /// Answers this status with this body.
    Answer(u16, String),
    /// Writes these bytes and closes the connection.
    Bytes(String),
    /// Keeps the connection open and says nothing.
    Silence,
    /// Waits until a request for a path with this ending has come, and then reacts.
    After(&'static str, Box<Reaction>),
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    head: String,
    pub(crate) body: String,
}

/// A SecondMe that reacts as told.
pub(crate) struct HandMade {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Reaction {
    /// A success with this data.
    pub(crate) fn data(data: &Value) -> Self {
        Self::Answer(200, json!({"code": 0, "data": data}).to_string())
    }
}

impl Request {
    /// The header's value; the name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.into_iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl HandMade {
    /// Grants Visitor Chat's token, and reacts to everything else as told.
    pub(crate) async fn start(reaction: Reaction) -> Self {
        let granted =
            json!({"accessToken": "lba_at_1", "tokenType": "Bearer", "expiresIn": 604_800, "scope": ["chat.write"]});
        Self::with_token(Reaction::data(&granted), reaction).await
    }

    pub(crate) async fn with_token(token: Reaction, reaction: Reaction) -> Self {
        Self::reacting(move |request| if is_token(request) { token.clone() } else { reaction.clone() }).await
    }

    pub(crate) async fn reacting(reaction: impl Fn(&Request) -> Reaction + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, seen) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let (reaction, all) = (Arc::new(reaction), Arc::clone(&seen));
        let news = Arc::new(watch::Sender::new(()));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (reaction, all, news) = (Arc::clone(&reaction), Arc::clone(&all), Arc::clone(&news));
                tokio::spawn(async move { serve(stream, &*reaction, &all, &news).await });
            }
        });
        Self { address, seen }
    }

    /// All requests, in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// How many there were, but for Visitor Chat's token.
    pub(crate) fn count(&self) -> usize {
        self.requests().iter().filter(|request| !is_token(request)).count()
    }
}

fn is_token(request: &Request) -> bool {
    request.path.ends_with("/oauth/token/client")
}

async fn serve(
    mut stream: TcpStream,
    reaction: &(dyn Fn(&Request) -> Reaction + Send + Sync),
    seen: &Mutex<Vec<Request>>,
    news: &watch::Sender<()>,
) {
    let mut told = news.subscribe();
    let Some(request) = read_request(&mut stream).await else { return };
    seen.lock().unwrap().push(request.clone());
    news.send_replace(());
    let mut reaction = reaction(&request);
    while let Reaction::After(ending, then) = reaction {
        while !seen.lock().unwrap().iter().any(|request| request.path.ends_with(ending)) {
            told.changed().await.unwrap();
        }
        reaction = *then;
    }
    let bytes = match reaction {
        Reaction::Answer(status, body) => {
            format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        }
        Reaction::Bytes(bytes) => bytes,
        Reaction::Silence | Reaction::After(..) => return std::future::pending().await,
    };
    // The proxy may have given up already.
    let _ = stream.write_all(bytes.as_bytes()).await;
}

/// Nothing where the connection ended before the request did.
async fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                let mut words = head.split(' ').map(str::to_owned);
                let (method, path) = (words.next()?, words.next()?);
                return Some(Request { method, path, head: head.to_owned(), body: body.to_owned() });
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => read.extend_from_slice(&buffer[..count]),
        }
    }
}

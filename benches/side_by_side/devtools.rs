//! Chromium's DevTools protocol over one WebSocket: commands, their results, and the events that are kept. Not through
//! ChromeDriver, whose own scripts would run in the pages that are measured.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// One connection. Clones are the same one.
#[derive(Clone)]
pub(crate) struct DevTools {
    outgoing: mpsc::UnboundedSender<String>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    commands: u64,
    waiting: HashMap<u64, (String, oneshot::Sender<Value>)>,
    events: Vec<Event>,
}

/// What happened in a session, by the protocol's names.
#[derive(Clone)]
pub(crate) struct Event {
    pub(crate) session: String,
    pub(crate) method: String,
    pub(crate) parameters: Value,
}

impl DevTools {
    pub(crate) async fn connect(url: &str) -> Self {
        let (socket, _) = connect_async(url).await.unwrap();
        let (mut sink, mut stream) = socket.split();
        let (outgoing, mut commands) = mpsc::unbounded_channel();
        let devtools = Self { outgoing, state: Arc::default() };
        tokio::spawn(async move {
            while let Some(text) = commands.recv().await {
                sink.send(Message::text(text)).await.unwrap();
            }
        });
        let receiving = devtools.clone();
        tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                if let Message::Text(text) = message {
                    receiving.take(serde_json::from_str(&text).unwrap());
                }
            }
        });
        devtools
    }

    /// Runs a command and gives its result; the empty session is the browser's.
    pub(crate) async fn command(&self, session: &str, method: &str, parameters: Value) -> Value {
        let (sender, result) = oneshot::channel();
        let id = {
            let mut state = self.state();
            state.commands += 1;
            let id = state.commands;
            state.waiting.insert(id, (method.to_owned(), sender));
            id
        };
        let mut command = json!({ "id": id, "method": method, "params": parameters });
        if !session.is_empty() {
            command["sessionId"] = session.into();
        }
        self.outgoing.send(command.to_string()).unwrap();
        result.await.unwrap_or_else(|_| panic!("{method} {parameters} was refused, or the browser has ended"))
    }

    /// All events of a session so far, oldest first.
    pub(crate) fn events(&self, session: &str) -> Vec<Event> {
        self.state().events.iter().filter(|event| event.session == session).cloned().collect()
    }

    fn take(&self, mut message: Value) {
        let mut state = self.state();
        if let Some(id) = message["id"].as_u64() {
            let Some((method, sender)) = state.waiting.remove(&id) else { return };
            if message["error"].is_null() {
                // Who asked may not wait any more.
                let _ = sender.send(message["result"].take());
            } else {
                say_refusal(&method, &message["error"]);
            }
        } else if let (Some(method), Some(session)) = (message["method"].as_str(), message["sessionId"].as_str()) {
            let (method, session) = (method.to_owned(), session.to_owned());
            state.events.push(Event { session, method, parameters: message["params"].take() });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::print_stderr, reason = "why the measurement ends")]
fn say_refusal(method: &str, error: &Value) {
    eprintln!("{method}: {error}");
}

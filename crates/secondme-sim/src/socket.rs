//! The WebSocket at `/os/ws`: lets in who has an unused ticket, answers heartbeats and sends what it is given, at the
//! chunk rate. It knows no API and makes no frame but the pong.

mod outbox;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    extract::{
        Query, State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket, close_code, rejection::WebSocketUpgradeRejection},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{sync::mpsc::UnboundedReceiver, time};

use self::outbox::{Outbox, Step};
use crate::{
    answer::Refusal,
    world::{Delivery, Ticket, TicketFault, World},
};

/// Where the socket lives on the server, as in the document's `wsUrl`.
pub(crate) const PATH: &str = "/os/ws";

/// How long a browser gets to answer a close frame.
const FAREWELL: Duration = Duration::from_secs(1);

/// The address that opens a socket with this ticket: what `init` answers as `wsUrl`.
pub(crate) fn url(address: SocketAddr, ticket: &Ticket) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("wsId", &ticket.ws_id)
        .append_pair("authBody", &ticket.auth_body)
        .finish();
    format!("ws://{address}{PATH}?{query}")
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Credentials {
    ws_id: String,
    auth_body: String,
}

/// Opens a socket, or refuses before the upgrade: 401 for an unknown `wsId`, 403 for a foreign or used-up one.
pub(crate) async fn open(
    State(world): State<Arc<World>>,
    Query(credentials): Query<Credentials>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Credentials { ws_id, auth_body } = credentials;
    if let Err(fault) = world.lock().sockets.check(&ws_id, &auth_body) {
        return refusal(fault).into_response();
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return Refusal::unreadable(rejection.status(), rejection.body_text()).into_response(),
    };
    // The socket counts as open before the browser can know that it is: a message sent at once finds it.
    let deliveries = match world.lock().sockets.admit(&ws_id, &auth_body) {
        Ok(deliveries) => deliveries,
        Err(fault) => return refusal(fault).into_response(),
    };
    let presence = Presence { world, ws_id };
    upgrade.on_upgrade(move |socket| attend(presence, deliveries, socket))
}

fn refusal(fault: TicketFault) -> Refusal {
    let (status, message) = match fault {
        TicketFault::Unknown => (StatusCode::UNAUTHORIZED, "This wsId is not known."),
        TicketFault::Foreign => (StatusCode::FORBIDDEN, "The authBody does not belong to this wsId."),
        TicketFault::UsedUp => (StatusCode::FORBIDDEN, "This wsId has opened its socket already."),
    };
    Refusal::new(status, "resource.auth.unauthorized", message)
}

/// Ends the socket's place among the open ones however its connection ends, an upgrade that fails included.
struct Presence {
    world: Arc<World>,
    ws_id: String,
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.world.lock().sockets.remove(&self.ws_id);
    }
}

/// Serves one socket until either side ends it.
async fn attend(presence: Presence, mut deliveries: UnboundedReceiver<Delivery>, mut socket: WebSocket) {
    let mut outbox = Outbox::default();
    loop {
        let interval = || presence.world.lock().faults.chunk_interval;
        let answer = tokio::select! {
            delivery = deliveries.recv() => match delivery {
                Some(delivery) => {
                    outbox.put(delivery, interval());
                    continue;
                }
                None => {
                    farewell(&mut socket).await;
                    return;
                }
            },
            step = outbox.next(interval) => match step {
                Step::Frame(frame) => frame,
                // No close frame: this is how a broken network looks to a browser.
                Step::Cut => return,
            },
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Text(text))) => match heartbeat(&presence, &text) {
                    Some(pong) => pong,
                    None => continue,
                },
                Some(Ok(Message::Binary(_))) => {
                    presence.world.lock().sockets.frames_ignored += 1;
                    continue;
                }
                // Protocol pings are answered below this, and after a close frame comes the end.
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
        };
        if socket.send(Message::Text(answer.into())).await.is_err() {
            return;
        }
    }
}

/// The pong to a ping that names this very socket; everything else is counted and left unanswered.
fn heartbeat(presence: &Presence, text: &str) -> Option<String> {
    let frame: Option<Value> = serde_json::from_str(text).ok();
    let is_ping = frame.is_some_and(|frame| frame["type"] == "ping" && frame["wsId"] == *presence.ws_id);
    let sockets = &mut presence.world.lock().sockets;
    if !is_ping {
        sockets.frames_ignored += 1;
        return None;
    }
    sockets.pings += 1;
    Some(json!({ "type": "pong", "wsId": presence.ws_id }).to_string())
}

async fn farewell(socket: &mut WebSocket) {
    let frame = CloseFrame { code: close_code::AWAY, reason: "".into() };
    if socket.send(Message::Close(Some(frame))).await.is_err() {
        return;
    }
    // What the browser has sent meanwhile is read to its end: closing on unread bytes would reset the connection, and the
    // close frame could be lost with it. A browser that stays silent is not waited for any longer, which is no error.
    let _ = time::timeout(FAREWELL, async { while let Some(Ok(_)) = socket.recv().await {} }).await;
}

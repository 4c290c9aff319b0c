//! The WebSocket at `/os/ws`: lets in who has an unused ticket, answers heartbeats and sends what it is given, at the
//! chunk rate. It knows no API and makes no frame but the pong.

mod outbox;

use std::{future, net::SocketAddr, sync::Arc, time::Duration};

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
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{self, Instant},
};

use self::outbox::Outbox;
use crate::{
    answer::Refusal,
    console,
    step::Action,
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

/// Opens a socket, or refuses before the upgrade: 401 for an unknown `wsId`, 403 for a foreign or used-up one, and whatever
/// was asked for on the control endpoint, which leaves the ticket unused.
pub(crate) async fn open(
    State(world): State<Arc<World>>,
    Query(credentials): Query<Credentials>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Credentials { ws_id, auth_body } = credentials;
    if let Some(status) = world.lock().faults.next_sockets_refused.claim() {
        return Refusal::new(status, "internal.error", "The socket was refused on command.").into_response();
    }
    if let Err(fault) = world.lock().sockets.check(&ws_id, &auth_body) {
        return refusal(fault).into_response();
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return Refusal::unreadable(rejection.status(), rejection.body_text()).into_response(),
    };
    // The socket counts as open before the browser can know that it is: a message sent at once finds it.
    let (deliveries, lifetime) = {
        let mut memory = world.lock();
        match memory.sockets.admit(&ws_id, &auth_body) {
            Ok(deliveries) => (deliveries, memory.faults.next_sockets_cut.claim()),
            Err(fault) => return refusal(fault).into_response(),
        }
    };
    let presence = Presence { world, ws_id };
    let cut = lifetime.map(|lifetime| Instant::now() + lifetime);
    upgrade.on_upgrade(move |socket| attend(presence, deliveries, cut, socket))
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
        let memory = &mut *self.world.lock();
        memory.sockets.remove(&self.ws_id);
        if let Some(session_id) = memory.sockets.session_of(&self.ws_id) {
            memory.transcripts.interrupt(session_id);
        }
    }
}

/// How a socket's work ended.
enum End {
    /// The simulator gives it up.
    Dismissed,
    /// The connection is gone, or is to be dropped without a close frame: this is how a broken network looks to a browser.
    Gone,
}

/// Serves one socket until either side ends it, and leaves what it could not send to the session's next one.
async fn attend(
    presence: Presence,
    mut deliveries: UnboundedReceiver<Delivery>,
    cut: Option<Instant>,
    mut socket: WebSocket,
) {
    let mut outbox = Outbox::default();
    let end = work(&presence, &mut deliveries, &mut outbox, cut, &mut socket).await;
    deliveries.close();
    while let Ok(delivery) = deliveries.try_recv() {
        if let Delivery::Reply(reply) = delivery {
            outbox.put(reply, Duration::ZERO);
        }
    }
    presence.world.lock().sockets.hand_over(&presence.ws_id, outbox.into_rest());
    if let End::Dismissed = end {
        farewell(&mut socket).await;
    }
}

async fn work(
    presence: &Presence,
    deliveries: &mut UnboundedReceiver<Delivery>,
    outbox: &mut Outbox,
    mut cut: Option<Instant>,
    socket: &mut WebSocket,
) -> End {
    loop {
        let interval = || presence.world.lock().faults.chunk_interval;
        tokio::select! {
            delivery = deliveries.recv() => match delivery {
                Some(Delivery::Reply(reply)) => outbox.put(reply, interval()),
                Some(Delivery::Frame(frame)) => {
                    if socket.send(Message::Text(frame.into())).await.is_err() {
                        return End::Gone;
                    }
                }
                Some(Delivery::Cut(after)) => cut = Some(Instant::now() + after),
                None => return End::Dismissed,
            },
            waiting = outbox.next(interval) => {
                let message = match waiting.action() {
                    Action::Text(frame) => Message::Text(frame.into()),
                    Action::Binary(bytes) => Message::Binary(bytes.clone().into()),
                    Action::Cut => return End::Gone,
                };
                if socket.send(message).await.is_err() {
                    outbox.put_back(waiting);
                    return End::Gone;
                }
                if let Action::Text(frame) = waiting.action() {
                    console::overhear(&presence.world, &presence.ws_id, frame);
                }
            }
            () = until(cut) => return End::Gone,
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Text(text))) => {
                    let Some(pong) = heartbeat(presence, &text) else { continue };
                    if socket.send(Message::Text(pong.into())).await.is_err() {
                        return End::Gone;
                    }
                }
                Some(Ok(Message::Binary(_))) => presence.world.lock().sockets.frames_ignored += 1,
                // Protocol pings are answered below this, and after a close frame comes the end.
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return End::Gone,
            },
        }
    }
}

/// Waits for this moment, for ever if there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => time::sleep_until(moment).await,
        None => future::pending().await,
    }
}

/// The pong to a ping that names this very socket, unless none is to be sent; everything else is counted and left unanswered.
fn heartbeat(presence: &Presence, text: &str) -> Option<String> {
    let frame: Option<Value> = serde_json::from_str(text).ok();
    let is_ping = frame.is_some_and(|frame| frame["type"] == "ping" && frame["wsId"] == *presence.ws_id);
    let mut memory = presence.world.lock();
    if !is_ping {
        memory.sockets.frames_ignored += 1;
        return None;
    }
    memory.sockets.pings += 1;
    if memory.faults.heartbeats_unanswered {
        return None;
    }
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

//! The WebSocket at `/os/ws`: lets in who has an unused ticket, answers heartbeats and sends what it is given, at the
//! chunk rate. It knows no API and makes no frame but the pong.

mod outbox;
mod silence;

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

use self::{outbox::Outbox, silence::Silence};
use crate::{
    answer::Refusal,
    step::Action,
    world::{Admission, Delivery, Ticket, TicketFault, World},
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

/// Opens a socket, or refuses before the upgrade: 401 for an unknown or expired `wsId`, 403 for a foreign or used-up one, and whatever
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
    let (admission, lifetime) = {
        let mut memory = world.lock();
        match memory.sockets.admit(&ws_id, &auth_body) {
            Ok(admission) => (admission, memory.faults.next_sockets_cut.claim()),
            Err(fault) => return refusal(fault).into_response(),
        }
    };
    let Admission { deliveries, silence_limit } = admission;
    let presence = Presence { world, ws_id };
    let ends = Ends { cut: lifetime.map(|lifetime| Instant::now() + lifetime), silence: Silence::new(silence_limit) };
    upgrade.on_upgrade(move |socket| attend(presence, deliveries, ends, socket))
}

fn refusal(fault: TicketFault) -> Refusal {
    let (status, message) = match fault {
        TicketFault::Unknown => (StatusCode::UNAUTHORIZED, "This wsId is not known."),
        TicketFault::Foreign => (StatusCode::FORBIDDEN, "The authBody does not belong to this wsId."),
        TicketFault::Expired => (StatusCode::UNAUTHORIZED, "This wsId was not used in time."),
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

/// How a socket's work ended.
enum End {
    /// The simulator gives it up.
    Dismissed,
    /// The connection is gone, or is to be dropped without a close frame: this is how a broken network looks to a browser.
    Gone,
}

/// When the connection is to be dropped.
struct Ends {
    /// As somebody wished.
    cut: Option<Instant>,
    /// For want of a heartbeat.
    silence: Silence,
}

/// Serves one socket until either side ends it, and leaves what it could not send to the visitor's next one.
async fn attend(presence: Presence, mut deliveries: UnboundedReceiver<Delivery>, ends: Ends, mut socket: WebSocket) {
    let mut outbox = Outbox::default();
    let end = work(&presence, &mut deliveries, &mut outbox, ends, &mut socket).await;
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
    mut ends: Ends,
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
                Some(Delivery::Cut(after)) => ends.cut = Some(Instant::now() + after),
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
            }
            () = until(ends.cut) => return End::Gone,
            () = until(ends.silence.end()) => return End::Gone,
            incoming = socket.recv() => match incoming {
                Some(Ok(Message::Text(text))) => {
                    let beat = heartbeat(presence, &text);
                    if beat != Heartbeat::None {
                        ends.silence.broken();
                    }
                    let Heartbeat::Answered(pong) = beat else { continue };
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

/// What a frame from the browser is to the heartbeat.
#[derive(PartialEq, Eq)]
enum Heartbeat {
    /// Nothing.
    None,
    /// A ping that gets no pong, because none is to be sent.
    Unanswered,
    /// A ping with its pong.
    Answered(String),
}

/// A ping names this very socket; everything else is counted and left unanswered.
fn heartbeat(presence: &Presence, text: &str) -> Heartbeat {
    let frame: Option<Value> = serde_json::from_str(text).ok();
    let is_ping = frame.is_some_and(|frame| frame["type"] == "ping" && frame["wsId"] == *presence.ws_id);
    let mut memory = presence.world.lock();
    if !is_ping {
        memory.sockets.frames_ignored += 1;
        return Heartbeat::None;
    }
    memory.sockets.pings += 1;
    if memory.faults.heartbeats_unanswered {
        return Heartbeat::Unanswered;
    }
    Heartbeat::Answered(json!({ "type": "pong", "wsId": presence.ws_id }).to_string())
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

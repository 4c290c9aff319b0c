//! Tickets to the WebSocket and the sockets that are open. It knows no frame: it passes on what an API made.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use uuid::Uuid;

use crate::step::{Action, Step};

/// How long a reply that lost its socket waits for the visitor's next one.
const RESUMPTION: Duration = Duration::from_secs(10);

/// The permission to open one socket for one visitor, once: what `wsUrl` or `address` carries.
#[derive(Clone)]
pub(crate) struct Ticket {
    pub(crate) ws_id: String,
    pub(crate) auth_body: String,
}

/// Why a socket is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TicketFault {
    /// No ticket has this `wsId`.
    Unknown,
    /// The ticket exists, but with another `authBody`.
    Foreign,
    /// The ticket has opened its socket already.
    UsedUp,
    /// The ticket was not used in time.
    Expired,
}

/// What a socket is given to do.
pub(crate) enum Delivery {
    /// Tell this reply behind those that wait already, at the chunk rate.
    Reply(Reply),
    /// Send this frame before anything else.
    Frame(String),
    /// Drop the connection after this long.
    Cut(Duration),
}

/// One reply, step by step.
pub(crate) struct Reply {
    pub(crate) steps: Vec<Step>,
    /// What of it a lost socket did not get is for the visitor's next one.
    pub(crate) resume: bool,
}

/// Every ticket and every open socket.
#[derive(Default)]
pub(crate) struct Sockets {
    tickets: HashMap<String, TicketRecord>,
    /// In the order of opening: the last one of a visitor is the newest.
    open: Vec<OpenSocket>,
    unfinished: Vec<Unfinished>,
    pub(crate) opened: u64,
    pub(crate) pings: u64,
    pub(crate) frames_ignored: u64,
    pub(crate) replies_without_socket: u64,
}

struct TicketRecord {
    auth_body: String,
    user_id: String,
    terms: Terms,
    issued: Instant,
    used: bool,
}

/// What an API asks of those who open its sockets.
#[derive(Clone, Copy, Default)]
pub(crate) struct Terms {
    /// How long the ticket waits for its use.
    pub(crate) address_lifetime: Option<Duration>,
    /// How long the socket may be without a heartbeat.
    pub(crate) silence_limit: Option<Duration>,
}

/// A socket's place among the open ones.
pub(crate) struct Admission {
    pub(crate) deliveries: UnboundedReceiver<Delivery>,
    /// How long it may be without a heartbeat.
    pub(crate) silence_limit: Option<Duration>,
}

/// The rest of a reply whose socket is gone.
struct Unfinished {
    user_id: String,
    ws_id: String,
    since: Instant,
    steps: Vec<Step>,
}

struct OpenSocket {
    ws_id: String,
    user_id: String,
    deliveries: UnboundedSender<Delivery>,
}

impl Sockets {
    pub(crate) fn issue(&mut self, user_id: &str, terms: Terms) -> Ticket {
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(Uuid::new_v4().as_bytes());
        secret[16..].copy_from_slice(Uuid::new_v4().as_bytes());
        // Base64 has `+`, `/` and `=`, so a client that takes the URL apart carelessly is found out.
        let ticket = Ticket { ws_id: format!("ws:{}", Uuid::new_v4().simple()), auth_body: STANDARD.encode(secret) };
        let record = TicketRecord {
            auth_body: ticket.auth_body.clone(),
            user_id: user_id.into(),
            terms,
            issued: Instant::now(),
            used: false,
        };
        self.tickets.insert(ticket.ws_id.clone(), record);
        ticket
    }

    pub(crate) fn check(&self, ws_id: &str, auth_body: &str) -> Result<(), TicketFault> {
        match self.tickets.get(ws_id) {
            None => Err(TicketFault::Unknown),
            Some(record) if record.auth_body != auth_body => Err(TicketFault::Foreign),
            Some(record) if record.used => Err(TicketFault::UsedUp),
            Some(record)
                if record.terms.address_lifetime.is_some_and(|lifetime| record.issued.elapsed() >= lifetime) =>
            {
                Err(TicketFault::Expired)
            }
            Some(_) => Ok(()),
        }
    }

    /// Uses the ticket up and counts its socket as open, from now until [`Sockets::remove`].
    pub(crate) fn admit(&mut self, ws_id: &str, auth_body: &str) -> Result<Admission, TicketFault> {
        self.check(ws_id, auth_body)?;
        let Some(record) = self.tickets.get_mut(ws_id) else { return Err(TicketFault::Unknown) };
        record.used = true;
        let user_id = record.user_id.clone();
        let silence_limit = record.terms.silence_limit;
        let (deliveries, receiver) = mpsc::unbounded_channel();
        self.open.push(OpenSocket { ws_id: ws_id.into(), user_id: user_id.clone(), deliveries });
        self.opened += 1;
        self.unfinished.retain(|reply| reply.since.elapsed() < RESUMPTION);
        for reply in self.unfinished.extract_if(.., |reply| reply.user_id == user_id).collect::<Vec<_>>() {
            let steps = readdressed(reply.steps, &reply.ws_id, ws_id);
            self.deliver(ws_id, Delivery::Reply(Reply { steps, resume: true }));
        }
        Ok(Admission { deliveries: receiver, silence_limit })
    }

    /// Takes the socket out and keeps what it still had to send for the visitor's other socket, the next one if there is
    /// none now.
    pub(crate) fn hand_over(&mut self, ws_id: &str, steps: Vec<Step>) {
        self.remove(ws_id);
        let Some(user_id) = self.tickets.get(ws_id).map(|record| record.user_id.clone()) else { return };
        if steps.is_empty() {
            return;
        }
        match self.newest(&user_id).map(str::to_owned) {
            Some(other) => {
                let steps = readdressed(steps, ws_id, &other);
                self.deliver(&other, Delivery::Reply(Reply { steps, resume: true }));
            }
            None => self.unfinished.push(Unfinished { user_id, ws_id: ws_id.into(), since: Instant::now(), steps }),
        }
    }

    pub(crate) fn remove(&mut self, ws_id: &str) {
        self.open.retain(|socket| socket.ws_id != ws_id);
    }

    /// Whether this ticket was ever issued to this visitor.
    pub(crate) fn is_ticket_of(&self, ws_id: &str, user_id: &str) -> bool {
        self.tickets.get(ws_id).is_some_and(|record| record.user_id == user_id)
    }

    /// Whether this socket is open.
    pub(crate) fn is_open(&self, ws_id: &str) -> bool {
        self.open.iter().any(|socket| socket.ws_id == ws_id)
    }

    /// The `wsId` of the visitor's newest open socket.
    pub(crate) fn newest(&self, user_id: &str) -> Option<&str> {
        self.open.iter().rfind(|socket| socket.user_id == user_id).map(|socket| socket.ws_id.as_str())
    }

    /// Hands the delivery to this socket.
    pub(crate) fn deliver(&self, ws_id: &str, delivery: Delivery) {
        if let Some(socket) = self.open.iter().find(|socket| socket.ws_id == ws_id) {
            // A socket that is just closing no longer listens, and what it was to carry is lost with it.
            let _ = socket.deliveries.send(delivery);
        }
    }

    /// Drops every connection after this long.
    pub(crate) fn cut_all(&self, after: Duration) {
        for socket in &self.open {
            // One that is just closing is gone already.
            let _ = socket.deliveries.send(Delivery::Cut(after));
        }
    }

    /// Gives every socket up: one that can get nothing more says goodbye and closes.
    pub(crate) fn close_all(&mut self) {
        self.open.clear();
    }

    pub(crate) fn count_open(&self) -> usize {
        self.open.len()
    }
}

/// The same steps for another socket: frames that name the old one name the new one.
fn readdressed(steps: Vec<Step>, old: &str, new: &str) -> Vec<Step> {
    let readdress = |step: Step| match step.action {
        Action::Text(frame) => Step { action: Action::Text(frame.replace(old, new)), ..step },
        Action::Binary(_) | Action::Cut => step,
    };
    steps.into_iter().map(readdress).collect()
}

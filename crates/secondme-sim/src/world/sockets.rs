//! Tickets to the WebSocket and the sockets that are open. It knows no frame: it passes on what an API made.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use uuid::Uuid;

/// The permission to open one socket for one session, once: what `wsUrl` carries.
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
}

/// What a socket is given to send: one reply, frame by frame at the chunk rate.
pub(crate) struct Delivery {
    pub(crate) frames: Vec<String>,
    /// Drop the connection after the last frame.
    pub(crate) cut: bool,
}

/// Every ticket and every open socket.
#[derive(Default)]
pub(crate) struct Sockets {
    tickets: HashMap<String, TicketRecord>,
    /// In the order of opening: the last one of a session is its newest.
    open: Vec<OpenSocket>,
    pub(crate) opened: u64,
    pub(crate) pings: u64,
    pub(crate) frames_ignored: u64,
    pub(crate) replies_without_socket: u64,
}

struct TicketRecord {
    auth_body: String,
    session_id: String,
    used: bool,
}

struct OpenSocket {
    ws_id: String,
    session_id: String,
    deliveries: UnboundedSender<Delivery>,
}

impl Sockets {
    pub(crate) fn issue(&mut self, session_id: &str) -> Ticket {
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(Uuid::new_v4().as_bytes());
        secret[16..].copy_from_slice(Uuid::new_v4().as_bytes());
        // Base64 has `+`, `/` and `=`, so a client that takes the URL apart carelessly is found out.
        let ticket = Ticket { ws_id: format!("ws:{}", Uuid::new_v4().simple()), auth_body: STANDARD.encode(secret) };
        let record = TicketRecord { auth_body: ticket.auth_body.clone(), session_id: session_id.into(), used: false };
        self.tickets.insert(ticket.ws_id.clone(), record);
        ticket
    }

    pub(crate) fn check(&self, ws_id: &str, auth_body: &str) -> Result<(), TicketFault> {
        match self.tickets.get(ws_id) {
            None => Err(TicketFault::Unknown),
            Some(record) if record.auth_body != auth_body => Err(TicketFault::Foreign),
            Some(record) if record.used => Err(TicketFault::UsedUp),
            Some(_) => Ok(()),
        }
    }

    /// Uses the ticket up and counts its socket as open, from now until [`Sockets::remove`].
    pub(crate) fn admit(&mut self, ws_id: &str, auth_body: &str) -> Result<UnboundedReceiver<Delivery>, TicketFault> {
        self.check(ws_id, auth_body)?;
        let Some(record) = self.tickets.get_mut(ws_id) else { return Err(TicketFault::Unknown) };
        record.used = true;
        let (deliveries, receiver) = mpsc::unbounded_channel();
        self.open.push(OpenSocket { ws_id: ws_id.into(), session_id: record.session_id.clone(), deliveries });
        self.opened += 1;
        Ok(receiver)
    }

    pub(crate) fn remove(&mut self, ws_id: &str) {
        self.open.retain(|socket| socket.ws_id != ws_id);
    }

    pub(crate) fn is_open(&self, session_id: &str) -> bool {
        self.open.iter().any(|socket| socket.session_id == session_id)
    }

    /// Hands the delivery to the session's newest open socket.
    pub(crate) fn deliver(&self, session_id: &str, delivery: Delivery) {
        if let Some(socket) = self.open.iter().rfind(|socket| socket.session_id == session_id) {
            // A socket that is just closing no longer listens, and what it was to carry is lost with it.
            let _ = socket.deliveries.send(delivery);
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

//! Everything the simulator remembers, behind one lock. It knows neither HTTP nor JSON.

mod avatars;
mod ids;
mod limits;
mod sessions;
mod sockets;
mod tokens;
mod visitors;

use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{AvatarAddition, Endpoint, Settings, faults::Faults};

pub(crate) use self::{
    avatars::{Avatar, Avatars, Standing},
    limits::Limits,
    sessions::{Api, Session, Sessions},
    sockets::{Admission, Delivery, Reply, Sockets, Terms, Ticket, TicketFault},
    tokens::{TokenFault, Tokens},
    visitors::{Visitor, VisitorTokenFault, Visitors},
};

/// One simulated service: its settings, its address and its memory.
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) address: SocketAddr,
    memory: Mutex<Memory>,
}

/// What changes while the simulator runs.
pub(crate) struct Memory {
    pub(crate) tokens: Tokens,
    pub(crate) avatars: Avatars,
    pub(crate) visitors: Visitors,
    pub(crate) limits: Limits,
    pub(crate) sessions: Sessions,
    pub(crate) sockets: Sockets,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
    /// How often something below `/media/` was asked for.
    pub(crate) media_requests: u64,
}

/// How often each endpoint was asked, whatever the answer was.
#[derive(Default)]
pub(crate) struct Requests([u64; Endpoint::COUNT]);

impl Requests {
    pub(crate) fn count(&mut self, endpoint: Endpoint) {
        self.0[endpoint as usize] += 1;
    }

    pub(crate) fn of(&self, endpoint: Endpoint) -> u64 {
        self.0[endpoint as usize]
    }
}

impl World {
    pub(crate) fn new(settings: Settings, address: SocketAddr) -> World {
        let mut avatars = Avatars::default();
        avatars.add(AvatarAddition {
            api_key: settings.api_key.clone(),
            avatar_name: settings.avatar_name.clone(),
            opening: settings.opening.clone(),
            starters: settings.starters.clone(),
            owner_image: settings.owner_image.clone(),
        });
        let memory = Memory {
            tokens: Tokens::default(),
            avatars,
            visitors: Visitors::default(),
            limits: Limits::default(),
            sessions: Sessions::default(),
            sockets: Sockets::default(),
            faults: Faults::new(settings.chunk_interval, settings.script.clone()),
            requests: Requests::default(),
            media_requests: 0,
        };
        World { settings, address, memory: Mutex::new(memory) }
    }

    /// The memory, for as long as the guard lives: take it for a few lines and never across an `await`.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Memory> {
        // A panic elsewhere leaves plain collections behind, which are as good as before.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

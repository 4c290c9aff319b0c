//! Everything the simulator remembers, behind one lock. It knows neither HTTP nor JSON.

mod avatars;
mod grants;
mod redirects;
mod sessions;
mod sockets;
mod tokens;
mod transcripts;
mod users;
mod utterance;

use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{Settings, faults::Faults};

pub(crate) use self::{
    avatars::{Avatar, Avatars},
    grants::{Consent, GrantFault, Grants, TokenPair},
    redirects::Redirects,
    sessions::{Session, Sessions},
    sockets::{Delivery, Reply, Sockets, Ticket, TicketFault},
    tokens::{TokenFault, Tokens},
    transcripts::{Author, Remark, Transcripts},
    users::{USERS, User},
    utterance::{State, Utterance},
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
    pub(crate) grants: Grants,
    pub(crate) redirects: Redirects,
    pub(crate) avatars: Avatars,
    pub(crate) sessions: Sessions,
    pub(crate) sockets: Sockets,
    pub(crate) transcripts: Transcripts,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
    /// How often something below `/media/` was asked for.
    pub(crate) media_requests: u64,
}

/// How often each operation of the API was asked for, whatever the answer was.
#[derive(Default)]
pub(crate) struct Requests {
    pub(crate) token: u64,
    pub(crate) code: u64,
    pub(crate) refresh: u64,
    pub(crate) init: u64,
    pub(crate) send: u64,
}

impl World {
    pub(crate) fn new(settings: Settings, address: SocketAddr) -> World {
        let avatar = Avatar {
            api_key: settings.api_key.clone(),
            name: settings.avatar_name.clone(),
            opening: settings.opening.clone(),
        };
        let memory = Memory {
            tokens: Tokens::default(),
            grants: Grants::new(settings.user_token_lifetime),
            redirects: Redirects::new(settings.redirect_uris.clone(), settings.any_loopback_redirect),
            avatars: Avatars::with(avatar),
            sessions: Sessions::default(),
            sockets: Sockets::default(),
            transcripts: Transcripts::default(),
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

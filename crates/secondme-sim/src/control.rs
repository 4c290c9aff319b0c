//! The test instrument: faults on command, and what was seen. The real SecondMe has nothing like it.

mod endpoint;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::{
    Observed, TokenRefusal,
    world::{Avatar, World},
};

pub use self::endpoint::CONTROL_HELP;
pub(crate) use self::endpoint::{PATH, router};

/// A handle on a running simulator for tests and the demo. Cloning it is cheap, and no method waits.
#[derive(Clone)]
pub struct Control {
    world: Arc<World>,
}

/// The operations of [`Control`] as `POST /control` takes them: `{"command":"fail_next","count":2,"status":500}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// See [`Control::expire_tokens`].
    ExpireTokens,
    /// See [`Control::expire_sessions`].
    ExpireSessions,
    /// See [`Control::forget_sessions`].
    ForgetSessions,
    /// See [`Control::close_sockets`].
    CloseSockets,
    /// See [`Control::fail_next`].
    FailNext {
        /// How many requests fail.
        count: u32,
        /// The HTTP status, 400 to 599.
        status: u16,
    },
    /// See [`Control::delay_answers`].
    DelayAnswers {
        /// Milliseconds.
        ms: u64,
    },
    /// See [`Control::set_chunk_interval`].
    SetChunkInterval {
        /// Milliseconds.
        ms: u64,
    },
    /// See [`Control::close_mid_reply`].
    CloseMidReply {
        /// How many chunks still arrive.
        after_chunks: usize,
    },
    /// See [`Control::set_token_refusal`].
    SetTokenRefusal {
        /// `envelope` or `detail`.
        shape: TokenRefusal,
    },
    /// See [`Control::set_owner_gone`].
    SetOwnerGone {
        /// Whether the owner is gone.
        gone: bool,
    },
    /// See [`Control::add_avatar`].
    AddAvatar(AvatarAddition),
    /// See [`Control::reset_faults`].
    ResetFaults,
}

/// A further avatar, with its own API key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvatarAddition {
    /// The key that `init` and `send` find it by.
    pub api_key: String,
    /// The avatar's display name.
    pub avatar_name: String,
    /// The avatar's greeting, if it has one.
    #[serde(default)]
    pub opening: Option<String>,
}

/// Why a command was not carried out.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// A failure must look like one.
    #[error("The status of fail_next must be an HTTP error from 400 to 599, not {0}.")]
    NotAFailure(u16),
}

impl Control {
    pub(crate) fn new(world: Arc<World>) -> Control {
        Control { world }
    }

    /// Ends every access token that was issued so far.
    pub fn expire_tokens(&self) {
        self.world.lock().tokens.expire_all(Instant::now());
    }

    /// Makes `send` answer `visitor_chat.session_expired` for every session of now, until its visitor calls `init`
    /// again, which finds the same session. Open sockets stay open.
    pub fn expire_sessions(&self) {
        self.world.lock().sessions.expire_all();
    }

    /// Forgets every session: `send` answers `visitor_chat.session_not_found`, and `init` begins a new session.
    pub fn forget_sessions(&self) {
        self.world.lock().sessions.forget_all();
    }

    /// Closes every open socket properly, with code 1001 ("going away").
    pub fn close_sockets(&self) {
        self.world.lock().sockets.close_all();
    }

    /// Makes the next `count` requests of the API answer this HTTP status with the error envelope. A status that is no
    /// error (400 to 599) counts as 500.
    pub fn fail_next(&self, count: u32, status: u16) {
        let status = failure_status(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.world.lock().faults.fail_next(count, status);
    }

    /// Makes every request of the API wait this long before anything is done about it. Sockets are not slowed.
    pub fn delay_answers(&self, delay: Duration) {
        self.world.lock().faults.delay = delay;
    }

    /// Sets the pause before each frame of a reply, for replies that are under way too.
    pub fn set_chunk_interval(&self, interval: Duration) {
        self.world.lock().faults.chunk_interval = interval;
    }

    /// Cuts the connection of the next reply that has a socket after this many chunks, without a close frame. A reply
    /// with fewer chunks is cut before the frame that would complete it.
    pub fn close_mid_reply(&self, after_chunks: usize) {
        self.world.lock().faults.cut_next_reply(after_chunks);
    }

    /// Chooses the shape in which a refused token is answered.
    pub fn set_token_refusal(&self, shape: TokenRefusal) {
        self.world.lock().faults.token_refusal = shape;
    }

    /// Makes `init` and `send` answer `open.api.user.not.found`, as if the avatars' owner had deleted the account.
    pub fn set_owner_gone(&self, gone: bool) {
        self.world.lock().faults.owner_gone = gone;
    }

    /// Adds an avatar with a key of its own; one with the same key is replaced.
    pub fn add_avatar(&self, avatar: AvatarAddition) {
        let AvatarAddition { api_key, avatar_name, opening } = avatar;
        self.world.lock().avatars.add(Avatar { api_key, name: avatar_name, opening });
    }

    /// Switches off what `fail_next`, `delay_answers`, `close_mid_reply`, `set_token_refusal` and `set_owner_gone` set.
    /// What has ended stays ended, and the chunk rate stays as it is.
    pub fn reset_faults(&self) {
        self.world.lock().faults.reset();
    }

    /// A copy of what the simulator has seen so far.
    pub fn observed(&self) -> Observed {
        Observed::of(&self.world)
    }

    /// Carries out a command that came as data.
    ///
    /// # Errors
    /// [`CommandError::NotAFailure`] for a `fail_next` whose status is no error.
    pub fn apply(&self, command: Command) -> Result<(), CommandError> {
        match command {
            Command::ExpireTokens => self.expire_tokens(),
            Command::ExpireSessions => self.expire_sessions(),
            Command::ForgetSessions => self.forget_sessions(),
            Command::CloseSockets => self.close_sockets(),
            Command::FailNext { status, .. } if failure_status(status).is_none() => {
                return Err(CommandError::NotAFailure(status));
            }
            Command::FailNext { count, status } => self.fail_next(count, status),
            Command::DelayAnswers { ms } => self.delay_answers(Duration::from_millis(ms)),
            Command::SetChunkInterval { ms } => self.set_chunk_interval(Duration::from_millis(ms)),
            Command::CloseMidReply { after_chunks } => self.close_mid_reply(after_chunks),
            Command::SetTokenRefusal { shape } => self.set_token_refusal(shape),
            Command::SetOwnerGone { gone } => self.set_owner_gone(gone),
            Command::AddAvatar(avatar) => self.add_avatar(avatar),
            Command::ResetFaults => self.reset_faults(),
        }
        Ok(())
    }
}

fn failure_status(status: u16) -> Option<StatusCode> {
    let status = StatusCode::from_u16(status).ok()?;
    (status.is_client_error() || status.is_server_error()).then_some(status)
}

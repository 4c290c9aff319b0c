//! The operations of the test instrument as data, and how they are carried out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Control, failure_status};
use crate::{AnswerFault, Endpoint, Operation, PlannedRefusal, Script, TokenRefusal, Variant};

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
    /// See [`Control::delay`].
    Delay {
        /// Which requests.
        endpoint: Endpoint,
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
    /// See [`Control::disable_key`].
    DisableKey {
        /// The avatar's.
        api_key: String,
    },
    /// See [`Control::remove_avatar`].
    RemoveAvatar {
        /// The avatar's.
        api_key: String,
    },
    /// See [`Control::set_script`].
    SetVariants {
        /// What is changed of the script, in this order; see [`variant_help`](crate::script::variant_help).
        variants: Vec<Variant>,
        /// What they change; without one the plain script.
        #[serde(default)]
        script: Box<Script>,
    },
    /// See [`Control::next_replies`].
    NextReply {
        /// How many replies are told like this.
        #[serde(default = "one")]
        count: u32,
        /// What is changed of the script, in this order; see [`variant_help`](crate::script::variant_help).
        #[serde(default)]
        variants: Vec<Variant>,
        /// What they change; without one the plain script.
        #[serde(default)]
        script: Box<Script>,
    },
    /// See [`Control::owner_says`].
    OwnerSays {
        /// The `sessionId` or the `visitorId`; without one, the conversation whose visitor came last.
        #[serde(default)]
        to: Option<String>,
        /// What the owner says.
        text: String,
    },
    /// See [`Control::refuse_next`].
    RefuseNext {
        /// Which requests.
        operation: Operation,
        /// How many of them.
        #[serde(default = "one")]
        count: u32,
        /// The HTTP status, 400 to 599.
        status: u16,
        /// See [`PlannedRefusal::sub_code`].
        #[serde(default)]
        sub_code: Option<String>,
        /// See [`PlannedRefusal::retry_after`].
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// See [`Control::spoil_answers`].
    SpoilAnswers {
        /// How many answers.
        #[serde(default = "one")]
        count: u32,
        /// `never`, `cut` or `{"late":{"ms":5000}}`.
        answer: AnswerFault,
    },
    /// See [`Control::answer_heartbeats`].
    AnswerHeartbeats {
        /// Whether pings get a pong.
        on: bool,
    },
    /// See [`Control::refuse_sockets`].
    RefuseSockets {
        /// How many.
        #[serde(default = "one")]
        count: u32,
        /// The HTTP status, 400 to 599.
        status: u16,
    },
    /// See [`Control::cut_sockets`].
    CutSockets {
        /// After how many milliseconds.
        #[serde(default)]
        ms: u64,
    },
    /// See [`Control::cut_next_sockets`].
    CutNextSockets {
        /// How many.
        #[serde(default = "one")]
        count: u32,
        /// How many milliseconds each of them lives.
        ms: u64,
    },
    /// See [`Control::reset_faults`].
    ResetFaults,
}

/// How often something happens that is asked for without a number.
fn one() -> u32 {
    1
}

/// A further avatar, with its own API key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvatarAddition {
    /// The key that `init` and `send` find it by.
    pub api_key: String,
    /// The avatar's display name.
    pub avatar_name: String,
    /// The avatar's greeting, if it has one.
    #[serde(default)]
    pub opening: Option<String>,
    /// What a visitor might ask first, on the Avatar Hub.
    #[serde(default)]
    pub starters: Vec<String>,
    /// The address of the owner's picture, on the Avatar Hub.
    #[serde(default)]
    pub owner_image: Option<String>,
}

/// Why a command was not carried out.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// A failure must look like one.
    #[error("The status of a failure must be an HTTP error from 400 to 599, not {0}.")]
    NotAFailure(u16),
    /// The owner speaks to somebody who can't hear it.
    #[error("There is no conversation with an open socket to say that to.")]
    NobodyThere,
    /// The owner speaks where only members may. The sentence begins with the code of the Avatar Hub document.
    #[error("session.not.member: The owner is not a member of that session; check memberUserIds of session/create.")]
    NotAMember,
    /// The key is nobody's.
    #[error("There is no avatar with that API key.")]
    NoSuchKey,
}

impl Control {
    /// Carries out a command that came as data.
    ///
    /// # Errors
    /// [`CommandError::NotAFailure`] for a failure whose status is no error, and those of [`Control::owner_says`],
    /// [`Control::disable_key`] and [`Control::remove_avatar`].
    pub fn apply(&self, command: Command) -> Result<(), CommandError> {
        match command {
            Command::ExpireTokens => self.expire_tokens(),
            Command::ExpireSessions => self.expire_sessions(),
            Command::ForgetSessions => self.forget_sessions(),
            Command::CloseSockets => self.close_sockets(),
            Command::FailNext { status, .. }
            | Command::RefuseSockets { status, .. }
            | Command::RefuseNext { status, .. }
                if failure_status(status).is_none() =>
            {
                return Err(CommandError::NotAFailure(status));
            }
            Command::FailNext { count, status } => self.fail_next(count, status),
            Command::DelayAnswers { ms } => self.delay_answers(Duration::from_millis(ms)),
            Command::Delay { endpoint, ms } => self.delay(endpoint, Duration::from_millis(ms)),
            Command::SetChunkInterval { ms } => self.set_chunk_interval(Duration::from_millis(ms)),
            Command::CloseMidReply { after_chunks } => self.close_mid_reply(after_chunks),
            Command::SetTokenRefusal { shape } => self.set_token_refusal(shape),
            Command::SetOwnerGone { gone } => self.set_owner_gone(gone),
            Command::AddAvatar(avatar) => self.add_avatar(avatar),
            Command::DisableKey { api_key } => self.disable_key(&api_key)?,
            Command::RemoveAvatar { api_key } => self.remove_avatar(&api_key)?,
            Command::SetVariants { variants, script } => self.set_script(script.with(&variants)),
            Command::NextReply { count, variants, script } => self.next_replies(count, script.with(&variants)),
            Command::OwnerSays { to, text } => self.owner_says(to.as_deref(), &text)?,
            Command::RefuseNext { operation, count, status, sub_code, retry_after } => {
                self.refuse_next(operation, count, PlannedRefusal { status, sub_code, retry_after });
            }
            Command::SpoilAnswers { count, answer } => self.spoil_answers(count, answer),
            Command::AnswerHeartbeats { on } => self.answer_heartbeats(on),
            Command::RefuseSockets { count, status } => self.refuse_sockets(count, status),
            Command::CutSockets { ms } => self.cut_sockets(Duration::from_millis(ms)),
            Command::CutNextSockets { count, ms } => self.cut_next_sockets(count, Duration::from_millis(ms)),
            Command::ResetFaults => self.reset_faults(),
        }
        Ok(())
    }
}

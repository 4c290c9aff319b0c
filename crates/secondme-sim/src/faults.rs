//! What is set to go wrong, and how the avatar speaks. It knows only whether something is due, not how it shows on the wire.

mod next;

use std::time::Duration;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use self::next::Next;
use crate::{admission::Endpoint, answer::Refusal, script::Script};

/// The shape in which a refused token is answered; the real service is known to use both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenRefusal {
    /// `{"code":401,"message":"…","subCode":"…"}`, like every other error.
    #[default]
    Envelope,
    /// `{"detail":"…"}`.
    Detail,
}

/// What a request is for, whichever API it came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// To get a token: `token/client`, and the Avatar Hub's `auth`.
    Token,
    /// To open a conversation: `visitor-chat/init`, and the Avatar Hub's `auth` or `ws/create`, whichever comes first.
    Init,
    /// To send a message: `visitor-chat/send`, and the Avatar Hub's `message/send`.
    Send,
}

/// How a request is refused on command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRefusal {
    /// The HTTP status, 400 to 599.
    pub status: u16,
    /// The `subCode`; without one it is what the service says for this status.
    pub sub_code: Option<String>,
    /// The seconds of the header `Retry-After`, if there is to be one.
    pub retry_after: Option<u64>,
}

/// What becomes of the answer to a message that was accepted. The reply comes all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AnswerFault {
    /// It never comes, for as long as the caller waits.
    Never,
    /// The connection breaks instead.
    Cut,
    /// It comes late.
    Late {
        /// Milliseconds.
        ms: u64,
    },
}

/// The faults that are switched on.
pub(crate) struct Faults {
    pub(crate) delay: Duration,
    endpoint_delays: [Duration; Endpoint::COUNT],
    pub(crate) chunk_interval: Duration,
    pub(crate) token_refusal: TokenRefusal,
    pub(crate) owner_gone: bool,
    /// Heartbeats get no pong.
    pub(crate) heartbeats_unanswered: bool,
    /// How replies are told that have no script of their own.
    pub(crate) script: Script,
    pub(crate) next_replies: Next<Script>,
    pub(crate) next_answers: Next<AnswerFault>,
    pub(crate) next_sockets_refused: Next<StatusCode>,
    pub(crate) next_sockets_cut: Next<Duration>,
    usual_script: Script,
    refusals: [Next<PlannedRefusal>; 3],
    failures: u32,
    failure_status: StatusCode,
    cut_after: Option<usize>,
}

impl Faults {
    pub(crate) fn new(chunk_interval: Duration, script: Script) -> Faults {
        Faults {
            delay: Duration::ZERO,
            endpoint_delays: [Duration::ZERO; Endpoint::COUNT],
            chunk_interval,
            token_refusal: TokenRefusal::default(),
            owner_gone: false,
            heartbeats_unanswered: false,
            usual_script: script.clone(),
            script,
            next_replies: Next::default(),
            next_answers: Next::default(),
            next_sockets_refused: Next::default(),
            next_sockets_cut: Next::default(),
            refusals: Default::default(),
            failures: 0,
            failure_status: StatusCode::INTERNAL_SERVER_ERROR,
            cut_after: None,
        }
    }

    /// Everything works again, and replies are told as at the start. The chunk rate stays as it is: a slow avatar is no
    /// fault.
    pub(crate) fn reset(&mut self) {
        *self = Faults::new(self.chunk_interval, self.usual_script.clone());
    }

    pub(crate) fn fail_next(&mut self, count: u32, status: StatusCode) {
        self.failures = count;
        self.failure_status = status;
    }

    pub(crate) fn refuse_next(&mut self, operation: Operation, count: u32, refusal: PlannedRefusal) {
        self.refusals[operation as usize].add(count, refusal);
    }

    pub(crate) fn delay_endpoint(&mut self, endpoint: Endpoint, delay: Duration) {
        self.endpoint_delays[endpoint as usize] = delay;
    }

    /// How long a request waits before anything is done about it.
    pub(crate) fn delay_of(&self, endpoint: Endpoint) -> Duration {
        self.delay + self.endpoint_delays[endpoint as usize]
    }

    /// Refuses where the avatars' owner does not exist any more.
    pub(crate) fn check_owner(&self) -> Result<(), Refusal> {
        let message = "The avatar's owner does not exist any more.";
        let refusal = || Refusal::new(StatusCode::NOT_FOUND, "open.api.user.not.found", message);
        if self.owner_gone { Err(refusal()) } else { Ok(()) }
    }

    /// A token that is refused, in the shape that is set.
    pub(crate) fn refuse_token(&self, sub_code: &'static str, message: &str) -> Refusal {
        let status = StatusCode::UNAUTHORIZED;
        match self.token_refusal {
            TokenRefusal::Envelope => Refusal::new(status, sub_code, message),
            TokenRefusal::Detail => Refusal::Detail { status, message: message.into() },
        }
    }

    pub(crate) fn cut_next_reply(&mut self, after_chunks: usize) {
        self.cut_after = Some(after_chunks);
    }

    /// The failure the request at hand has to answer with, if one is due.
    pub(crate) fn claim_failure(&mut self, operations: &[Operation]) -> Option<Refusal> {
        if let Some(left) = self.failures.checked_sub(1) {
            self.failures = left;
            return Some(PlannedRefusal::plain(self.failure_status.as_u16()).into_refusal());
        }
        let planned = operations.iter().find_map(|operation| self.refusals[*operation as usize].claim());
        planned.map(PlannedRefusal::into_refusal)
    }

    /// The script of the reply at hand, before anything the visitor wished for.
    pub(crate) fn claim_script(&mut self) -> Script {
        let mut script = self.next_replies.claim().unwrap_or_else(|| self.script.clone());
        if let Some(after_chunks) = self.cut_after.take() {
            script.cut_after_chunks = Some(after_chunks);
        }
        script
    }
}

impl PlannedRefusal {
    /// With what the service says for this status.
    pub(crate) fn plain(status: u16) -> PlannedRefusal {
        PlannedRefusal { status, sub_code: None, retry_after: None }
    }

    pub(crate) fn into_refusal(self) -> Refusal {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let usual = match self.status {
            401 => "oauth2.token.invalid",
            429 => "open.api.rate.limited",
            503 => "connection.error",
            400..500 => "invalid.param",
            _ => "internal.error",
        };
        let sub_code = self.sub_code.unwrap_or_else(|| usual.into());
        Refusal::new(status, sub_code, "The service failed on command.").retry_after(self.retry_after)
    }
}

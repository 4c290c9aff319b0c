//! What is set to go wrong, and the chunk rate. It knows only whether something is due, not how it shows on the wire.

use std::time::Duration;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::answer::Refusal;

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

/// The faults that are switched on.
pub(crate) struct Faults {
    pub(crate) delay: Duration,
    pub(crate) chunk_interval: Duration,
    pub(crate) token_refusal: TokenRefusal,
    pub(crate) owner_gone: bool,
    failures: u32,
    failure_status: StatusCode,
    cut_after: Option<usize>,
}

impl Faults {
    pub(crate) fn new(chunk_interval: Duration) -> Faults {
        Faults {
            delay: Duration::ZERO,
            chunk_interval,
            token_refusal: TokenRefusal::default(),
            owner_gone: false,
            failures: 0,
            failure_status: StatusCode::INTERNAL_SERVER_ERROR,
            cut_after: None,
        }
    }

    /// Everything works again. The chunk rate stays as it is: a slow avatar is no fault.
    pub(crate) fn reset(&mut self) {
        *self = Faults::new(self.chunk_interval);
    }

    pub(crate) fn fail_next(&mut self, count: u32, status: StatusCode) {
        self.failures = count;
        self.failure_status = status;
    }

    pub(crate) fn cut_next_reply(&mut self, after_chunks: usize) {
        self.cut_after = Some(after_chunks);
    }

    /// The failure the request at hand has to answer with, if one is due.
    pub(crate) fn claim_failure(&mut self) -> Option<Refusal> {
        self.failures = self.failures.checked_sub(1)?;
        let sub_code = match self.failure_status.as_u16() {
            401 => "oauth2.token.invalid",
            429 => "open.api.rate.limited",
            503 => "connection.error",
            400..500 => "invalid.param",
            _ => "internal.error",
        };
        Some(Refusal::new(self.failure_status, sub_code, "The service failed on command."))
    }

    /// After how many chunks the reply at hand is to be cut off, if it is.
    pub(crate) fn claim_cut(&mut self) -> Option<usize> {
        self.cut_after.take()
    }
}

//! How far the way to SecondMe has come, and what is known of its far end. It decides nothing.

use core::time::Duration;

use crate::failure::Failure;
use crate::moment::Moment;
use crate::retry::Backoff;
use crate::wire::VisitorId;
use crate::{portable_enum, portable_struct};

/// Whether there is a way to SecondMe, as a visitor is shown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Nothing was asked for yet.
    Idle,
    /// The first attempt is under way.
    Connecting,
    /// Messages can be sent and received.
    Open,
    /// The way was lost, or not found yet. The next attempt is due at that moment; without one it is under way, or waits
    /// for the page to be looked at.
    Reconnecting(Failure, Option<Moment>),
    /// The browser has no network.
    Offline,
    /// Only the visitor's wish, or the site's owner, can help.
    Failed(Failure),
}

/// Who the visitor talks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The avatar's display name.
    pub name: String,
    /// Its picture, by https.
    pub image: Option<String>,
    /// Questions to start with.
    pub starters: Vec<String>,
    /// Whether the visitor is signed in with SecondMe through the proxy.
    pub signed_in: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) visitor: Option<VisitorId>,
    pub(super) session_id: Option<String>,
    pub(super) profile: Option<Profile>,
    pub(super) attempt: u32,
    pub(super) step: Step,
    /// Why the last attempt ended, until one works.
    pub(super) failure: Option<Failure>,
    pub(super) backoff: Backoff,
    /// The other side asked to be left alone until then; not even a visitor's impatience changes that.
    pub(super) not_before: Option<Moment>,
    pub(super) visible: bool,
    pub(super) online: bool,
    pub(super) was_open: bool,
    pub(super) pong: Pong,
}

/// Whether this server answers pings. Nobody says that Visitor Chat does; a server that never has must not be taken for
/// dead each time it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pong {
    Unknown,
    Answers,
    NeverDid,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Idle,
    Initialising {
        until: Moment,
    },
    Connecting {
        until: Moment,
        beat: Beat,
    },
    Open {
        beat: Beat,
    },
    Waiting {
        until: Moment,
    },
    /// Not tried before the page is looked at again.
    Parked,
    Offline,
    Failed(Failure),
}

#[derive(Clone, Debug)]
pub(super) struct Beat {
    /// Without one there is nothing to ping with, but time is still watched.
    pub(super) ws_id: Option<String>,
    pub(super) every: Duration,
    pub(super) due: Moment,
    pub(super) unanswered: u32,
    pub(super) last_sign_of_life: Moment,
}

portable_struct!(Profile { name, image, starters, signed_in });
portable_struct!(Link {
    visitor,
    session_id,
    profile,
    attempt,
    step,
    failure,
    backoff,
    not_before,
    visible,
    online,
    was_open,
    pong,
});
portable_enum!(Pong { 0 Unknown, 1 Answers, 2 NeverDid; Unknown });
portable_enum!(Step {
    0 Idle, 1 Initialising { until }, 2 Connecting { until, beat }, 3 Open { beat }, 4 Waiting { until }, 5 Parked, 6 Offline,
    7 Failed(failure); Idle
});
portable_struct!(Beat { ws_id, every, due, unanswered, last_sign_of_life });

impl Link {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            visitor: None,
            session_id: None,
            profile: None,
            attempt: 0,
            step: Step::Idle,
            failure: None,
            backoff: Backoff::new(seed),
            not_before: None,
            visible: true,
            online: true,
            was_open: false,
            pong: Pong::Unknown,
        }
    }

    /// Knows nothing of the visitor any more; late answers to older attempts stay recognisable.
    pub(super) fn forgotten(&self, seed: u64) -> Self {
        Self {
            attempt: self.attempt,
            visible: self.visible,
            online: self.online,
            pong: self.pong,
            not_before: self.not_before,
            ..Self::new(seed)
        }
    }

    pub(super) fn reseed(&mut self, seed: u64) {
        self.backoff.reseed(seed);
    }

    pub(super) fn state(&self) -> Connection {
        match (&self.step, self.failure) {
            (Step::Idle, _) => Connection::Idle,
            (Step::Open { .. }, _) => Connection::Open,
            (Step::Failed(failure), _) => Connection::Failed(*failure),
            (Step::Offline, _) => Connection::Offline,
            (Step::Waiting { until }, failure) => {
                Connection::Reconnecting(failure.unwrap_or(Failure::Unreachable), Some(*until))
            }
            (Step::Parked, failure) => Connection::Reconnecting(failure.unwrap_or(Failure::Unreachable), None),
            (Step::Initialising { .. } | Step::Connecting { .. }, Some(failure)) => {
                Connection::Reconnecting(failure, None)
            }
            (Step::Initialising { .. } | Step::Connecting { .. }, None) => Connection::Connecting,
        }
    }

    pub(super) fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    pub(super) fn visitor(&self) -> Option<&VisitorId> {
        self.visitor.as_ref()
    }

    /// What `send` needs; only an open socket can carry the reply.
    pub(super) fn ready(&self) -> Option<(&VisitorId, &str)> {
        match self.step {
            Step::Open { .. } => self.visitor.as_ref().zip(self.session_id.as_deref()),
            _ => None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        match &self.step {
            Step::Waiting { until } | Step::Initialising { until } | Step::Connecting { until, .. } => Some(*until),
            Step::Open { beat } => Some(beat.due),
            Step::Idle | Step::Parked | Step::Offline | Step::Failed(_) => None,
        }
    }
}

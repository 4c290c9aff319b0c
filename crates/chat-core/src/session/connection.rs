//! The way to SecondMe: `init`, the socket, its heartbeat, and the attempts to get it back. It knows no message.

use core::time::Duration;

use super::{Change, Effect, Session};
use crate::failure::{Failure, RequestFault};
use crate::moment::Moment;
use crate::retry::Backoff;
use crate::wire::{InitAnswer, InitRequest, VisitorId, limits, ws_id_of};

/// An `init` costs SecondMe several steps; the proxy gives up before this.
const INIT_WITHIN: Duration = Duration::from_secs(30);
/// From the address to an open socket.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);
/// Pings that may stay unanswered before the socket counts as dead.
const UNANSWERED: u32 = 2;
/// No proxy may have a widget ping more often than this.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// Whether there is a way to SecondMe, as a visitor is shown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Nothing was asked for yet.
    Idle,
    /// The first attempt is under way.
    Connecting,
    /// Messages can be sent and received.
    Open,
    /// The way was lost, or not found yet; the next attempt is under way, or due at that moment.
    Reconnecting(Failure, Option<Moment>),
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
}

#[derive(Debug)]
pub(super) struct Link {
    visitor: Option<VisitorId>,
    session_id: Option<String>,
    profile: Option<Profile>,
    attempt: u32,
    step: Step,
    /// Why the last attempt ended, until one works.
    failure: Option<Failure>,
    backoff: Backoff,
}

#[derive(Debug)]
enum Step {
    Idle,
    Initialising,
    Connecting { until: Moment, heartbeat: Option<Beat> },
    Open { heartbeat: Option<Beat> },
    Waiting { until: Moment },
    Failed(Failure),
}

#[derive(Clone, Debug)]
struct Beat {
    ws_id: String,
    every: Duration,
    due: Moment,
    unanswered: u32,
}

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
        }
    }

    pub(super) fn state(&self) -> Connection {
        match (&self.step, self.failure) {
            (Step::Idle, _) => Connection::Idle,
            (Step::Open { .. }, _) => Connection::Open,
            (Step::Failed(failure), _) => Connection::Failed(*failure),
            (Step::Waiting { until }, failure) => {
                Connection::Reconnecting(failure.unwrap_or(Failure::Unreachable), Some(*until))
            }
            (Step::Initialising | Step::Connecting { .. }, Some(failure)) => Connection::Reconnecting(failure, None),
            (Step::Initialising | Step::Connecting { .. }, None) => Connection::Connecting,
        }
    }

    pub(super) fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
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
            Step::Waiting { until } | Step::Connecting { until, .. } => Some(*until),
            Step::Open { heartbeat } => heartbeat.as_ref().map(|beat| beat.due),
            Step::Idle | Step::Initialising | Step::Failed(_) => None,
        }
    }
}

impl Session {
    pub(super) fn open(&mut self, visitor: VisitorId) {
        if self.link.visitor.is_none() {
            self.link.visitor = Some(visitor);
        }
        if matches!(self.link.step, Step::Idle) {
            self.initialise();
        }
    }

    pub(super) fn reconnect(&mut self) {
        if matches!(self.link.step, Step::Waiting { .. } | Step::Failed(_)) {
            self.initialise();
        }
    }

    /// A visitor who writes does not wait for the next attempt, unless the other side asked for time.
    pub(super) fn hurry(&mut self) {
        if self.link.failure != Some(Failure::Busy) {
            self.reconnect();
        }
    }

    pub(super) fn initialised(&mut self, attempt: u32, result: Result<InitAnswer, RequestFault>, now: Moment) {
        if attempt != self.link.attempt || !matches!(self.link.step, Step::Initialising) {
            return;
        }
        match result {
            Ok(answer) => self.connect(answer, now),
            Err(fault) => {
                let failure = Failure::from(&fault);
                // A session that is gone for good must not be asked for again.
                if failure == Failure::SessionEnded {
                    self.link.session_id = None;
                }
                let wish = match fault {
                    RequestFault::Refused { retry_after, .. } => retry_after,
                    _ => None,
                };
                self.link_failed(failure, wish, now);
            }
        }
    }

    pub(super) fn socket_opened(&mut self, attempt: u32, now: Moment) {
        if attempt != self.link.attempt {
            return;
        }
        if let Step::Connecting { heartbeat, .. } = &mut self.link.step {
            let mut heartbeat = heartbeat.take();
            if let Some(beat) = &mut heartbeat {
                beat.due = now + beat.every;
            }
            self.step(Step::Open { heartbeat });
            self.link.failure = None;
            self.link.backoff.reset();
        }
    }

    pub(super) fn socket_closed(&mut self, attempt: u32, now: Moment) {
        let ours = matches!(self.link.step, Step::Connecting { .. } | Step::Open { .. });
        if attempt == self.link.attempt && ours {
            self.link_failed(Failure::Unreachable, None, now);
        }
    }

    /// The conversation is gone on the other side: begin it again at once.
    pub(super) fn renew(&mut self) {
        self.effect(Effect::Disconnect);
        self.interrupt_reply();
        self.link.failure = Some(Failure::SessionEnded);
        self.initialise();
    }

    /// True where the frame is of the socket in use. Any frame shows that it is alive.
    pub(super) fn alive(&mut self, attempt: u32) -> bool {
        let Step::Open { heartbeat } = &mut self.link.step else { return false };
        if attempt != self.link.attempt {
            return false;
        }
        if let Some(beat) = heartbeat {
            beat.unanswered = 0;
        }
        true
    }

    pub(super) fn keep_link(&mut self, now: Moment) {
        match &mut self.link.step {
            Step::Waiting { until } if *until <= now => self.initialise(),
            Step::Connecting { until, .. } if *until <= now => {
                self.effect(Effect::Disconnect);
                self.link_failed(Failure::Unreachable, None, now);
            }
            Step::Open { heartbeat: Some(beat) } if beat.due <= now => {
                if beat.unanswered >= UNANSWERED {
                    self.effect(Effect::Disconnect);
                    self.link_failed(Failure::Unreachable, None, now);
                } else {
                    beat.unanswered += 1;
                    beat.due = now + beat.every;
                    let ws_id = beat.ws_id.clone();
                    self.effect(Effect::Ping { ws_id });
                }
            }
            _ => {}
        }
    }

    fn initialise(&mut self) {
        let Some(visitor_id) = self.link.visitor.clone() else { return };
        self.link.attempt = self.link.attempt.wrapping_add(1);
        self.step(Step::Initialising);
        self.effect(Effect::Init {
            attempt: self.link.attempt,
            request: InitRequest {
                visitor_id,
                visitor_name: self.settings.visitor_name.clone(),
                avatar: self.settings.avatar.clone(),
                session_id: self.link.session_id.clone(),
            },
            within: INIT_WITHIN,
        });
    }

    fn connect(&mut self, answer: InitAnswer, now: Moment) {
        let heartbeat = match answer.heartbeat {
            Some(heartbeat) => Some((heartbeat.ws_id, heartbeat.interval_ms)),
            None => ws_id_of(&answer.ws_url).map(|ws_id| (ws_id, limits::HEARTBEAT_MS)),
        };
        let heartbeat = heartbeat.map(|(ws_id, every)| Beat {
            ws_id,
            every: Duration::from_millis(every).max(SHORTEST_INTERVAL),
            due: now,
            unanswered: 0,
        });
        self.link.session_id = Some(answer.session_id);
        self.effect(Effect::Connect { attempt: self.link.attempt, url: answer.ws_url });
        self.step(Step::Connecting { until: now + CONNECT_WITHIN, heartbeat });
        let profile = Profile { name: answer.avatar_name, image: answer.avatar_image, starters: answer.starters };
        if self.link.profile.as_ref() != Some(&profile) {
            self.link.profile = Some(profile);
            self.change(Change::Profile);
        }
        // The greeting opens a conversation; it does not come again with each new socket.
        let opening = answer.opening.filter(|opening| !opening.trim().is_empty());
        if let Some(greeting) = opening.and_then(|opening| self.transcript.greet(opening, now)) {
            self.change(Change::Greeted(greeting));
        }
    }

    fn link_failed(&mut self, failure: Failure, wish: Option<Duration>, now: Moment) {
        self.interrupt_reply();
        self.link.failure = Some(failure);
        if failure.passes() {
            let wait = self.link.backoff.next_wait();
            self.step(Step::Waiting { until: now + wait.max(wish.unwrap_or_default()) });
        } else {
            self.step(Step::Failed(failure));
            self.give_up(failure);
        }
    }

    fn step(&mut self, step: Step) {
        self.link.step = step;
        self.change(Change::Connection);
    }
}

//! The way to SecondMe: `init`, the socket, its heartbeat, and the attempts to get it back. It knows no message.

use core::time::Duration;

use super::link::{Beat, Pong, Profile, Step};
use super::{Change, Effect, Session};
use crate::failure::{Failure, RequestFault};
use crate::moment::Moment;
use crate::wire::{InitAnswer, InitRequest, VisitorId, limits, ws_id_of};

/// An `init` costs SecondMe several steps; the proxy gives up before this.
const INIT_WITHIN: Duration = Duration::from_secs(30);
/// Should the adapter itself never answer.
const INIT_LOST_AFTER: Duration = Duration::from_secs(45);
/// From the address to an open socket.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);
/// Pings that may stay unanswered before the socket counts as dead.
const UNANSWERED: u32 = 2;
/// No proxy may have a widget ping more often than this.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);
/// A wake-up this much later than asked for shows that time has jumped: the computer slept.
const JUMP: Duration = Duration::from_secs(30);

impl Session {
    pub(super) fn open(&mut self, visitor: VisitorId, now: Moment) {
        if self.link.visitor.is_none() {
            self.link.visitor = Some(visitor);
        }
        if matches!(self.link.step, Step::Idle) {
            self.try_now(now);
        }
    }

    /// The visitor's wish: also where nothing would be tried by itself.
    pub(super) fn reconnect(&mut self, now: Moment) {
        if matches!(self.link.step, Step::Waiting { .. } | Step::Parked | Step::Failed(_)) {
            self.link.visible = true;
            self.try_now(now);
        }
    }

    pub(super) fn looked_at(&mut self, visible: bool, now: Moment) {
        self.link.visible = visible;
        match &self.link.step {
            Step::Waiting { .. } if !visible => self.step(Step::Parked),
            Step::Waiting { .. } | Step::Parked if visible => self.try_now(now),
            // A hidden page's timers are held back, a sleeping computer's stand still: what was silent is asked anew.
            Step::Open { beat } if visible && beat.last_sign_of_life + beat.every + JUMP <= now => self.woken(now),
            _ => {}
        }
    }

    pub(super) fn network(&mut self, online: bool, now: Moment) {
        self.link.online = online;
        match self.link.step {
            Step::Offline if online => self.try_now(now),
            Step::Idle | Step::Failed(_) | Step::Offline => {}
            _ if !online => {
                self.effect(Effect::Disconnect);
                self.cut_replies();
                self.link.failure = Some(Failure::Unreachable);
                self.step(Step::Offline);
            }
            _ => {}
        }
    }

    pub(super) fn initialised(&mut self, attempt: u32, result: Result<InitAnswer, RequestFault>, now: Moment) {
        if attempt != self.link.attempt || !matches!(self.link.step, Step::Initialising { .. }) {
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
                self.link.not_before = fault.retry_after().map(|wish| now + wish);
                self.link_failed(failure, now);
            }
        }
    }

    pub(super) fn socket_opened(&mut self, attempt: u32, now: Moment) {
        if attempt != self.link.attempt {
            return;
        }
        if let Step::Connecting { beat, .. } = &self.link.step {
            let beat = Beat { due: now + beat.every, last_sign_of_life: now, ..beat.clone() };
            if self.link.was_open {
                self.replies.reconnected(now);
            }
            self.link.was_open = true;
            self.step(Step::Open { beat });
            self.link.failure = None;
            self.link.not_before = None;
            self.link.backoff.reset();
        }
    }

    pub(super) fn socket_closed(&mut self, attempt: u32, now: Moment) {
        let ours = matches!(self.link.step, Step::Connecting { .. } | Step::Open { .. });
        if attempt == self.link.attempt && ours {
            self.link_failed(Failure::Unreachable, now);
        }
    }

    /// The conversation is gone on the other side: begin another at once.
    pub(super) fn renew(&mut self, now: Moment) {
        self.effect(Effect::Disconnect);
        self.link.session_id = None;
        self.cut_replies();
        self.link.failure = Some(Failure::SessionEnded);
        self.try_now(now);
    }

    /// The server closed the conversation by itself; one that does so again and again is given more and more time.
    pub(super) fn session_closed(&mut self, now: Moment) {
        self.effect(Effect::Disconnect);
        self.link.session_id = None;
        self.link_failed(Failure::SessionEnded, now);
    }

    /// Whatever this page had under way belongs to one that is gone; what was wanted is begun again.
    pub(super) fn link_lost_with_its_page(&mut self, now: Moment) {
        self.link.visible = true;
        self.link.online = true;
        if !matches!(self.link.step, Step::Idle | Step::Failed(_)) {
            self.try_now(now);
        }
    }

    /// Back to where nothing is asked for before the chat is opened.
    pub(super) fn link_rests(&mut self) {
        self.link.visible = true;
        self.link.online = true;
        self.link.failure = None;
        self.link.step = Step::Idle;
    }

    /// True where the frame is of the socket in use. Any frame shows that it is alive.
    pub(super) fn alive(&mut self, attempt: u32, now: Moment) -> bool {
        let Step::Open { beat } = &mut self.link.step else { return false };
        if attempt != self.link.attempt {
            return false;
        }
        beat.unanswered = 0;
        beat.last_sign_of_life = now;
        true
    }

    pub(super) fn pong(&mut self) {
        self.link.pong = Pong::Answers;
    }

    pub(super) fn keep_link(&mut self, now: Moment) {
        match &mut self.link.step {
            Step::Waiting { until } if *until <= now => self.try_now(now),
            Step::Initialising { until } if *until <= now => self.link_failed(Failure::Unknown, now),
            Step::Connecting { until, .. } if *until <= now => self.dead(now),
            Step::Open { beat } if beat.due <= now => {
                if self.link.visible && beat.due + JUMP <= now {
                    return self.woken(now);
                }
                if beat.unanswered >= UNANSWERED && self.link.pong != Pong::NeverDid {
                    if self.link.pong == Pong::Unknown {
                        self.link.pong = Pong::NeverDid;
                    }
                    return self.dead(now);
                }
                beat.due = now + beat.every;
                if let Some(ws_id) = beat.ws_id.clone() {
                    beat.unanswered += 1;
                    self.effect(Effect::Ping { ws_id });
                }
            }
            _ => {}
        }
    }

    /// The socket does not live any more, or never did.
    fn dead(&mut self, now: Moment) {
        self.effect(Effect::Disconnect);
        self.link_failed(Failure::Unreachable, now);
    }

    /// Time has jumped: whatever was open before is not worth asking, and there is no crowd to keep apart from.
    fn woken(&mut self, now: Moment) {
        self.effect(Effect::Disconnect);
        self.cut_replies();
        self.link.failure = Some(Failure::Unreachable);
        self.try_now(now);
    }

    /// Tries at once, unless there is no network, nobody looks, or the other side asked for time.
    fn try_now(&mut self, now: Moment) {
        let Some(visitor_id) = self.link.visitor.clone() else { return };
        if !self.link.online {
            return self.step(Step::Offline);
        }
        if !self.link.visible {
            return self.step(Step::Parked);
        }
        if let Some(until) = self.link.not_before.filter(|until| now < *until) {
            return self.step(Step::Waiting { until });
        }
        self.link.attempt = self.link.attempt.wrapping_add(1);
        self.step(Step::Initialising { until: now + INIT_LOST_AFTER });
        self.effect(Effect::Init {
            attempt: self.link.attempt,
            request: InitRequest {
                visitor_id,
                visitor_name: self.settings.visitor_name.clone(),
                avatar: self.settings.avatar.clone(),
                session_id: self.link.session_id.clone(),
                // Who the visitor is, the page tells the adapter: a token has no place in what is kept.
                site_token: None,
                user_token: None,
            },
            within: INIT_WITHIN,
        });
    }

    fn connect(&mut self, answer: InitAnswer, now: Moment) {
        let (ws_id, every) = match answer.heartbeat {
            Some(heartbeat) => (Some(heartbeat.ws_id), heartbeat.interval_ms),
            None => (ws_id_of(&answer.ws_url), limits::HEARTBEAT_MS),
        };
        let every = Duration::from_millis(every).max(SHORTEST_INTERVAL);
        let beat = Beat { ws_id, every, due: now, unanswered: 0, last_sign_of_life: now };
        self.link.session_id = Some(answer.session_id);
        self.speakers.told(answer.visitor_user_id);
        self.effect(Effect::Connect { attempt: self.link.attempt, url: answer.ws_url });
        self.step(Step::Connecting { until: now + CONNECT_WITHIN, beat });
        let profile = Profile {
            name: answer.avatar_name,
            image: answer.avatar_image,
            starters: answer.starters,
            signed_in: answer.signed_in,
        };
        if self.link.profile.as_ref() != Some(&profile) {
            self.link.profile = Some(profile);
            self.change(Change::Profile);
        }
        // The greeting opens a conversation; it does not come again with each new socket.
        let opening = answer.opening.filter(|opening| !opening.trim().is_empty());
        let at = self.reading;
        if let Some(greeting) = opening.and_then(|opening| self.transcript.greet(opening, at)) {
            self.change(Change::Greeted(greeting));
        }
    }

    fn link_failed(&mut self, failure: Failure, now: Moment) {
        self.cut_replies();
        self.link.failure = Some(failure);
        if !failure.passes() {
            self.step(Step::Failed(failure));
            return self.give_up(failure);
        }
        let until = (now + self.link.backoff.next_wait()).max(self.link.not_before.unwrap_or(now));
        self.step(match (self.link.online, self.link.visible) {
            (false, _) => Step::Offline,
            (true, false) => Step::Parked,
            (true, true) => Step::Waiting { until },
        });
    }

    fn step(&mut self, step: Step) {
        self.link.step = step;
        self.change(Change::Connection);
    }
}

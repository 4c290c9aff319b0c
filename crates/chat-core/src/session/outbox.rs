//! The visitor's messages on their way: in order, one under way at a time, each drawn once. It knows no socket.

use core::time::Duration;
use std::collections::VecDeque;

use super::{Change, Effect, Session, sendable};
use crate::failure::{Failure, RequestFault};
use crate::moment::Moment;
use crate::portable_struct;
use crate::retry::{Backoff, FIRST};
use crate::transcript::{Author, MessageId, Status};
use crate::wire::SendRequest;

/// The proxy gives up before this, and says so.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// Should the adapter itself never answer.
const LOST_AFTER: Duration = Duration::from_secs(45);

/// Names one posting of one message. A message that is posted again has a new turn, so that a late answer to the first
/// posting changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Turn(pub u64);

#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Queued>,
    under_way: Option<Posted>,
    last: Turn,
    /// The other side asked for time, or has none: nothing goes out before.
    held_until: Option<Moment>,
    backoff: Backoff,
}

#[derive(Clone, Copy, Debug)]
struct Queued {
    message: MessageId,
    /// A session that ended is renewed once for a message; a second ending is shown.
    renewed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Posted {
    turn: Turn,
    queued: Queued,
    lost_at: Moment,
}

portable_struct!(Turn { 0 });
portable_struct!(Outbox { waiting, under_way, last, held_until, backoff });
portable_struct!(Queued { message, renewed });
portable_struct!(Posted { turn, queued, lost_at });

impl Outbox {
    pub(super) fn new(seed: u64) -> Self {
        Self { backoff: Backoff::new(seed), ..Self::default() }
    }

    /// Empty, but for the count of turns.
    pub(super) fn forgotten(&self, seed: u64) -> Self {
        Self { last: self.last, ..Self::new(seed) }
    }

    pub(super) fn reseed(&mut self, seed: u64) {
        self.backoff.reseed(seed);
    }

    pub(super) fn held_until(&self) -> Option<Moment> {
        self.held_until
    }

    /// True where nothing waits and nothing is under way.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_none()
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        self.under_way.map(|posted| posted.lost_at).into_iter().chain(self.held_until).min()
    }
}

impl Session {
    pub(super) fn submit(&mut self, text: &str, now: Moment) {
        if let Some(text) = sendable(text) {
            let message = self.add(Author::Visitor, text.to_owned(), Vec::new(), Status::Sending);
            self.outbox.waiting.push_back(Queued { message, renewed: false });
            // A visitor who writes does not wait for the next attempt.
            self.reconnect(now);
        }
    }

    pub(super) fn retry(&mut self, message: MessageId, now: Moment) {
        if self.is_failed_message(message) {
            self.set_status(message, Status::Sending);
            self.outbox.waiting.push_back(Queued { message, renewed: false });
            self.reconnect(now);
        }
    }

    /// Takes back a message that failed, or that waits.
    pub(super) fn delete(&mut self, message: MessageId) {
        let waits = self.outbox.waiting.iter().position(|queued| queued.message == message);
        if let Some(place) = waits {
            self.outbox.waiting.remove(place);
        }
        if waits.is_some() || self.is_failed_message(message) {
            self.transcript.remove(message);
            self.change(Change::Removed(message));
        }
    }

    fn is_failed_message(&self, id: MessageId) -> bool {
        self.transcript
            .get(id)
            .is_some_and(|message| message.author == Author::Visitor && matches!(message.status, Status::Failed(_)))
    }

    /// There is no way to SecondMe that time would open: what waits is handed back to the visitor.
    pub(super) fn give_up(&mut self, failure: Failure) {
        for queued in core::mem::take(&mut self.outbox.waiting) {
            self.set_status(queued.message, Status::Failed(failure));
        }
        self.hold(None);
    }

    pub(super) fn answered(&mut self, turn: Turn, result: Result<(), RequestFault>, now: Moment) {
        let Some(Posted { queued, .. }) = self.outbox.under_way.take_if(|posted| posted.turn == turn) else { return };
        let Err(fault) = result else { return self.taken(queued.message, now) };
        let failure = Failure::of_send(&fault);
        match failure {
            // An echo may have settled it already.
            _ if self.transcript.get(queued.message).is_none_or(|message| message.status == Status::Sent) => {}
            Failure::SessionEnded if !queued.renewed => {
                self.outbox.waiting.push_front(Queued { renewed: true, ..queued });
                self.renew(now);
            }
            Failure::Busy => {
                let wish = fault.retry_after().unwrap_or_default();
                let wait = self.outbox.backoff.next_wait().max(wish).max(FIRST);
                self.outbox.waiting.push_front(queued);
                self.hold(Some(now + wait));
            }
            failure => self.set_status(queued.message, Status::Failed(failure)),
        }
    }

    /// SecondMe has it.
    fn taken(&mut self, message: MessageId, now: Moment) {
        self.outbox.backoff.reset();
        self.set_status(message, Status::Sent);
        if self.replies.expect(now) {
            self.change(Change::Waiting);
        }
    }

    /// The echo shows that a message arrived, whatever became of the answer to its request.
    pub(super) fn echoed(&mut self, message: Option<MessageId>) {
        let Some(id) = message else { return };
        if self.is_failed_message(id) {
            self.set_status(id, Status::Sent);
        }
    }

    /// Whether the request of a lost tab, page or connection arrived cannot be known.
    pub(super) fn lose_track(&mut self) {
        if let Some(posted) = self.outbox.under_way.take()
            && self.transcript.get(posted.queued.message).is_some_and(|message| message.status == Status::Sending)
        {
            self.set_status(posted.queued.message, Status::Failed(Failure::Unknown));
        }
    }

    pub(super) fn keep_outbox(&mut self, now: Moment) {
        if self.outbox.held_until.is_some_and(|until| until <= now) {
            self.hold(None);
        }
        if self.outbox.under_way.is_some_and(|posted| posted.lost_at <= now) {
            self.lose_track();
        }
    }

    pub(super) fn post_next(&mut self, now: Moment) {
        if self.outbox.under_way.is_some() || self.outbox.held_until.is_some() {
            return;
        }
        let Some((visitor_id, session_id)) = self.link.ready() else { return };
        while let Some(queued) = self.outbox.waiting.pop_front() {
            let Some(message) = self.transcript.get(queued.message) else { continue };
            let request = SendRequest {
                session_id: session_id.to_owned(),
                visitor_id: visitor_id.clone(),
                message: message.text.clone(),
                user_token: None,
            };
            self.replies.ask();
            self.speakers.posted(queued.message, &message.text);
            self.outbox.last.0 += 1;
            let turn = self.outbox.last;
            self.outbox.under_way = Some(Posted { turn, queued, lost_at: now + LOST_AFTER });
            self.effect(Effect::Send { turn, request, within: SEND_WITHIN });
            return;
        }
    }

    fn hold(&mut self, until: Option<Moment>) {
        if self.outbox.held_until != until {
            self.outbox.held_until = until;
            self.change(Change::Held);
        }
    }
}

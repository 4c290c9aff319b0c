//! The visitor's messages on their way: in order, one under way at a time, each drawn once. It knows no socket.

use core::time::Duration;
use std::collections::VecDeque;

use super::{Change, Effect, Session, sendable};
use crate::failure::{Failure, RequestFault};
use crate::moment::Moment;
use crate::transcript::{Author, MessageId, Status};
use crate::wire::SendRequest;

/// The proxy gives up before this, and says so.
const SEND_WITHIN: Duration = Duration::from_secs(30);

/// Names one posting of one message. A message that is posted again has a new turn, so that a late answer to the first
/// posting changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Turn(pub u64);

#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Queued>,
    under_way: Option<(Turn, Queued)>,
    last: u64,
}

#[derive(Clone, Copy, Debug)]
struct Queued {
    message: MessageId,
    /// A session that ended is renewed once for a message; a second ending is shown.
    renewed: bool,
}

impl Session {
    pub(super) fn submit(&mut self, text: &str, now: Moment) {
        if let Some(text) = sendable(text) {
            let message = self.add(Author::Visitor, text.to_owned(), Status::Sending, now);
            self.outbox.waiting.push_back(Queued { message, renewed: false });
            self.hurry();
        }
    }

    pub(super) fn retry(&mut self, message: MessageId) {
        let failed = self.transcript.get(message).is_some_and(|message| matches!(message.status, Status::Failed(_)));
        if failed {
            self.set_status(message, Status::Sending);
            self.outbox.waiting.push_back(Queued { message, renewed: false });
            self.hurry();
        }
    }

    /// There is no way to SecondMe that time would open: what waits is handed back to the visitor.
    pub(super) fn give_up(&mut self, failure: Failure) {
        for queued in core::mem::take(&mut self.outbox.waiting) {
            self.set_status(queued.message, Status::Failed(failure));
        }
    }

    pub(super) fn answered(&mut self, turn: Turn, result: Result<(), RequestFault>, now: Moment) {
        let Some((_, queued)) = self.outbox.under_way.take_if(|(under_way, _)| *under_way == turn) else { return };
        match result.map_err(|fault| Failure::from(&fault)) {
            Ok(()) => {
                self.set_status(queued.message, Status::Sent);
                if self.replies.expect(now) {
                    self.change(Change::Waiting);
                }
            }
            Err(Failure::SessionEnded) if !queued.renewed => {
                self.outbox.waiting.push_front(Queued { renewed: true, ..queued });
                self.renew();
            }
            Err(failure) => self.set_status(queued.message, Status::Failed(failure)),
        }
    }

    pub(super) fn post_next(&mut self) {
        if self.outbox.under_way.is_some() {
            return;
        }
        let Some((visitor_id, session_id)) = self.link.ready() else { return };
        while let Some(queued) = self.outbox.waiting.pop_front() {
            let Some(message) = self.transcript.get(queued.message) else { continue };
            let request = SendRequest {
                session_id: session_id.to_owned(),
                visitor_id: visitor_id.clone(),
                message: message.text.clone(),
            };
            self.replies.ask();
            self.outbox.last += 1;
            let turn = Turn(self.outbox.last);
            self.outbox.under_way = Some((turn, queued));
            self.effect(Effect::Send { turn, request, within: SEND_WITHIN });
            return;
        }
    }
}

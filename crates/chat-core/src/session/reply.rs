//! The avatar's replies: chunks become messages, and the visitor is told while one is awaited. It knows no request.

use core::time::Duration;

use super::{Change, Session};
use crate::moment::Moment;
use crate::transcript::{Author, MessageId, Status};
use crate::wire::Frame;
use crate::wire::frame::Reading;

/// No first chunk for this long: the visitor is told.
const FIRST_CHUNK: Duration = Duration::from_secs(60);
/// No next chunk for this long: the visitor is told.
const NEXT_CHUNK: Duration = Duration::from_secs(30);

/// Whether a reply is awaited, as a visitor is shown it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Waiting {
    /// Nothing is awaited, or the reply can be seen growing.
    #[default]
    No,
    /// The avatar is writing.
    Typing,
    /// It takes long. What comes after all is shown.
    Long,
}

#[derive(Debug, Default)]
pub(super) struct Replies {
    streaming: Option<MessageId>,
    /// A reply may overtake the answer to the request that asked for it.
    heard: bool,
    waiting: Waiting,
    deadline: Option<Moment>,
}

impl Replies {
    pub(super) fn waiting(&self) -> Waiting {
        self.waiting
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        self.deadline
    }

    /// A message is being posted.
    pub(super) fn ask(&mut self) {
        self.heard = false;
    }

    /// A message was taken; true where that changes what is shown.
    pub(super) fn expect(&mut self, now: Moment) -> bool {
        if self.heard {
            return false;
        }
        self.deadline = Some(now + FIRST_CHUNK);
        self.wait(Waiting::Typing)
    }

    /// True where the time changes what is shown.
    pub(super) fn tick(&mut self, now: Moment) -> bool {
        if self.deadline.is_none_or(|deadline| now < deadline) {
            return false;
        }
        self.deadline = None;
        self.wait(Waiting::Long)
    }

    fn wait(&mut self, waiting: Waiting) -> bool {
        let changed = self.waiting != waiting;
        self.waiting = waiting;
        changed
    }
}

impl Session {
    pub(super) fn received(&mut self, attempt: u32, frame: Option<Frame>, now: Moment) {
        if !self.alive(attempt) {
            return;
        }
        match frame.map_or(Reading::Skipped, Frame::read) {
            Reading::Chunk { index, text } => self.chunk(index, text, now),
            Reading::Pong => {}
            Reading::Skipped => self.skipped += 1,
        }
    }

    /// What the connection's loss does to a reply: it stays as it stands and says that it was cut off. One that has not
    /// begun may still come on the next socket, so the visitor goes on waiting for it.
    pub(super) fn interrupt_reply(&mut self) {
        if let Some(reply) = self.replies.streaming.take() {
            self.set_status(reply, Status::Interrupted);
            self.replies.deadline = None;
            self.stop_waiting();
        }
    }

    fn chunk(&mut self, index: i64, text: String, now: Moment) {
        let last = index == Frame::LAST;
        // A first chunk beside a reply that never ended: that one has said what it had to say.
        if index == 0
            && let Some(earlier) = self.replies.streaming.take()
        {
            self.set_status(earlier, Status::Complete);
        }
        if last && text.is_empty() && self.replies.streaming.is_none() {
            return;
        }
        self.replies.heard = true;
        let reply = match self.replies.streaming {
            Some(reply) => {
                self.extend(reply, text);
                reply
            }
            None => self.add(Author::Avatar, text, Status::Streaming, now),
        };
        self.replies.streaming = (!last).then_some(reply);
        self.replies.deadline = (!last).then(|| now + NEXT_CHUNK);
        self.stop_waiting();
        if last {
            self.set_status(reply, Status::Complete);
        }
    }

    fn extend(&mut self, reply: MessageId, text: String) {
        if text.is_empty() {
            return;
        }
        if let Some(message) = self.transcript.get_mut(reply) {
            message.text.push_str(&text);
            self.change(Change::Extended(reply, text));
        }
    }

    fn stop_waiting(&mut self) {
        if self.replies.wait(Waiting::No) {
            self.change(Change::Waiting);
        }
    }
}

//! Frames become messages, whichever way they come. It knows no request.

use super::reply::State;
use super::runs::Runs;
use super::speaker::Speaker;
use super::{Change, Session};
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Waiting;
use crate::transcript::{Author, Status};
use crate::wire::Frame;
use crate::wire::frame::{Chunk, Reading};

/// Replies that late chunks can still find.
const KEPT: usize = 16;

impl Session {
    pub(super) fn received(&mut self, attempt: u32, frame: Option<Frame>, now: Moment) {
        if !self.alive(attempt, now) {
            return;
        }
        let Some(frame) = frame else {
            self.skipped += 1;
            return;
        };
        if !self.seen.is_new(&frame) {
            return;
        }
        match frame.read() {
            Reading::Chunk(chunk) => match self.speakers.of(&chunk) {
                Speaker::Author(author) => self.chunk(author, chunk, now),
                Speaker::Echo(message) => self.echoed(message),
            },
            Reading::Thinking(thought) => {
                if self.replies.think(thought) {
                    self.change(Change::Waiting);
                }
            }
            Reading::Fault(code) => self.fault(Failure::of_code(&code), now),
            Reading::Pong => self.pong(),
            Reading::Skipped => self.skipped += 1,
        }
    }

    /// The visitor wants to hear no more of the reply that is running.
    pub(super) fn silence(&mut self) {
        for place in 0..self.replies.all.len() {
            if self.replies.all[place].is_running() {
                self.enter(place, State::Silenced);
            }
        }
        let changed = self.replies.think(None) | self.replies.wait(Waiting::No);
        self.replies.first_chunk_by = None;
        if changed {
            self.change(Change::Waiting);
        }
    }

    /// What the connection's loss does: a reply stays as it stands and says that it was cut off. One that has not begun
    /// may still come on the next socket, so the visitor goes on waiting for it.
    pub(super) fn cut_replies(&mut self) {
        let mut any = false;
        for place in 0..self.replies.all.len() {
            self.replies.all[place].doubtful |= self.replies.all[place].state != State::Ended;
            if self.replies.all[place].state == State::Open {
                any = true;
                self.enter(place, State::Cut);
            }
        }
        if any {
            self.stop_waiting();
        }
    }

    /// What time does to replies.
    pub(super) fn keep_replies(&mut self, now: Moment) {
        if self.replies.first_chunk_by.is_some_and(|deadline| deadline <= now) {
            self.replies.first_chunk_by = None;
            if self.replies.wait(Waiting::Long) {
                self.change(Change::Waiting);
            }
        }
        for place in 0..self.replies.all.len() {
            let reply = &mut self.replies.all[place];
            if reply.deadline().is_none_or(|deadline| now < deadline) {
                continue;
            }
            if reply.runs.ended() || reply.unnumbered {
                self.close(place);
            } else if reply.told {
                self.enter(place, State::Cut);
                self.stop_waiting();
            } else {
                reply.told = true;
                if self.replies.wait(Waiting::Long) {
                    self.change(Change::Waiting);
                }
            }
        }
    }

    /// The server says that this turn has failed.
    fn fault(&mut self, failure: Failure, now: Moment) {
        let open = self.replies.all.iter().rposition(|reply| reply.state == State::Open && reply.message.is_some());
        let mut told = false;
        if let Some(place) = open {
            self.replies.all[place].state = State::Cut;
            if let Some(message) = self.replies.all[place].message {
                self.set_status(message, Status::Failed(failure));
                told = true;
            }
        }
        let newest = self.transcript.messages().last();
        let told = told
            || newest
                .is_some_and(|message| message.author == Author::Avatar && matches!(message.status, Status::Failed(_)));
        if !told {
            let id = self.add(Author::Avatar, String::new(), Vec::new(), Status::Streaming);
            self.set_status(id, Status::Failed(failure));
        }
        if self.replies.hear() {
            self.change(Change::Waiting);
        }
        if failure == Failure::SessionEnded {
            self.session_closed(now);
        }
    }

    fn chunk(&mut self, author: Author, chunk: Chunk, now: Moment) {
        let place = match self.replies.of(author, &chunk) {
            Some(place) => place,
            None => self.begin_reply(author, &chunk, now),
        };
        let reply = &mut self.replies.all[place];
        let index = match chunk.index {
            None => reply.runs.next(),
            Some(Frame::LAST) => Runs::END,
            Some(index) => index,
        };
        if index > Runs::END {
            self.skipped += 1;
            return;
        }
        let goes_on = index == reply.runs.next() && index > 0;
        reply.doubtful &= !goes_on;
        let Some(offset) = reply.runs.place(index, chunk.text.len()) else {
            // An end told again adds nothing, but what is missing may have come in between.
            if index == Runs::END && reply.state != State::Silenced {
                self.progress(place, true);
            }
            return;
        };
        if reply.state == State::Silenced {
            return;
        }
        reply.last_chunk = now;
        reply.told = false;
        let says_something = !chunk.text.is_empty() || !chunk.attachments.is_empty();
        if says_something {
            self.say(place, offset, chunk);
        }
        self.progress(place, index == Runs::END);
    }

    /// A new reply ends those that belong together by arrival alone, and an owner's ends every one of the avatar's.
    fn begin_reply(&mut self, author: Author, chunk: &Chunk, now: Moment) -> usize {
        for place in 0..self.replies.all.len() {
            let reply = &self.replies.all[place];
            if reply.state != State::Open {
                continue;
            }
            if author == Author::Owner && reply.is_running() {
                self.enter(place, State::Silenced);
            } else if reply.author == author && reply.name.is_none() && chunk.message_id.is_none() {
                self.close(place);
            }
        }
        self.make_room();
        self.replies.begin(author, chunk, now)
    }

    /// The oldest reply is forgotten: rather one that has ended, but no server keeps so many open at once.
    fn make_room(&mut self) {
        if self.replies.all.len() < KEPT {
            return;
        }
        let ended = self.replies.all.iter().position(|reply| reply.state != State::Open);
        let place = ended.unwrap_or_default();
        if ended.is_none() {
            self.close(place);
        }
        self.replies.all.remove(place);
    }

    /// Nothing more is expected of a reply: it is whole, or it is not.
    fn close(&mut self, place: usize) {
        let whole = self.replies.all[place].is_whole();
        self.enter(place, if whole { State::Ended } else { State::Cut });
    }

    /// Puts text and attachments where they belong.
    fn say(&mut self, place: usize, offset: usize, chunk: Chunk) {
        let reply = &self.replies.all[place];
        let (author, message) = (reply.author, reply.message);
        if self.replies.hear() {
            self.change(Change::Waiting);
        }
        let Some(id) = message else {
            let first_of_owner = author == Author::Owner && self.transcript.last_speaker() != Some(Author::Owner);
            let id = self.add(author, chunk.text, chunk.attachments, Status::Streaming);
            self.replies.all[place].message = Some(id);
            if first_of_owner {
                self.change(Change::TakenOver(id));
            }
            return;
        };
        // A message that the bound on the transcript has removed has no place for more.
        let Some(message) = self.transcript.get_mut(id) else { return };
        let rewritten = offset < message.text.len() || !chunk.attachments.is_empty();
        message.attachments.extend(chunk.attachments);
        if let Some(rest) = message.text.get(offset..).map(str::len) {
            let at = message.text.len() - rest;
            message.text.insert_str(at, &chunk.text);
            self.change(if rewritten { Change::Rewritten(id) } else { Change::Extended(id, chunk.text) });
        }
    }

    /// What a chunk means for whether more is expected.
    fn progress(&mut self, place: usize, end: bool) {
        let reply = &self.replies.all[place];
        let complete = reply.runs.ended() && reply.is_whole() && reply.runs.has_text();
        let state = match reply.state {
            // A person's frame without an index is a whole message.
            _ if reply.unnumbered && reply.author == Author::Owner => State::Ended,
            // Frames with names can come out of order, so that time must tell; the others come as they were said.
            State::Open | State::Ended | State::Cut if end && complete && reply.name.is_none() => State::Ended,
            State::Open | State::Ended => State::Open,
            State::Cut if complete => State::Open,
            other => other,
        };
        self.enter(place, state);
    }

    fn stop_waiting(&mut self) {
        if self.replies.first_chunk_by.is_none() && self.replies.wait(Waiting::No) {
            self.change(Change::Waiting);
        }
    }

    fn enter(&mut self, place: usize, state: State) {
        let reply = &mut self.replies.all[place];
        reply.state = state;
        let Some(message) = reply.message else { return };
        match state {
            State::Open => self.set_status(message, Status::Streaming),
            State::Ended => self.set_status(message, Status::Complete),
            State::Silenced => self.set_status(message, Status::Stopped),
            State::Cut => {
                let failed = |message: &crate::Message| matches!(message.status, Status::Failed(_));
                // A failure says more than that the reply was cut off.
                if !self.transcript.get(message).is_some_and(failed) {
                    self.set_status(message, Status::Interrupted);
                }
            }
        }
    }
}

//! What is said to the visitor: chunks become messages, whichever way they come, and the visitor is told while a reply is
//! awaited. It knows no request and no socket.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::runs::Runs;
use super::speaker::Speaker;
use super::{Change, Session};
use crate::failure::Failure;
use crate::moment::Moment;
use crate::transcript::{Author, MessageId, Status};
use crate::wire::Frame;
use crate::wire::frame::{Chunk, Reading};

/// No first chunk for this long: the visitor is told.
const FIRST_CHUNK: Duration = Duration::from_secs(60);
/// No next chunk for this long: the visitor is told.
const NEXT_CHUNK: Duration = Duration::from_secs(30);
/// No chunk at all for this long: the reply will not be finished. What comes after all still belongs to it.
const GIVEN_UP: Duration = Duration::from_secs(150);
/// After its end was told, what is missing of a reply has this long to come.
const SETTLE: Duration = Duration::from_secs(2);
/// A reply that looks whole when its end is told has this long to turn out not to be: its last chunks may come behind it.
const CONFIRM: Duration = Duration::from_millis(500);
/// Replies that late chunks can still find.
const KEPT: usize = 16;

/// Whether a reply is awaited, as a visitor is shown it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Waiting {
    /// Nothing is awaited, or the reply can be seen growing.
    #[default]
    No,
    /// The avatar is writing.
    Typing,
    /// It takes long. What comes after all is shown.
    Long,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Replies {
    /// Oldest first.
    replies: Vec<Reply>,
    /// A reply may overtake the answer to the request that asked for it.
    heard: bool,
    waiting: Waiting,
    thinking: Option<String>,
    first_chunk_by: Option<Moment>,
    /// Until then, an end that comes alone may be that of a reply whose beginning was lost with the last connection.
    ends_doubtful_until: Option<Moment>,
    /// A message was posted over the connection in use.
    asked_since: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Reply {
    author: Author,
    /// The server's `messageId`; without one, chunks belong together by arrival.
    name: Option<String>,
    /// None until there is something to show.
    message: Option<MessageId>,
    runs: Runs,
    state: State,
    /// Its chunks have no index, so that only silence ends it.
    unnumbered: bool,
    /// Its end was told before anything else.
    ended_early: bool,
    /// The connection was lost in its middle: until the very next chunk comes, some may have been lost with it.
    doubtful: bool,
    last_chunk: Moment,
    told: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    /// More is expected.
    Open,
    /// Nothing more is expected.
    Ended,
    /// Cut off: what comes after all still belongs to it.
    Cut,
    /// The visitor, or the owner who took over, wants to hear no more of it.
    Silenced,
}

impl Replies {
    pub(super) fn waiting(&self) -> Waiting {
        self.waiting
    }

    pub(super) fn thinking(&self) -> Option<&str> {
        self.thinking.as_deref()
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        self.replies.iter().filter_map(Reply::deadline).chain(self.first_chunk_by).min()
    }

    /// A message is being posted.
    pub(super) fn ask(&mut self) {
        self.heard = false;
        self.asked_since = true;
    }

    /// A connection is there again after one was lost.
    pub(super) fn reconnected(&mut self, now: Moment) {
        self.ends_doubtful_until = Some(now + NEXT_CHUNK);
        self.asked_since = false;
    }

    /// A message was taken; true where that changes what is shown.
    pub(super) fn expect(&mut self, now: Moment) -> bool {
        // From here on, what comes is rather about this message, if it went out after the loss.
        if self.asked_since {
            self.ends_doubtful_until = None;
        }
        if self.heard {
            return false;
        }
        self.first_chunk_by = Some(now + FIRST_CHUNK);
        self.wait(Waiting::Typing)
    }

    fn wait(&mut self, waiting: Waiting) -> bool {
        let changed = self.waiting != waiting;
        self.waiting = waiting;
        changed
    }

    fn think(&mut self, thought: Option<String>) -> bool {
        let changed = self.thinking != thought;
        self.thinking = thought;
        changed
    }

    /// Something is there to be seen: nothing is awaited any more.
    fn hear(&mut self) -> bool {
        self.heard = true;
        self.first_chunk_by = None;
        let thought = self.think(None);
        self.wait(Waiting::No) || thought
    }

    /// The reply that a chunk belongs to; `None` where a new one begins.
    fn of(&self, author: Author, chunk: &Chunk) -> Option<usize> {
        let same = |reply: &Reply| reply.author == author && reply.name == chunk.message_id;
        let place = self.replies.iter().rposition(same)?;
        let reply = &self.replies[place];
        if reply.name.is_some() || reply.continues_with(chunk) { Some(place) } else { None }
    }

    fn begin(&mut self, author: Author, chunk: &Chunk, now: Moment) -> usize {
        self.replies.push(Reply {
            author,
            name: chunk.message_id.clone(),
            message: None,
            runs: Runs::default(),
            state: State::Open,
            unnumbered: chunk.index.is_none(),
            ended_early: chunk.index == Some(Frame::LAST) && chunk.text.is_empty(),
            doubtful: chunk.index == Some(Frame::LAST) && self.ends_doubtful_until.is_some_and(|until| now < until),
            last_chunk: now,
            told: false,
        });
        self.replies.len() - 1
    }
}

impl Reply {
    /// Without names, only the index tells whether a chunk goes on with the last reply or begins the next.
    fn continues_with(&self, chunk: &Chunk) -> bool {
        let open = self.state == State::Open;
        let told = self.runs.ended() && self.runs.has_text();
        match chunk.index {
            None => open && self.unnumbered,
            Some(Frame::LAST) => match self.state {
                State::Open => !told || chunk.text.is_empty(),
                // After a loss, an end with text may as well be a whole reply of its own.
                State::Cut => chunk.text.is_empty() || !self.doubtful,
                State::Silenced => !self.runs.ended() && (chunk.text.is_empty() || !self.doubtful),
                State::Ended => false,
            },
            // What has been told to its end is followed by something else; but an empty end may come before its reply.
            Some(0) => !self.runs.contains(0) && !told && matches!(self.state, State::Open | State::Ended),
            Some(index) if self.runs.contains(index) => false,
            Some(_) if open || self.state == State::Silenced => true,
            Some(index) => index <= self.runs.next(),
        }
    }

    /// The avatar can be seen saying it.
    fn is_running(&self) -> bool {
        self.author == Author::Avatar && self.state == State::Open && self.message.is_some()
    }

    fn is_whole(&self) -> bool {
        self.runs.whole() && !self.doubtful
    }

    fn deadline(&self) -> Option<Moment> {
        match self.state {
            State::Open if self.runs.ended() => {
                let confirmed = self.is_whole() && !self.ended_early;
                Some(self.last_chunk + if confirmed { CONFIRM } else { SETTLE })
            }
            State::Open => Some(self.last_chunk + if self.told { GIVEN_UP } else { NEXT_CHUNK }),
            _ => None,
        }
    }
}

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
        for place in 0..self.replies.replies.len() {
            if self.replies.replies[place].is_running() {
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
        for place in 0..self.replies.replies.len() {
            self.replies.replies[place].doubtful |= self.replies.replies[place].state != State::Ended;
            if self.replies.replies[place].state == State::Open {
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
        for place in 0..self.replies.replies.len() {
            let reply = &mut self.replies.replies[place];
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
        let open = self.replies.replies.iter().rposition(|reply| reply.state == State::Open && reply.message.is_some());
        let mut told = false;
        if let Some(place) = open {
            self.replies.replies[place].state = State::Cut;
            if let Some(message) = self.replies.replies[place].message {
                self.set_status(message, Status::Failed(failure));
                told = true;
            }
        }
        let newest = self.transcript.messages().last();
        let told = told
            || newest
                .is_some_and(|message| message.author == Author::Avatar && matches!(message.status, Status::Failed(_)));
        if !told {
            self.add(Author::Avatar, String::new(), Vec::new(), Status::Failed(failure));
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
        let reply = &mut self.replies.replies[place];
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
        for place in 0..self.replies.replies.len() {
            let reply = &self.replies.replies[place];
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
        if self.replies.replies.len() < KEPT {
            return;
        }
        let ended = self.replies.replies.iter().position(|reply| reply.state != State::Open);
        let place = ended.unwrap_or_default();
        if ended.is_none() {
            self.close(place);
        }
        self.replies.replies.remove(place);
    }

    /// Nothing more is expected of a reply: it is whole, or it is not.
    fn close(&mut self, place: usize) {
        let whole = self.replies.replies[place].is_whole();
        self.enter(place, if whole { State::Ended } else { State::Cut });
    }

    /// Puts text and attachments where they belong.
    fn say(&mut self, place: usize, offset: usize, chunk: Chunk) {
        let reply = &self.replies.replies[place];
        let (author, message) = (reply.author, reply.message);
        if self.replies.hear() {
            self.change(Change::Waiting);
        }
        let Some(id) = message else {
            let first_of_owner = author == Author::Owner && self.transcript.last_speaker() != Some(Author::Owner);
            let id = self.add(author, chunk.text, chunk.attachments, Status::Streaming);
            self.replies.replies[place].message = Some(id);
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
        let reply = &self.replies.replies[place];
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
        let reply = &mut self.replies.replies[place];
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

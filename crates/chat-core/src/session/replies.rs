//! Everything that was said of late, and what is awaited. It knows no request and no socket.

use core::time::Duration;

use super::reply::{NEXT_CHUNK, Reply};
use crate::moment::Moment;
use crate::transcript::Author;
use crate::wire::frame::Chunk;
use crate::{portable_enum, portable_struct};

/// No first chunk for this long: the visitor is told.
const FIRST_CHUNK: Duration = Duration::from_secs(60);

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

#[derive(Clone, Debug, Default)]
pub(super) struct Replies {
    /// Oldest first; late chunks can still find them.
    pub(super) all: Vec<Reply>,
    /// A reply may overtake the answer to the request that asked for it.
    heard: bool,
    waiting: Waiting,
    thinking: Option<String>,
    pub(super) first_chunk_by: Option<Moment>,
    /// Until then, an end that comes alone may be that of a reply whose beginning was lost with the last connection.
    ends_doubtful_until: Option<Moment>,
    /// A message was posted over the connection in use.
    asked_since: bool,
}

portable_enum!(Waiting { 0 No, 1 Typing, 2 Long; No });
portable_struct!(Replies { all, heard, waiting, thinking, first_chunk_by, ends_doubtful_until, asked_since });

impl Replies {
    pub(super) fn waiting(&self) -> Waiting {
        self.waiting
    }

    pub(super) fn thinking(&self) -> Option<&str> {
        self.thinking.as_deref()
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        self.all.iter().filter_map(Reply::deadline).chain(self.first_chunk_by).min()
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

    pub(super) fn wait(&mut self, waiting: Waiting) -> bool {
        let changed = self.waiting != waiting;
        self.waiting = waiting;
        changed
    }

    pub(super) fn think(&mut self, thought: Option<String>) -> bool {
        let changed = self.thinking != thought;
        self.thinking = thought;
        changed
    }

    /// Something is there to be seen: nothing is awaited any more.
    pub(super) fn hear(&mut self) -> bool {
        self.heard = true;
        self.first_chunk_by = None;
        let thought = self.think(None);
        self.wait(Waiting::No) || thought
    }

    /// The reply that a chunk belongs to; `None` where a new one begins.
    pub(super) fn of(&self, author: Author, chunk: &Chunk) -> Option<usize> {
        let same = |reply: &Reply| reply.author == author && reply.name == chunk.message_id;
        let place = self.all.iter().rposition(same)?;
        let reply = &self.all[place];
        if reply.name.is_some() || reply.continues_with(chunk) { Some(place) } else { None }
    }

    pub(super) fn begin(&mut self, author: Author, chunk: &Chunk, now: Moment) -> usize {
        let doubtful = self.ends_doubtful_until.is_some_and(|until| now < until);
        self.all.push(Reply::new(author, chunk, doubtful, now));
        self.all.len() - 1
    }
}

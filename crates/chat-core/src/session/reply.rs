//! One thing that is said to the visitor: which of its chunks have come, and whether more are expected. It knows no
//! message's text.

use core::time::Duration;

use super::runs::Runs;
use crate::moment::Moment;
use crate::transcript::{Author, MessageId};
use crate::wire::Frame;
use crate::wire::frame::Chunk;
use crate::{portable_enum, portable_struct};

/// No next chunk for this long: the visitor is told.
pub(super) const NEXT_CHUNK: Duration = Duration::from_secs(30);
/// No chunk at all for this long: the reply will not be finished. What comes after all still belongs to it.
const GIVEN_UP: Duration = Duration::from_secs(150);
/// After its end was told, what is missing of a reply has this long to come.
const SETTLE: Duration = Duration::from_secs(2);
/// A reply that looks whole when its end is told has this long to turn out not to be: its last chunks may come behind it.
const CONFIRM: Duration = Duration::from_millis(500);

#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) author: Author,
    /// The server's `messageId`; without one, chunks belong together by arrival.
    pub(super) name: Option<String>,
    /// None until there is something to show.
    pub(super) message: Option<MessageId>,
    pub(super) runs: Runs,
    pub(super) state: State,
    /// Its chunks have no index, so that only silence ends it.
    pub(super) unnumbered: bool,
    /// Its end was told before anything else.
    pub(super) ended_early: bool,
    /// The connection was lost in its middle: until the very next chunk comes, some may have been lost with it.
    pub(super) doubtful: bool,
    pub(super) last_chunk: Moment,
    pub(super) told: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// More is expected.
    Open,
    /// Nothing more is expected.
    Ended,
    /// Cut off: what comes after all still belongs to it.
    Cut,
    /// The visitor, or the owner who took over, wants to hear no more of it.
    Silenced,
}

portable_struct!(Reply { author, name, message, runs, state, unnumbered, ended_early, doubtful, last_chunk, told });
portable_enum!(State { 0 Open, 1 Ended, 2 Cut, 3 Silenced; Ended });

impl Reply {
    /// A reply that this chunk begins. Where `doubtful`, an end that comes alone may be the end of a longer one.
    pub(super) fn new(author: Author, chunk: &Chunk, doubtful: bool, now: Moment) -> Self {
        Self {
            author,
            name: chunk.message_id.clone(),
            message: None,
            runs: Runs::default(),
            state: State::Open,
            unnumbered: chunk.index.is_none(),
            ended_early: chunk.index == Some(Frame::LAST) && chunk.text.is_empty(),
            doubtful: chunk.index == Some(Frame::LAST) && doubtful,
            last_chunk: now,
            told: false,
        }
    }

    /// Without names, only the index tells whether a chunk goes on with the last reply or begins the next.
    pub(super) fn continues_with(&self, chunk: &Chunk) -> bool {
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
    pub(super) fn is_running(&self) -> bool {
        self.author == Author::Avatar && self.state == State::Open && self.message.is_some()
    }

    pub(super) fn is_whole(&self) -> bool {
        self.runs.whole() && !self.doubtful
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
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

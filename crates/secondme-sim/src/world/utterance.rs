//! One thing that was said, which may still be being said. It knows nothing of what comes before or after it.

use std::collections::BTreeMap;

use super::Author;

/// How much of one utterance is kept, in bytes.
const LIMIT: usize = 100_000;

/// How far an utterance is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// More is to come.
    Streaming,
    /// All of it was said.
    Complete,
    /// It was left unfinished, most often because the socket was lost.
    Interrupted,
    /// The avatar failed, with this `subCode`.
    Failed(String),
}

/// What one author said at once.
pub(crate) struct Utterance {
    /// Its place in the conversation, from 1.
    pub(crate) number: u64,
    /// The last change of the transcript that was one of this.
    pub(crate) revision: u64,
    pub(crate) author: Author,
    /// The name that its pieces carry, where they carry one.
    pub(crate) message: Option<String>,
    pub(crate) state: State,
    /// When it began, in milliseconds since 1970.
    pub(crate) at: u64,
    /// The pieces in their order, the one that completes it last.
    pieces: BTreeMap<u64, String>,
    length: usize,
}

impl Utterance {
    pub(super) fn new(number: u64, author: Author, message: Option<String>, state: State, at: u64) -> Utterance {
        Utterance { number, revision: 0, author, message, state, at, pieces: BTreeMap::new(), length: 0 }
    }

    pub(crate) fn text(&self) -> String {
        self.pieces.values().map(String::as_str).collect()
    }

    /// The first so many characters.
    pub(crate) fn beginning(&self, characters: usize) -> String {
        self.pieces.values().flat_map(|piece| piece.chars()).take(characters).collect()
    }

    /// Whether more of it may come.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Streaming | State::Interrupted)
    }

    /// The piece at this index, of which -1 is the last.
    pub(super) fn piece(&self, index: i64) -> Option<&str> {
        self.pieces.get(&place(index)).map(String::as_str)
    }

    /// Puts a piece into its place. A piece that is there stays as it is, and what is too much is left out.
    pub(super) fn put(&mut self, index: i64, text: &str) {
        let text = &text[..text.floor_char_boundary(LIMIT - self.length)];
        if !text.is_empty() && self.piece(index).is_none() {
            self.length += text.len();
            self.pieces.insert(place(index), text.into());
        }
    }
}

/// Where a piece stands: as it is numbered, and the one that completes the message at the end.
fn place(index: i64) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}

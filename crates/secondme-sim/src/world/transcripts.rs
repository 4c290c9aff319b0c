//! What was said in each conversation, by whom and when, for the owner to read. It knows no frame: it is told remarks.

use std::{
    collections::{HashMap, VecDeque},
    time::SystemTime,
};

use super::utterance::{State, Utterance};

/// How much of a conversation is kept: the newest utterances.
const KEPT: usize = 200;

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    Visitor,
    Avatar,
    Owner,
}

/// What went over a visitor's socket, as far as it says something.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Remark {
    /// A piece of an avatar's message; the index -1 completes it. Without a name it belongs to the message at hand.
    Chunk { message: Option<String>, index: i64, text: String },
    /// Somebody else's message, whole, from the user of this id.
    Message { user: String, text: String },
    /// The avatar's message ends in a failure of this code.
    Failure(String),
}

/// Every conversation's transcript, by its session's id.
#[derive(Default)]
pub(crate) struct Transcripts(HashMap<String, Transcript>);

/// One conversation.
#[derive(Default)]
pub(crate) struct Transcript {
    utterances: VecDeque<Utterance>,
    /// Counts the changes: whoever knows one can ask for what came after it.
    revision: u64,
    /// How many utterances there ever were.
    count: u64,
}

impl Transcripts {
    pub(crate) fn of(&self, session_id: &str) -> Option<&Transcript> {
        self.0.get(session_id)
    }

    pub(crate) fn visitor_says(&mut self, session_id: &str, text: &str) {
        self.at(session_id).add(Author::Visitor, None, text, State::Complete);
    }

    pub(crate) fn owner_says(&mut self, session_id: &str, text: &str) {
        self.at(session_id).add(Author::Owner, None, text, State::Complete);
    }

    /// Takes in what went over the socket of this session.
    pub(crate) fn hear(&mut self, session_id: &str, remark: Remark) {
        let transcript = self.at(session_id);
        match remark {
            Remark::Chunk { message, index, text } => transcript.hear_chunk(message, index, &text),
            Remark::Message { text, .. } => transcript.add(Author::Owner, None, &text, State::Complete),
            Remark::Failure(code) => transcript.fail(code),
        }
    }

    /// The session's socket is gone: what it was telling goes no further, unless another one takes it up.
    pub(crate) fn interrupt(&mut self, session_id: &str) {
        if let Some(transcript) = self.0.get_mut(session_id) {
            transcript.interrupt();
        }
    }

    pub(crate) fn forget_all(&mut self) {
        self.0.clear();
    }

    fn at(&mut self, session_id: &str) -> &mut Transcript {
        self.0.entry(session_id.into()).or_default()
    }
}

impl Transcript {
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn last(&self) -> Option<&Utterance> {
        self.utterances.back()
    }

    /// What has changed after this revision, oldest first.
    pub(crate) fn since(&self, revision: u64) -> impl Iterator<Item = &Utterance> {
        self.utterances.iter().filter(move |utterance| utterance.revision > revision)
    }

    fn add(&mut self, author: Author, message: Option<String>, text: &str, state: State) {
        self.revision += 1;
        self.count += 1;
        let mut utterance = Utterance::new(self.count, author, message, state, now());
        utterance.put(0, text);
        utterance.revision = self.revision;
        self.utterances.push_back(utterance);
        while self.utterances.len() > KEPT {
            self.utterances.pop_front();
        }
    }

    fn hear_chunk(&mut self, message: Option<String>, index: i64, text: &str) {
        let complete = index < 0;
        let Some(place) = self.place_of(message.as_deref(), index, text) else {
            // Without a text nothing begins: an end may come early, or a second time.
            if !text.is_empty() {
                // The avatar has left the message before it unfinished; should it go on after all, so will the transcript.
                self.interrupt();
                let state = if complete { State::Complete } else { State::Streaming };
                self.add(Author::Avatar, message, "", state);
                if let Some(utterance) = self.utterances.back_mut() {
                    utterance.put(index, text);
                }
            }
            return;
        };
        let utterance = &mut self.utterances[place];
        utterance.put(index, text);
        match utterance.state {
            _ if complete => utterance.state = State::Complete,
            State::Interrupted => utterance.state = State::Streaming,
            _ => {}
        }
        self.revision += 1;
        utterance.revision = self.revision;
    }

    /// The avatar's message that this chunk belongs to, if it is not a new one.
    fn place_of(&self, message: Option<&str>, index: i64, text: &str) -> Option<usize> {
        let mut known = self.utterances.iter().enumerate().rev().filter(|(_, known)| known.author == Author::Avatar);
        if message.is_some() {
            return known.find(|(_, known)| known.message.as_deref() == message).map(|(place, _)| place);
        }
        // Nameless messages come one after the other, so it is the latest or none.
        let (place, latest) = known.find(|(_, known)| known.message.is_none())?;
        let belongs = match latest.piece(index) {
            Some(piece) => piece == text && (index != 0 || latest.is_open()),
            // A late piece fills its gap.
            None => latest.is_open() || (latest.state == State::Complete && index > 0),
        };
        belongs.then_some(place)
    }

    fn fail(&mut self, code: String) {
        let telling = self.utterances.iter().rposition(|known| known.state == State::Streaming);
        let state = State::Failed(code);
        let Some(place) = telling else { return self.add(Author::Avatar, None, "", state) };
        self.revision += 1;
        self.utterances[place].state = state;
        self.utterances[place].revision = self.revision;
    }

    fn interrupt(&mut self) {
        for utterance in self.utterances.iter_mut().filter(|utterance| utterance.state == State::Streaming) {
            self.revision += 1;
            utterance.state = State::Interrupted;
            utterance.revision = self.revision;
        }
    }
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;

//! The messages of a conversation, as plain data in the order they are shown. It knows no frame and no view.

use crate::failure::Failure;
use crate::moment::Moment;

/// Names a message within one [`Transcript`]; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The person in front of the page.
    Visitor,
    /// The AI.
    Avatar,
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The visitor's: not yet taken by SecondMe.
    Sending,
    /// The visitor's: taken.
    Sent,
    /// The visitor's: not taken, or it is not known whether it was.
    Failed(Failure),
    /// A reply that still grows.
    Streaming,
    /// A reply that has come to its end.
    Complete,
    /// A reply that the loss of the connection cut off.
    Interrupted,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub id: MessageId,
    /// Who speaks.
    pub author: Author,
    /// What is said, so far. Markdown source, never HTML.
    pub text: String,
    /// How far it has come.
    pub status: Status,
    /// When it was begun.
    pub at: Moment,
}

/// The messages, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    messages: Vec<Message>,
    last: u64,
}

impl Transcript {
    /// All messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The message of that name.
    #[must_use]
    pub fn get(&self, id: MessageId) -> Option<&Message> {
        self.place(id).map(|place| &self.messages[place])
    }

    /// True before anything was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Below every name that [`Self::add`] gives.
    const GREETING: MessageId = MessageId(0);

    pub(crate) fn add(&mut self, author: Author, text: String, status: Status, at: Moment) -> MessageId {
        self.last += 1;
        let id = MessageId(self.last);
        self.messages.push(Message { id, author, text, status, at });
        id
    }

    pub(crate) fn get_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        self.place(id).map(|place| &mut self.messages[place])
    }

    /// Puts the avatar's greeting before all messages, also where the visitor was quicker. Only one ever stands there.
    pub(crate) fn greet(&mut self, text: String, at: Moment) -> Option<MessageId> {
        if self.get(Self::GREETING).is_some() {
            return None;
        }
        let greeting = Message { id: Self::GREETING, author: Author::Avatar, text, status: Status::Complete, at };
        self.messages.insert(0, greeting);
        Some(Self::GREETING)
    }

    /// Names only grow, so the list is sorted by them.
    fn place(&self, id: MessageId) -> Option<usize> {
        self.messages.binary_search_by_key(&id, |message| message.id).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(transcript: &mut Transcript, text: &str) -> MessageId {
        transcript.add(Author::Visitor, text.into(), Status::Sending, Moment(0))
    }

    #[test]
    fn messages_are_found_by_name() {
        let mut transcript = Transcript::default();
        let ids: Vec<_> = ["one", "two", "three"].map(|text| add(&mut transcript, text)).into();
        for (id, text) in ids.into_iter().zip(["one", "two", "three"]) {
            assert_eq!(transcript.get(id).map(|message| message.text.as_str()), Some(text));
        }
        assert_eq!(transcript.get(MessageId(99)), None);
    }

    #[test]
    fn the_greeting_stands_first_and_once() {
        let mut transcript = Transcript::default();
        let question = add(&mut transcript, "quick question");
        let greeting = transcript.greet("Hello".into(), Moment(1)).unwrap();
        assert_eq!(transcript.greet("Hello again".into(), Moment(2)), None);
        let order: Vec<_> = transcript.messages().iter().map(|message| message.id).collect();
        assert_eq!(order, [greeting, question]);
        assert_eq!(transcript.get(question).map(|message| message.text.as_str()), Some("quick question"));
    }
}

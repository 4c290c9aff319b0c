//! The messages of a conversation, as plain data in the order they are shown. It knows no frame and no view.

use crate::failure::Failure;
use crate::moment::Moment;
use crate::wire::part::Attachment;
use crate::{portable_enum, portable_struct};

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
    /// The person whose avatar it is, who has taken over.
    Owner,
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The visitor's: not yet taken by SecondMe.
    Sending,
    /// The visitor's: taken.
    Sent,
    /// The visitor's: not taken, or it is not known whether it was. A reply's: the server says that it failed.
    Failed(Failure),
    /// A reply that still grows.
    Streaming,
    /// A reply that has come to its end.
    Complete,
    /// A reply of which something is missing: the connection was lost, or a chunk never came.
    Interrupted,
    /// A reply that the visitor stopped, or that the owner spoke over.
    Stopped,
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
    /// What a visitor may open or play besides.
    pub attachments: Vec<Attachment>,
    /// How far it has come.
    pub status: Status,
    /// When it was begun, by the wall clock.
    pub at: Moment,
}

/// The messages, oldest first; at most [`Transcript::LIVE`] of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    messages: Vec<Message>,
    last: u64,
    shortened: bool,
}

portable_struct!(MessageId { 0 });
portable_enum!(Author { 0 Visitor, 1 Avatar, 2 Owner; Owner });
portable_enum!(Status { 0 Sending, 1 Sent, 2 Failed(failure), 3 Streaming, 4 Complete, 5 Interrupted, 6 Stopped; Stopped });
portable_struct!(Message { id, author, text, attachments, status, at });
portable_struct!(Transcript { messages, last, shortened });

impl Author {
    /// Its stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Avatar => "avatar",
            Self::Owner => "owner",
        }
    }
}

impl Transcript {
    /// Messages that are kept; the oldest go first. What is put by is less: see `Saved::STORED`.
    pub const LIVE: usize = 6_000;

    /// Below every name that [`Self::add`] gives.
    const GREETING: MessageId = MessageId(0);

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

    /// True where older messages are not here any more.
    #[must_use]
    pub fn is_shortened(&self) -> bool {
        self.shortened
    }

    /// True where the owner speaks from this message on: nobody of the other side spoke before, or it was the avatar.
    #[must_use]
    pub fn is_joining(&self, id: MessageId) -> bool {
        let Some(place) = self.place(id) else { return false };
        let before = self.messages[..place].iter().rfind(|message| message.author != Author::Visitor);
        self.messages[place].author == Author::Owner && before.is_none_or(|before| before.author != Author::Owner)
    }

    /// Who of the other side spoke last.
    pub(crate) fn last_speaker(&self) -> Option<Author> {
        self.messages.iter().rev().map(|message| message.author).find(|author| *author != Author::Visitor)
    }

    pub(crate) fn add(
        &mut self,
        author: Author,
        text: String,
        attachments: Vec<Attachment>,
        status: Status,
        at: Moment,
    ) -> MessageId {
        self.last += 1;
        let id = MessageId(self.last);
        self.messages.push(Message { id, author, text, attachments, status, at });
        id
    }

    /// Puts the avatar's greeting before all messages, also where the visitor was quicker. Only one ever stands there.
    pub(crate) fn greet(&mut self, text: String, at: Moment) -> Option<MessageId> {
        if self.shortened || self.get(Self::GREETING).is_some() {
            return None;
        }
        let id = Self::GREETING;
        let status = Status::Complete;
        self.messages.insert(0, Message { id, author: Author::Avatar, text, attachments: Vec::new(), status, at });
        Some(id)
    }

    pub(crate) fn get_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        self.place(id).map(|place| &mut self.messages[place])
    }

    pub(crate) fn remove(&mut self, id: MessageId) -> Option<Message> {
        self.place(id).map(|place| self.messages.remove(place))
    }

    /// Removes the oldest message where there are too many. What is still under way stays.
    pub(crate) fn shorten(&mut self) -> Option<MessageId> {
        if self.messages.len() <= Self::LIVE {
            return None;
        }
        let settled = |message: &Message| !matches!(message.status, Status::Sending | Status::Streaming);
        let oldest = self.messages.iter().position(settled)?;
        self.shortened = true;
        Some(self.messages.remove(oldest).id)
    }

    /// A copy of the newest messages whose texts fit into so many bytes.
    pub(crate) fn newest(&self, bytes: usize) -> Self {
        let mut left = bytes;
        let fits = |message: &&Message| {
            let size = message.weight();
            let fits = size <= left;
            left = left.saturating_sub(size);
            fits
        };
        let kept = self.messages.iter().rev().take_while(fits).count();
        let skipped = self.messages.len() - kept;
        Self { messages: self.messages[skipped..].to_vec(), last: self.last, shortened: self.shortened || skipped > 0 }
    }

    /// Names only grow, so the list is sorted by them.
    fn place(&self, id: MessageId) -> Option<usize> {
        self.messages.binary_search_by_key(&id, |message| message.id).ok()
    }
}

impl Message {
    /// About what it takes to store.
    fn weight(&self) -> usize {
        const FIELDS: usize = 96;
        let attached: usize = self.attachments.iter().map(|attached| FIELDS + attached.url.len()).sum();
        FIELDS + self.text.len() + attached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(transcript: &mut Transcript, text: &str) -> MessageId {
        transcript.add(Author::Visitor, text.into(), Vec::new(), Status::Sent, Moment(0))
    }

    #[test]
    fn the_owner_joins_where_the_avatar_spoke_before_or_nobody() {
        let mut transcript = Transcript::default();
        let mut joins = |author| {
            let id = transcript.add(author, String::new(), Vec::new(), Status::Complete, Moment(0));
            transcript.is_joining(id)
        };
        let authors = [Author::Visitor, Author::Owner, Author::Owner, Author::Visitor, Author::Owner, Author::Avatar];
        assert_eq!(authors.map(&mut joins), [false, true, false, false, false, false]);
        assert_eq!([Author::Visitor, Author::Owner].map(joins), [false, true]);
        assert!(!transcript.is_joining(MessageId(99)));
    }

    #[test]
    fn messages_are_found_by_name_also_when_others_have_gone() {
        let mut transcript = Transcript::default();
        let [one, two, three] = ["one", "two", "three"].map(|text| add(&mut transcript, text));
        assert_eq!(transcript.remove(one).map(|message| message.text).as_deref(), Some("one"));
        for (id, text) in [(one, None), (two, Some("two")), (three, Some("three"))] {
            assert_eq!(transcript.get(id).map(|message| message.text.as_str()), text);
        }
        assert!(add(&mut transcript, "four") > three);
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

    #[test]
    fn the_oldest_go_first_and_leave_a_mark() {
        let mut transcript = Transcript::default();
        let first = add(&mut transcript, "0");
        transcript.get_mut(first).unwrap().status = Status::Sending;
        let second = add(&mut transcript, "1");
        for number in 2..Transcript::LIVE {
            add(&mut transcript, &number.to_string());
        }
        assert_eq!((transcript.shorten(), transcript.is_shortened()), (None, false));
        add(&mut transcript, "one too many");
        assert_eq!((transcript.shorten(), transcript.is_shortened()), (Some(second), true));
        assert!(transcript.get(first).is_some(), "what is under way stays");
        assert_eq!(transcript.greet("Hello".into(), Moment(0)), None, "the beginning is not here any more");
    }

    #[test]
    fn the_newest_that_fit_are_kept() {
        let mut transcript = Transcript::default();
        for number in 0..10 {
            add(&mut transcript, &number.to_string().repeat(1_000));
        }
        let kept = transcript.newest(3_500);
        let texts: Vec<_> = kept.messages().iter().map(|message| &message.text[..1]).collect();
        assert_eq!((texts, kept.is_shortened()), (vec!["7", "8", "9"], true));
        assert!(!transcript.newest(100_000).is_shortened());
        assert!(transcript.newest(10).messages().is_empty());
    }
}

//! What must hold after every step, whatever happened.

use std::collections::BTreeMap;

use chat_core::{Author, Message, MessageId, Session, Status};

use crate::server::Server;

#[derive(Default)]
pub(crate) struct Witness {
    /// What the visitor wrote, in order, and how often they asked for it to be sent again.
    pub(crate) written: BTreeMap<String, u32>,
    pub(crate) deleted: Vec<String>,
    /// Which message shows which reply.
    shows: BTreeMap<usize, MessageId>,
}

impl Witness {
    /// Looks at one message that has just changed.
    pub(crate) fn look(&mut self, message: &Message, server: &Server) {
        match message.author {
            Author::Visitor => self.look_at_visitors(message, server),
            Author::Avatar | Author::Owner => self.look_at_reply(message, server),
        }
    }

    fn look_at_visitors(&self, message: &Message, server: &Server) {
        let retries = self.written.get(&message.text).copied().unwrap_or_else(|| panic!("invented: {message:?}"));
        let taken = server.taken.iter().filter(|text| **text == message.text).count();
        assert!(
            taken <= 1 + usize::try_from(retries).unwrap(),
            "sent {taken} times with {retries} retries: {message:?}"
        );
        if message.status == Status::Sent {
            assert!(taken > 0, "shown as sent, and never taken: {message:?}");
        }
    }

    /// A reply shows chunks of one thing said, each once and in order; a complete one shows them all.
    fn look_at_reply(&mut self, message: &Message, server: &Server) {
        if message.text.is_empty() || message.text == "Hello!" {
            return;
        }
        let owner = message.author == Author::Owner;
        let mut rest = message.text.as_str();
        let mut shown = Vec::new();
        while !rest.is_empty() {
            let end = rest.find(' ').map_or(rest.len(), |place| place + 1);
            let (chunk, after) = rest.split_at(end);
            shown.push(numbers(chunk, owner).unwrap_or_else(|| panic!("invented: {chunk:?} in {message:?}")));
            rest = after;
        }
        let reply = shown[0].0;
        assert!(shown.iter().all(|(other, _)| *other == reply), "two replies in one message: {message:?}");
        assert!(shown.windows(2).all(|pair| pair[0].1 < pair[1].1), "doubled or swapped: {message:?}");
        assert_eq!(server.replies[reply].owner, owner, "somebody else's words: {message:?}");
        let first = *self.shows.entry(reply).or_insert(message.id);
        assert_eq!(first, message.id, "shown twice: reply {reply} in {message:?}");
        let unprovable = server.replies[reply].early_end && server.replies[reply].broken;
        if message.status == Status::Complete && !unprovable {
            let said = server.replies[reply].chunks.concat();
            assert_eq!(message.text, said, "passed off as complete: {message:?}");
        }
    }

    /// At the end, with the network healed and time to settle.
    pub(crate) fn look_at_all(&mut self, session: &Session, server: &Server) {
        let messages = session.transcript().messages();
        for message in messages {
            self.look(message, server);
            assert!(!matches!(message.status, Status::Sending | Status::Streaming), "never settled: {message:?}");
        }
        for text in self.written.keys().filter(|text| !self.deleted.contains(text)) {
            let drawn = messages.iter().filter(|message| message.text == *text).count();
            assert_eq!(drawn, 1, "drawn {drawn} times: {text:?}");
        }
        for (number, reply) in server.replies.iter().enumerate() {
            let kept_apart = reply.named || !reply.over_sockets;
            if reply.given.iter().all(|given| *given) && kept_apart && !reply.silenced {
                let said = reply.chunks.concat();
                let shown = messages.iter().find(|message| message.text == said);
                let status = shown.map(|message| &message.status);
                // A fault frame in the middle marks the reply; its text is there all the same.
                assert!(
                    matches!(status, Some(Status::Complete | Status::Failed(_) | Status::Interrupted)),
                    "lost: reply {number} {said:?} is {status:?}"
                );
            }
        }
        let sent =
            messages.iter().filter(|message| message.author == Author::Visitor && message.status == Status::Sent);
        let sent: Vec<_> = sent.filter(|message| self.written.get(&message.text) == Some(&0)).collect();
        let order: Vec<_> =
            sent.iter().map(|message| server.taken.iter().position(|text| *text == message.text)).collect();
        assert!(order.is_sorted(), "out of order: {sent:?}");
    }
}

/// `#7.2é ` is chunk 2 of reply 7.
fn numbers(chunk: &str, owner: bool) -> Option<(usize, usize)> {
    let (reply, chunk) = chunk.strip_prefix(if owner { 'O' } else { '#' })?.strip_suffix("é ")?.split_once('.')?;
    Some((reply.parse().ok()?, chunk.parse().ok()?))
}

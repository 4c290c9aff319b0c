//! A frame of SecondMe's socket: what it says to a conversation. It never fails over a field: what has the wrong type
//! counts as absent, what is not understood is [`Reading::Skipped`].

use super::limits;
use super::part::{Attachment, Part};
use crate::json::Json;
use crate::portable_struct;

/// A frame as it came (Visitor Chat, WebSocket Message Format; Avatar Hub, WebSocket Messages; the fields beyond those two
/// are the published SDK's).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Absent in the documents' frames; `msg` where it is reply text.
    pub kind: Option<String>,
    /// `umm` is the avatar, `client` a person.
    pub sender: Option<String>,
    /// Which person.
    pub send_user_id: Option<String>,
    /// Position of the chunk in its reply; -1 ends it.
    pub index: Option<i64>,
    /// Shared by all chunks of one reply.
    pub message_id: Option<String>,
    /// The frame's own name: the same `seqId`, `type` and `messageId` is the same frame.
    pub seq_id: Option<String>,
    /// The chunk's contents.
    pub multiple_data: Vec<Part>,
    /// Present where the frame is an error and not text.
    pub sub_code: Option<String>,
    /// What the JSON text in a `hint` frame says. It is JSON within JSON, so whoever parses the frame fills it in from
    /// [`Frame::hint_source`] by [`Hint::of`].
    pub hint: Option<Hint>,
}

/// What the avatar does before it speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// `RUNNING`, `FINISH` or `FAIL`.
    pub status: Option<String>,
    /// The line to show while it runs.
    pub text: Option<String>,
}

/// What a frame means for the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A piece of what somebody says.
    Chunk(Chunk),
    /// The avatar is thinking; `None` ends it.
    Thinking(Option<String>),
    /// The turn failed, with SecondMe's code.
    Fault(String),
    /// The answer to a ping.
    Pong,
    /// Nothing this conversation understands.
    Skipped,
}

/// A piece of what somebody says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Who sent it.
    pub sender: Sender,
    /// Names the reply it belongs to; absent in the documents' own frames.
    pub message_id: Option<String>,
    /// Its place in the reply; [`Frame::LAST`] is the last one, which may carry text too.
    pub index: Option<i64>,
    /// What it adds; may be empty.
    pub text: String,
    /// What else it adds.
    pub attachments: Vec<Attachment>,
}

/// Who sent a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The AI.
    Avatar,
    /// A person, by SecondMe's name for them: the visitor's own echo, or the avatar's owner.
    Person(Option<String>),
}

portable_struct!(Frame { kind, sender, send_user_id, index, message_id, seq_id, multiple_data, sub_code, hint });
portable_struct!(Hint { status, text });

impl Frame {
    /// The frame that this is the JSON of; `None` where it is no object. The caller counts that and goes on.
    #[must_use]
    pub fn of(mut json: Json) -> Option<Self> {
        matches!(json, Json::Object(_)).then(|| Self {
            kind: json.take("type").into_text(),
            sender: json.take("sender").into_text(),
            send_user_id: json.take("sendUserId").into_text(),
            index: json.take("index").into_integer(),
            message_id: json.take("messageId").into_text(),
            seq_id: json.take("seqId").into_text(),
            multiple_data: match json.take("multipleData") {
                Json::Null => Vec::new(),
                Json::List(parts) => parts.into_iter().map(Part::of).collect(),
                _ => vec![Part::malformed()],
            },
            sub_code: json.take("subCode").into_text(),
            hint: None,
        })
    }

    /// The index that ends a reply.
    pub const LAST: i64 = -1;

    /// The JSON text that [`Frame::hint`] is parsed from, in frames that carry one.
    #[must_use]
    pub fn hint_source(&self) -> Option<&str> {
        if self.kind.as_deref() != Some("hint") {
            return None;
        }
        self.multiple_data.iter().find_map(|part| part.modal.answer.as_deref())
    }

    /// What makes a resent frame recognisable; `None` where the frame cannot be told from another.
    #[must_use]
    pub fn identity(&self) -> Option<(&str, Option<&str>, Option<&str>)> {
        self.seq_id.as_deref().map(|seq_id| (seq_id, self.kind.as_deref(), self.message_id.as_deref()))
    }

    /// Says what the frame means.
    #[must_use]
    pub fn read(self) -> Reading {
        if let Some(code) = self.sub_code.filter(|code| !code.is_empty()) {
            return Reading::Fault(code);
        }
        match self.kind.as_deref() {
            Some("pong") => return Reading::Pong,
            Some("hint") => return self.hint.map_or(Reading::Skipped, Hint::read),
            None | Some("msg") => {}
            Some(_) => return Reading::Skipped,
        }
        let sender = match self.sender.as_deref() {
            Some("umm") => Sender::Avatar,
            Some("client") => Sender::Person(self.send_user_id),
            _ => return Reading::Skipped,
        };
        if self.index.is_some_and(|index| index < Self::LAST) {
            return Reading::Skipped;
        }
        let malformed = self.multiple_data.iter().any(|part| part.malformed);
        let mut text = String::new();
        let mut attachments = Vec::new();
        for part in self.multiple_data {
            part.take(&mut text, &mut attachments);
        }
        // Without an index even an empty frame would count as a message, and an unreadable one must not take the place of
        // the chunk that its index belongs to.
        let says_nothing = text.is_empty() && attachments.is_empty() && (malformed || self.index.is_none());
        if says_nothing || text.len() > limits::FRAME {
            return Reading::Skipped;
        }
        Reading::Chunk(Chunk { sender, message_id: self.message_id, index: self.index, text, attachments })
    }
}

impl Hint {
    /// The hint that this is the JSON of; `None` where it is no object.
    #[must_use]
    pub fn of(mut json: Json) -> Option<Self> {
        matches!(json, Json::Object(_))
            .then(|| Self { status: json.take("status").into_text(), text: json.take("text").into_text() })
    }

    fn read(self) -> Reading {
        match self.status.as_deref() {
            Some("RUNNING") => Reading::Thinking(self.text.filter(|text| !text.trim().is_empty())),
            Some("FINISH" | "FAIL") => Reading::Thinking(None),
            _ => Reading::Skipped,
        }
    }
}

#[cfg(test)]
mod tests;

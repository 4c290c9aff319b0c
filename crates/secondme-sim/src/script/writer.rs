//! Frames one by one, with or without the ids of the SDK's form. It knows nothing of their order.

use std::time::SystemTime;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Echo, FrameForm, Hint, HintOutcome, Part, SubCode, parts};

/// The index that ends a message.
pub(super) const COMPLETE: i64 = -1;

/// Everything a reply is made from.
pub(crate) struct Scene<'a> {
    pub(crate) session_id: &'a str,
    pub(crate) ws_id: &'a str,
    pub(crate) visitor_user_id: &'a str,
    pub(crate) owner_user_id: &'a str,
    /// The avatar's id in frames of the SDK's form.
    pub(crate) mind_id: &'a str,
    /// What the visitor wrote.
    pub(crate) message: &'a str,
    /// What the avatar answers.
    pub(crate) text: &'a str,
    /// The longest chunk, in characters.
    pub(crate) chunk_chars: usize,
    /// Where the addresses of a reply's parts begin, such as `http://127.0.0.1:40123`.
    pub(crate) media_base: &'a str,
    pub(crate) stamp: Stamp,
}

/// What makes the ids of one reply its own.
#[derive(Clone, Copy)]
pub(crate) struct Stamp {
    pub(crate) id: Uuid,
    /// Milliseconds since 1970.
    pub(crate) timestamp: u64,
}

impl Stamp {
    pub(crate) fn now() -> Stamp {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Stamp { id: Uuid::new_v4(), timestamp: u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX) }
    }
}

/// The owner's message outside of any reply.
pub(crate) fn owner_frame(form: FrameForm, scene: &Scene<'_>) -> String {
    Writer::new(form, scene).owner(scene.text).to_string()
}

/// Writes frames. Each has a `seqId` of its own where the form has one.
pub(super) struct Writer<'a> {
    form: FrameForm,
    scene: &'a Scene<'a>,
    frames: u64,
    messages: u64,
}

impl<'a> Writer<'a> {
    pub(super) fn new(form: FrameForm, scene: &'a Scene<'a>) -> Writer<'a> {
        Writer { form, scene, frames: 0, messages: 0 }
    }

    /// The id for a new message of the avatar.
    pub(super) fn message_id(&mut self) -> String {
        self.messages += 1;
        let Stamp { id, timestamp } = self.scene.stamp;
        format!("AE_{}_{}", id.simple(), timestamp + self.messages)
    }

    /// A piece of the avatar's message.
    pub(super) fn content(&mut self, message_id: &str, index: i64, entries: &[Value]) -> Value {
        let mut frame = json!({
            "sender": "umm",
            "sessionId": self.scene.session_id,
            "index": index,
            "multipleData": entries,
        });
        if self.form == FrameForm::Least {
            let modals: Vec<Value> = entries.iter().map(|entry| json!({ "modal": entry["modal"] })).collect();
            frame = json!({ "sender": "umm", "multipleData": modals });
        }
        self.stamped("msg", Some(message_id), frame)
    }

    /// The two frames of a hint.
    pub(super) fn hint(&mut self, hint: Hint) -> [Value; 2] {
        let outcome = match hint.outcome {
            HintOutcome::Finish => ("FINISH", "Looked it up."),
            HintOutcome::Fail => ("FAIL", "That could not be looked up."),
        };
        let hint_id = format!("hint_{}", self.scene.stamp.id.simple());
        [("RUNNING", "Looking it up…"), outcome].map(|(status, text)| {
            let answer = json!({ "hintId": hint_id, "status": status, "text": text }).to_string();
            // The SDK's hints are numbered like a first chunk; what does not look at the type takes them for one.
            let frame = json!({
                "type": "hint",
                "sender": "umm",
                "sessionId": self.scene.session_id,
                "index": 0,
                "multipleData": [text_entry(&answer)],
            });
            let message_id = self.message_id();
            self.stamped("hint", Some(&message_id), frame)
        })
    }

    pub(super) fn failure(&mut self, sub_code: SubCode) -> Value {
        let frame = json!({
            "type": "sys",
            "sender": "umm",
            "sessionId": self.scene.session_id,
            "subCode": sub_code,
            "subCodeReason": "The reply failed on command.",
            "subCodeActions": ["resendMessage"],
        });
        self.stamped("sys", None, frame)
    }

    /// A frame of a type that has nothing to say to a visitor.
    pub(super) fn of_type(&mut self, kind: &str) -> Value {
        let frame = json!({
            "type": kind,
            "sender": "umm",
            "sessionId": self.scene.session_id,
            "index": 0,
            "multipleData": [text_entry(&format!("This {kind} is no reply."))],
        });
        self.stamped(kind, None, frame)
    }

    /// The visitor's own message as it comes back.
    pub(super) fn echo(&mut self, echo: Echo) -> Value {
        let user = (echo == Echo::WithUser).then_some(self.scene.visitor_user_id);
        self.sent_by(user, self.scene.message)
    }

    /// The owner's message, in the shape of the Avatar Hub document (Owner Takeover Reply).
    pub(super) fn owner(&mut self, text: &str) -> Value {
        self.sent_by(Some(self.scene.owner_user_id), text)
    }

    pub(super) fn part(&self, part: Part) -> Value {
        parts::entry(part, self.scene.media_base)
    }

    fn sent_by(&mut self, user: Option<&str>, text: &str) -> Value {
        let mut frame = json!({ "sender": "client", "multipleData": [{ "modal": { "answer": text } }] });
        if let Some(user) = user {
            frame["sendUserId"] = user.into();
        }
        if self.form == FrameForm::Ids {
            frame["sessionId"] = self.scene.session_id.into();
        }
        let Stamp { id, timestamp } = self.scene.stamp;
        let message_id = format!("{}_____{}", id.as_u128() % 100_000 + u128::from(self.frames), timestamp);
        self.stamped("msg", Some(&message_id), frame)
    }

    fn stamped(&mut self, kind: &str, message_id: Option<&str>, mut frame: Value) -> Value {
        self.frames += 1;
        if self.form == FrameForm::Ids {
            let Stamp { id, timestamp } = self.scene.stamp;
            frame["type"] = kind.into();
            frame["wsId"] = self.scene.ws_id.into();
            frame["mindId"] = self.scene.mind_id.into();
            frame["seqId"] = format!("{}_{}", id.simple(), self.frames).into();
            frame["timestamp"] = (timestamp + self.frames).into();
            if let Some(message_id) = message_id {
                frame["messageId"] = message_id.into();
            }
        }
        frame
    }
}

/// An entry of `multipleData` that holds text.
pub(super) fn text_entry(answer: &str) -> Value {
    json!({ "singleDataType": "text", "modal": { "answer": answer } })
}

//! A frame of SecondMe's socket: what it says to a conversation. It never fails over a field: what has the wrong type
//! counts as absent, what is not understood is [`Reading::Skipped`].

use serde::Deserialize;
use serde::de::MapAccess;

use super::lenient::{Lenient, fields, lenient};

/// A frame as it came (Visitor Chat, WebSocket Message Format; Avatar Hub, WebSocket Messages). A text that is not a
/// JSON object is no frame and fails to parse; the caller counts it and goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Frame {
    /// Absent in the documents' frames; `msg` where it is reply text.
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub kind: Option<String>,
    /// `umm` is the avatar.
    #[serde(deserialize_with = "lenient")]
    pub sender: Option<String>,
    /// Position of the chunk in its reply; -1 ends it.
    #[serde(deserialize_with = "lenient")]
    pub index: Option<i64>,
    /// The chunk's contents.
    #[serde(deserialize_with = "lenient")]
    pub multiple_data: Vec<Part>,
    /// Present where the frame is an error and not text.
    #[serde(deserialize_with = "lenient")]
    pub sub_code: Option<String>,
}

/// One entry of `multipleData`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Part {
    /// What the entry holds, by kind.
    #[serde(deserialize_with = "lenient")]
    pub modal: Modal,
}

/// The contents of one [`Part`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Modal {
    /// Reply text: the part of it that this chunk adds.
    #[serde(deserialize_with = "lenient")]
    pub answer: Option<String>,
}

impl Lenient for Part {
    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        fields(object)
    }
}

impl Lenient for Modal {
    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        fields(object)
    }
}

/// What a frame means for the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A piece of the avatar's reply.
    Chunk {
        /// Its place in the reply; -1 is the last one, which may carry text too.
        index: i64,
        /// May be empty.
        text: String,
    },
    /// The answer to a ping.
    Pong,
    /// Nothing this conversation understands.
    Skipped,
}

impl Frame {
    /// The index that ends a reply.
    pub const LAST: i64 = -1;

    /// Says what the frame means.
    #[must_use]
    pub fn read(self) -> Reading {
        match self.kind.as_deref() {
            Some("pong") => return Reading::Pong,
            None | Some("msg") => {}
            Some(_) => return Reading::Skipped,
        }
        let from_avatar = self.sender.as_deref() == Some("umm");
        match self.index {
            Some(index) if from_avatar && self.sub_code.is_none() => Reading::Chunk { index, text: self.text() },
            _ => Reading::Skipped,
        }
    }

    fn text(self) -> String {
        self.multiple_data.into_iter().filter_map(|part| part.modal.answer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn check(frame: &Value, expected: &Reading) {
        let read = serde_json::from_value::<Frame>(frame.clone()).map_or(Reading::Skipped, Frame::read);
        assert_eq!(&read, expected, "{frame}");
    }

    fn chunk(index: i64, text: &str) -> Reading {
        Reading::Chunk { index, text: text.into() }
    }

    fn text_part(text: &str) -> Value {
        json!({"singleDataType": "text", "modal": {"answer": text}})
    }

    #[test]
    fn the_documents_frames_are_chunks() {
        let frame = |index: i64, text: &str| json!({"sender": "umm", "sessionId": "6ff5", "index": index, "multipleData": [text_part(text)]});
        check(&frame(0, "Hello! I am"), &chunk(0, "Hello! I am"));
        check(&frame(7, " 你好"), &chunk(7, " 你好"));
        check(&frame(-1, ""), &chunk(-1, ""));
        check(&frame(-1, "the end"), &chunk(-1, "the end"));
        check(&json!({"sender": "umm", "index": -1}), &chunk(-1, ""));
    }

    #[test]
    fn the_sdk_s_frame_is_the_same_chunk() {
        let frame = json!({"type": "msg", "wsId": "ws:1", "sessionId": "s", "sender": "umm", "index": 0,
            "messageId": "AE_1", "seqId": "1", "mindId": "m", "timestamp": 1_682_328_447_557_u64, "multipleData": [text_part("Hel")]});
        check(&frame, &chunk(0, "Hel"));
    }

    #[test]
    fn every_entry_counts() {
        check(
            &json!({"sender": "umm", "index": 1, "multipleData": [text_part("one "), {"singleDataType": "image", "modal": {"image": "x"}}, text_part("two")]}),
            &chunk(1, "one two"),
        );
    }

    #[test]
    fn other_senders_and_types_are_skipped() {
        let parts = json!([text_part("no")]);
        check(
            &json!({"sender": "client", "sendUserId": "del3p", "index": 0, "multipleData": parts}),
            &Reading::Skipped,
        );
        check(&json!({"type": "hint", "sender": "umm", "index": 0, "multipleData": parts}), &Reading::Skipped);
        check(&json!({"type": "sys", "subCode": "session.openai.error"}), &Reading::Skipped);
        check(
            &json!({"sender": "umm", "subCode": "session.openai.error", "index": 0, "multipleData": parts}),
            &Reading::Skipped,
        );
        check(&json!({"sender": "umm", "multipleData": parts}), &Reading::Skipped);
        check(&json!({}), &Reading::Skipped);
        check(&json!({"type": "pong", "wsId": "ws:1"}), &Reading::Pong);
    }

    #[test]
    fn a_wrong_type_loses_that_field_alone() {
        check(&json!({"sender": "umm", "index": "3", "multipleData": [text_part("x")]}), &chunk(3, "x"));
        check(&json!({"sender": "umm", "index": 3.0, "multipleData": [text_part("x")]}), &chunk(3, "x"));
        check(&json!({"sender": "umm", "index": 0, "multipleData": "text"}), &chunk(0, ""));
        check(&json!({"sender": "umm", "index": 0, "multipleData": {"modal": {"answer": "x"}}}), &chunk(0, ""));
        check(
            &json!({"sender": "umm", "index": 0, "multipleData": [null, 5, "x", [1], {"modal": "x"}, {"modal": {"answer": {"a": 1}}}, text_part("ok")]}),
            &chunk(0, "ok"),
        );
        check(&json!({"sender": ["umm"], "index": 0, "multipleData": [text_part("x")]}), &Reading::Skipped);
        check(&json!({"sender": "umm", "index": true, "multipleData": [text_part("x")]}), &Reading::Skipped);
        check(&json!({"sender": "umm", "index": 0.5, "multipleData": [text_part("x")]}), &Reading::Skipped);
        check(
            &json!({"type": {"a": []}, "sender": "umm", "index": 1, "multipleData": [text_part("x")]}),
            &chunk(1, "x"),
        );
    }

    #[test]
    fn what_is_no_object_is_no_frame() {
        for garbage in [json!(null), json!(5), json!("text"), json!(true)] {
            check(&garbage, &Reading::Skipped);
        }
    }
}

//! Frames that mean nothing to a visitor. None of them holds anything that could be taken for the reply's text, so that a
//! client that skips them all shows exactly the reply.

use serde_json::{Value, json};

use super::{Noise, drafts::Draft, writer::Writer};
use crate::step::Action;

/// How long the huge frame is at least, in bytes.
const HUGE: usize = 1_000_000;

/// Every frame of these kinds of noise, each once.
pub(super) fn frames(noise: &[Noise], writer: &mut Writer<'_>) -> Vec<Draft> {
    noise.iter().flat_map(|kind| of_kind(*kind, writer)).collect()
}

/// Adds members nobody knows, on each level of the frame.
pub(super) fn add_unknown_fields(frame: &mut Value) {
    add_unknown_field(frame);
    for entry in frame.get_mut("multipleData").and_then(Value::as_array_mut).into_iter().flatten() {
        add_unknown_field(entry);
        if let Some(modal) = entry.get_mut("modal") {
            add_unknown_field(modal);
        }
    }
}

/// Noise has values of all types where objects should be.
fn add_unknown_field(value: &mut Value) {
    if let Some(object) = value.as_object_mut() {
        let unknown = json!({ "since": 2031, "why": [null, true, { "deep": "er" }], "": 0 });
        object.insert("fromTheFuture".into(), unknown);
    }
}

fn of_kind(noise: Noise, writer: &mut Writer<'_>) -> Vec<Draft> {
    match noise {
        Noise::UnknownFields => Vec::new(),
        Noise::UnknownTypes => {
            ["recommend", "task", "notice", "ack", "cmd"].map(|kind| Draft::aside(writer.of_type(kind))).into()
        }
        Noise::WrongTypes => wrong_types().map(Draft::aside).into(),
        Noise::Garbage => {
            let texts = ["", "{", "<html>502 Bad Gateway</html>", r#"[{"sender":"umm"}]"#, "42", "null", "\"umm\""];
            let bytes = Action::Binary(vec![0xff, 0xfe, 0x00, 0x7b]);
            texts.map(|text| Action::Text(text.into())).into_iter().chain([bytes]).map(Draft::raw).collect()
        }
        Noise::Huge => vec![Draft::aside(json!({ "type": "notice", "sender": "umm", "filler": "x".repeat(HUGE) }))],
    }
}

fn wrong_types() -> [Value; 8] {
    [
        json!({ "sender": "umm", "index": "one", "multipleData": [] }),
        json!({ "sender": "umm", "index": 0.5, "multipleData": {} }),
        json!({ "sender": "umm", "index": null, "multipleData": "text" }),
        json!({ "sender": 7, "sessionId": [], "index": {}, "multipleData": [null, 1, []] }),
        json!({ "sender": "umm", "index": 3, "multipleData": [{ "singleDataType": {}, "modal": "text" }] }),
        json!({ "sender": "umm", "index": 3, "multipleData": [{ "modal": { "answer": 42 } }, { "modal": null }] }),
        json!({ "type": ["msg"], "sender": ["umm"], "messageId": 1, "seqId": {}, "timestamp": "now" }),
        json!({ "type": 1, "sender": null, "sendUserId": false, "index": 1e300 }),
    ]
}

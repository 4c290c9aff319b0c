//! Each variant as the frames it makes of the text `abcdefg`, one letter to a chunk, in a short notation.

use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::script::{FrameForm, Part, Stamp};

fn scene() -> Scene<'static> {
    Scene {
        session_id: "s",
        ws_id: "ws:1",
        visitor_user_id: "v",
        owner_user_id: "o",
        mind_id: "3m24e99h3mbp",
        message: "m",
        text: "abcdefg",
        chunk_chars: 1,
        media_base: "http://sim",
        stamp: Stamp { id: Uuid::nil(), timestamp: 1_000 },
    }
}

/// `0:a` is a chunk, `-1:` an end; what stands behind an `@` is a pause in milliseconds.
fn notation(step: &Step) -> String {
    let written = match &step.action {
        Action::Binary(_) => "bytes".into(),
        Action::Cut => "cut".into(),
        Action::Text(text) => match serde_json::from_str::<Value>(text) {
            Ok(frame) if frame.is_object() => of_frame(&frame),
            _ => "garbage".into(),
        },
    };
    if step.pause.is_zero() { written } else { format!("{written}@{}", step.pause.as_millis()) }
}

fn of_frame(frame: &Value) -> String {
    let entries = frame["multipleData"].as_array().cloned().unwrap_or_default();
    let answer = entries.first().and_then(|entry| entry["modal"]["answer"].as_str()).unwrap_or_default();
    if let Some(kind) = frame["type"].as_str().filter(|kind| *kind != "msg") {
        let hint: Value = serde_json::from_str(answer).unwrap_or_default();
        let code = frame["subCode"].as_str().or(hint["status"].as_str()).unwrap_or_default();
        return format!("{kind}:{code}");
    }
    if frame["sender"] == "client" {
        let of_visitor = frame["sendUserId"] == "v" || frame["sendUserId"].is_null();
        return if of_visitor { format!("echo:{answer}") } else { "owner".into() };
    }
    let entries: Vec<String> = entries.iter().map(of_entry).collect();
    format!("{}:{}", frame["index"], entries.join("+"))
}

fn of_entry(entry: &Value) -> String {
    match entry["modal"].as_object() {
        Some(modal) => {
            modal.iter().map(|(name, value)| if name == "answer" { text(value) } else { name.clone() }).collect()
        }
        None => "?".into(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("?").to_owned()
}

fn told(variants: &str) -> Vec<Step> {
    let variants: Vec<_> = variants.split_whitespace().map(|name| name.parse().unwrap()).collect();
    plan(&Script::default().with(&variants), &scene())
}

fn check(variants: &str, expected: &str) {
    let steps: Vec<String> = told(variants).iter().map(notation).collect();
    assert_eq!(steps.join(" "), expected, "{variants}");
}

#[test]
fn each_variant_makes_its_own_frames() {
    check("", "0:a 1:b 2:c 3:d 4:e 5:f 6:g -1:");
    check("end-text", "0:a 1:b 2:c 3:d 4:e 5:f -1:g");
    check("end-first", "-1: 0:a 1:b 2:c 3:d 4:e 5:f 6:g -1:");
    check("one-frame", "-1:abcdefg");
    check("entries", "0:a+b+c 1:d+e+f 2:g -1:");
    check("resend one-frame", "-1:abcdefg -1:abcdefg");
    check("resend entries=4", "0:a+b+c+d 0:a+b+c+d 1:e+f+g 1:e+f+g -1: -1:");
    check("resend-one", "0:a 1:b 2:c 3:d 4:e 5:f 2:c 6:g -1:");
    check("swap", "1:b 0:a 3:d 2:c 5:f 4:e 6:g -1:");
    check("gap", "0:a 1:b 3:d 4:e 5:f 6:g 2:c -1:");
    check("gap-late", "0:a 1:b 3:d 4:e 5:f 6:g -1: 2:c");
    check("gap-open", "0:a 1:b 3:d 4:e 5:f 6:g -1:");
    check("gap-open=7", "0:a 1:b 2:c 3:d 4:e 5:f 6:g -1:");
    check("hint=9", "hint:RUNNING hint:FINISH@9 0:a 1:b 2:c 3:d 4:e 5:f 6:g -1:");
    check("hint-fail=0 one-frame", "hint:RUNNING hint:FAIL -1:abcdefg");
    check("fail", "sys:session.openai.error");
    check("fail-mid=message.length.limit", "0:a 1:b 2:c 3:d 4:e sys:message.length.limit");
    check("fail-mid one-frame", "sys:session.response.timeout");
    check("echo", "echo:m 0:a 1:b 2:c 3:d 4:e 5:f 6:g -1:");
    check("echo-nameless one-frame", "echo:m -1:abcdefg");
    check("takeover=1", "0:a 1:b 2:c 3:d 4:e owner 5:f");
    check("takeover=9", "0:a 1:b 2:c 3:d 4:e owner 5:f 6:g");
    check("silence echo hint", "");
    check("slow-start=70", "0:a@70 1:b 2:c 3:d 4:e 5:f 6:g -1:");
    check("pause=70", "0:a 1:b 2:c 3:d 4:e 5:f@70 6:g -1:");
    check("cut", "0:a 1:b 2:c 3:d 4:e cut 5:f 6:g -1:");
    check("cut=0", "cut 0:a 1:b 2:c 3:d 4:e 5:f 6:g -1:");
    check("cut=99", "0:a 1:b 2:c 3:d 4:e 5:f 6:g cut -1:");
    check("cut=1 resend", "0:a 0:a cut 1:b 1:b 2:c 2:c 3:d 3:d 4:e 4:e 5:f 5:f 6:g 6:g -1: -1:");
    check("image link", "0:a 1:b 2:c 3:d 4:e 5:f 6:image 7:link 8:g -1:");
    check("html one-frame", "-1:abcdefg+html");
    check("speech end-text", "0:a 1:b 2:c 3:d 4:e 5:f -1:gspeech");
    check("template unsafe-link entries=9", "0:template 1:link 2:a+b+c+d+e+f+g -1:");
    check("audio video messages=2", "0:a 1:b 2:c 3:d 4:e 5:f 6:audio 7:video 8:g -1:");
    check("unknown-types entries=3", "recommend: cmd: 0:a+b+c task: 1:d+e+f notice: 2:g ack: -1:");
    check("garbage one-frame", "garbage garbage garbage garbage garbage garbage garbage bytes -1:abcdefg");
    check("huge fail", "notice: sys:session.openai.error");
}

#[test]
fn several_messages_are_each_complete_in_themselves() {
    let script = Script { messages: 3, frames: FrameForm::Ids, ..Script::default() };
    let steps = plan(&script, &Scene { text: "one two three four five six", chunk_chars: 4, ..scene() });
    let frames: Vec<Value> = steps.iter().map(frame).collect();
    let mut ids: Vec<&str> = frames.iter().map(|frame| frame["messageId"].as_str().unwrap()).collect();
    assert!(ids.iter().all(|id| id.starts_with("AE_")));
    ids.dedup();
    assert_eq!(ids.len(), 3);
    let bare: Vec<String> = plan(
        &Script { frames: FrameForm::Bare, ..script },
        &Scene { text: "one two three four five six", chunk_chars: 99, ..scene() },
    )
    .iter()
    .map(notation)
    .collect();
    assert!(bare.iter().filter(|frame| frame.starts_with("0:")).count() == 3, "the index starts again: {bare:?}");
    assert_eq!(bare.iter().filter(|frame| *frame == "-1:").count(), 3);
}

#[test]
fn frames_with_ids_have_all_of_them() {
    let frames: Vec<Value> = told("ids echo hint takeover").iter().map(frame).collect();
    let mut sequence: Vec<&Value> = frames.iter().map(|frame| &frame["seqId"]).collect();
    sequence.dedup();
    assert_eq!(sequence.len(), frames.len(), "each frame has its own");
    for frame in &frames {
        for (name, value) in [("wsId", "ws:1"), ("sessionId", "s"), ("mindId", "3m24e99h3mbp")] {
            assert_eq!(frame[name], value, "{frame}");
        }
        assert!(frame["timestamp"].as_u64() > Some(1_000) && frame["messageId"].is_string(), "{frame}");
    }
    let kinds: Vec<&str> = frames.iter().map(|frame| frame["type"].as_str().unwrap()).collect();
    assert_eq!(kinds[..5], ["msg", "hint", "hint", "msg", "msg"]);
}

#[test]
fn unknown_fields_are_on_every_level_of_every_frame() {
    for frame in told("unknown-fields").iter().map(frame) {
        let entry = &frame["multipleData"][0];
        let added = [&frame, entry, &entry["modal"]].map(|level| level["fromTheFuture"].is_object());
        assert_eq!(added, [true; 3], "{frame}");
    }
    let plain: Vec<String> = told("").iter().map(notation).collect();
    assert_eq!(plain.len(), told("unknown-fields").len());
}

#[test]
fn noise_holds_no_text_of_the_reply() {
    let script = Script { noise: vec![Noise::WrongTypes, Noise::Huge], silent: false, ..Script::default() };
    let steps = plan(&script, &scene());
    let sizes: Vec<usize> = steps.iter().map(|step| frame(step).to_string().len()).collect();
    assert_eq!(sizes.iter().filter(|size| **size > 1_000_000).count(), 1);
    let texts: String = steps
        .iter()
        .map(frame)
        .filter_map(|frame| Some(frame["multipleData"].as_array()?.first()?["modal"]["answer"].as_str()?.to_owned()))
        .collect();
    assert_eq!(texts, "abcdefg");
}

#[test]
fn parts_are_at_the_simulators_own_address() {
    let parts = vec![Part::Audio, Part::Image, Part::Video, Part::Link, Part::Template];
    for step in plan(&Script { parts, ..Script::default() }, &scene()) {
        let frame = frame(&step);
        let modal = frame["multipleData"][0]["modal"].to_string();
        assert!(modal.contains("answer") || modal.contains("http://sim/media/"), "{modal}");
    }
}

fn frame(step: &Step) -> Value {
    match &step.action {
        Action::Text(text) => serde_json::from_str(text).unwrap(),
        other => panic!("{other:?} is no frame"),
    }
}

//! Each shape of frame that is known, and what it means.

use super::*;
use crate::json::Portable;
use crate::wire::part::AttachmentKind;
use serde_json::{Value, json};

fn check(frame: &Value, expected: &Reading) {
    let read = parsed(frame).map_or(Reading::Skipped, Frame::read);
    assert_eq!(&read, expected, "{frame}");
}

/// As the shell parses: the hint's inner JSON is read where there is one.
fn parsed(frame: &Value) -> Option<Frame> {
    let mut frame = Frame::of(serde_json::from_value(frame.clone()).ok()?)?;
    frame.hint = frame.hint_source().and_then(|source| Hint::of(serde_json::from_str(source).ok()?));
    Some(frame)
}

fn chunk(index: impl Into<Option<i64>>, text: &str) -> Reading {
    said(Sender::Avatar, None, index.into(), text)
}

fn said(sender: Sender, message_id: Option<&str>, index: Option<i64>, text: &str) -> Reading {
    let message_id = message_id.map(str::to_owned);
    Reading::Chunk(Chunk { sender, message_id, index, text: text.into(), attachments: Vec::new() })
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
    check(
        &json!({"sender": "umm", "multipleData": [{"modal": {"answer": "Hello! I'm..."}}]}),
        &chunk(None, "Hello! I'm..."),
    );
}

#[test]
fn the_sdk_s_frame_is_the_same_chunk_with_a_name() {
    let frame = json!({"type": "msg", "wsId": "ws:1", "sessionId": "s", "sender": "umm", "index": 0,
        "messageId": "AE_1", "seqId": "1", "mindId": "m", "timestamp": 1_682_328_447_557_u64, "multipleData": [text_part("Hel")]});
    check(&frame, &said(Sender::Avatar, Some("AE_1"), Some(0), "Hel"));
    assert_eq!(parsed(&frame).unwrap().identity(), Some(("1", Some("msg"), Some("AE_1"))));
}

#[test]
fn a_frame_survives_being_passed_on() {
    let frame = json!({"type": "msg", "sender": "umm", "index": 3, "messageId": "AE_1", "seqId": "9",
        "multipleData": [{"modal": {"answer": "a", "image": "https://x.example/a.png"}}]});
    let frame = parsed(&frame).unwrap();
    let unreadable = parsed(&json!({"sender": "umm", "index": 0, "multipleData": [5]})).unwrap();
    assert_eq!(Frame::from_json(unreadable.to_json()).unwrap().read(), Reading::Skipped);
    assert_eq!(Frame::from_json(frame.to_json()).unwrap().read(), frame.read());
}

#[test]
fn a_person_s_frame_says_which_person() {
    check(
        &json!({"sender": "client", "sendUserId": "de4fh", "multipleData": [{"modal": {"answer": "Hi, this is me"}}]}),
        &said(Sender::Person(Some("de4fh".into())), None, None, "Hi, this is me"),
    );
    check(&json!({"sender": "client", "multipleData": [text_part("x")]}), &said(Sender::Person(None), None, None, "x"));
}

#[test]
fn every_entry_counts() {
    check(
        &json!({"sender": "umm", "index": 1, "multipleData": [text_part("one "), {"singleDataType": "image", "modal": {"image": "x"}}, text_part("two")]}),
        &chunk(1, "one two"),
    );
}

#[test]
fn what_is_not_text_is_an_address_to_open() {
    let attachments =
        |modal: Value| match parsed(&json!({"sender": "umm", "index": 0, "multipleData": [{"modal": modal}]}))
            .unwrap()
            .read()
        {
            Reading::Chunk(chunk) => {
                chunk.attachments.into_iter().map(|found| (found.kind, found.url, found.title)).collect()
            }
            _ => Vec::new(),
        };
    let url = || "https://x.example/a".to_owned();
    assert_eq!(attachments(json!({"audio": url()})), [(AttachmentKind::Audio, url(), None)]);
    assert_eq!(attachments(json!({"speech": {"url": url()}})), [(AttachmentKind::Audio, url(), None)]);
    assert_eq!(
        attachments(json!({"image": {"src": url(), "name": "A"}})),
        [(AttachmentKind::Image, url(), Some("A".into()))]
    );
    assert_eq!(attachments(json!({"video": url()})), [(AttachmentKind::Video, url(), None)]);
    assert_eq!(
        attachments(json!({"link": {"href": url(), "title": "T"}})),
        [(AttachmentKind::Link, url(), Some("T".into()))]
    );
    assert_eq!(attachments(json!({"template": {"link": url()}})), [(AttachmentKind::Link, url(), None)]);
    assert_eq!(
        attachments(json!({"link": "javascript:alert(1)", "image": {"url": "data:x"}, "html": "<b>x</b>", "video": 5})),
        []
    );
}

#[test]
fn a_hint_is_thinking_and_never_text() {
    let hint = |inner: &str| json!({"type": "hint", "sender": "umm", "index": 0, "multipleData": [text_part(inner)]});
    let running = r#"{"hintId":"1","status":"RUNNING","text":"Looking at the shelf"}"#;
    check(&hint(running), &Reading::Thinking(Some("Looking at the shelf".into())));
    check(&hint(r#"{"hintId":"1","status":"FINISH","text":"x"}"#), &Reading::Thinking(None));
    check(&hint(r#"{"hintId":"1","status":"FAIL"}"#), &Reading::Thinking(None));
    check(&hint(r#"{"status":"RUNNING"}"#), &Reading::Thinking(None));
    check(&hint(r#"{"status":{"a":1},"text":["x"]}"#), &Reading::Skipped);
    check(&hint("not JSON"), &Reading::Skipped);
}

#[test]
fn a_code_is_a_fault_whatever_else_the_frame_says() {
    check(&json!({"type": "sys", "subCode": "session.openai.error"}), &Reading::Fault("session.openai.error".into()));
    check(
        &json!({"sender": "umm", "subCode": "umm.msg.exceedQPSLimit", "index": 0, "multipleData": [text_part("no")]}),
        &Reading::Fault("umm.msg.exceedQPSLimit".into()),
    );
    check(&json!({"sender": "umm", "subCode": "", "index": 0, "multipleData": [text_part("yes")]}), &chunk(0, "yes"));
}

#[test]
fn other_senders_and_types_are_skipped() {
    let parts = json!([text_part("no")]);
    for kind in ["sys", "recommend", "task", "notice", "ack", "ping", "cmd", "new"] {
        check(&json!({"type": kind, "sender": "umm", "index": 0, "multipleData": parts}), &Reading::Skipped);
    }
    check(&json!({"sender": "system", "index": 0, "multipleData": parts}), &Reading::Skipped);
    check(&json!({"index": 0, "multipleData": parts}), &Reading::Skipped);
    check(&json!({"sender": "umm", "index": -2, "multipleData": parts}), &Reading::Skipped);
    check(&json!({"sender": "umm"}), &Reading::Skipped);
    check(&json!({}), &Reading::Skipped);
    check(&json!({"type": "pong", "wsId": "ws:1"}), &Reading::Pong);
}

#[test]
fn a_wrong_type_loses_that_field_alone() {
    check(&json!({"sender": "umm", "index": "3", "multipleData": [text_part("x")]}), &chunk(3, "x"));
    check(&json!({"sender": "umm", "index": 3.0, "multipleData": [text_part("x")]}), &chunk(3, "x"));
    check(&json!({"sender": "umm", "index": 0, "multipleData": "text"}), &Reading::Skipped);
    check(&json!({"sender": "umm", "index": 0, "multipleData": [{"modal": {"answer": 42}}]}), &Reading::Skipped);
    check(&json!({"sender": "umm", "index": 0, "multipleData": [{"modal": "x"}]}), &Reading::Skipped);
    check(
        &json!({"sender": "umm", "index": 0, "multipleData": [{"modal": {"answer": true}}, text_part("ok")]}),
        &chunk(0, "ok"),
    );
    check(&json!({"sender": "umm", "index": 0, "multipleData": null}), &chunk(0, ""));
    check(&json!({"sender": "umm", "index": 0, "multipleData": [{"modal": {"new": 1}}]}), &chunk(0, ""));
    check(&json!({"sender": "umm", "index": 0, "multipleData": {"modal": {"answer": "x"}}}), &Reading::Skipped);
    check(
        &json!({"sender": "umm", "index": 0, "multipleData": [null, 5, "x", [1], {"modal": "x"}, {"modal": {"answer": {"a": 1}}}, text_part("ok")]}),
        &chunk(0, "ok"),
    );
    check(&json!({"sender": ["umm"], "index": 0, "multipleData": [text_part("x")]}), &Reading::Skipped);
    check(&json!({"sender": "umm", "index": true, "multipleData": [text_part("x")]}), &chunk(None, "x"));
    check(&json!({"sender": "umm", "index": 0.5, "multipleData": [text_part("x")]}), &chunk(None, "x"));
    check(&json!({"type": {"a": []}, "sender": "umm", "index": 1, "multipleData": [text_part("x")]}), &chunk(1, "x"));
    check(
        &json!({"sender": "umm", "messageId": 17, "index": 1, "multipleData": [text_part("x")]}),
        &said(Sender::Avatar, Some("17"), Some(1), "x"),
    );
}

#[test]
fn a_frame_of_a_megabyte_is_skipped() {
    check(&json!({"sender": "umm", "index": 0, "multipleData": [text_part(&"x".repeat(1 << 20))]}), &Reading::Skipped);
    check(
        &json!({"sender": "umm", "index": 0, "multipleData": [text_part(&"x".repeat(1 << 17))]}),
        &chunk(0, &"x".repeat(1 << 17)),
    );
}

#[test]
fn what_is_no_object_is_no_frame() {
    for garbage in [json!(null), json!(5), json!("text"), json!(true)] {
        check(&garbage, &Reading::Skipped);
    }
}

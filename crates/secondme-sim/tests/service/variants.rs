//! Each variant of a reply over a real socket: what arrives, and that a client which follows the rules reads the reply.

use std::{collections::BTreeMap, time::Duration};

use secondme_sim::{CommandError, Control, Script, Settings, reply_to, script};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::caller::{Caller, Socket, answer, answer_text};

/// A question with a short answer, and one whose one-frame reply says that what was before it is over.
const QUESTION: &str = "hello";
const FULL_STOP: &str = "Guten Tag";

/// Asks for a reply of these variants and returns everything that comes of it.
async fn told(caller: &Caller, variants: &[&str]) -> Vec<Message> {
    let (token, session, mut socket) = caller.conversation("web_1").await;
    caller.command(json!({ "command": "next_reply", "variants": variants })).await;
    caller.command(json!({ "command": "next_reply", "variants": ["one-frame"] })).await;
    for message in [QUESTION, FULL_STOP] {
        let (status, body) = caller.send(&token, &session, message).await;
        assert_eq!(status, 200, "{body}");
    }
    let last = reply_to(FULL_STOP, "Mira");
    let mut messages = Vec::new();
    loop {
        let message = socket.next_raw().await.unwrap();
        if frame(&message).is_some_and(|frame| frame["multipleData"][0]["modal"]["answer"] == *last) {
            return messages;
        }
        messages.push(message);
    }
}

fn frame(message: &Message) -> Option<Value> {
    serde_json::from_str(message.to_text().ok()?).ok()
}

fn frames(messages: &[Message]) -> Vec<Value> {
    messages.iter().filter_map(frame).collect()
}

/// What a careful client shows: the text of every message of the avatar, each chunk once and in its place.
fn read(messages: &[Message]) -> String {
    let mut replies: Vec<(Value, BTreeMap<i64, String>)> = Vec::new();
    let mut complete = false;
    for frame in frames(messages) {
        let is_text = frame["type"].is_null() || frame["type"] == "msg";
        let (Some(index), Some(entries)) = (frame["index"].as_i64(), frame["multipleData"].as_array()) else {
            continue;
        };
        if !is_text || frame["sender"] != "umm" {
            continue;
        }
        let text: String = entries.iter().filter_map(|entry| entry["modal"]["answer"].as_str()).collect();
        if entries.iter().any(|entry| entry["modal"].get("answer").is_some_and(|answer| !answer.is_string())) {
            continue;
        }
        let id = frame["messageId"].clone();
        // Without an id a new message begins at 0 after an end.
        let anew = id.is_null() && complete && index == 0;
        if anew || !replies.iter().any(|(known, _)| *known == id) {
            replies.push((id.clone(), BTreeMap::new()));
        }
        let place = replies.iter().rposition(|(known, _)| *known == id).unwrap();
        complete = index == -1;
        replies[place].1.entry(if index == -1 { i64::MAX } else { index }).or_default().clone_from(&text);
    }
    replies.into_iter().flat_map(|(_, chunks)| chunks.into_values()).collect()
}

#[tokio::test]
async fn a_client_that_follows_the_rules_reads_the_reply() {
    let caller = Caller::new().await;
    for variants in [
        vec![],
        vec!["ids"],
        vec!["bare", "end-text"],
        vec!["ids", "one-frame"],
        vec!["ids", "end-first"],
        vec!["messages"],
        vec!["ids", "messages"],
        vec!["ids", "entries"],
        vec!["resend"],
        vec!["ids", "resend-one"],
        vec!["ids", "swap"],
        vec!["swap"],
        vec!["ids", "gap"],
        vec!["ids", "gap-late"],
        vec!["ids", "hint=0"],
        vec!["hint-fail=0"],
        vec!["unknown-fields"],
        vec!["unknown-types"],
        vec!["ids", "wrong-types"],
        vec!["garbage"],
        vec!["huge"],
        vec!["ids", "noise"],
        vec!["echo"],
        vec!["ids", "echo-nameless"],
        vec!["audio", "image", "video", "link", "template", "html", "unsafe-link", "speech"],
        vec!["slow-start=20", "pause=20"],
    ] {
        let messages = told(&caller, &variants).await;
        assert_eq!(read(&messages), reply_to(QUESTION, "Mira"), "{variants:?}");
    }
}

#[tokio::test]
async fn frames_carry_the_ids_of_their_own_socket() {
    let caller = Caller::new().await;
    let frames = frames(&told(&caller, &["ids", "resend"]).await);
    let session = caller.control().observed().sessions[0].session_id.clone();
    for pair in frames.chunks(2) {
        assert_eq!(pair[0], pair[1], "a frame comes again as it was");
        assert_eq!((&pair[0]["type"], &pair[0]["sessionId"]), (&json!("msg"), &json!(session)));
        assert!(pair[0]["wsId"].as_str().unwrap().starts_with("ws:"));
        assert_eq!(pair[0]["messageId"], frames[0]["messageId"], "one message");
    }
    assert!(frames.windows(2).step_by(2).skip(1).all(|pair| pair[0]["seqId"] != frames[0]["seqId"]));
}

#[tokio::test]
async fn what_does_not_follow_the_rules_arrives_as_it_is() {
    let caller = Caller::new().await;
    let messages = told(&caller, &["noise"]).await;
    assert!(messages.iter().any(|message| matches!(message, Message::Binary(_))));
    assert!(messages.iter().any(|message| message.len() > 1_000_000));
    let broken = messages.iter().filter(|message| matches!(message, Message::Text(_)) && frame(message).is_none());
    assert!(broken.count() >= 3);
    for kind in ["recommend", "task", "notice", "ack", "cmd"] {
        assert!(frames(&messages).iter().any(|frame| frame["type"] == kind), "{kind}");
    }
    let missing = frames(&told(&caller, &["gap-open"]).await);
    let indexes: Vec<i64> = missing.iter().map(|frame| frame["index"].as_i64().unwrap()).collect();
    assert_eq!(indexes[..4], [0, 1, 3, 4]);
    assert_eq!(indexes.last(), Some(&-1));
}

#[tokio::test]
async fn hints_come_before_the_content_and_are_no_text() {
    let caller = Caller::new().await;
    for (variant, outcome) in [("hint=0", "FINISH"), ("hint-fail=0", "FAIL")] {
        let frames = frames(&told(&caller, &[variant]).await);
        let hints: Vec<Value> =
            frames[..2].iter().map(|frame| serde_json::from_str(answer_text(frame)).unwrap()).collect();
        assert_eq!((&hints[0]["status"], &hints[1]["status"]), (&json!("RUNNING"), &json!(outcome)));
        assert_eq!(hints[0]["hintId"], hints[1]["hintId"]);
        assert!(frames[..2].iter().all(|frame| frame["type"] == "hint" && frame["sender"] == "umm"));
        assert!(frames[2..].iter().all(|frame| frame.get("type").is_none()));
    }
}

#[tokio::test]
async fn a_reply_fails_with_each_code_before_and_in_its_middle() {
    let caller = Caller::new().await;
    for code in [
        "session.status.closed",
        "session.openai.error",
        "session.response.timeout",
        "session.message.exceedRequestLimit",
        "session.message.exceedQPSLimit",
        "service.status.unavailable",
        "umm.msg.exceedQPSLimit",
        "package.turn.exhaustion",
        "message.length.limit",
    ] {
        for (name, chunks) in [("fail", 0), ("fail-mid", 5)] {
            let frames = frames(&told(&caller, &[&format!("{name}={code}")]).await);
            assert_eq!(frames.len(), chunks + 1, "nothing after the failure");
            let last = &frames[chunks];
            assert_eq!((&last["type"], &last["subCode"]), (&json!("sys"), &json!(code)));
        }
    }
}

#[tokio::test]
async fn the_visitors_message_comes_back_with_and_without_the_id() {
    let caller = Caller::new().await;
    let echo = frames(&told(&caller, &["echo"]).await).remove(0);
    let user = caller.control().observed().sessions[0].visitor_user_id.clone();
    let data = json!([{ "modal": { "answer": QUESTION } }]);
    assert_eq!(echo, json!({ "sender": "client", "sendUserId": user, "multipleData": data }));
    let echo = frames(&told(&caller, &["echo-nameless"]).await).remove(0);
    assert_eq!(echo, json!({ "sender": "client", "multipleData": data }));
}

#[tokio::test]
async fn the_owner_takes_over_in_the_middle_of_a_reply() {
    let caller = Caller::new().await;
    let frames = frames(&told(&caller, &["takeover=2"]).await);
    let senders: Vec<&str> = frames.iter().map(|frame| frame["sender"].as_str().unwrap()).collect();
    assert_eq!(senders, ["umm", "umm", "umm", "umm", "umm", "client", "umm", "umm"]);
    assert!(frames.iter().all(|frame| frame["index"] != -1), "the avatar does not come to its end");
    let visitor = &caller.control().observed().sessions[0].visitor_user_id;
    assert!(frames[5]["sendUserId"].is_string() && frames[5]["sendUserId"] != **visitor);
    assert!(frames[5].get("index").is_none());
}

#[tokio::test]
async fn the_owner_speaks_at_any_time() {
    let caller = Caller::with(Settings { chunk_interval: Duration::from_hours(1), ..Settings::default() }).await;
    let nobody = caller.control().owner_says(None, "Hello?");
    assert_eq!(nobody, Err(CommandError::NobodyThere));
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let (_, _, mut other) = caller.conversation("web_2").await;
    caller.send(&token, &session, QUESTION).await;
    let session_id = session["sessionId"].as_str().unwrap();
    for (to, listener) in [(Some("web_1"), 1), (Some(session_id), 1), (None, 2)] {
        caller.command(json!({ "command": "owner_says", "to": to, "text": "It's me." })).await;
        let socket = if listener == 1 { &mut socket } else { &mut other };
        let frame = socket.next().await.unwrap();
        assert_eq!((&frame["sender"], answer_text(&frame)), (&json!("client"), "It's me."), "before the slow reply");
    }
    let command = json!({ "command": "owner_says", "to": "web_3", "text": "Hello?" });
    let (status, body) = answer(caller.http.post(caller.simulator.control_url()).json(&command)).await;
    assert_eq!((status.as_u16(), body["message"].as_str().unwrap().contains("open socket")), (400, true));
}

#[tokio::test]
async fn silence_is_no_reply() {
    let caller = Caller::new().await;
    assert_eq!(told(&caller, &["silence", "echo"]).await, []);
}

#[tokio::test]
async fn a_script_goes_where_no_variant_reaches() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let script = json!({ "order": { "gap": { "chunk": 0, "filled_after": 1 } }, "takeover": { "after_chunks": 1, "text": "Hi" } });
    caller.command(json!({ "command": "next_reply", "script": script, "variants": ["ids"] })).await;
    caller.send(&token, &session, QUESTION).await;
    let frames = socket.reply().await;
    assert_eq!(
        (&frames[0]["index"], &frames[1]["sender"], &frames[2]["index"]),
        (&json!(1), &json!("client"), &json!(0))
    );
    assert!(frames.iter().all(|frame| frame["seqId"].is_string()), "the avatar finishes, too");
}

#[tokio::test]
async fn a_variant_stays_until_another_is_set_and_the_next_replies_have_their_own() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let mut next_form = async |caller: &Caller| {
        caller.send(&token, &session, QUESTION).await;
        form(&mut socket).await
    };
    caller.command(json!({ "command": "set_variants", "variants": ["ids"] })).await;
    let control: &Control = caller.control();
    control.next_replies(2, Script { ending: script::Ending::OneFrame, ..Script::default() });
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(next_form(&caller).await);
    }
    assert_eq!(seen, ["one bare", "one bare", "several ids", "several ids"]);
    control.set_script(Script::default());
    assert_eq!(next_form(&caller).await, "several bare");
    control.set_script(Script { silent: true, ..Script::default() });
    control.next_replies(9, Script { silent: true, ..Script::default() });
    control.reset_faults();
    assert_eq!(next_form(&caller).await, "several bare");
}

async fn form(socket: &mut Socket) -> &'static str {
    let frames = socket.reply().await;
    match (frames.len(), frames[0].get("seqId").is_some()) {
        (1, false) => "one bare",
        (1, true) => "one ids",
        (_, false) => "several bare",
        (_, true) => "several ids",
    }
}

#[tokio::test]
async fn parts_can_be_opened_and_whoever_does_is_counted() {
    let caller = Caller::new().await;
    let messages = told(&caller, &["audio", "image", "video", "link"]).await;
    assert_eq!(caller.control().observed().media_requests, 0);
    let mut kinds = Vec::new();
    for frame in frames(&messages) {
        let entry = &frame["multipleData"][0];
        let Some(address) = entry["singleDataType"].as_str().and_then(|kind| entry["modal"][kind].as_str()) else {
            continue;
        };
        let response = caller.http.get(address).send().await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        kinds.push((response.status().as_u16(), kind));
        assert!(!response.bytes().await.unwrap().is_empty());
    }
    let expected =
        [(200, "audio/wav"), (200, "image/svg+xml"), (404, "application/json"), (200, "text/plain; charset=utf-8")];
    assert_eq!(kinds, expected.map(|(status, kind)| (status, kind.to_owned())));
    assert_eq!(caller.control().observed().media_requests, 4);
}

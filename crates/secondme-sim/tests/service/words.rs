//! The words a visitor begins a message with, and the flags of the program that do the same from the start.

use std::time::Duration;

use secondme_sim::{Script, Settings, reply_to};
use serde_json::json;

use crate::caller::{Caller, End, Socket, answer_text, eventually, ws_id};

#[tokio::test]
async fn a_word_changes_the_one_reply() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    for (message, question, frames) in [
        ("/one-frame hello", "hello", Some(1)),
        ("hello", "hello", None),
        ("/ids  /one-frame\nDo you ship?", "Do you ship?", Some(1)),
        ("/one-frame", "notebook", Some(1)),
        ("/nothing of the kind", "/nothing of the kind", None),
    ] {
        assert_eq!(caller.send(&token, &session, message).await.0, 200);
        let reply = socket.reply().await;
        let text: String = reply.iter().map(answer_text).collect();
        assert_eq!(text, reply_to(question, "Mira"), "{message}");
        assert_eq!(reply[0].get("seqId").is_some(), message.starts_with("/ids"));
        assert!(frames.is_none_or(|frames| frames == reply.len()), "{message}");
    }
    let messages = &caller.control().observed().sessions[0].messages;
    assert_eq!(messages[0], "/one-frame hello", "the words are a part of the message");
}

#[tokio::test]
async fn help_lists_them_and_a_wrong_value_is_said_to_be_wrong() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    caller.send(&token, &session, "/help").await;
    let list = socket.reply_text().await;
    for word in ["hint", "takeover", "cut", "resend", "gap", "silence", "429", "no-pong", "outage", "resume"] {
        assert!(list.contains(&format!("- `/{word}` ")), "{word}: {list}");
    }
    caller.send(&token, &session, "/pause=long hello").await;
    let reply = socket.reply_text().await;
    assert!(reply.starts_with("The variant `pause` takes a number, not `long`."), "{reply}");
}

#[tokio::test]
async fn a_message_that_is_refused_as_wished_goes_well_the_next_time() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    for (word, status, sub_code) in [
        ("429", 429, "open.api.rate.limited"),
        ("503=1", 503, "connection.error"),
        ("expired", 400, "visitor_chat.session_expired"),
        ("not-found", 400, "visitor_chat.session_not_found"),
    ] {
        let message = format!("/{word} hello");
        let (refused, body) = caller.send(&token, &session, &message).await;
        assert_eq!((refused.as_u16(), &body["subCode"]), (status, &json!(sub_code)));
        assert_eq!(caller.send(&token, &session, &message).await.0, 200);
        assert_eq!(socket.reply_text().await, reply_to("hello", "Mira"));
        assert_eq!(caller.send(&token, &session, &message).await.0.as_u16(), status, "and then it goes wrong again");
        assert_eq!(caller.send(&token, &session, &message).await.0, 200);
        socket.reply().await;
    }
    assert_eq!(caller.control().observed().sessions[0].messages.len(), 8);
}

#[tokio::test]
async fn an_answer_is_spoilt_as_wished() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let url = caller.url("/api/secondme/visitor-chat/send");
    for word in ["no-answer", "cut-answer", "late-answer=60000"] {
        let message = format!("/{word} hello");
        let body = json!({ "sessionId": session["sessionId"], "apiKey": caller.api_key(), "message": message });
        let request = caller.http.post(&url).bearer_auth(&token).json(&body);
        let outcome = request.timeout(Duration::from_millis(400)).send().await;
        assert_eq!(outcome.unwrap_err().is_timeout(), word != "cut-answer");
        assert_eq!(socket.reply_text().await, reply_to("hello", "Mira"));
    }
    assert_eq!(caller.send(&token, &session, "/late-answer=10 hello").await.0, 200);
}

#[tokio::test]
async fn connections_break_as_wished() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    caller.send(&token, &session, "/resume=1 hello").await;
    let mut text = answer_text(&socket.next().await.unwrap()).to_owned();
    assert_eq!(socket.next().await, Err(End::Cut));
    eventually("the end of the socket", || caller.control().observed().sockets_open == 0).await;
    let mut socket = Socket::open(&caller.init(&token, "web_1").await).await;
    text += &socket.reply_text().await;
    assert_eq!(text, reply_to("hello", "Mira"));

    caller.send(&token, &session, "/outage=1 hello").await;
    while socket.next().await.is_ok() {}
    assert_eq!(caller.post("init", &token, &json!({})).await.0, 503);
    let session = caller.init(&token, "web_1").await;
    let mut socket = Socket::open(&session).await;

    caller.send(&token, &session, "/refuse-socket=1 hello").await;
    while socket.next().await.is_ok() {}
    let session = caller.init(&token, "web_1").await;
    let url = session["wsUrl"].as_str().unwrap();
    assert!(tokio_tungstenite::connect_async(url).await.is_err());
    let mut socket = Socket::open(&session).await;

    let ping = json!({ "type": "ping", "wsId": ws_id(&session) }).to_string();
    for (word, pings, answered) in [("no-pong", 1, false), ("pong", 2, true)] {
        caller.send(&token, &session, &format!("/{word} /one-frame hello")).await;
        socket.reply().await;
        socket.say(&ping).await;
        eventually("the ping", || caller.control().observed().pings == pings).await;
        caller.send(&token, &session, "/one-frame hello").await;
        let first = socket.next().await.unwrap();
        if answered {
            let both = [first, socket.next().await.unwrap()];
            assert!(both.iter().any(|frame| frame["type"] == "pong"));
        } else {
            assert_eq!(first["index"], -1, "the reply, and no pong before it");
        }
    }
}

#[tokio::test]
async fn settings_say_how_replies_are_told_and_words_go_on_top() {
    let script = Script::default().with(&["ids".parse().unwrap()]);
    let caller = Caller::with(Settings { script, chunk_interval: Duration::ZERO, ..Settings::default() }).await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    for (message, with_ids) in [("hello", true), ("/bare hello", false), ("hello", true)] {
        caller.send(&token, &session, message).await;
        assert_eq!(socket.reply().await[0].get("seqId").is_some(), with_ids, "{message}");
    }
    caller.control().set_script(Script::default());
    caller.control().reset_faults();
    caller.send(&token, &session, "hello").await;
    assert!(socket.reply().await[0]["seqId"].is_string(), "as at the start");
}

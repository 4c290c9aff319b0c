//! Sockets that are refused, that break and that fall silent, and replies that go on over the next one.

use std::time::Duration;

use secondme_sim::reply_to;
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite::Error};

use crate::caller::{Caller, End, Socket, answer_text, eventually, ws_id};

/// Reads the reply's text until its end, or the socket's.
async fn read(socket: &mut Socket) -> (String, Option<End>) {
    let mut text = String::new();
    loop {
        match socket.next().await {
            Ok(frame) => {
                text.push_str(answer_text(&frame));
                if frame["index"] == -1 {
                    return (text, None);
                }
            }
            Err(end) => return (text, Some(end)),
        }
    }
}

#[tokio::test]
async fn heartbeats_can_stay_unanswered() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let ping = json!({ "type": "ping", "wsId": ws_id(&session) }).to_string();
    caller.command(json!({ "command": "answer_heartbeats", "on": false })).await;
    socket.say(&ping).await;
    eventually("the ping", || caller.control().observed().pings == 1).await;
    caller.send(&token, &session, "hello").await;
    assert_eq!(socket.next().await.unwrap()["index"], 0, "replies come all the same, and before them nothing");
    socket.reply().await;
    caller.command(json!({ "command": "answer_heartbeats", "on": true })).await;
    socket.say(&ping).await;
    assert_eq!(socket.next().await.unwrap()["type"], "pong");
}

#[tokio::test]
async fn a_refused_socket_keeps_its_ticket() {
    let caller = Caller::new().await;
    let session = caller.init(&caller.token().await, "web_1").await;
    caller.command(json!({ "command": "refuse_sockets", "count": 2, "status": 503 })).await;
    for _ in 0..2 {
        match connect_async(session["wsUrl"].as_str().unwrap()).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 503),
            other => panic!("not refused: {other:?}"),
        }
    }
    Socket::open(&session).await;
}

#[tokio::test]
async fn sockets_break_when_they_are_told_to() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    caller.command(json!({ "command": "cut_next_sockets", "ms": 20 })).await;
    let mut short_lived = Socket::open(&caller.init(&token, "web_1").await).await;
    assert_eq!(short_lived.next().await, Err(End::Cut));

    let mut open = Socket::open(&caller.init(&token, "web_1").await).await;
    let mut other = Socket::open(&caller.init(&token, "web_2").await).await;
    caller.command(json!({ "command": "cut_sockets", "ms": 0 })).await;
    assert_eq!((open.next().await, other.next().await), (Err(End::Cut), Err(End::Cut)));
    eventually("the end of the sockets", || caller.control().observed().sockets_open == 0).await;
}

#[tokio::test]
async fn a_reply_goes_on_over_the_next_socket_if_it_may() {
    let caller = Caller::new().await;
    let whole = reply_to("hello", "Mira");
    for (variants, resumes) in [(vec!["cut"], false), (vec!["cut", "resume-replies", "ids"], true)] {
        let (token, session, mut socket) = caller.conversation("web_1").await;
        caller.command(json!({ "command": "next_reply", "variants": variants })).await;
        caller.send(&token, &session, "hello").await;
        let (begin, end) = read(&mut socket).await;
        assert_eq!(end, Some(End::Cut));
        assert!(whole.starts_with(&begin) && begin.len() < whole.len());
        eventually("the end of the socket", || caller.control().observed().sockets_open == 0).await;

        let other = Socket::open(&caller.init(&token, "web_2").await).await;
        let again = caller.init(&token, "web_1").await;
        let mut next = Socket::open(&again).await;
        if resumes {
            let rest = next.reply().await;
            let text: String = rest.iter().map(answer_text).collect();
            assert_eq!(begin + &text, whole);
            assert!(rest.iter().all(|frame| frame["wsId"] == *ws_id(&again)), "for the new socket");
            assert_eq!(rest[0]["index"], 5);
        } else {
            caller.send(&token, &session, "shipping").await;
            assert_eq!(read(&mut next).await, (reply_to("shipping", "Mira"), None), "the rest is lost");
        }
        drop((next, other));
        eventually("the end of the sockets", || caller.control().observed().sockets_open == 0).await;
    }
}

#[tokio::test]
async fn it_goes_on_whatever_the_socket_was_lost_by() {
    for command in [json!({ "command": "cut_sockets" }), json!({ "command": "close_sockets" }), Value::Null] {
        let caller = Caller::new().await;
        let (token, session, mut socket) = caller.conversation("web_1").await;
        // The reply is held up in its middle for longer than the test lives, unless it goes on elsewhere.
        caller.command(json!({ "command": "set_variants", "variants": ["resume-replies"] })).await;
        caller.control().set_chunk_interval(Duration::from_secs(3_600));
        caller.send(&token, &session, "hello").await;
        if command.is_null() {
            socket.0.close(None).await.unwrap();
        } else {
            caller.command(command).await;
            assert!(socket.next().await.is_err());
        }
        eventually("the end of the socket", || caller.control().observed().sockets_open == 0).await;
        caller.control().set_chunk_interval(Duration::ZERO);
        let mut next = Socket::open(&caller.init(&token, "web_1").await).await;
        assert_eq!(read(&mut next).await, (reply_to("hello", "Mira"), None));
    }
}

//! The WebSocket: who is let in, the heartbeat, and what it bears.

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::caller::{Caller, Socket, answer, eventually, ws_id};

/// Asks for a socket that must not be opened.
async fn check_refused(url: &str, status: u16) {
    match connect_async(url).await {
        Err(Error::Http(response)) => assert_eq!(response.status().as_u16(), status, "{url}"),
        other => panic!("{url} was not refused over HTTP: {other:?}"),
    }
}

#[tokio::test]
async fn only_an_unused_ticket_opens_a_socket() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    let session = caller.init(&token, "web_1").await;
    let other = caller.init(&token, "web_2").await;
    let url = session["wsUrl"].as_str().unwrap();
    let (ours, foreign) = (auth_body(url), auth_body(other["wsUrl"].as_str().unwrap()));

    check_refused(&url.replace(ours, foreign), 403).await;
    check_refused(&url.replace(ours, ""), 403).await;
    check_refused(&url.replace("ws%3A", "ws%3A0"), 401).await;
    check_refused(&format!("ws://{}/os/ws", caller.simulator.address()), 401).await;
    let plain = url.replace("ws://", "http://");
    assert_eq!(answer(caller.http.get(&plain)).await.0, 400, "not a WebSocket");

    let mut socket = Socket::open(&session).await;
    check_refused(url, 403).await;
    socket.0.close(None).await.unwrap();
    eventually("the end of the socket", || caller.control().observed().sockets_open == 0).await;
    check_refused(url, 403).await;
    assert_eq!(caller.control().observed().sockets_opened, 1);
}

fn auth_body(url: &str) -> &str {
    url.split_once("authBody=").unwrap().1
}

#[tokio::test]
async fn a_page_of_any_origin_may_connect() {
    let caller = Caller::new().await;
    let session = caller.init(&caller.token().await, "web_1").await;
    let mut request = session["wsUrl"].as_str().unwrap().into_client_request().unwrap();
    request.headers_mut().insert("Origin", HeaderValue::from_static("https://shop.example"));
    connect_async(request).await.unwrap();
}

#[tokio::test]
async fn a_ping_is_answered_and_anything_else_ignored() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let ws_id = ws_id(&session);
    assert!(ws_id.starts_with("ws:"), "{ws_id}");

    for garbage in ["", "{", "null", "[1]", r#"{"type":"ping"}"#, r#"{"type":"ping","wsId":"ws:other"}"#] {
        socket.say(garbage).await;
    }
    socket.say(&"x".repeat(3_000_000)).await;
    socket.0.send(Message::binary(vec![0; 3_000_000])).await.unwrap();
    socket.say(&json!({ "type": "ping", "wsId": ws_id }).to_string()).await;
    assert_eq!(socket.next().await, Ok(json!({ "type": "pong", "wsId": ws_id })), "the first answer is the pong");
    let observed = caller.control().observed();
    assert_eq!((observed.pings, observed.frames_ignored), (1, 8));

    caller.send(&token, &session, "hello").await;
    assert!(socket.reply().await.len() > 5, "the socket still works");
}

#[tokio::test]
async fn a_reply_without_a_socket_is_lost_and_counted() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    socket.0.close(None).await.unwrap();
    eventually("the end of the socket", || caller.control().observed().sockets_open == 0).await;
    assert_eq!(caller.send(&token, &session, "lost").await.0, 200);
    assert_eq!(caller.control().observed().replies_without_socket, 1);

    let mut again = Socket::open(&caller.init(&token, "web_1").await).await;
    caller.send(&token, &session, "hello").await;
    let frames = again.reply().await;
    assert_eq!(frames[0]["index"], 0, "the lost reply does not come later");
    assert_eq!(caller.control().observed().replies_without_socket, 1);
}

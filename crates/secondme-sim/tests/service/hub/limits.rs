//! The notes of the document: 60 requests a minute for each key, and the heartbeat.

use std::time::{Duration, Instant};

use secondme_sim::{Settings, reply_to};
use serde_json::json;
use tokio::time;

use super::{CHAT_INIT, OTHER, VISITOR, check_refused, quick};
use crate::caller::{Caller, End, eventually};

#[tokio::test]
async fn rate_limited_are_requests_beyond_60_a_minute_of_a_key() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    for _ in 1..60 {
        visitor.chat_init().await;
    }
    let body = visitor.chat_init_body();
    check_refused(&visitor.post(CHAT_INIT, &body).await, 429, "open.api.rate.limited", "the 61st");
    let auth = caller.auth(caller.api_key(), &json!({ "visitorId": OTHER })).await;
    check_refused(&auth, 429, "open.api.rate.limited", "another visitor of the same key");
    assert_eq!(caller.control().observed().hub.rate_limited, 2);

    caller.command(json!({ "command": "add_avatar", "api_key": "sk-second", "avatar_name": "Noor" })).await;
    caller.hub_visitor_of("sk-second", VISITOR).await.chat_init().await;
}

/// Visitor Chat's document has no such limit.
#[tokio::test]
async fn the_limit_counts_every_endpoint_of_the_avatar_hub_and_no_other() {
    let caller = Caller::with(Settings { rate_limit: 7, ..quick() }).await;
    let (token, session, mut chat) = caller.conversation("web_1").await;
    for _ in 0..10 {
        caller.send(&token, &session, "hello").await;
        chat.reply().await;
    }
    // Six steps, of which `auth` is one, and a message.
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    conversation.ask("hello").await;
    check_refused(&conversation.send("hello").await, 429, "open.api.rate.limited", "the eighth");
    assert_eq!(caller.newest_session().messages, ["hello"]);
}

#[tokio::test]
async fn requests_without_a_good_key_or_token_count_for_nobody() {
    let caller = Caller::with(Settings { rate_limit: 1, ..quick() }).await;
    for _ in 0..3 {
        let answer = caller.auth("sk-unknown", &json!({ "visitorId": VISITOR })).await;
        check_refused(&answer, 401, "open.api.key.not.found", "auth");
    }
    caller.hub_visitor(VISITOR).await;
}

#[tokio::test]
async fn a_socket_without_a_heartbeat_is_dropped() {
    let caller = Caller::with(Settings { silence_limit: Duration::from_millis(20), ..quick() }).await;
    let (_, _, _chat) = caller.conversation("web_1").await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    assert_eq!(conversation.socket.next().await, Err(End::Cut));
    eventually("the end of one socket", || caller.control().observed().sockets_open == 1).await;
    assert_eq!(Settings::default().silence_limit, Duration::from_secs(30));
}

/// The limit is long enough for a busy machine to be in time, and short enough to be waited for.
#[tokio::test]
async fn a_socket_with_a_heartbeat_lives_on() {
    let limit = Duration::from_millis(1500);
    let caller = Caller::with(Settings { silence_limit: limit, ..quick() }).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let ping = json!({ "type": "ping", "wsId": conversation.ws_id }).to_string();
    let start = Instant::now();
    while start.elapsed() < limit + limit / 3 {
        conversation.socket.say(&ping).await;
        assert_eq!(conversation.socket.next().await.unwrap()["type"], "pong");
        time::sleep(limit / 30).await;
    }
    assert_eq!(conversation.ask("hello").await, reply_to("hello", "Mira"));
}

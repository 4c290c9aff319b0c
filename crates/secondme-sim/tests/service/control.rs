//! The test instrument: each command, over HTTP and as a method.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use secondme_sim::{AvatarAddition, Command, Control, Observed, TokenRefusal, reply_to};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, End, Socket, answer, answer_text, eventually, ws_id};

impl Caller {
    /// Gives a command over HTTP, where it must succeed.
    pub(crate) async fn command(&self, command: Value) -> Observed {
        let (status, body) = answer(self.http.post(self.simulator.control_url()).json(&command)).await;
        assert_eq!(status, 200, "{command}: {body}");
        serde_json::from_value(body).unwrap()
    }
}

fn check((status, body): &Answer, expected: u16, sub_code: &str) {
    assert_eq!((status.as_u16(), body["subCode"].as_str().unwrap_or_default()), (expected, sub_code), "{body}");
}

#[tokio::test]
async fn expired_tokens_are_refused_and_a_new_one_goes_on_with_the_session() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    caller.command(json!({ "command": "expire_tokens" })).await;
    check(&caller.send(&token, &session, "hello").await, 401, "oauth2.token.expired");
    check(&caller.post("init", &token, &json!({})).await, 401, "oauth2.token.expired");
    let token = caller.token().await;
    check(&caller.send(&token, &session, "hello").await, 200, "");
    assert_eq!(socket.reply_text().await, reply_to("hello", "Mira"));
}

#[tokio::test]
async fn expired_sessions_come_back_with_init() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    caller.command(json!({ "command": "expire_sessions" })).await;
    check(&caller.send(&token, &session, "hello").await, 400, "visitor_chat.session_expired");
    let again = caller.init(&token, "web_1").await;
    assert_eq!(again["sessionId"], session["sessionId"]);
    check(&caller.send(&token, &session, "hello").await, 200, "");
    assert_eq!(socket.reply_text().await, reply_to("hello", "Mira"), "the socket stayed open");
}

#[tokio::test]
async fn forgotten_sessions_begin_anew() {
    let caller = Caller::new().await;
    let (token, session, _socket) = caller.conversation("web_1").await;
    let observed = caller.command(json!({ "command": "forget_sessions" })).await;
    assert!(observed.sessions.is_empty());
    check(&caller.send(&token, &session, "hello").await, 400, "visitor_chat.session_not_found");
    assert_ne!(caller.init(&token, "web_1").await["sessionId"], session["sessionId"]);
}

#[tokio::test]
async fn closed_sockets_get_a_close_frame_and_nothing_else() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let observed = caller.command(json!({ "command": "close_sockets" })).await;
    assert_eq!((observed.sockets_open, observed.sockets_opened), (0, 1));
    check(&caller.send(&token, &session, "lost").await, 200, "");
    assert_eq!(socket.next().await, Err(End::Closed(1001)));
    assert_eq!(caller.control().observed().replies_without_socket, 1);
}

#[tokio::test]
async fn the_next_requests_fail_and_then_no_more() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    for (status, sub_code) in [
        (500, "internal.error"),
        (503, "connection.error"),
        (429, "open.api.rate.limited"),
        (401, "oauth2.token.invalid"),
    ] {
        caller.command(json!({ "command": "fail_next", "count": 3, "status": status })).await;
        check(&caller.request_token(&[]).await, status, sub_code);
        check(&caller.post("init", &token, &json!({})).await, status, sub_code);
        check(&caller.send(&token, &session, "failed").await, status, sub_code);
        check(&caller.send(&token, &session, "hello").await, 200, "");
        socket.reply().await;
    }
    assert_eq!(caller.control().observed().sessions[0].messages, ["hello"; 4]);
    assert_eq!(caller.control().observed().token_requests, 5, "failures count, too");
}

#[tokio::test]
async fn a_caller_who_hangs_up_before_the_delay_is_over_has_changed_nothing() {
    let caller = Caller::new().await;
    let (token, session, _socket) = caller.conversation("web_1").await;
    caller.command(json!({ "command": "delay_answers", "ms": 60_000 })).await;
    let url = caller.url("/api/secondme/visitor-chat/send");
    let body = json!({ "sessionId": session["sessionId"], "apiKey": caller.api_key(), "message": "impatient" });
    let request = caller.http.post(url).bearer_auth(&token).json(&body).timeout(Duration::from_millis(200));
    assert!(request.send().await.unwrap_err().is_timeout());
    eventually("the request", || caller.control().observed().send_requests == 1).await;
    caller.control().reset_faults();
    check(&caller.send(&token, &session, "hello").await, 200, "");
    assert_eq!(caller.control().observed().sessions[0].messages, ["hello"]);
}

#[tokio::test]
async fn the_chunk_rate_can_be_set() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    caller.command(json!({ "command": "set_chunk_interval", "ms": 3_600_000 })).await;
    check(&caller.send(&token, &session, "hello").await, 200, "");
    let ping = json!({ "type": "ping", "wsId": ws_id(&session) });
    socket.say(&ping.to_string()).await;
    assert_eq!(socket.next().await.unwrap()["type"], "pong", "the heartbeat overtakes a slow reply");

    caller.command(json!({ "command": "set_chunk_interval", "ms": 0 })).await;
    let mut socket = Socket::open(&caller.init(&token, "web_1").await).await;
    check(&caller.send(&token, &session, "long").await, 200, "");
    assert_eq!(socket.reply_text().await, reply_to("long", "Mira"));
}

#[tokio::test]
async fn a_reply_can_be_cut_off() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    for after_chunks in [3, 0, 100_000] {
        caller.command(json!({ "command": "close_mid_reply", "after_chunks": after_chunks })).await;
        check(&caller.send(&token, &session, "hello").await, 200, "");
        let mut text = String::new();
        let mut frames = 0;
        let end = loop {
            match socket.next().await {
                Ok(frame) => text.push_str(answer_text(&frame)),
                Err(end) => break end,
            }
            frames += 1;
        };
        assert_eq!(end, End::Cut, "no close frame");
        let whole = reply_to("hello", "Mira");
        if after_chunks > 3 {
            assert_eq!(text, whole, "all of the text, but never the end");
        } else {
            assert_eq!(frames, after_chunks);
            assert!(whole.starts_with(&text));
        }
        socket = Socket::open(&caller.init(&token, "web_1").await).await;
    }
    caller.send(&token, &session, "hello").await;
    assert_eq!(socket.reply_text().await, reply_to("hello", "Mira"), "the next reply is whole");
}

#[tokio::test]
async fn a_refused_token_can_answer_a_bare_detail() {
    let caller = Caller::new().await;
    caller.command(json!({ "command": "set_token_refusal", "shape": "detail" })).await;
    let (status, body) = caller.post("init", "lba_at_made_up", &json!({})).await;
    assert_eq!((status.as_u16(), &body), (401, &json!({ "detail": "The access token is not valid." })));
    caller.command(json!({ "command": "set_token_refusal", "shape": "envelope" })).await;
    check(&caller.post("init", "lba_at_made_up", &json!({})).await, 401, "oauth2.token.invalid");
}

#[tokio::test]
async fn an_owner_who_is_gone_is_not_found() {
    let caller = Caller::new().await;
    let (token, session, _socket) = caller.conversation("web_1").await;
    let init = json!({ "apiKey": caller.api_key(), "visitorId": "web_1" });
    caller.command(json!({ "command": "set_owner_gone", "gone": true })).await;
    check(&caller.post("init", &token, &init).await, 404, "open.api.user.not.found");
    check(&caller.send(&token, &session, "hello").await, 404, "open.api.user.not.found");
    caller.command(json!({ "command": "set_owner_gone", "gone": false })).await;
    check(&caller.post("init", &token, &init).await, 200, "");
}

#[tokio::test]
async fn another_avatar_has_sessions_of_its_own() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    let session = caller.init(&token, "web_1").await;
    caller.command(json!({ "command": "add_avatar", "api_key": "sk-second", "avatar_name": "Noor" })).await;
    let (_, body) = caller.post("init", &token, &json!({ "apiKey": "sk-second", "visitorId": "web_1" })).await;
    assert_eq!((&body["data"]["avatarName"], &body["data"]["opening"]), (&json!("Noor"), &json!(null)));
    assert_ne!(body["data"]["sessionId"], session["sessionId"], "the key is a part of who the session belongs to");
    let crossed = json!({ "sessionId": session["sessionId"], "apiKey": "sk-second", "message": "hello" });
    check(&caller.post("send", &token, &crossed).await, 400, "visitor_chat.session_not_found");
}

#[tokio::test]
async fn reset_ends_every_fault() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let control: Control = caller.control().clone();
    control.fail_next(100, 500);
    control.delay_answers(Duration::from_mins(10));
    control.close_mid_reply(0);
    control.set_token_refusal(TokenRefusal::Detail);
    control.set_owner_gone(true);
    caller.command(json!({ "command": "reset_faults" })).await;
    check(&caller.send(&token, &session, "hello").await, 200, "");
    assert_eq!(socket.reply_text().await, reply_to("hello", "Mira"));
    check(&caller.send("lba_at_made_up", &session, "hello").await, 401, "oauth2.token.invalid");
}

#[tokio::test]
async fn what_is_no_command_is_refused_with_a_sentence() {
    let caller = Caller::new().await;
    let url = caller.simulator.control_url();
    for (command, expected) in [
        (json!({ "command": "explode" }), "unknown variant `explode`, expected one of `expire_tokens`"),
        (json!({}), "missing field `command`"),
        (json!({ "command": "fail_next", "count": 1 }), "missing field `status`"),
        (json!({ "command": "fail_next", "count": 1, "status": 200 }), "400 to 599, not 200."),
        (json!({ "command": "delay_answers", "seconds": 1, "ms": 1 }), "unknown field `seconds`"),
        (json!({ "command": "close_mid_reply", "after_chunks": -1 }), "invalid value"),
        (json!({ "command": "add_avatar", "api_key": "sk-2", "avatarName": "Noor" }), "unknown field `avatarName`"),
    ] {
        let (status, body) = answer(caller.http.post(&url).json(&command)).await;
        assert_eq!(status, 400, "{command}");
        let message = body["message"].as_str().unwrap();
        assert!(message.contains(expected), "{command}: {message}");
    }
    let plain = caller.http.post(&url).header(CONTENT_TYPE, "text/plain").body(r#"{"command":"expire_tokens"}"#);
    assert_eq!(answer(plain).await.0, 415);
}

#[tokio::test]
async fn the_http_view_is_the_same_as_the_methods() {
    let caller = Caller::new().await;
    let (token, session, _socket) = caller.conversation("web_1").await;
    caller.send(&token, &session, "hello").await;
    let (status, body) = answer(caller.http.get(caller.simulator.control_url())).await;
    assert_eq!(status, 200);
    assert_eq!(body, serde_json::to_value(caller.control().observed()).unwrap());
    assert_eq!(body["sessions"][0]["messages"], json!(["hello"]));
    assert_eq!(body["app_tokens_issued"], json!([token]));

    let addition = AvatarAddition { api_key: "sk-2".into(), avatar_name: "Noor".into(), ..AvatarAddition::default() };
    caller.control().apply(Command::AddAvatar(addition)).unwrap();
    let (status, _) = caller.post("init", &token, &json!({ "apiKey": "sk-2", "visitorId": "web_1" })).await;
    assert_eq!(status, 200);
    assert!(caller.control().apply(Command::FailNext { count: 1, status: 302 }).is_err());
}

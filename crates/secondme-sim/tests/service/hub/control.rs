//! The test instrument over the Avatar Hub: faults, variants and words do there what they do on Visitor Chat.

use std::time::Duration;

use secondme_sim::{AnswerFault, CommandError, Endpoint, Operation, PlannedRefusal, reply_to};
use serde_json::{Value, json};
use tokio::time;

use super::{CHAT_INIT, Conversation, MESSAGE_SEND, VISITOR, WS_CREATE, check_refused, quick};
use crate::caller::{Answer, Caller, End, Socket, answer_text, eventually};

const BUSY: PlannedRefusal = PlannedRefusal { status: 503, sub_code: None, retry_after: None };

async fn begun(caller: &Caller) -> Conversation<'_> {
    caller.hub_visitor(VISITOR).await.converse().await
}

async fn try_auth(caller: &Caller) -> Answer {
    caller.auth(caller.api_key(), &json!({ "visitorId": VISITOR })).await
}

#[tokio::test]
async fn a_refused_token_is_a_refused_auth() {
    let caller = Caller::with(quick()).await;
    caller.control().refuse_next(Operation::Token, 1, BUSY);
    check_refused(&try_auth(&caller).await, 503, "connection.error", "auth");
    assert_eq!(try_auth(&caller).await.0, 200);
}

#[tokio::test]
async fn a_refused_init_is_the_next_auth_or_ws_create() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    caller.control().refuse_next(Operation::Init, 2, BUSY);
    visitor.chat_init().await;
    visitor.create_session().await;
    check_refused(&try_auth(&caller).await, 503, "connection.error", "auth");
    check_refused(&visitor.post(WS_CREATE, &visitor.ws_body()).await, 503, "connection.error", "ws/create");
    visitor.create_ws().await;
}

#[tokio::test]
async fn a_refused_send_is_a_refused_message() {
    let caller = Caller::with(quick()).await;
    let mut conversation = begun(&caller).await;
    let command = json!({ "command": "refuse_next", "operation": "send", "status": 429, "retry_after": 7 });
    caller.command(command).await;
    check_refused(&conversation.send("hello").await, 429, "open.api.rate.limited", "send");
    assert_eq!(conversation.ask("hello").await, reply_to("hello", "Mira"));
    assert_eq!(caller.newest_session().messages, ["hello"]);
}

#[tokio::test]
async fn any_next_request_can_fail() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    caller.control().fail_next(2, 500);
    check_refused(&visitor.post(CHAT_INIT, &visitor.chat_init_body()).await, 500, "internal.error", "chat/init");
    check_refused(&try_auth(&caller).await, 500, "internal.error", "auth");
    visitor.chat_init().await;
}

#[tokio::test]
async fn an_answer_is_spoilt_and_the_reply_comes() {
    let caller = Caller::with(quick()).await;
    let mut conversation = begun(&caller).await;
    caller.control().spoil_answers(1, AnswerFault::Cut);
    let request = conversation.visitor.request(reqwest::Method::POST, MESSAGE_SEND);
    let request = request.header("token", conversation.visitor.id("visitorToken")).header("Fp", VISITOR);
    assert!(request.json(&conversation.message("hello")).send().await.is_err());
    assert_eq!(conversation.socket.reply_text().await, reply_to("hello", "Mira"));
}

#[tokio::test]
async fn sessions_that_expired_or_were_forgotten_are_closed_until_there_is_another() {
    let caller = Caller::with(quick()).await;
    for command in ["expire_sessions", "forget_sessions"] {
        let mut conversation = begun(&caller).await;
        caller.command(json!({ "command": command })).await;
        check_refused(&conversation.send("hello").await, 400, "session.status.closed", command);
        conversation.session_id = conversation.visitor.create_session().await;
        assert_eq!(conversation.ask("hello").await, reply_to("hello", "Mira"), "over the same socket");
    }
}

#[tokio::test]
async fn words_and_variants_work_and_expired_has_the_hubs_code() {
    let caller = Caller::with(quick()).await;
    let mut conversation = begun(&caller).await;
    for word in ["/expired hello", "/not-found hello"] {
        check_refused(&conversation.send(word).await, 400, "session.status.closed", word);
        assert_eq!(conversation.ask(word).await, reply_to("hello", "Mira"), "the second time it goes well");
    }
    conversation.send("/one-frame /ids hello").await;
    let frame = conversation.socket.next().await.unwrap();
    assert_eq!((answer_text(&frame), frame["index"].as_i64()), (reply_to("hello", "Mira").as_str(), Some(-1)));
    assert_eq!((&frame["wsId"], &frame["mindId"]), (&json!(conversation.ws_id), &json!(conversation.mind_id)));
}

#[tokio::test]
async fn an_echo_has_the_visitors_own_send_user_id() {
    let caller = Caller::with(quick()).await;
    let mut conversation = begun(&caller).await;
    conversation.send("/echo hello").await;
    let echo = conversation.socket.next().await.unwrap();
    assert_eq!(
        (&echo["sender"], &echo["sendUserId"]),
        (&json!("client"), &conversation.visitor.identity["visitorUserId"])
    );
    assert_eq!(answer_text(&echo), "/echo hello");
}

#[tokio::test]
async fn a_takeover_has_the_owners_send_user_id() {
    let caller = Caller::with(quick()).await;
    let mut conversation = begun(&caller).await;
    caller.control().owner_says(Some(VISITOR), "Hi, this is the real me.").unwrap();
    let expected = json!({
        "sender": "client",
        "sendUserId": conversation.visitor.identity["ownerUserId"],
        "multipleData": [{ "modal": { "answer": "Hi, this is the real me." } }],
    });
    assert_eq!(conversation.socket.next().await, Ok(expected));
    conversation.send("/takeover=0 hello").await;
    let frames: Vec<Value> =
        [conversation.socket.next().await.unwrap(), conversation.socket.next().await.unwrap()].into();
    assert!(frames.iter().all(|frame| frame["sender"] == "umm"));
}

#[tokio::test]
async fn a_reply_goes_on_over_the_visitors_next_socket() {
    let caller = Caller::with(quick()).await;
    let mut conversation = begun(&caller).await;
    conversation.send("/resume=1 hello").await;
    let mut text = answer_text(&conversation.socket.next().await.unwrap()).to_owned();
    assert_eq!(conversation.socket.next().await, Err(End::Cut));
    eventually("the end of the socket", || caller.control().observed().sockets_open == 0).await;
    let ws = conversation.visitor.create_ws().await;
    text += &Socket::connect(ws["address"].as_str().unwrap()).await.reply_text().await;
    assert_eq!(text, reply_to("hello", "Mira"));
}

/// Only the endpoint that is named waits. Nothing here measures time: the slow one would take longer than any test.
#[tokio::test]
async fn one_endpoint_is_slow_and_the_others_are_not() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    caller.command(json!({ "command": "delay", "endpoint": "chat_init", "ms": 3_600_000 })).await;
    let body = visitor.chat_init_body();
    let slow = visitor.post(CHAT_INIT, &body);
    let others = async {
        visitor.create_session().await;
        visitor.create_ws().await;
        visitor.public().await;
    };
    tokio::select! {
        _ = slow => panic!("the slow one was answered"),
        () = others => {}
    }
    caller.control().delay(Endpoint::ChatInit, Duration::ZERO);
    visitor.chat_init().await;
    caller.control().delay(Endpoint::Auth, Duration::from_hours(1));
    let auth = time::timeout(Duration::from_millis(100), try_auth(&caller)).await;
    assert!(auth.is_err());
    caller.control().reset_faults();
    assert_eq!(try_auth(&caller).await.0, 200);
}

#[tokio::test]
async fn a_key_that_is_nobodys_cannot_be_disabled_nor_its_avatar_removed() {
    let caller = Caller::with(quick()).await;
    assert_eq!(caller.control().disable_key("sk-unknown"), Err(CommandError::NoSuchKey));
    assert_eq!(caller.control().remove_avatar("sk-unknown"), Err(CommandError::NoSuchKey));
}

#[tokio::test]
async fn visitor_chat_finds_neither_a_disabled_key_nor_a_removed_avatar() {
    let caller = Caller::with(quick()).await;
    let token = caller.token().await;
    let init = json!({ "apiKey": caller.api_key(), "visitorId": "web_1" });
    for command in ["disable_key", "remove_avatar"] {
        caller.command(json!({ "command": command, "api_key": caller.api_key() })).await;
        check_refused(&caller.post("init", &token, &init).await, 401, "open.api.key.not.found", "init");
    }
}

#[tokio::test]
async fn a_session_of_one_api_is_unknown_to_the_other() {
    let caller = Caller::with(quick()).await;
    let conversation = begun(&caller).await;
    let (token, session, _socket) = caller.conversation("web_1").await;
    let crossed = json!({ "sessionId": conversation.session_id });
    check_refused(&caller.send(&token, &crossed, "hello").await, 400, "visitor_chat.session_not_found", "send");
    let mut body = conversation.message("hello");
    body["sessionId"] = session["sessionId"].clone();
    check_refused(&conversation.visitor.post(MESSAGE_SEND, &body).await, 400, "session.status.closed", "message/send");
}

//! What may become of requests: refused, answered late, never answered, cut off, while the message is taken all the same.

use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use secondme_sim::{AnswerFault, Operation, PlannedRefusal, reply_to};
use serde_json::{Value, json};

use crate::caller::{Caller, Socket};

impl Caller {
    /// A send whose answer may stay away.
    async fn try_send(&self, token: &str, session: &Value, patience: Duration) -> reqwest::Result<reqwest::Response> {
        let url = self.url("/api/secondme/visitor-chat/send");
        let body = json!({ "sessionId": session["sessionId"], "apiKey": self.api_key(), "message": "hello" });
        self.http.post(url).bearer_auth(token).json(&body).timeout(patience).send().await
    }
}

const PATIENT: Duration = Duration::from_secs(10);

async fn check_reply(socket: &mut Socket) {
    assert_eq!(socket.reply_text().await, reply_to("hello", "Mira"));
}

#[tokio::test]
async fn one_operation_is_refused_so_often_and_the_others_are_not() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let command = json!({ "command": "refuse_next", "operation": "send", "count": 2, "status": 429, "retry_after": 7 });
    caller.command(command).await;
    caller.command(json!({ "command": "refuse_next", "operation": "send", "status": 503 })).await;
    caller.init(&token, "web_1").await;
    for (status, wait, sub_code) in [
        (429, Some("7"), "open.api.rate.limited"),
        (429, Some("7"), "open.api.rate.limited"),
        (503, None, "connection.error"),
    ] {
        let response = caller.try_send(&token, &session, PATIENT).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap()), wait);
        let body: Value = response.json().await.unwrap();
        assert_eq!((&body["code"], &body["subCode"]), (&json!(status), &json!(sub_code)));
    }
    assert_eq!(caller.try_send(&token, &session, PATIENT).await.unwrap().status(), 200);
    check_reply(&mut socket).await;
    assert_eq!(caller.control().observed().sessions[0].messages, ["hello"], "a refusal takes no message");
}

#[tokio::test]
async fn a_refusal_has_the_code_it_was_given() {
    let caller = Caller::new().await;
    let (token, session, _socket) = caller.conversation("web_1").await;
    for sub_code in ["visitor_chat.session_expired", "visitor_chat.session_not_found"] {
        let command =
            json!({ "command": "refuse_next", "operation": "send", "count": 1, "status": 400, "sub_code": sub_code });
        caller.command(command).await;
        let (status, body) = caller.send(&token, &session, "hello").await;
        assert_eq!((status.as_u16(), &body["subCode"]), (400, &json!(sub_code)));
    }
    let refusal = PlannedRefusal { status: 403, sub_code: Some("visitor_chat.odd".into()), retry_after: None };
    caller.control().refuse_next(Operation::Init, 1, refusal.clone());
    caller.control().refuse_next(Operation::Token, 1, refusal);
    assert_eq!(caller.send(&token, &session, "hello").await.0, 200);
    for (status, body) in [caller.post("init", &token, &json!({})).await, caller.request_token(&[]).await] {
        assert_eq!((status.as_u16(), &body["subCode"]), (403, &json!("visitor_chat.odd")));
    }
    caller.init(&token, "web_1").await;
}

#[tokio::test]
async fn a_message_is_replied_to_whatever_becomes_of_its_answer() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;

    caller.command(json!({ "command": "spoil_answers", "answer": "never" })).await;
    let impatient = caller.try_send(&token, &session, Duration::from_millis(300)).await;
    assert!(impatient.unwrap_err().is_timeout());
    check_reply(&mut socket).await;

    caller.command(json!({ "command": "spoil_answers", "count": 1, "answer": "cut" })).await;
    let cut = caller.try_send(&token, &session, PATIENT).await.unwrap_err();
    assert!(cut.is_request() && !cut.is_timeout(), "no byte of an answer: {cut:?}");
    check_reply(&mut socket).await;

    caller.command(json!({ "command": "spoil_answers", "answer": { "late": { "ms": 60_000 } } })).await;
    let impatient = caller.try_send(&token, &session, Duration::from_millis(300)).await;
    assert!(impatient.unwrap_err().is_timeout());
    check_reply(&mut socket).await;

    caller.control().spoil_answers(1, AnswerFault::Late { ms: 20 });
    assert_eq!(caller.try_send(&token, &session, PATIENT).await.unwrap().status(), 200);
    check_reply(&mut socket).await;
    assert_eq!(caller.try_send(&token, &session, PATIENT).await.unwrap().status(), 200);
    assert_eq!(caller.control().observed().sessions[0].messages.len(), 5);
}

#[tokio::test]
async fn a_failure_must_look_like_one() {
    let caller = Caller::new().await;
    for command in [
        json!({ "command": "refuse_next", "operation": "init", "status": 200 }),
        json!({ "command": "refuse_sockets", "status": 101 }),
        json!({ "command": "set_variants", "variants": ["nonsense"] }),
        json!({ "command": "next_reply", "script": { "ending": "sudden" } }),
        json!({ "command": "next_reply", "script": { "endings": "empty" } }),
        json!({ "command": "spoil_answers", "answer": "wrong" }),
    ] {
        let response = caller.http.post(caller.simulator.control_url()).json(&command).send().await.unwrap();
        assert_eq!(response.status(), 400, "{command}");
        let body: Value = response.json().await.unwrap();
        assert!(!body["message"].as_str().unwrap().is_empty());
    }
}

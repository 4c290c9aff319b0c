//! Every row of the document's table of errors, and every limit it names.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, answer};

/// An error is the envelope, the whole envelope, and the same status in it as on it.
fn check((status, body): &Answer, expected: u16, sub_code: &str) {
    assert_eq!(status.as_u16(), expected, "{body}");
    let message = body["message"].as_str().unwrap_or_default();
    assert!(!message.is_empty(), "{body}");
    assert_eq!(body, &json!({ "code": expected, "message": message, "subCode": sub_code }));
}

#[tokio::test]
async fn the_token_endpoint_refuses() {
    let caller = Caller::new().await;
    let settings = caller.simulator.settings().clone();
    let good = [
        ("grant_type", "client_credentials"),
        ("client_id", settings.client_id.as_str()),
        ("client_secret", settings.client_secret.as_str()),
        ("scope", "chat.write"),
    ];
    for (field, value, status, sub_code) in [
        ("client_id", "someone-else", 401, "oauth2.invalid_client"),
        ("client_secret", "wrong", 401, "oauth2.invalid_client"),
        ("client_secret", "", 401, "oauth2.invalid_client"),
        ("grant_type", "authorization_code", 400, "oauth2.grant_type.invalid"),
        ("grant_type", "", 400, "oauth2.grant_type.invalid"),
        ("scope", "userinfo", 400, "oauth2.scope.invalid"),
    ] {
        let form = good.map(|(name, usual)| (name, if name == field { value } else { usual }));
        check(&caller.request_token(&form).await, status, sub_code);
    }
    check(&caller.request_token(&good[..2]).await, 401, "oauth2.invalid_client");

    let url = caller.url("/api/oauth/token/client");
    let body: Value = good.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    check(&answer(caller.http.post(&url).json(&body)).await, 415, "invalid.param");
    check(&answer(caller.http.get(&url)).await, 405, "invalid.param");
    assert!(caller.control().observed().app_tokens_issued.is_empty());
}

#[tokio::test]
async fn a_token_is_required() {
    let caller = Caller::new().await;
    let body = json!({ "apiKey": caller.api_key(), "visitorId": "web_1", "sessionId": "s", "message": "m" });
    for operation in ["init", "send"] {
        let url = caller.url(&format!("/api/secondme/visitor-chat/{operation}"));
        check(&answer(caller.http.post(&url).json(&body)).await, 401, "resource.auth.unauthorized");
        let basic = caller.http.post(&url).header(AUTHORIZATION, "Basic YTpi").json(&body);
        check(&answer(basic).await, 401, "resource.auth.unauthorized");
        check(&caller.post(operation, "lba_at_made_up", &body).await, 401, "oauth2.token.invalid");
        check(&caller.post(operation, caller.api_key(), &body).await, 401, "oauth2.token.invalid");
    }
}

#[tokio::test]
async fn init_refuses() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    for (change, status, sub_code) in [
        (json!({ "visitorId": null }), 400, "visitor_chat.visitor_id_required"),
        (json!({ "visitorId": "" }), 400, "visitor_chat.visitor_id_required"),
        (json!({ "apiKey": "sk-unknown" }), 401, "open.api.key.not.found"),
        (json!({ "apiKey": null }), 400, "invalid.param"),
        (json!({ "apiKey": "" }), 400, "invalid.param"),
        (json!({ "visitorId": "a b" }), 400, "invalid.param"),
        (json!({ "visitorId": "web:1" }), 400, "invalid.param"),
        (json!({ "visitorId": "wéb" }), 400, "invalid.param"),
        (json!({ "visitorId": "x".repeat(129) }), 400, "invalid.param"),
        (json!({ "visitorId": 7 }), 400, "invalid.param"),
        (json!({ "visitorName": "x".repeat(201) }), 400, "invalid.param"),
    ] {
        let body = changed(json!({ "apiKey": caller.api_key(), "visitorId": "web_1" }), &change);
        check(&caller.post("init", &token, &body).await, status, sub_code);
    }
    assert!(caller.control().observed().sessions.is_empty(), "a refusal opens no session");
    check_unreadable_bodies(&caller, "init", &token).await;
}

#[tokio::test]
async fn send_refuses() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    let session = caller.init(&token, "web_1").await;
    for (change, status, sub_code) in [
        (json!({ "sessionId": "6ff56704-0000-0000-0000-000000000000" }), 400, "visitor_chat.session_not_found"),
        (json!({ "sessionId": null }), 400, "invalid.param"),
        (json!({ "sessionId": "" }), 400, "invalid.param"),
        (json!({ "apiKey": "sk-unknown" }), 401, "open.api.key.not.found"),
        (json!({ "apiKey": null }), 400, "invalid.param"),
        (json!({ "message": "" }), 400, "invalid.param"),
        (json!({ "message": null }), 400, "invalid.param"),
        (json!({ "message": "語".repeat(10_001) }), 400, "invalid.param"),
        (json!({ "message": ["a"] }), 400, "invalid.param"),
    ] {
        let good = json!({ "sessionId": session["sessionId"], "apiKey": caller.api_key(), "message": "hello" });
        check(&caller.post("send", &token, &changed(good, &change)).await, status, sub_code);
    }
    assert!(caller.control().observed().sessions[0].messages.is_empty(), "a refusal takes no message");
    check_unreadable_bodies(&caller, "send", &token).await;
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_envelope() {
    let caller = Caller::new().await;
    check(&answer(caller.http.get(caller.url("/api/nothing"))).await, 404, "resource.fetch.not_found");
    check(&answer(caller.http.get(caller.url("/api/secondme/visitor-chat/init"))).await, 405, "invalid.param");
}

async fn check_unreadable_bodies(caller: &Caller, operation: &str, token: &str) {
    let url = caller.url(&format!("/api/secondme/visitor-chat/{operation}"));
    for (content_type, body, status) in
        [("application/json", "{", 400), ("application/json", "", 400), ("text/plain", "{}", 415)]
    {
        let request = caller.http.post(&url).bearer_auth(token).header(CONTENT_TYPE, content_type).body(body);
        check(&answer(request).await, status, "invalid.param");
    }
}

/// The good body with some members replaced.
fn changed(mut body: Value, change: &Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

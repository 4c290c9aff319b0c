//! A visitor who has signed in: whose conversation it is, and whose it is not.

use reqwest::StatusCode;
use secondme_sim::reply_to;
use serde_json::{Value, json};

use super::{check, code_form};
use crate::caller::{Caller, Socket};

impl Caller {
    /// The data of a good `init` without any visitor's id.
    async fn init_as_user(&self, token: &str) -> Value {
        let (status, body) = self.post("init", token, &json!({ "apiKey": self.api_key() })).await;
        assert_eq!(status, 200, "{body}");
        body["data"].clone()
    }
}

#[tokio::test]
async fn a_user_has_one_conversation_of_their_own() {
    let caller = Caller::with_sign_in().await;
    let tokens = caller.user_tokens("ada").await;
    let token = tokens["accessToken"].as_str().unwrap();
    let session = caller.init_as_user(token).await;
    let mut socket = Socket::open(&session).await;
    check(&caller.send(token, &session, "hello").await, 200, "");
    assert_eq!(socket.reply_text().await, reply_to("hello", "Mira"));

    // Whatever else the request says, and whichever of the user's tokens it comes with.
    let other = caller.control().sign_in("ada").unwrap();
    for body in [
        json!({ "apiKey": caller.api_key(), "visitorId": "web_1", "visitorName": "Not Ada" }),
        json!({ "apiKey": caller.api_key(), "visitorId": "not an id!", "visitorName": "x".repeat(201) }),
    ] {
        let (status, answer) = caller.post("init", &other, &body).await;
        assert_eq!((status, &answer["data"]["sessionId"]), (StatusCode::OK, &session["sessionId"]), "{answer}");
    }
    check(&caller.send(&other, &session, "hello").await, 200, "");

    let observed = caller.control().observed();
    let [seen] = observed.sessions.as_slice() else { panic!("one session: {:?}", observed.sessions) };
    assert_eq!((seen.user_id.as_deref(), seen.display_name.as_str()), (Some("ada"), "Ada Lindqvist"));
    assert_eq!((seen.visitor_name.as_deref(), seen.messages.len()), (Some("Ada Lindqvist"), 2));
}

#[tokio::test]
async fn nobody_speaks_in_anothers_conversation() {
    let caller = Caller::new().await;
    let [ada, bo] = ["ada", "bo"].map(|user| caller.control().sign_in(user).unwrap());
    let application = caller.token().await;
    let sessions = [
        (&ada, caller.init_as_user(&ada).await),
        (&bo, caller.init_as_user(&bo).await),
        (&application, caller.init(&application, "web_1").await),
    ];
    for (owner, session) in &sessions {
        for token in [&ada, &bo, &application] {
            let expected = if token == *owner { (200, "") } else { (400, "visitor_chat.session_not_found") };
            check(&caller.send(token, session, "hello").await, expected.0, expected.1);
        }
    }
    let observed = caller.control().observed();
    let users: Vec<_> = observed.sessions.iter().map(|session| session.user_id.as_deref()).collect();
    assert_eq!(users, [Some("ada"), Some("bo"), None]);
    assert!(observed.sessions.iter().all(|session| session.messages == ["hello"]));
}

#[tokio::test]
async fn an_anonymous_visitor_cannot_pass_for_a_user() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    for (visitor_id, sub_code) in
        [(Value::Null, "visitor_chat.visitor_id_required"), (json!("user:ada"), "invalid.param")]
    {
        let body = json!({ "apiKey": caller.api_key(), "visitorId": visitor_id });
        check(&caller.post("init", &token, &body).await, 400, sub_code);
    }
}

#[tokio::test]
async fn a_users_token_that_is_no_longer_good_is_answered_with_a_detail() {
    let caller = Caller::new().await;
    let refuse = async |token: &str, session: &Value, detail: &str| {
        let init = caller.post("init", token, &json!({ "apiKey": caller.api_key() })).await;
        let send = caller.send(token, session, "hello").await;
        for (status, body) in [init, send] {
            assert_eq!((status.as_u16(), body), (401, json!({ "detail": detail })));
        }
    };
    let token = caller.control().sign_in("ada").unwrap();
    let session = caller.init_as_user(&token).await;
    caller.command(json!({ "command": "expire_user_tokens" })).await;
    refuse(&token, &session, "The access token has expired.").await;

    let observed = caller.command(json!({ "command": "sign_in", "user": "ada" })).await;
    let token = observed.user_tokens_issued.last().unwrap();
    check(&caller.send(token, &session, "hello").await, 200, "");
    caller.command(json!({ "command": "revoke_user", "user": "ada" })).await;
    refuse(token, &session, "The access token was revoked.").await;
}

#[tokio::test]
async fn a_token_without_the_scope_cannot_chat() {
    let caller = Caller::with_sign_in().await;
    let code = caller.code("ada", &[("scope", "userinfo")]).await;
    let (_, body) = caller.redeem(&code_form(&code)).await;
    let token = body["data"]["accessToken"].as_str().unwrap();
    check(&caller.post("init", token, &json!({ "apiKey": caller.api_key() })).await, 403, "oauth2.scope.insufficient");
}

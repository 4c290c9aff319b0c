//! The two headers of every step after `auth`, the refusals that all steps share, and bodies that can't be read.

use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};

use super::{
    CHAT_INIT, CHAT_START, Conversation, MESSAGE_SEND, OTHER, SESSION_CREATE, VISITOR, WS_CREATE, check_refused, quick,
};
use crate::caller::{Answer, Caller, answer};

const STEPS: [&str; 5] = [CHAT_INIT, WS_CREATE, SESSION_CREATE, CHAT_START, MESSAGE_SEND];

async fn post(conversation: &Conversation<'_>, path: &str, token: Option<&str>, fp: Option<&str>) -> Answer {
    let mut request = conversation.visitor.request(Method::POST, path).json(&json!({}));
    for (name, value) in [("token", token), ("Fp", fp)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    answer(request).await
}

#[tokio::test]
async fn token_is_required_in_every_step() {
    let caller = Caller::with(quick()).await;
    let conversation = caller.hub_visitor(VISITOR).await.converse().await;
    for path in STEPS {
        for token in [None, Some(""), Some("made-up"), Some(caller.api_key())] {
            let answer = post(&conversation, path, token, Some(VISITOR)).await;
            check_refused(&answer, 401, "resource.auth.unauthorized", path);
        }
    }
    let path = format!("/rest/os/avatar/public/{}", conversation.visitor.id("avatarShareCode"));
    let answer = answer(conversation.visitor.request(Method::GET, &path)).await;
    check_refused(&answer, 401, "resource.auth.unauthorized", "public");
}

#[tokio::test]
async fn fp_is_required_and_the_visitor_id_of_the_token() {
    let caller = Caller::with(quick()).await;
    let conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let token = Some(conversation.visitor.id("visitorToken"));
    for path in STEPS {
        check_refused(&post(&conversation, path, token, None).await, 400, "invalid.param", path);
        let foreign = post(&conversation, path, token, Some(OTHER)).await;
        check_refused(&foreign, 401, "resource.auth.unauthorized", path);
    }
}

#[tokio::test]
async fn fp_may_be_left_out_where_the_document_leaves_it_out() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let path = format!("/rest/os/avatar/public/{}", visitor.id("avatarShareCode"));
    for (fp, status) in [(None, 200), (Some(VISITOR), 200), (Some(OTHER), 401)] {
        let mut request = visitor.request(Method::GET, &path).header("token", visitor.id("visitorToken"));
        if let Some(fp) = fp {
            request = request.header("Fp", fp);
        }
        assert_eq!(answer(request).await.0, status, "{fp:?}");
    }
}

#[tokio::test]
async fn expired_tokens_are_refused_until_the_next_auth() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    caller.command(json!({ "command": "expire_tokens" })).await;
    check_refused(&conversation.send("hello").await, 401, "resource.auth.unauthorized", "send");
    caller.command(json!({ "command": "set_token_refusal", "shape": "detail" })).await;
    let (status, body) = conversation.send("hello").await;
    assert_eq!((status.as_u16(), body), (401, json!({ "detail": "The visitor token has expired." })));
    conversation.visitor = caller.hub_visitor(VISITOR).await;
    assert_eq!(conversation.ask("hello").await, secondme_sim::reply_to("hello", "Mira"), "the session goes on");
}

#[tokio::test]
async fn an_owner_who_is_gone_is_not_found() {
    let caller = Caller::with(quick()).await;
    let conversation = caller.hub_visitor(VISITOR).await.converse().await;
    caller.control().set_owner_gone(true);
    let auth = caller.auth(caller.api_key(), &json!({ "visitorId": VISITOR })).await;
    check_refused(&auth, 404, "open.api.user.not.found", "auth");
    check_refused(&conversation.send("hello").await, 404, "open.api.user.not.found", "send");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_said_to_be() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let paths = STEPS.iter().copied().chain(["/rest/open/avatar/auth"]);
    for path in paths {
        for (content_type, body, status) in
            [("application/json", "{", 400), ("application/json", "", 400), ("text/plain", "{}", 415)]
        {
            let request = visitor
                .request(Method::POST, path)
                .bearer_auth(caller.api_key())
                .header("token", visitor.id("visitorToken"))
                .header("Fp", VISITOR)
                .header(CONTENT_TYPE, content_type)
                .body(body);
            check_refused(&answer(request).await, status, "invalid.param", path);
        }
        let get = answer(visitor.request(Method::GET, path)).await;
        check_refused(&get, 405, "invalid.param", path);
    }
    let nowhere: Answer = visitor.post("/rest/nothing", &Value::Null).await;
    check_refused(&nowhere, 404, "resource.fetch.not_found", "nowhere");
}

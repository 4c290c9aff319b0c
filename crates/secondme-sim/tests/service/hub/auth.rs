//! Step 0, `auth`: every row of its parameters, and who gets in.

use serde_json::{Value, json};

use super::{OTHER, VISITOR, changed, check_refused, data, quick};
use crate::caller::{Caller, answer};

async fn check(change: Value, status: u16, sub_code: &str) {
    let caller = Caller::with(quick()).await;
    let body = changed(json!({ "visitorId": VISITOR, "visitorName": "John", "channel": "web" }), &change);
    check_refused(&caller.auth(caller.api_key(), &body).await, status, sub_code, &change.to_string());
    assert!(caller.control().observed().app_tokens_issued.is_empty());
}

/// What the owner sees of a visitor who came with this.
async fn display_name(caller: &Caller, change: Value) -> String {
    let body = changed(json!({ "visitorId": VISITOR, "visitorName": "张三", "channel": "feishu" }), &change);
    let identity = data(caller.auth(caller.api_key(), &body).await);
    let visitor = super::Visitor { caller, visitor_id: body["visitorId"].as_str().unwrap().into(), identity };
    visitor.create_session().await;
    caller.newest_session().display_name
}

#[tokio::test]
async fn visitor_id_is_required() {
    for missing in [json!(null), json!("")] {
        check(json!({ "visitorId": missing }), 400, "open.api.invalid.visitor.id").await;
    }
}

#[tokio::test]
async fn visitor_id_is_a_platform_and_a_uuid() {
    for wrong in [
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "_6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "web-6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "web_6ba7b8109dad11d180b400c04fd430c8",
        "web_{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
        "web_6ba7b810-9dad-11d1-80b4-00c04fd430cg",
        "web_device1",
        "we b_6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    ] {
        check(json!({ "visitorId": wrong }), 400, "open.api.invalid.visitor.id").await;
    }
    let caller = Caller::with(quick()).await;
    for good in [VISITOR, OTHER] {
        data(caller.auth(caller.api_key(), &json!({ "visitorId": good })).await);
    }
}

#[tokio::test]
async fn values_of_other_types_are_refused() {
    for change in [json!({ "visitorId": 7 }), json!({ "visitorName": ["John"] }), json!({ "channel": {} })] {
        check(change, 400, "invalid.param").await;
    }
}

#[tokio::test]
async fn visitor_name_is_optional_and_shown_to_the_owner() {
    let caller = Caller::with(quick()).await;
    assert_eq!(display_name(&caller, json!({ "visitorName": null, "visitorId": OTHER })).await, "Visitor(feishu)");
    assert_eq!(display_name(&caller, json!({})).await, "张三(feishu)");
    assert_eq!(display_name(&caller, json!({ "visitorName": null })).await, "张三(feishu)", "the last name stays");
    assert_eq!(display_name(&caller, json!({ "visitorName": "Ada" })).await, "Ada(feishu)");
}

#[tokio::test]
async fn visitor_name_is_the_one_the_visitor_came_with_last_in_older_sessions_too() {
    let caller = Caller::with(quick()).await;
    caller.hub_visitor(OTHER).await.create_session().await;
    caller.hub_visitor(VISITOR).await.create_session().await;
    data(caller.auth(caller.api_key(), &json!({ "visitorId": VISITOR, "visitorName": "Ada" })).await);
    let names: Vec<_> = caller.control().observed().sessions.into_iter().map(|it| it.display_name).collect();
    assert_eq!(names, ["John(web)", "Ada(web)"]);
}

#[tokio::test]
async fn channel_is_optional_and_appended_to_the_name() {
    let caller = Caller::with(quick()).await;
    assert_eq!(display_name(&caller, json!({ "channel": null })).await, "张三");
    assert_eq!(display_name(&caller, json!({ "channel": "dingtalk" })).await, "张三(dingtalk)");
    assert_eq!(display_name(&caller, json!({ "channel": "" })).await, "张三(dingtalk)", "the last channel stays");
}

#[tokio::test]
async fn the_same_visitor_id_is_the_same_visitor_with_a_new_token() {
    let caller = Caller::with(quick()).await;
    let (first, again) = (caller.hub_visitor(VISITOR).await, caller.hub_visitor(VISITOR).await);
    let other = caller.hub_visitor(OTHER).await;
    for name in ["visitorUserId", "visitorMindId"] {
        assert_eq!(first.id(name), again.id(name), "{name}");
        assert_ne!(first.id(name), other.id(name), "{name}");
    }
    assert_ne!(first.id("visitorToken"), again.id("visitorToken"));
    for visitor in [first, again] {
        visitor.chat_init().await;
    }
}

#[tokio::test]
async fn ids_are_the_same_in_every_run() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let caller = Caller::with(quick()).await;
        let visitor = caller.hub_visitor(VISITOR).await;
        let prepared = visitor.chat_init().await;
        let ids = ["visitorUserId", "visitorMindId", "avatarShareCode", "ownerUserId"]
            .map(|name| visitor.id(name).to_owned());
        runs.push((ids, prepared["mindId"].clone(), visitor.public().await["id"].clone()));
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn the_visitor_mind_id_has_more_digits_than_a_double_holds() {
    let caller = Caller::with(quick()).await;
    for visitor_id in [VISITOR, OTHER] {
        let exact = caller.hub_visitor(visitor_id).await.mind_number();
        assert!(exact > 1 << 53);
        assert_ne!(exact as f64 as u64, exact);
    }
}

#[tokio::test]
async fn several_avatars_have_ids_and_visitors_of_their_own() {
    let caller = Caller::with(quick()).await;
    caller
        .command(json!({ "command": "add_avatar", "api_key": "sk-second", "avatar_name": "Noor", "starters": ["Hi?"] }))
        .await;
    let (mira, noor) = (caller.hub_visitor(VISITOR).await, caller.hub_visitor_of("sk-second", VISITOR).await);
    assert_eq!((mira.id("avatarName"), noor.id("avatarName")), ("Mira", "Noor"));
    for name in ["avatarShareCode", "ownerUserId", "visitorUserId", "visitorMindId"] {
        assert_ne!(mira.id(name), noor.id(name), "{name}");
    }
    assert_ne!(mira.public().await["id"], noor.public().await["id"]);
    assert_ne!(mira.chat_init().await["mindId"], noor.chat_init().await["mindId"]);
    let mut conversation = noor.converse().await;
    assert_eq!(conversation.ask("hello").await, secondme_sim::reply_to("hello", "Noor"));
}

#[tokio::test]
async fn unauthorized_is_a_missing_authorization_header() {
    let caller = Caller::with(quick()).await;
    let url = format!("{}/rest/open/avatar/auth", caller.simulator.hub_base_url());
    let request = || caller.http.post(&url).json(&json!({ "visitorId": VISITOR }));
    let without =
        [request(), request().header("Authorization", "Basic YTpi"), request().header("Authorization", "Bearer ")];
    for request in without {
        check_refused(&answer(request).await, 401, "open.api.unauthorized", "auth");
    }
}

#[tokio::test]
async fn key_not_found_is_an_invalid_api_key() {
    let caller = Caller::with(quick()).await;
    for key in ["sk-unknown", "none"] {
        let answer = caller.auth(key, &json!({ "visitorId": VISITOR })).await;
        check_refused(&answer, 401, "open.api.key.not.found", key);
    }
}

#[tokio::test]
async fn key_disabled_is_an_api_key_that_was_switched_off() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    caller.command(json!({ "command": "disable_key", "api_key": caller.api_key() })).await;
    let answer = caller.auth(caller.api_key(), &json!({ "visitorId": VISITOR })).await;
    check_refused(&answer, 403, "open.api.key.disabled", "auth");
    let answer = visitor.post(super::CHAT_INIT, &visitor.chat_init_body()).await;
    check_refused(&answer, 403, "open.api.key.disabled", "a token from before");
}

#[tokio::test]
async fn avatar_not_found_is_an_avatar_that_was_removed() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    caller.command(json!({ "command": "remove_avatar", "api_key": caller.api_key() })).await;
    let answer = caller.auth(caller.api_key(), &json!({ "visitorId": VISITOR })).await;
    check_refused(&answer, 404, "open.api.avatar.not.found", "auth");
    let answer = visitor.post(super::CHAT_INIT, &visitor.chat_init_body()).await;
    check_refused(&answer, 404, "open.api.avatar.not.found", "a token from before");
}

#[tokio::test]
async fn an_avatar_that_is_added_again_is_as_it_was() {
    let caller = Caller::with(quick()).await;
    let before = caller.hub_visitor(VISITOR).await;
    let key = caller.api_key();
    for command in ["disable_key", "remove_avatar"] {
        caller.command(json!({ "command": command, "api_key": key })).await;
        caller.command(json!({ "command": "add_avatar", "api_key": key, "avatar_name": "Mira" })).await;
        assert_eq!(before.chat_init().await["ownerUserId"], before.identity["ownerUserId"]);
    }
}

//! Steps 1 to 4, parameter by parameter: what is refused, and what is taken with consequences.

use std::time::Duration;

use reqwest::Method;
use secondme_sim::{CommandError, Settings, reply_to, reply_without_persona};
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite::Error};

use super::{
    CHAT_INIT, CHAT_START, OTHER, SESSION_CREATE, VISITOR, Visitor, WS_CREATE, changed, check_refused, data, quick,
};
use crate::caller::{Caller, Socket, answer};

/// A good body with this change must be refused.
async fn check(visitor: &Visitor<'_>, path: &str, good: Value, change: Value, (status, sub_code): (u16, &str)) {
    let answer = visitor.post(path, &changed(good, &change)).await;
    check_refused(&answer, status, sub_code, &format!("{path} with {change}"));
}

const INVALID: (u16, &str) = (400, "invalid.param");
const NO_AVATAR: (u16, &str) = (404, "open.api.avatar.not.found");
const NOT_A_MEMBER: (u16, &str) = (403, "session.not.member");
const CLOSED: (u16, &str) = (400, "session.status.closed");

#[tokio::test]
async fn chat_init_share_code_is_required_and_the_avatars() {
    let caller = Caller::with(quick()).await;
    caller.command(json!({ "command": "add_avatar", "api_key": "sk-second", "avatar_name": "Noor" })).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let foreign = caller.hub_visitor_of("sk-second", VISITOR).await.identity["avatarShareCode"].clone();
    for (value, refusal) in
        [(json!(null), INVALID), (json!(7), INVALID), (json!("nowhere"), NO_AVATAR), (foreign, NO_AVATAR)]
    {
        check(&visitor, CHAT_INIT, visitor.chat_init_body(), json!({ "shareCode": value }), refusal).await;
    }
}

#[tokio::test]
async fn ws_create_user_id_is_the_visitors() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let other = caller.hub_visitor(OTHER).await;
    for wrong in [json!(null), json!(""), json!(VISITOR), other.identity["visitorUserId"].clone(), json!(1)] {
        check(&visitor, WS_CREATE, visitor.ws_body(), json!({ "userId": wrong }), INVALID).await;
    }
}

#[tokio::test]
async fn ws_create_channel_is_all() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    for wrong in [json!(null), json!("ALL"), json!([]), json!(["CHAT"]), json!(["ALL", "CHAT"])] {
        check(&visitor, WS_CREATE, visitor.ws_body(), json!({ "channel": wrong }), INVALID).await;
    }
}

#[tokio::test]
async fn ws_create_api_version_is_1_3_0_and_sdk_version_is_there() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    for change in [
        json!({ "apiVersion": null }),
        json!({ "apiVersion": "1.2.0" }),
        json!({ "apiVersion": 1.3 }),
        json!({ "sdkVersion": null }),
        json!({ "sdkVersion": "" }),
    ] {
        check(&visitor, WS_CREATE, visitor.ws_body(), change, INVALID).await;
    }
}

#[tokio::test]
async fn ws_create_address_expires_unused() {
    let caller = Caller::with(Settings { address_lifetime: Duration::ZERO, ..quick() }).await;
    let ws = caller.hub_visitor(VISITOR).await.create_ws().await;
    match connect_async(ws["address"].as_str().unwrap()).await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 401),
        other => panic!("not refused: {other:?}"),
    }
    assert_eq!(caller.control().observed().sockets_opened, 0);
    assert_eq!(Settings::default().address_lifetime, Duration::from_secs(60));
}

#[tokio::test]
async fn ws_create_address_opens_one_socket() {
    let caller = Caller::with(quick()).await;
    let ws = caller.hub_visitor(VISITOR).await.create_ws().await;
    let address = ws["address"].as_str().unwrap();
    let _socket = Socket::connect(address).await;
    assert!(connect_async(address).await.is_err());
}

/// What the avatar says in a session that was created with this change.
async fn reply_after(caller: &Caller, change: &Value, prepared: bool) -> String {
    let visitor = caller.hub_visitor(VISITOR).await;
    let session = data(visitor.post(SESSION_CREATE, &changed(visitor.session_body(), change)).await);
    assert_eq!(caller.newest_session().persona_lost, !prepared, "{change}");
    let mut conversation = visitor.converse().await;
    conversation.session_id = session["sessionId"].as_str().unwrap().into();
    conversation.ask("hello").await
}

#[tokio::test]
async fn session_create_mind_id_is_numeric_with_all_its_digits() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    visitor.chat_init().await;
    for good in [json!(visitor.mind_number()), visitor.identity["visitorMindId"].clone()] {
        assert_eq!(reply_after(&caller, &json!({ "mindId": good }), true).await, reply_to("hello", "Mira"));
    }
}

#[tokio::test]
async fn session_create_without_the_right_mind_id_the_persona_is_lost() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let other = caller.hub_visitor(OTHER).await;
    visitor.chat_init().await;
    let exact = visitor.mind_number();
    // What becomes of the number in a language whose numbers are doubles.
    for wrong in [json!(null), json!(exact as f64 as u64), json!(other.mind_number())] {
        assert_eq!(reply_after(&caller, &json!({ "mindId": wrong }), false).await, reply_without_persona());
    }
}

#[tokio::test]
async fn session_create_refuses_the_encoded_mind_id() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let encoded = visitor.chat_init().await["mindId"].clone();
    for wrong in
        [encoded, visitor.identity["visitorUserId"].clone(), json!(4.875e17), json!(-1), json!(""), json!("+7")]
    {
        check(&visitor, SESSION_CREATE, visitor.session_body(), json!({ "mindId": wrong }), INVALID).await;
    }
    assert!(caller.control().observed().sessions.is_empty());
}

#[tokio::test]
async fn session_create_member_user_ids_lets_the_owner_speak() {
    let caller = Caller::with(quick()).await;
    let owner = caller.hub_visitor(VISITOR).await.identity["ownerUserId"].clone();
    for (members, may_speak) in [
        (json!([owner]), true),
        (json!(["de000", owner]), true),
        (json!(null), false),
        (json!([]), false),
        (json!(["de000"]), false),
    ] {
        let visitor = caller.hub_visitor(VISITOR).await;
        let mut conversation = visitor.converse().await;
        let body = changed(conversation.visitor.session_body(), &json!({ "memberUserIds": members }));
        let session = data(conversation.visitor.post(SESSION_CREATE, &body).await);
        assert_eq!(caller.newest_session().owner_is_member, may_speak, "{members}");
        let said = caller.control().owner_says(session["sessionId"].as_str(), "It's me.");
        if may_speak {
            assert_eq!(said, Ok(()));
            assert_eq!(conversation.socket.next().await.unwrap()["sendUserId"], owner);
        } else {
            assert_eq!(said, Err(CommandError::NotAMember));
            assert!(CommandError::NotAMember.to_string().starts_with("session.not.member"));
        }
    }
    let visitor = caller.hub_visitor(VISITOR).await;
    for wrong in [json!(owner), json!([7])] {
        check(&visitor, SESSION_CREATE, visitor.session_body(), json!({ "memberUserIds": wrong }), INVALID).await;
    }
}

#[tokio::test]
async fn session_create_types_are_fixed() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    for name in ["sessionType", "mindType", "mode"] {
        for wrong in [json!(null), json!("share"), json!("original"), json!(1)] {
            check(&visitor, SESSION_CREATE, visitor.session_body(), json!({ name: wrong }), INVALID).await;
        }
    }
}

#[tokio::test]
async fn session_create_before_chat_init_the_persona_is_lost() {
    let caller = Caller::with(quick()).await;
    assert_eq!(reply_after(&caller, &json!({}), false).await, reply_without_persona());
}

#[tokio::test]
async fn session_create_long_after_chat_init_the_persona_is_lost() {
    let caller = Caller::with(Settings { payload_lifetime: Duration::ZERO, ..quick() }).await;
    caller.hub_visitor(VISITOR).await.chat_init().await;
    assert_eq!(reply_after(&caller, &json!({}), false).await, reply_without_persona());
    assert_eq!(Settings::default().payload_lifetime, Duration::from_mins(10));
}

#[tokio::test]
async fn session_create_makes_another_session_each_time() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let first = conversation.session_id.clone();
    conversation.ask("hello").await;
    conversation.session_id = conversation.visitor.create_session().await;
    assert_ne!(conversation.session_id, first);
    assert_eq!(conversation.ask("shipping").await, reply_to("shipping", "Mira"), "over the same socket");
    let sessions = caller.control().observed().sessions;
    let heard: Vec<_> =
        sessions.iter().map(|session| (session.visitor_id.as_str(), session.messages.concat())).collect();
    assert_eq!(heard, [(VISITOR, "hello".to_owned()), (VISITOR, "shipping".to_owned())]);
}

#[tokio::test]
async fn avatar_public_share_code_must_be_an_avatars() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let request = visitor.request(Method::GET, "/rest/os/avatar/public/nowhere");
    let answer = answer(request.header("token", visitor.id("visitorToken"))).await;
    check_refused(&answer, NO_AVATAR.0, NO_AVATAR.1, "public");
}

#[tokio::test]
async fn chat_start_makes_the_session_visible_to_the_owner() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let session_id = visitor.create_session().await;
    assert!(!caller.newest_session().visible_to_owner);
    assert_eq!(visitor.start(&session_id).await.0, 200);
    assert!(caller.newest_session().visible_to_owner);
    visitor.create_session().await;
    assert!(!caller.newest_session().visible_to_owner, "each session is bound by itself");
}

#[tokio::test]
async fn chat_start_avatar_id_is_the_numeric_one() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let id = visitor.public().await["id"].as_u64().unwrap();
    let good = json!({ "avatarId": id, "sessionId": visitor.create_session().await });
    for (wrong, refusal) in [
        (json!(null), INVALID),
        (json!(id.to_string()), INVALID),
        (visitor.identity["avatarShareCode"].clone(), INVALID),
        (json!(id + 1), NO_AVATAR),
    ] {
        check(&visitor, CHAT_START, good.clone(), json!({ "avatarId": wrong }), refusal).await;
    }
    assert!(!caller.newest_session().visible_to_owner);
}

#[tokio::test]
async fn chat_start_session_id_is_one_of_the_visitors() {
    let caller = Caller::with(quick()).await;
    let (visitor, other) = (caller.hub_visitor(VISITOR).await, caller.hub_visitor(OTHER).await);
    let good = json!({ "avatarId": visitor.public().await["id"], "sessionId": visitor.create_session().await });
    let foreign = other.create_session().await;
    for (wrong, refusal) in
        [(json!(null), INVALID), (json!(3), INVALID), (json!("never-was"), CLOSED), (json!(foreign), NOT_A_MEMBER)]
    {
        check(&visitor, CHAT_START, good.clone(), json!({ "sessionId": wrong }), refusal).await;
    }
    caller.control().expire_sessions();
    check(&visitor, CHAT_START, good, json!({}), CLOSED).await;
}

//! The ids and texts of the steps' answers: which one is used where several name the same thing.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::{AUTH, CHAT_INIT, MESSAGE_SEND, SESSION_CREATE, WS_CREATE, documented, step};
use crate::hand_made::{HandMade, Reaction};
use crate::support::{Api, Proxy, settings_at_by};

/// A conversation with one message, in which a step's answer differs in some fields: the widget's answer, and what was
/// asked.
async fn converse(wanted: &'static str, change: Value) -> (Value, HandMade) {
    let secondme = HandMade::reacting(move |request| {
        let Reaction::Answer(status, body) = documented(request) else { panic!("each step has an answer") };
        let mut body: Value = serde_json::from_str(&body).unwrap();
        if step(request) == wanted {
            body["data"].as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        }
        Reaction::Answer(status, body.to_string())
    });
    let secondme = secondme.await;
    let proxy = Proxy::start(settings_at_by(Api::AvatarHub, secondme.address)).await;
    let opened = proxy.init("web_1").await.data();
    proxy.send(opened["sessionId"].as_str().unwrap(), "hello").await.data();
    (opened, secondme)
}

fn body_of(secondme: &HandMade, wanted: &str) -> Value {
    secondme.requests().iter().find(|request| step(request) == wanted).unwrap().json()
}

#[tokio::test]
async fn the_avatars_name_is_the_one_of_chat_init_and_else_of_auth() {
    for (wanted, change, name) in [
        (AUTH, json!({"avatarName": "of auth"}), "My Assistant"),
        (CHAT_INIT, json!({"avatarName": "of chat/init"}), "of chat/init"),
        (CHAT_INIT, json!({"avatarName": null}), "My Assistant"),
    ] {
        assert_eq!(converse(wanted, change).await.0["avatarName"], name, "{wanted}");
    }
}

#[tokio::test]
async fn the_owner_is_the_one_that_auth_names() {
    let (_, secondme) = converse(AUTH, json!({"ownerUserId": "owner-of-auth"})).await;
    assert_eq!(body_of(&secondme, SESSION_CREATE)["memberUserIds"], json!(["owner-of-auth"]));
    let (_, secondme) = converse(CHAT_INIT, json!({"ownerUserId": "somebody-else"})).await;
    assert_eq!(body_of(&secondme, SESSION_CREATE)["memberUserIds"], json!(["de4fh"]));
}

/// The document warns of this: two steps name a mind, one by a number and one by an encoded text.
#[tokio::test]
async fn the_two_mind_ids_are_never_mixed_up() {
    let (_, secondme) = converse(AUTH, json!({"visitorMindId": "42"})).await;
    assert_eq!(body_of(&secondme, SESSION_CREATE)["mindId"], 42);
    assert_eq!(body_of(&secondme, MESSAGE_SEND)["mindId"], "3m24e99h3mbp");
    // One that looks like a number is a text all the same.
    let (_, secondme) = converse(CHAT_INIT, json!({"mindId": "42"})).await;
    assert_eq!(body_of(&secondme, SESSION_CREATE)["mindId"], super::MIND_ID);
    assert_eq!(body_of(&secondme, MESSAGE_SEND)["mindId"], "42");
}

#[tokio::test]
async fn a_message_names_the_newest_socket() {
    let sockets = AtomicUsize::new(0);
    let secondme = HandMade::reacting(move |request| match step(request) {
        WS_CREATE => {
            let ws_id = format!("ws:{}", sockets.fetch_add(1, Ordering::SeqCst) + 1);
            Reaction::data(&json!({"wsId": ws_id, "address": "wss://ws.example/os/ws"}))
        }
        _ => documented(request),
    });
    let secondme = secondme.await;
    let proxy = Proxy::start(settings_at_by(Api::AvatarHub, secondme.address)).await;
    let session = proxy.session("web_1").await;
    let again = proxy.post("/chat/init", &json!({"visitorId": "web_1", "sessionId": session})).await.data();
    assert_eq!(again["heartbeat"]["wsId"], "ws:2");
    proxy.send(again["sessionId"].as_str().unwrap(), "hello").await.data();
    assert_eq!(body_of(&secondme, MESSAGE_SEND)["wsId"], "ws:2");
}

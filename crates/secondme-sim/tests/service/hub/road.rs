//! The document's Quick Start from Step 0 to Step 6: what each step answers, and that they lead to a reply.

use secondme_sim::{Settings, reply_to};
use serde_json::json;

use super::{CHAT_START, MESSAGE_SEND, VISITOR, data, quick};
use crate::caller::{Caller, answer_text};

#[tokio::test]
async fn all_seven_steps_lead_to_a_streamed_reply() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    assert_eq!(data(conversation.visitor.post(MESSAGE_SEND, &conversation.message("hello")).await), json!(null));
    let frames = conversation.socket.reply().await;
    assert!(frames.len() > 5, "a reply of several chunks");
    assert!(frames.iter().all(|frame| frame["sender"] == "umm" && frame["sessionId"] == conversation.session_id));
    assert_eq!(frames.iter().map(answer_text).collect::<String>(), reply_to("hello", "Mira"));
    assert_eq!(conversation.ask("shipping").await, reply_to("shipping", "Mira"));

    let observed = caller.control().observed();
    let session = &observed.sessions[0];
    assert_eq!(session.messages, ["hello", "shipping"]);
    assert_eq!(session.display_name, "John(web)");
    assert_eq!((session.visitor_id.as_str(), session.avatar_hub), (VISITOR, true));
    assert_eq!((session.persona_lost, session.owner_is_member, session.visible_to_owner), (false, true, true));
    assert_eq!((observed.token_requests, observed.init_requests, observed.send_requests), (1, 1, 2));
    let counted = serde_json::to_value(&observed.hub).unwrap();
    let expected = json!({
        "auth": 1, "chat_init": 1, "ws_create": 1, "session_create": 1, "avatar_public": 1, "chat_start": 1,
        "message_send": 2, "rate_limited": 0,
    });
    assert_eq!(counted, expected);
}

#[tokio::test]
async fn step_0_answers_a_token_and_the_ids_of_all_who_take_part() {
    let caller = Caller::with(quick()).await;
    let identity = caller.hub_visitor(VISITOR).await.identity;
    let names: Vec<&String> = identity.as_object().unwrap().keys().collect();
    let expected = ["avatarName", "avatarShareCode", "ownerUserId", "visitorMindId", "visitorToken", "visitorUserId"];
    assert_eq!(names, expected);
    assert_eq!(identity["avatarName"], "Mira");
    assert!(identity["visitorToken"].as_str().unwrap().len() >= 32);
    assert_ne!(identity["visitorUserId"], identity["ownerUserId"]);
    assert_eq!(caller.control().observed().app_tokens_issued, [identity["visitorToken"].as_str().unwrap()]);
}

#[tokio::test]
async fn step_1_answers_the_encoded_mind_id_and_the_opening() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let prepared = visitor.chat_init().await;
    let mind_id = prepared["mindId"].as_str().unwrap();
    assert!(mind_id.parse::<u64>().is_err() && mind_id.len() == 12, "encoded: {mind_id}");
    let expected = json!({
        "mindId": mind_id,
        "avatarName": "Mira",
        "ownerUserId": visitor.identity["ownerUserId"],
        "opening": caller.simulator.settings().opening,
    });
    assert_eq!(prepared, expected);
}

#[tokio::test]
async fn step_1_answers_null_where_there_is_no_opening() {
    let caller = Caller::with(Settings { opening: None, ..quick() }).await;
    assert_eq!(caller.hub_visitor(VISITOR).await.chat_init().await.get("opening"), Some(&json!(null)));
}

#[tokio::test]
async fn step_2_answers_a_ws_id_and_an_address() {
    let caller = Caller::with(quick()).await;
    let ws = caller.hub_visitor(VISITOR).await.create_ws().await;
    assert!(ws["wsId"].as_str().unwrap().starts_with("ws:"), "{ws}");
    assert!(ws["address"].as_str().unwrap().starts_with("ws://"), "{ws}");
    assert_eq!(ws.as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn step_3_answers_a_session_id_and_the_starters_if_there_are_any() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let bare = data(visitor.post(super::SESSION_CREATE, &visitor.session_body()).await);
    assert_eq!(bare, json!({ "sessionId": caller.newest_session().session_id }));

    let starters = vec!["Who are you?".to_owned(), "Do you ship?".to_owned()];
    let caller = Caller::with(Settings { starters: starters.clone(), ..quick() }).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let session = data(visitor.post(super::SESSION_CREATE, &visitor.session_body()).await);
    assert_eq!(session["sentence"], json!({ "open": true, "firstOfUser": starters }));
}

#[tokio::test]
async fn step_4_answers_the_numeric_avatar_id_and_then_nothing() {
    let image = Some("https://images.example/owner.png".to_owned());
    let caller = Caller::with(Settings { owner_image: image.clone(), ..quick() }).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    let public = visitor.public().await;
    assert!(public["id"].is_u64() && public["ownerUserId"].is_u64(), "{public}");
    assert_eq!((&public["name"], &public["shareCode"]), (&json!("Mira"), &visitor.identity["avatarShareCode"]));
    assert_eq!(public["modes"], json!({ "textChat": true, "voiceCall": false }));
    assert_eq!(public["ownerAvatar"], json!(image));
    let body = json!({ "avatarId": public["id"], "sessionId": visitor.create_session().await });
    assert_eq!(data(visitor.post(CHAT_START, &body).await), json!(null));
}

#[tokio::test]
async fn step_5_answers_a_ping_that_names_its_socket() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let ws_id = conversation.ws_id.clone();
    conversation.socket.say(&json!({ "type": "ping", "wsId": ws_id }).to_string()).await;
    assert_eq!(conversation.socket.next().await, Ok(json!({ "type": "pong", "wsId": ws_id })));
}

/// The document's own example of a reply has no index.
#[tokio::test]
async fn an_ai_reply_can_have_the_documents_very_frame() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    conversation.send("/least /one-frame hello").await;
    let expected = json!({ "sender": "umm", "multipleData": [{ "modal": { "answer": reply_to("hello", "Mira") } }] });
    assert_eq!(conversation.socket.next().await, Ok(expected));
}

//! `POST /api/secondme/visitor-chat/send`: takes one message; the reply goes out over the session's newest open socket.

use std::sync::Arc;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{admit, check_token, find_avatar, frames};
use crate::{
    answer::{Refusal, success},
    chunks,
    replies::reply_to,
    world::{Delivery, Memory, World},
};

/// The longest message, in characters (Visitor Chat, "Send Message").
const MESSAGE_LIMIT: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SendRequest {
    session_id: Option<String>,
    api_key: Option<String>,
    message: Option<String>,
}

pub(super) async fn send(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<SendRequest>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, |requests| &mut requests.send).await?;
    let mut memory = world.lock();
    check_token(&headers, &memory)?;
    let Json(request) = body.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;
    let avatar = find_avatar(request.api_key.as_deref(), &memory)?;
    let message = check_message(request.message)?;
    let session_id = request.session_id.unwrap_or_default();
    if session_id.is_empty() {
        return Err(Refusal::invalid("sessionId is required."));
    }

    // A session is its avatar's: with another avatar's key it is as unknown as one that never was.
    let session = memory.sessions.find(&session_id).filter(|session| session.api_key == avatar.api_key);
    let Some(session) = session else {
        return Err(init_again("visitor_chat.session_not_found", "There is no such session; call init."));
    };
    if session.expired {
        return Err(init_again("visitor_chat.session_expired", "The session has expired; call init again."));
    }
    let reply = reply_to(&message, &avatar.name);
    session.messages.push(message);
    deliver_reply(&mut memory, &session_id, &chunks::cut(&reply, world.settings.chunk_chars));
    Ok(success(json!({ "sent": true })))
}

fn check_message(message: Option<String>) -> Result<String, Refusal> {
    let message = message.unwrap_or_default();
    if message.is_empty() {
        return Err(Refusal::invalid("message is required."));
    }
    if message.chars().count() > MESSAGE_LIMIT {
        return Err(Refusal::invalid(format!("message may have at most {MESSAGE_LIMIT} characters.")));
    }
    Ok(message)
}

fn init_again(sub_code: &'static str, message: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, sub_code, message)
}

/// A push service has no memory: without a socket the reply is lost, and only the count remains.
fn deliver_reply(memory: &mut Memory, session_id: &str, chunks: &[String]) {
    if !memory.sockets.is_open(session_id) {
        memory.sockets.replies_without_socket += 1;
        return;
    }
    let cut = memory.faults.claim_cut();
    let mut frames = frames::of_reply(session_id, chunks);
    if let Some(after_chunks) = cut {
        frames.truncate(after_chunks.min(chunks.len()));
    }
    memory.sockets.deliver(session_id, Delivery { frames, cut: cut.is_some() });
}

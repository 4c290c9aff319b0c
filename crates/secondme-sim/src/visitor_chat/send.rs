//! `POST /api/secondme/visitor-chat/send`: takes one message; the reply goes out over the session's newest open socket.

use std::sync::Arc;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

use super::{check_token, find_avatar};
use crate::{
    AnswerFault, Endpoint,
    admission::admit,
    answer::{Refusal, success},
    conversation::{self, Incoming},
    world::{Api, World},
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
) -> Result<Response, Refusal> {
    admit(&world, Endpoint::Send).await?;
    let fault = accept(&world, &headers, body)?;
    Ok(conversation::respond(fault, success(json!({ "sent": true }))).await)
}

fn accept(
    world: &Arc<World>,
    headers: &HeaderMap,
    body: Result<Json<SendRequest>, JsonRejection>,
) -> Result<Option<AnswerFault>, Refusal> {
    let mut memory = world.lock();
    check_token(headers, &memory)?;
    let Json(request) = body.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;
    let avatar = find_avatar(request.api_key.as_deref(), &memory)?;
    let message = check_message(request.message)?;
    let session_id = request.session_id.unwrap_or_default();
    if session_id.is_empty() {
        return Err(Refusal::invalid("sessionId is required."));
    }

    // A session is its avatar's: with another avatar's key it is as unknown as one that never was.
    let session = memory.sessions.find(&session_id);
    let session = session.filter(|session| session.api == Api::VisitorChat && session.api_key == avatar.api_key);
    let Some(session) = session else { return Err(conversation::unknown_session(Api::VisitorChat)) };
    if session.expired {
        return Err(conversation::expired_session(Api::VisitorChat));
    }
    let incoming = Incoming { api: Api::VisitorChat, session_id, message, sequence_id: None, ws_id: None };
    conversation::accept(world, memory, &avatar, incoming)
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

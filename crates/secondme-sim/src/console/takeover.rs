//! `POST /console/takeover`: the owner speaks in a visitor's chat.

use std::sync::Arc;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Control,
    answer::{Refusal, success},
    origin,
    world::World,
};

/// The longest message, in characters: as long as a visitor's may be.
const MESSAGE_LIMIT: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TakeoverRequest {
    session_id: Option<String>,
    text: Option<String>,
}

/// Another site's page cannot speak as the owner: it has another origin, and may not send JSON without asking.
pub(super) async fn take_over(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<TakeoverRequest>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    if !origin::is_own(&headers) {
        let message = "Only the console's own page can speak as the owner.";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "console.origin_not_allowed", message));
    }
    let Json(request) = body.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;
    let session_id = request.session_id.filter(|id| !id.is_empty());
    let session_id = session_id.ok_or_else(|| Refusal::invalid("sessionId is required."))?;
    let text = request.text.filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| Refusal::invalid("Write a message first."))?;
    if text.chars().count() > MESSAGE_LIMIT {
        return Err(Refusal::invalid(format!("The message may have at most {MESSAGE_LIMIT} characters.")));
    }
    if world.lock().sessions.find(&session_id).is_none() {
        let message = "You are not a member of this conversation: it does not exist any more.";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "session.not.member", message));
    }
    Control::new(world).owner_says(Some(&session_id), &text).map_err(|_| {
        let message = "The visitor's chat is not connected, so the message cannot arrive. Try again when it is.";
        Refusal::new(StatusCode::CONFLICT, "console.visitor_away", message)
    })?;
    Ok(success(json!({ "sent": true })))
}

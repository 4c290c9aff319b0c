//! `POST /api/secondme/visitor-chat/init`: a visitor's session, and a WebSocket address that opens one socket.

use std::sync::Arc;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{check_token, find_avatar};
use crate::{
    Endpoint,
    admission::admit,
    answer::{Refusal, success},
    socket,
    world::{Terms, World},
};

/// The longest visitorId, in characters (Visitor Chat, "Request Parameters").
const VISITOR_ID_LIMIT: usize = 128;
/// The longest visitorName, in characters (Visitor Chat, "Request Parameters").
const VISITOR_NAME_LIMIT: usize = 200;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InitRequest {
    api_key: Option<String>,
    visitor_id: Option<String>,
    visitor_name: Option<String>,
}

pub(super) async fn init(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<InitRequest>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Endpoint::Init).await?;
    let mut memory = world.lock();
    check_token(&headers, &memory)?;
    let Json(request) = body.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;
    let avatar = find_avatar(request.api_key.as_deref(), &memory)?;
    let visitor_id = check_visitor_id(request.visitor_id.as_deref())?;
    let visitor_name = check_visitor_name(request.visitor_name.as_deref())?;

    let session = memory.sessions.open(&avatar.api_key, visitor_id, visitor_name, &world.settings.app_name);
    let (session_id, user_id) = (session.id.clone(), session.visitor_user_id.clone());
    // The document says neither how long the address waits nor how long the socket may be silent.
    let ticket = memory.sockets.issue(&user_id, Terms::default());
    Ok(success(json!({
        "sessionId": session_id,
        "wsUrl": socket::url(world.address, &ticket),
        "avatarName": avatar.name,
        "opening": avatar.opening,
    })))
}

/// Every token here is an application's, so the visitor has to be named.
fn check_visitor_id(visitor_id: Option<&str>) -> Result<&str, Refusal> {
    let Some(id) = visitor_id.filter(|id| !id.is_empty()) else {
        let message = "An anonymous visitor needs a visitorId.";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "visitor_chat.visitor_id_required", message));
    };
    if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        return Err(Refusal::invalid("visitorId may hold letters, digits, underscores and hyphens only."));
    }
    if id.len() > VISITOR_ID_LIMIT {
        return Err(Refusal::invalid(format!("visitorId may have at most {VISITOR_ID_LIMIT} characters.")));
    }
    Ok(id)
}

fn check_visitor_name(visitor_name: Option<&str>) -> Result<Option<&str>, Refusal> {
    let name = visitor_name.filter(|name| !name.is_empty());
    if name.is_some_and(|name| name.chars().count() > VISITOR_NAME_LIMIT) {
        return Err(Refusal::invalid(format!("visitorName may have at most {VISITOR_NAME_LIMIT} characters.")));
    }
    Ok(name)
}

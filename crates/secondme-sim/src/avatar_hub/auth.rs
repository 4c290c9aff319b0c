//! `POST /rest/open/avatar/auth`: from the avatar's API key to a token for one visitor.

use std::sync::Arc;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{check_key, read};
use crate::{
    Endpoint,
    admission::admit,
    answer::{Refusal, bearer, success},
    world::World,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthRequest {
    visitor_id: Option<String>,
    visitor_name: Option<String>,
    channel: Option<String>,
}

pub(super) async fn auth(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<AuthRequest>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Endpoint::Auth).await?;
    let memory = &mut *world.lock();
    let Some(api_key) = bearer(&headers) else {
        let message = "The header Authorization must hold the API key as a bearer token.";
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "open.api.unauthorized", message));
    };
    let avatar = check_key(&world, memory, api_key)?;
    let request = read(body)?;
    let visitor_id = check_visitor_id(request.visitor_id.as_deref())?;
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());

    let (name, channel) = (said(request.visitor_name), said(request.channel));
    let (token, visitor) = memory.visitors.authenticate(&avatar.api_key, visitor_id, name, channel);
    memory.sessions.rename(visitor);
    Ok(success(json!({
        "visitorToken": token,
        "visitorUserId": visitor.user_id,
        // A string: as a number it would lose digits in JavaScript.
        "visitorMindId": visitor.mind_id.to_string(),
        "avatarShareCode": avatar.share_code,
        "avatarName": avatar.name,
        "ownerUserId": avatar.owner_user_id,
    })))
}

/// `{platform}_{uuid}`, the UUID with its hyphens.
fn check_visitor_id(visitor_id: Option<&str>) -> Result<&str, Refusal> {
    let id = visitor_id.unwrap_or_default();
    let parts = id.split_once('_').filter(|(platform, uuid)| {
        let named = !platform.is_empty() && platform.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        named && uuid.len() == 36 && Uuid::try_parse(uuid).is_ok()
    });
    if parts.is_none() {
        let message = "visitorId must be a platform and a UUID, such as web_6ba7b810-9dad-11d1-80b4-00c04fd430c8.";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "open.api.invalid.visitor.id", message));
    }
    Ok(id)
}

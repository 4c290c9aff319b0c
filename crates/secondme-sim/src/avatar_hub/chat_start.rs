//! `POST /rest/os/avatar/chat/start`: binds a session to the avatar, so that the owner sees it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::HeaderMap,
};
use serde::Deserialize;
use serde_json::Value;

use super::{Fingerprint, find_session, no_avatar, read, recognise, required};
use crate::{
    Endpoint,
    admission::admit,
    answer::{Refusal, success},
    world::World,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChatStartRequest {
    avatar_id: Option<u64>,
    session_id: Option<String>,
}

pub(super) async fn chat_start(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<ChatStartRequest>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Endpoint::ChatStart).await?;
    let mut memory = world.lock();
    let (visitor, avatar) = recognise(&world, &headers, &mut memory, Fingerprint::Required)?;
    let request = read(body)?;
    let avatar_id = required(request.avatar_id, "avatarId")?;
    let session_id = required(request.session_id, "sessionId")?;
    if avatar_id != avatar.id {
        return Err(no_avatar());
    }
    find_session(&mut memory, &visitor, &session_id)?.standing.is_listed = true;
    Ok(success(Value::Null))
}

//! `POST /rest/os/avatar/chat/init`: puts the avatar's context into the cache, for the session that is created next.

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::HeaderMap,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Fingerprint, no_avatar, read, recognise, required};
use crate::{
    Endpoint,
    admission::admit,
    answer::{Refusal, success},
    world::World,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChatInitRequest {
    share_code: Option<String>,
}

pub(super) async fn chat_init(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<ChatInitRequest>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Endpoint::ChatInit).await?;
    let mut memory = world.lock();
    let (visitor, avatar) = recognise(&world, &headers, &mut memory, Fingerprint::Required)?;
    let share_code = required(read(body)?.share_code, "shareCode")?;
    // The visitor is the visitor of one avatar: another one's code leads nowhere.
    if share_code != avatar.share_code {
        return Err(no_avatar());
    }
    memory.visitors.prepare(&visitor.user_id, Instant::now());
    Ok(success(json!({
        "mindId": avatar.encoded_mind_id,
        "avatarName": avatar.name,
        "ownerUserId": avatar.owner_user_id,
        "opening": avatar.opening,
    })))
}

//! `GET /rest/os/avatar/public/{shareCode}`: what everybody may know of an avatar, its numeric id among it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use serde_json::{Value, json};

use super::{Fingerprint, no_avatar, recognise};
use crate::{
    Endpoint,
    admission::admit,
    answer::{Refusal, success},
    world::World,
};

/// What the owner is called. Nothing else of the simulator has a name for the owner.
const OWNER_NAME: &str = "The owner";

pub(super) async fn avatar_public(
    State(world): State<Arc<World>>,
    Path(share_code): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Endpoint::AvatarPublic).await?;
    let mut memory = world.lock();
    recognise(&world, &headers, &mut memory, Fingerprint::Optional)?;
    let Some(avatar) = memory.avatars.find_public(&share_code) else { return Err(no_avatar()) };
    Ok(success(json!({
        "id": avatar.id,
        "shareCode": avatar.share_code,
        "name": avatar.name,
        "modes": { "textChat": true, "voiceCall": false },
        // A number here and an encoded string in `auth`, as in the published widget's types.
        "ownerUserId": avatar.owner_number,
        "ownerUsername": OWNER_NAME,
        "ownerAvatar": avatar.owner_image,
    })))
}

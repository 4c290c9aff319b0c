//! `POST /rest/general/ws/create`: an address that opens one socket of the visitor, soon.

use std::sync::Arc;

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::HeaderMap,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Fingerprint, expect, read, recognise, required};
use crate::{
    Endpoint,
    admission::admit,
    answer::{Refusal, success},
    socket,
    world::{Terms, World},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WsCreateRequest {
    /// SecondMe's published SDK calls it `refUserId`.
    #[serde(alias = "refUserId")]
    user_id: Option<String>,
    channel: Option<Vec<String>>,
    api_version: Option<String>,
    sdk_version: Option<String>,
}

pub(super) async fn ws_create(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<WsCreateRequest>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Endpoint::WsCreate).await?;
    let mut memory = world.lock();
    let (visitor, _) = recognise(&world, &headers, &mut memory, Fingerprint::Required)?;
    let request = read(body)?;
    expect(request.user_id.as_deref(), &visitor.user_id, "userId")?;
    expect(request.channel.as_deref(), &["ALL".to_owned()], "channel")?;
    expect(request.api_version.as_deref(), "1.3.0", "apiVersion")?;
    // The SDK's version is its own matter.
    required(request.sdk_version.filter(|version| !version.is_empty()), "sdkVersion")?;

    let terms = Terms {
        address_lifetime: Some(world.settings.address_lifetime),
        silence_limit: Some(world.settings.silence_limit),
    };
    let ticket = memory.sockets.issue(&visitor.user_id, terms);
    Ok(success(json!({ "wsId": ticket.ws_id, "address": socket::url(world.address, &ticket) })))
}

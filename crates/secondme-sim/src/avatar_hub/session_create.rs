//! `POST /rest/general/session/create`: one more conversation of the visitor. What is missing is not refused, as with
//! SecondMe: it has consequences later.

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::HeaderMap,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Fingerprint, expect, read, recognise};
use crate::{
    Endpoint,
    admission::admit,
    answer::{Refusal, success},
    world::World,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionCreateRequest {
    mind_id: Option<Value>,
    mind_type: Option<String>,
    mode: Option<String>,
    session_type: Option<String>,
    member_user_ids: Option<Vec<String>>,
}

pub(super) async fn session_create(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<SessionCreateRequest>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Endpoint::SessionCreate).await?;
    let mut memory = world.lock();
    let (visitor, avatar) = recognise(&world, &headers, &mut memory, Fingerprint::Required)?;
    let request = read(body)?;
    expect(request.mind_type.as_deref(), "shadow", "mindType")?;
    expect(request.mode.as_deref(), "PERSONAL", "mode")?;
    expect(request.session_type.as_deref(), "SHARE", "sessionType")?;
    let mind_id = numeric_mind_id(request.mind_id.as_ref())?;

    let is_prepared = visitor.is_prepared(Instant::now(), world.settings.payload_lifetime);
    let has_persona = mind_id == Some(visitor.mind_id) && is_prepared;
    let owner_is_member = request.member_user_ids.is_some_and(|members| members.contains(&avatar.owner_user_id));
    let session_id = memory.sessions.create(&visitor, has_persona, owner_is_member);
    let mut data = json!({ "sessionId": session_id });
    if !avatar.starters.is_empty() {
        data["sentence"] = json!({ "open": true, "firstOfUser": avatar.starters });
    }
    Ok(success(data))
}

/// The visitor's mind id with all its digits: a number as in the document, or the same digits as a string.
fn numeric_mind_id(mind_id: Option<&Value>) -> Result<Option<u64>, Refusal> {
    let number = match mind_id {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_u64(),
        // `parse` would take a sign, too.
        Some(Value::String(digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
        Some(_) => None,
    };
    let message = "mindId must be the numeric visitorMindId here, not an encoded id.";
    number.map(Some).ok_or_else(|| Refusal::invalid(message))
}

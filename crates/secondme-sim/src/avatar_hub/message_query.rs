//! `GET /rest/general/message/query`: not in the document. SecondMe's published SDK asks it for what a socket may have
//! missed; the simulator keeps no frames, so that nothing was.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap};
use serde_json::{Value, json};

use super::{Fingerprint, recognise};
use crate::{
    answer::{Refusal, success},
    world::World,
};

pub(super) async fn message_query(State(world): State<Arc<World>>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    recognise(&world, &headers, &mut world.lock(), Fingerprint::Required)?;
    Ok(success(json!([])))
}

//! `POST /rest/general/message/send`: takes one message; the reply goes out over the visitor's socket.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use serde_json::Value;

use super::{Fingerprint, expect, find_session, read, recognise, required};
use crate::{
    AnswerFault, Endpoint,
    admission::admit,
    answer::{Refusal, success},
    conversation::{self, Incoming},
    world::{Api, Avatar, Memory, Visitor, World},
};

/// How far the sender's clock may be from the service's. The document says milliseconds of now; a day of difference is
/// another unit.
const CLOCK_TOLERANCE: Duration = Duration::from_hours(24);

/// What stands between the two halves of a `seqId`.
const SEPARATOR: &str = "_____";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MessageSendRequest {
    timestamp: Option<u64>,
    seq_id: Option<String>,
    session_id: Option<String>,
    user_id: Option<String>,
    message_id: Option<String>,
    mind_id: Option<Value>,
    index: Option<i64>,
    send_user_id: Option<String>,
    data_type: Option<String>,
    sender: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    ws_id: Option<String>,
    data: Option<Content>,
}

#[derive(Deserialize)]
struct Content {
    content: Option<String>,
}

pub(super) async fn message_send(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<MessageSendRequest>, JsonRejection>,
) -> Result<Response, Refusal> {
    admit(&world, Endpoint::MessageSend).await?;
    let fault = accept(&world, &headers, body)?;
    Ok(conversation::respond(fault, success(Value::Null)).await)
}

fn accept(
    world: &Arc<World>,
    headers: &HeaderMap,
    body: Result<Json<MessageSendRequest>, JsonRejection>,
) -> Result<Option<AnswerFault>, Refusal> {
    let mut memory = world.lock();
    let (visitor, avatar) = recognise(world, headers, &mut memory, Fingerprint::Required)?;
    let request = read(body)?;
    check_fixed(&request)?;
    check_ids(&request, &visitor, &avatar, &memory)?;
    let sequence_id = check_sequence(&request)?;
    let content = request.data.and_then(|data| data.content).filter(|content| !content.is_empty());
    let message = required(content, "data.content")?;
    let session_id = required(request.session_id, "sessionId")?;

    let session = find_session(&mut memory, &visitor, &session_id)?;
    if session.sequence_ids.contains(&sequence_id) {
        return Err(Refusal::invalid("seqId must be unique, and this session has had it."));
    }
    let incoming =
        Incoming { api: Api::AvatarHub, session_id, message, sequence_id: Some(sequence_id), ws_id: request.ws_id };
    conversation::accept(world, memory, &avatar, incoming)
}

/// The parameters that have one value only.
fn check_fixed(request: &MessageSendRequest) -> Result<(), Refusal> {
    expect(request.index.as_ref(), &0, "index")?;
    expect(request.data_type.as_deref(), "text", "dataType")?;
    expect(request.sender.as_deref(), "client", "sender")?;
    expect(request.kind.as_deref(), "msg", "type")
}

/// The parameters that name somebody or something.
fn check_ids(request: &MessageSendRequest, visitor: &Visitor, avatar: &Avatar, memory: &Memory) -> Result<(), Refusal> {
    expect(request.user_id.as_deref(), &visitor.user_id, "userId")?;
    expect(request.send_user_id.as_deref(), &visitor.user_id, "sendUserId")?;
    let mind_id = required(request.mind_id.as_ref(), "mindId")?;
    if *mind_id != *avatar.encoded_mind_id {
        return Err(Refusal::invalid("mindId must be the encoded mindId of chat/init here, not a numeric id."));
    }
    let ws_id = required(request.ws_id.as_deref(), "wsId")?;
    if !memory.sockets.is_ticket_of(ws_id, &visitor.user_id) {
        return Err(Refusal::invalid("wsId is none of this visitor's."));
    }
    Ok(())
}

/// The `seqId`: something random, the separator, and the same moment as `timestamp`; and the `messageId` is the same.
fn check_sequence(request: &MessageSendRequest) -> Result<String, Refusal> {
    let timestamp = required(request.timestamp, "timestamp")?;
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    if since_1970.abs_diff(Duration::from_millis(timestamp)) > CLOCK_TOLERANCE {
        return Err(Refusal::invalid("timestamp must be the milliseconds of now since 1970."));
    }
    let sequence_id = required(request.seq_id.as_ref(), "seqId")?;
    let halves = sequence_id.split_once(SEPARATOR);
    if !halves.is_some_and(|(random, moment)| !random.is_empty() && moment == timestamp.to_string()) {
        return Err(Refusal::invalid("seqId must be something random, five underscores and the timestamp."));
    }
    expect(request.message_id.as_ref(), sequence_id, "messageId")?;
    Ok(sequence_id.clone())
}

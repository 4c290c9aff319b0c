//! `GET /console/conversations`, all of them or one: what the owner may read, as JSON.

use std::{cmp::Reverse, sync::Arc};

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    answer::Refusal,
    observed::display_name,
    world::{Author, Memory, Session, State as Progress, Utterance, World},
};

/// How many conversations are shown, the latest first.
const SHOWN: usize = 100;

/// How much of the last message is shown in the list, in characters.
const PREVIEW: usize = 120;

pub(super) async fn all(State(world): State<Arc<World>>) -> Response {
    let memory = world.lock();
    let mut sessions: Vec<_> = memory.sessions.all().iter().enumerate().collect();
    sessions.sort_by_key(|(began, session)| Reverse((last(&memory, session).map(|last| last.at), *began)));
    let list: Vec<Value> =
        sessions.iter().take(SHOWN).map(|(_, session)| summary(&memory, session, &world.settings.app_name)).collect();
    fresh(json!({ "conversations": list }))
}

/// What the caller knows already.
#[derive(Deserialize)]
pub(super) struct Known {
    #[serde(default)]
    since: u64,
}

/// One conversation, with the messages that have changed after the revision that the caller knows.
pub(super) async fn one(
    State(world): State<Arc<World>>,
    Path(session_id): Path<String>,
    known: Result<Query<Known>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(known) = known.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;
    let memory = world.lock();
    let session = memory.sessions.all().iter().find(|session| session.id == session_id).ok_or_else(|| {
        Refusal::new(StatusCode::NOT_FOUND, "resource.fetch.not_found", "There is no such conversation any more.")
    })?;
    let mut body = summary(&memory, session, &world.settings.app_name);
    body["opening"] = memory.avatars.find(&session.api_key).and_then(|avatar| avatar.opening.clone()).into();
    let transcript = memory.transcripts.of(&session.id);
    body["revision"] = transcript.map_or(0, |transcript| transcript.revision()).into();
    body["messages"] =
        transcript.into_iter().flat_map(|transcript| transcript.since(known.since)).map(message).collect();
    Ok(fresh(body))
}

fn summary(memory: &Memory, session: &Session, app_name: &str) -> Value {
    let last = last(memory, session);
    json!({
        "sessionId": session.id,
        "name": display_name(session, app_name),
        "avatarName": memory.avatars.find(&session.api_key).map(|avatar| &avatar.name),
        "connected": memory.sockets.newest(&session.id).is_some(),
        "at": last.map(|last| last.at),
        "lastMessage": last.map(|last| json!({
            "author": author(last.author),
            "text": last.beginning(PREVIEW),
            "state": state(&last.state),
        })),
    })
}

fn last<'a>(memory: &'a Memory, session: &Session) -> Option<&'a Utterance> {
    memory.transcripts.of(&session.id)?.last()
}

fn message(utterance: &Utterance) -> Value {
    let mut message = json!({
        "number": utterance.number,
        "author": author(utterance.author),
        "text": utterance.text(),
        "at": utterance.at,
        "state": state(&utterance.state),
    });
    if let Progress::Failed(code) = &utterance.state {
        message["subCode"] = code.as_str().into();
    }
    message
}

fn author(author: Author) -> &'static str {
    match author {
        Author::Visitor => "visitor",
        Author::Avatar => "avatar",
        Author::Owner => "owner",
    }
}

fn state(state: &Progress) -> &'static str {
    match state {
        Progress::Streaming => "streaming",
        Progress::Complete => "complete",
        Progress::Interrupted => "interrupted",
        Progress::Failed(_) => "failed",
    }
}

fn fresh(body: Value) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

//! `POST /api/secondme/visitor-chat/send`: takes one message; the reply goes out over the session's newest open socket.

use std::{
    future,
    sync::{Arc, MutexGuard},
    time::Duration,
};

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use tokio::time;

use super::{
    admit, check_token, find_avatar,
    words::{self, Mishap, Wishes},
};
use crate::{
    AnswerFault, Control,
    answer::{Refusal, cut_connection, success},
    faults::Operation,
    replies::reply_to,
    script::{self, Scene, Stamp},
    world::{Delivery, Memory, Reply, World},
};

/// The longest message, in characters (Visitor Chat, "Send Message").
const MESSAGE_LIMIT: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SendRequest {
    session_id: Option<String>,
    api_key: Option<String>,
    message: Option<String>,
}

pub(super) async fn send(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Result<Json<SendRequest>, JsonRejection>,
) -> Result<Response, Refusal> {
    admit(&world, Operation::Send).await?;
    match accept(&world, &headers, body)? {
        None => {}
        Some(AnswerFault::Late { ms }) => time::sleep(Duration::from_millis(ms)).await,
        Some(AnswerFault::Never) => future::pending().await,
        Some(AnswerFault::Cut) => return Ok(cut_connection()),
    }
    Ok(success(json!({ "sent": true })).into_response())
}

/// Takes the message and lets its reply begin. What the caller hears of it is another matter.
fn accept(
    world: &Arc<World>,
    headers: &HeaderMap,
    body: Result<Json<SendRequest>, JsonRejection>,
) -> Result<Option<AnswerFault>, Refusal> {
    let mut memory = world.lock();
    let identity = check_token(headers, &memory)?;
    let Json(request) = body.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;
    let avatar = find_avatar(request.api_key.as_deref(), &memory)?;
    let message = check_message(request.message)?;
    let session_id = request.session_id.unwrap_or_default();
    if session_id.is_empty() {
        return Err(Refusal::invalid("sessionId is required."));
    }

    // A session is its avatar's and its visitor's: with another avatar's key, or somebody else's token, it is as unknown as
    // one that never was.
    let session = memory.sessions.find(&session_id).filter(|session| session.api_key == avatar.api_key);
    let session = session.filter(|session| identity.may_speak_in(session));
    let Some(session) = session else {
        return Err(init_again("visitor_chat.session_not_found", "There is no such session; call init."));
    };
    if session.expired {
        return Err(init_again("visitor_chat.session_expired", "The session has expired; call init again."));
    }
    let (mut wishes, question) = words::read(&message);
    // A message that comes again after it went wrong as wished is to go well.
    let again = session.spoilt.take_if(|spoilt| *spoilt == message).is_some();
    let mishap = wishes.mishap.take().filter(|_| !again);
    if mishap.is_some() {
        session.spoilt = Some(message.clone());
    }
    if let Some(Mishap::Refused(refusal)) = mishap {
        return Err(refusal.into_refusal());
    }
    session.messages.push(message.clone());
    let visitor_user_id = session.visitor_user_id.clone();
    memory.transcripts.visitor_says(&session_id, &message);
    let reply = wishes.answer.take().unwrap_or_else(|| answer_to(question, &message, &avatar.name));
    let planned = memory.faults.next_answers.claim();
    deliver_reply(world, &mut memory, &Exchange { session_id, visitor_user_id, message, reply }, &wishes);
    obey(world, memory, wishes);
    Ok(planned.or(match mishap {
        Some(Mishap::Answer(fault)) => Some(fault),
        _ => None,
    }))
}

/// One message and what is answered to it.
struct Exchange {
    session_id: String,
    visitor_user_id: String,
    message: String,
    reply: String,
}

/// A message of words alone gets a reply that is long enough to see something happen to it.
fn answer_to(question: &str, message: &str, avatar_name: &str) -> String {
    let question = if question.is_empty() && !message.is_empty() { "notebook" } else { question };
    reply_to(question, avatar_name)
}

/// Does what was wished for at once. That needs the memory's lock for itself.
fn obey(world: &Arc<World>, memory: MutexGuard<'_, Memory>, wishes: Wishes) {
    drop(memory);
    let control = Control::new(Arc::clone(world));
    for command in wishes.commands {
        // The words' own commands are all well-formed: there is nothing to refuse.
        let _ = control.apply(command);
    }
}

fn check_message(message: Option<String>) -> Result<String, Refusal> {
    let message = message.unwrap_or_default();
    if message.is_empty() {
        return Err(Refusal::invalid("message is required."));
    }
    if message.chars().count() > MESSAGE_LIMIT {
        return Err(Refusal::invalid(format!("message may have at most {MESSAGE_LIMIT} characters.")));
    }
    Ok(message)
}

fn init_again(sub_code: &'static str, message: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, sub_code, message)
}

/// A push service has no memory: without a socket the reply is lost, and only the count remains.
fn deliver_reply(world: &World, memory: &mut Memory, exchange: &Exchange, wishes: &Wishes) {
    let Some(ws_id) = memory.sockets.newest(&exchange.session_id).map(str::to_owned) else {
        memory.sockets.replies_without_socket += 1;
        return;
    };
    let script = memory.faults.claim_script().with(&wishes.variants);
    let scene = Scene {
        session_id: &exchange.session_id,
        ws_id: &ws_id,
        visitor_user_id: &exchange.visitor_user_id,
        message: &exchange.message,
        text: &exchange.reply,
        chunk_chars: world.settings.chunk_chars,
        media_base: &format!("http://{}", world.address),
        stamp: Stamp::now(),
    };
    let steps = script::plan(&script, &scene);
    memory.sockets.deliver(&exchange.session_id, Delivery::Reply(Reply { steps, resume: script.resume }));
}

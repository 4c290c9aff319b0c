//! A message that a visitor may send, whichever API it came by: what becomes of it, and the avatar's reply over the
//! visitor's socket. It knows no endpoint.

use std::{
    future,
    sync::{Arc, MutexGuard},
    time::Duration,
};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tokio::time;

use crate::{
    AnswerFault, Control,
    answer::{Refusal, cut_connection},
    replies::{reply_to, reply_without_persona},
    script::{self, Scene, Stamp},
    words::{self, Mishap, Wishes},
    world::{Api, Avatar, Delivery, Memory, Reply, World},
};

/// A message that its endpoint has checked.
pub(crate) struct Incoming {
    pub(crate) api: Api,
    pub(crate) session_id: String,
    pub(crate) message: String,
    /// The message's own id, where the API has one.
    pub(crate) sequence_id: Option<String>,
    /// The socket that the reply is for; if there is none, or it is not open, it is the visitor's newest one.
    pub(crate) ws_id: Option<String>,
}

/// Takes the message and lets its reply begin. What the caller hears of it is another matter: see [`respond`].
///
/// The session must be there and not have expired.
pub(crate) fn accept(
    world: &Arc<World>,
    mut memory: MutexGuard<'_, Memory>,
    avatar: &Avatar,
    incoming: Incoming,
) -> Result<Option<AnswerFault>, Refusal> {
    let Incoming { api, session_id, message, sequence_id, ws_id } = incoming;
    let Some(session) = memory.sessions.find(&session_id) else { return Err(unknown_session(api)) };
    let (mut wishes, question) = words::read(&message);
    // A message that comes again after it went wrong as wished is to go well.
    let again = session.spoilt.take_if(|spoilt| *spoilt == message).is_some();
    let mishap = wishes.mishap.take().filter(|_| !again);
    if mishap.is_some() {
        session.spoilt = Some(message.clone());
    }
    match mishap {
        Some(Mishap::Refused(refusal)) => return Err(refusal.into_refusal()),
        Some(Mishap::SessionExpired) => return Err(expired_session(api)),
        Some(Mishap::SessionUnknown) => return Err(unknown_session(api)),
        Some(Mishap::Answer(_)) | None => {}
    }
    session.messages.push(message.clone());
    session.sequence_ids.extend(sequence_id);
    let visitor_user_id = session.visitor_user_id.clone();
    let persona = session.standing.has_persona.then_some(avatar.name.as_str());
    let reply = wishes.answer.take().unwrap_or_else(|| answer_to(question, &message, persona));
    memory.transcripts.visitor_says(&session_id, &message);
    let planned = memory.faults.next_answers.claim();
    let exchange = Exchange { session_id, visitor_user_id, message, reply, ws_id };
    deliver_reply(world, &mut memory, avatar, &exchange, &wishes);
    obey(world, memory, wishes);
    Ok(planned.or(match mishap {
        Some(Mishap::Answer(fault)) => Some(fault),
        _ => None,
    }))
}

/// There is no such session, in the words of the API. The Avatar Hub document names no code: this is what its socket says
/// of a session that is over.
pub(crate) fn unknown_session(api: Api) -> Refusal {
    match api {
        Api::VisitorChat => bad("visitor_chat.session_not_found", "There is no such session; call init."),
        Api::AvatarHub => bad("session.status.closed", "There is no such session."),
    }
}

/// The session is over, in the words of the API.
pub(crate) fn expired_session(api: Api) -> Refusal {
    match api {
        Api::VisitorChat => bad("visitor_chat.session_expired", "The session has expired; call init again."),
        Api::AvatarHub => bad("session.status.closed", "The session is closed; create another."),
    }
}

fn bad(sub_code: &'static str, message: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, sub_code, message)
}

/// The answer to a message that was accepted, or what became of it instead.
pub(crate) async fn respond(fault: Option<AnswerFault>, answer: impl IntoResponse) -> Response {
    match fault {
        None => {}
        Some(AnswerFault::Late { ms }) => time::sleep(Duration::from_millis(ms)).await,
        Some(AnswerFault::Never) => future::pending().await,
        Some(AnswerFault::Cut) => return cut_connection(),
    }
    answer.into_response()
}

/// One message and what is answered to it.
struct Exchange {
    session_id: String,
    visitor_user_id: String,
    message: String,
    reply: String,
    ws_id: Option<String>,
}

/// A message of words alone gets a reply that is long enough to see something happen to it. Without a persona the avatar
/// has nothing to say, whatever it is asked.
fn answer_to(question: &str, message: &str, persona: Option<&str>) -> String {
    let Some(avatar_name) = persona else { return reply_without_persona() };
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

/// A push service has no memory: without a socket the reply is lost, and only the count remains.
fn deliver_reply(world: &World, memory: &mut Memory, avatar: &Avatar, exchange: &Exchange, wishes: &Wishes) {
    let named = exchange.ws_id.as_deref().filter(|ws_id| memory.sockets.is_open(ws_id));
    let Some(ws_id) = named.or_else(|| memory.sockets.newest(&exchange.visitor_user_id)).map(str::to_owned) else {
        memory.sockets.replies_without_socket += 1;
        return;
    };
    let script = memory.faults.claim_script().with(&wishes.variants);
    let scene = Scene {
        session_id: &exchange.session_id,
        ws_id: &ws_id,
        visitor_user_id: &exchange.visitor_user_id,
        owner_user_id: &avatar.owner_user_id,
        mind_id: &avatar.encoded_mind_id,
        message: &exchange.message,
        text: script.text.as_deref().unwrap_or(&exchange.reply),
        chunk_chars: world.settings.chunk_chars,
        media_base: &format!("http://{}", world.address),
        stamp: Stamp::now(),
    };
    let steps = script::plan(&script, &scene);
    memory.sockets.deliver(&ws_id, Delivery::Reply(Reply { steps, resume: script.resume }));
}

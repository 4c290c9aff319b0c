//! The Avatar Hub document as HTTP endpoints. Each file below is one of its steps; what all of them check is here.

mod auth;
mod avatar_public;
mod chat_init;
mod chat_start;
mod message_query;
mod message_send;
mod session_create;
mod ws_create;

use std::{sync::Arc, time::Instant};

use axum::{
    Json, Router,
    extract::rejection::JsonRejection,
    http::{HeaderMap, StatusCode},
    routing,
};

use crate::{
    answer::Refusal,
    conversation,
    world::{Api, Avatar, Memory, Session, Standing, Visitor, VisitorTokenFault, World},
};

/// The document's endpoints, below the base path, and one more that only SecondMe's published SDK asks for.
pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/rest/open/avatar/auth", routing::post(auth::auth))
        .route("/rest/os/avatar/chat/init", routing::post(chat_init::chat_init))
        .route("/rest/general/ws/create", routing::post(ws_create::ws_create))
        .route("/rest/general/session/create", routing::post(session_create::session_create))
        .route("/rest/os/avatar/public/{share_code}", routing::get(avatar_public::avatar_public))
        .route("/rest/os/avatar/chat/start", routing::post(chat_start::chat_start))
        .route("/rest/general/message/send", routing::post(message_send::message_send))
        .route("/rest/general/message/query", routing::get(message_query::message_query))
}

/// Whether a request must show whose device it comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fingerprint {
    Required,
    /// It may be left out, as the document does once.
    Optional,
}

/// The visitor who sends a request after `auth`, and the avatar of the key behind the token. The request counts for that
/// key.
fn recognise(
    world: &World,
    headers: &HeaderMap,
    memory: &mut Memory,
    fingerprint: Fingerprint,
) -> Result<(Visitor, Avatar), Refusal> {
    let token = header(headers, "token");
    let found = token.map(|token| memory.visitors.find_by_token(token).cloned());
    let message = match found {
        Some(Ok(visitor)) => return check_visitor(world, headers, memory, fingerprint, visitor),
        None => "The header token is required.",
        Some(Err(VisitorTokenFault::Unknown)) => "The visitor token is not valid.",
        Some(Err(VisitorTokenFault::Expired)) => "The visitor token has expired.",
    };
    // The document names no code for a refused token; this one stands on SecondMe's own page of error codes.
    Err(memory.faults.refuse_token("resource.auth.unauthorized", message))
}

fn check_visitor(
    world: &World,
    headers: &HeaderMap,
    memory: &mut Memory,
    fingerprint: Fingerprint,
    visitor: Visitor,
) -> Result<(Visitor, Avatar), Refusal> {
    let avatar = check_key(world, memory, &visitor.api_key)?;
    match header(headers, "Fp") {
        Some(fp) if fp == visitor.visitor_id => Ok((visitor, avatar)),
        None if fingerprint == Fingerprint::Optional => Ok((visitor, avatar)),
        None => Err(Refusal::invalid("The header Fp is required.")),
        Some(_) => {
            let message = "The header Fp is not the visitorId of this token.";
            Err(Refusal::new(StatusCode::UNAUTHORIZED, "resource.auth.unauthorized", message))
        }
    }
}

/// Finds the avatar of a key, counts the request for it, and makes sure that the avatar may be talked to.
fn check_key(world: &World, memory: &mut Memory, api_key: &str) -> Result<Avatar, Refusal> {
    let Some(avatar) = memory.avatars.find(api_key).cloned() else {
        let message = "No avatar has this API key.";
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "open.api.key.not.found", message));
    };
    if !memory.limits.pass(api_key, world.settings.rate_limit, Instant::now()) {
        let message = format!("An API key has {} requests a minute.", world.settings.rate_limit);
        return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "open.api.rate.limited", message));
    }
    match avatar.standing {
        Standing::Active => {}
        Standing::KeyDisabled => {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "open.api.key.disabled", "This API key is disabled."));
        }
        Standing::Removed => return Err(no_avatar()),
    }
    memory.faults.check_owner()?;
    Ok(avatar)
}

/// The session, if it is the visitor's and not over.
fn find_session<'a>(memory: &'a mut Memory, visitor: &Visitor, id: &str) -> Result<&'a mut Session, Refusal> {
    let session = memory.sessions.find(id).filter(|session| session.api == Api::AvatarHub);
    let Some(session) = session else { return Err(conversation::unknown_session(Api::AvatarHub)) };
    if session.visitor_user_id != visitor.user_id {
        let message = "The visitor is not a member of this session.";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "session.not.member", message));
    }
    if session.expired {
        return Err(conversation::expired_session(Api::AvatarHub));
    }
    Ok(session)
}

/// There is no such avatar.
fn no_avatar() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "open.api.avatar.not.found", "There is no such avatar.")
}

/// The body, where it could be read.
fn read<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Refusal> {
    let Json(request) = body.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;
    Ok(request)
}

/// The value of a parameter that must be there.
fn required<T>(value: Option<T>, name: &str) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::invalid(format!("{name} is required.")))
}

/// Makes sure that a parameter is there and has the only value it can have.
fn expect<T: PartialEq + ?Sized>(value: Option<&T>, expected: &T, name: &str) -> Result<(), Refusal> {
    if required(value, name)? == expected {
        return Ok(());
    }
    Err(Refusal::invalid(format!("{name} is not what it must be here.")))
}

/// The text of a header that is there and not empty.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
}

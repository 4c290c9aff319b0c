//! The Visitor Chat document as HTTP endpoints. Each file below is one of its operations; what all of them check is here.

mod init;
mod send;
mod token;

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing,
};

use crate::{
    answer::{Refusal, bearer},
    world::{Avatar, Memory, Standing, TokenFault, World},
};

/// The document's operations, below the base path.
pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/api/oauth/token/client", routing::post(token::token))
        .route("/api/secondme/visitor-chat/init", routing::post(init::init))
        .route("/api/secondme/visitor-chat/send", routing::post(send::send))
}

/// Checks the bearer token. The Visitor Chat document names no code for a refused one; these stand on SecondMe's own page
/// of error codes.
fn check_token(headers: &HeaderMap, memory: &Memory) -> Result<(), Refusal> {
    let (sub_code, message) = match bearer(headers) {
        None => ("resource.auth.unauthorized", "A bearer token is required."),
        Some(token) => match memory.tokens.check(token, Instant::now()) {
            Ok(()) => return Ok(()),
            Err(TokenFault::Unknown) => ("oauth2.token.invalid", "The access token is not valid."),
            Err(TokenFault::Expired) => ("oauth2.token.expired", "The access token has expired."),
        },
    };
    Err(memory.faults.refuse_token(sub_code, message))
}

/// Finds the avatar of the key and makes sure that its owner still exists.
fn find_avatar(api_key: Option<&str>, memory: &Memory) -> Result<Avatar, Refusal> {
    let Some(api_key) = api_key.filter(|key| !key.is_empty()) else {
        return Err(Refusal::invalid("apiKey is required."));
    };
    // This document knows of no key that is disabled and of no avatar that was removed: neither is found.
    let Some(avatar) = memory.avatars.find(api_key).filter(|avatar| avatar.standing == Standing::Active) else {
        let message = "No avatar has this API key.";
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "open.api.key.not.found", message));
    };
    memory.faults.check_owner()?;
    Ok(avatar.clone())
}

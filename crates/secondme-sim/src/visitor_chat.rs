//! The Visitor Chat document as HTTP endpoints. Each file below is one of its operations; what all of them check is here.

mod identity;
mod init;
mod send;
mod token;
mod words;

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    routing,
};
use tokio::time;

use crate::{
    answer::Refusal,
    faults::{Operation, TokenRefusal},
    world::{Avatar, Memory, TokenFault, World},
};

use self::identity::Identity;
pub use self::words::word_help;

/// The document's operations, below the base path.
pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/api/oauth/token/client", routing::post(token::token))
        .route("/api/secondme/visitor-chat/init", routing::post(init::init))
        .route("/api/secondme/visitor-chat/send", routing::post(send::send))
}

/// Counts a request and lets it through, late or not at all if that was asked for on the control endpoint.
///
/// The wait comes before the work: a caller who hangs up meanwhile has changed nothing.
pub(crate) async fn admit(world: &World, operation: Operation) -> Result<(), Refusal> {
    let (delay, failure) = {
        let mut memory = world.lock();
        *match operation {
            Operation::Token => &mut memory.requests.token,
            Operation::Code => &mut memory.requests.code,
            Operation::Refresh => &mut memory.requests.refresh,
            Operation::Init => &mut memory.requests.init,
            Operation::Send => &mut memory.requests.send,
        } += 1;
        (memory.faults.delay, memory.faults.claim_failure(operation))
    };
    if !delay.is_zero() {
        time::sleep(delay).await;
    }
    failure.map_or(Ok(()), Err)
}

/// Checks the bearer token and says whose it is. The Visitor Chat document names no code for a refused one; these stand on
/// SecondMe's own page of error codes.
fn check_token(headers: &HeaderMap, memory: &Memory) -> Result<Identity, Refusal> {
    let (sub_code, message) = match bearer(headers) {
        None => ("resource.auth.unauthorized", "A bearer token is required."),
        Some(token) => match memory.tokens.check(token, Instant::now()) {
            Ok(()) => return Ok(Identity::Application),
            Err(TokenFault::Unknown) => {
                if let Some(user) = identity::check_user(token, memory)? {
                    return Ok(Identity::User(user));
                }
                ("oauth2.token.invalid", "The access token is not valid.")
            }
            Err(TokenFault::Expired) => ("oauth2.token.expired", "The access token has expired."),
        },
    };
    let status = StatusCode::UNAUTHORIZED;
    Err(match memory.faults.token_refusal {
        TokenRefusal::Envelope => Refusal::new(status, sub_code, message),
        TokenRefusal::Detail => Refusal::Detail { status, message: message.into() },
    })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Finds the avatar of the key and makes sure that its owner still exists.
fn find_avatar(api_key: Option<&str>, memory: &Memory) -> Result<Avatar, Refusal> {
    let Some(api_key) = api_key.filter(|key| !key.is_empty()) else {
        return Err(Refusal::invalid("apiKey is required."));
    };
    let Some(avatar) = memory.avatars.find(api_key) else {
        let message = "No avatar has this API key.";
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "open.api.key.not.found", message));
    };
    if memory.faults.owner_gone {
        let message = "The avatar's owner does not exist any more.";
        return Err(Refusal::new(StatusCode::NOT_FOUND, "open.api.user.not.found", message));
    }
    Ok(avatar.clone())
}

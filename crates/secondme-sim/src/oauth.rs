//! Signing in with SecondMe: the authorization code flow, from the page on which a user agrees to the tokens.
//!
//! The pages are a browser's, below `/oauth/`; the two token endpoints are the site's own, below the API's base path.

mod approval;
mod authorization;
mod page;
mod pkce;
mod tokens;

use std::sync::Arc;

use axum::{Router, http::StatusCode, routing};

use crate::{
    answer::Refusal,
    world::{GrantFault, World},
};

/// Where users sign in, outside of the API's base path.
pub(crate) const PATH: &str = "/oauth/";

/// Everything a user may allow. A request that names no scope asks for all of it.
pub(crate) const SCOPES: [&str; 2] = ["userinfo", "chat.write"];

/// The pages, from the server's root.
pub(crate) fn pages() -> Router<Arc<World>> {
    Router::new()
        .route(PATH, routing::get(approval::ask).post(approval::decide))
        .route(page::STYLE_PATH, routing::get(page::style))
}

/// The token endpoints, below the base path.
pub(crate) fn endpoints() -> Router<Arc<World>> {
    Router::new()
        .route("/api/oauth/token/code", routing::post(tokens::redeem))
        .route("/api/oauth/token/refresh", routing::post(tokens::refresh))
}

/// Makes sure that the application is who it says. One answer for a wrong id and a wrong secret, so that neither can be
/// found out by trying.
pub(crate) fn check_client(world: &World, id: &str, secret: &str) -> Result<(), Refusal> {
    if id == world.settings.client_id && secret == world.settings.client_secret {
        return Ok(());
    }
    let message = "The client_id or the client_secret is wrong.";
    Err(Refusal::new(StatusCode::UNAUTHORIZED, "oauth2.invalid_client", message))
}

/// Makes sure that the endpoint is asked for what it gives.
pub(crate) fn check_grant_type(asked: &str, given: &str) -> Result<(), Refusal> {
    if asked == given {
        return Ok(());
    }
    let message = format!("grant_type must be {given}.");
    Err(Refusal::new(StatusCode::BAD_REQUEST, "oauth2.grant_type.invalid", message))
}

/// Why a code or a refresh token, whose codes begin with this, is not accepted.
fn refuse(subject: &str, fault: GrantFault) -> Refusal {
    let reason = match fault {
        GrantFault::RedirectMismatch => {
            let message = "redirect_uri is not the one that the code was sent to.";
            return Refusal::new(StatusCode::BAD_REQUEST, "oauth2.redirect_uri.mismatch", message);
        }
        // The document names no code of its own for PKCE.
        GrantFault::Unknown | GrantFault::VerifierMismatch => "invalid",
        GrantFault::Expired => "expired",
        GrantFault::Used => "used",
        GrantFault::Revoked => "revoked",
    };
    let message = match fault {
        GrantFault::VerifierMismatch => "code_verifier does not belong to this code.".to_owned(),
        _ => format!("This {subject} is {reason}."),
    };
    Refusal::new(StatusCode::BAD_REQUEST, format!("oauth2.{subject}.{reason}"), message)
}

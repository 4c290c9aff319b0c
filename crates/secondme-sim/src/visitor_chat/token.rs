//! `POST /api/oauth/token/client`: the application's own token, for its anonymous visitors.

use std::{sync::Arc, time::Instant};

use axum::{
    Form, Json,
    extract::{State, rejection::FormRejection},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Endpoint,
    admission::admit,
    answer::{Refusal, success},
    world::{Tokens, World},
};

/// The only scope such a token can have.
const SCOPE: &str = "chat.write";

#[derive(Deserialize)]
#[serde(default)]
pub(super) struct TokenRequest {
    grant_type: String,
    client_id: String,
    client_secret: String,
    scope: String,
}

impl Default for TokenRequest {
    fn default() -> Self {
        TokenRequest {
            grant_type: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
            scope: SCOPE.into(),
        }
    }
}

pub(super) async fn token(
    State(world): State<Arc<World>>,
    body: Result<Form<TokenRequest>, FormRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Endpoint::Token).await?;
    let Form(request) = body.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;

    if request.grant_type != "client_credentials" {
        let message = "grant_type must be client_credentials.";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "oauth2.grant_type.invalid", message));
    }
    // One answer for a wrong id and a wrong secret, so that neither can be found out by trying.
    if request.client_id != world.settings.client_id || request.client_secret != world.settings.client_secret {
        let message = "The client_id or the client_secret is wrong.";
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "oauth2.invalid_client", message));
    }
    if request.scope != SCOPE {
        let message = format!("The only scope of an application's token is {SCOPE}.");
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "oauth2.scope.invalid", message));
    }

    let token = world.lock().tokens.issue(Instant::now());
    Ok(success(json!({
        "accessToken": token,
        "tokenType": "Bearer",
        "expiresIn": Tokens::LIFETIME.as_secs(),
        "scope": [SCOPE],
    })))
}

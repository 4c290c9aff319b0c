//! `POST /api/oauth/token/code` and `/refresh`: a user's tokens, for the site's own server.

use std::{sync::Arc, time::Instant};

use axum::{
    Form, Json,
    extract::{State, rejection::FormRejection},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{check_client, check_grant_type, pkce, refuse};
use crate::{
    answer::{Refusal, success},
    faults::Operation,
    visitor_chat::admit,
    world::{TokenPair, World},
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CodeRequest {
    grant_type: String,
    code: String,
    redirect_uri: String,
    client_id: String,
    client_secret: String,
    code_verifier: Option<String>,
}

pub(super) async fn redeem(
    State(world): State<Arc<World>>,
    body: Result<Form<CodeRequest>, FormRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Operation::Code).await?;
    let Form(request) = body.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;
    check_grant_type(&request.grant_type, "authorization_code")?;
    check_client(&world, &request.client_id, &request.client_secret)?;
    require("code", &request.code)?;
    require("redirect_uri", &request.redirect_uri)?;
    let challenge = request.code_verifier.as_deref().map(pkce::challenge_of);
    let mut memory = world.lock();
    let pair = memory.grants.redeem(&request.code, &request.redirect_uri, challenge.as_deref(), Instant::now());
    pair.map(|pair| answer(&pair)).map_err(|fault| refuse("code", fault))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RefreshRequest {
    grant_type: String,
    refresh_token: String,
    client_id: String,
    client_secret: String,
}

pub(super) async fn refresh(
    State(world): State<Arc<World>>,
    body: Result<Form<RefreshRequest>, FormRejection>,
) -> Result<Json<Value>, Refusal> {
    admit(&world, Operation::Refresh).await?;
    let Form(request) = body.map_err(|rejection| Refusal::unreadable(rejection.status(), rejection.body_text()))?;
    check_grant_type(&request.grant_type, "refresh_token")?;
    check_client(&world, &request.client_id, &request.client_secret)?;
    require("refresh_token", &request.refresh_token)?;
    let pair = world.lock().grants.renew(&request.refresh_token, Instant::now());
    pair.map(|pair| answer(&pair)).map_err(|fault| refuse("refresh_token", fault))
}

fn require(name: &str, value: &str) -> Result<(), Refusal> {
    if value.is_empty() { Err(Refusal::invalid(format!("{name} is required."))) } else { Ok(()) }
}

fn answer(pair: &TokenPair) -> Json<Value> {
    success(json!({
        "accessToken": pair.access_token,
        "refreshToken": pair.refresh_token,
        "tokenType": "Bearer",
        "expiresIn": pair.lifetime.as_secs(),
        "scope": pair.scope,
    }))
}

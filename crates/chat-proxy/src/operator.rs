//! What the operator's own programs ask: does the process live, is it ready, what does it count, what does it offer.
//! Nothing here concerns a visitor.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, FORWARDED, RETRY_AFTER, VIA};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::budget::{Budget, BudgetKey, BudgetState};
use crate::config::Config;
use crate::failure::Failure;
use crate::metrics::Metrics;
use crate::{openapi, routes};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// What a server in front adds to a request that is not its own.
const FORWARDERS: [HeaderName; 4] =
    [FORWARDED, VIA, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];

/// What there is to know about the running proxy. Clones share it.
#[derive(Clone)]
pub(crate) struct Operator {
    budget: Budget,
    metrics: Metrics,
    avatars: Arc<[(Option<String>, BudgetKey)]>,
    description: Arc<str>,
    /// Metrics have an address of their own.
    metrics_apart: bool,
}

impl Operator {
    pub(crate) fn new(config: &Config, budget: Budget, metrics: Metrics) -> Self {
        let avatars = config.upstream.avatars.all().iter();
        let avatars = avatars.map(|avatar| (avatar.alias.clone(), BudgetKey::of(&avatar.api_key))).collect();
        let description = openapi::describe(config.base_path.as_str()).into();
        let metrics_apart = config.limits.metrics_listen.is_some();
        Self { budget, metrics, avatars, description, metrics_apart }
    }

    pub(crate) fn budget(&self) -> Budget {
        self.budget.clone()
    }

    pub(crate) fn metrics(&self) -> Metrics {
        self.metrics.clone()
    }

    /// `/healthz`, `/readyz`, `/openapi.json`, and `/metrics` for programs on this machine.
    pub(crate) fn routes(&self) -> Router {
        Router::new()
            .route("/healthz", get(health))
            .route("/readyz", get(readiness))
            .route("/openapi.json", get(description))
            .route("/metrics", get(metrics_nearby))
            .method_not_allowed_fallback(routes::method_not_allowed)
            .with_state(self.clone())
    }

    /// `/metrics` for an address that only the operator's programs reach.
    pub(crate) fn metrics_alone(&self) -> Router {
        Router::new()
            .route("/metrics", get(metrics))
            .method_not_allowed_fallback(routes::method_not_allowed)
            .fallback(routes::not_found)
            .with_state(self.clone())
    }
}

/// The process lives and answers. It says nothing about SecondMe.
async fn health() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

/// The proxy takes calls. Redis being away is said and is no reason to send visitors elsewhere: every replica has lost it,
/// and each goes on with its own share.
async fn readiness(State(operator): State<Operator>) -> Response {
    let (status, body) = standing(operator.budget.state());
    let mut response = (status, Json(body)).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, 1.into());
    }
    response
}

fn standing(budget: BudgetState) -> (StatusCode, Value) {
    let (status, ready, budget) = match budget {
        BudgetState::Alone => (StatusCode::OK, "ready", "alone"),
        // A moment after the start; Redis has a quarter of a second.
        BudgetState::Connecting => (StatusCode::SERVICE_UNAVAILABLE, "starting", "connecting"),
        BudgetState::Shared => (StatusCode::OK, "ready", "shared"),
        BudgetState::OwnShare => (StatusCode::OK, "ready", "own share"),
    };
    (status, json!({"status": ready, "budget": budget}))
}

async fn description(State(operator): State<Operator>) -> Response {
    ([(CONTENT_TYPE, "application/json")], operator.description.to_string()).into_response()
}

/// Metrics for whoever asks from this machine and for nobody else.
async fn metrics_nearby(state: State<Operator>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_here = peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
    if is_here && !is_forwarded(request.headers()) && !state.metrics_apart {
        metrics(state).await
    } else {
        Failure::NotFound.into_response()
    }
}

async fn metrics(State(operator): State<Operator>) -> Response {
    for (alias, key) in operator.avatars.iter() {
        operator.metrics.set_budget_left(alias.as_deref(), operator.budget.left(*key));
    }
    operator.metrics.set_budget_shared(operator.budget.state() == BudgetState::Shared);
    match operator.metrics.text() {
        Ok(text) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => Failure::Internal.into_response(),
    }
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    FORWARDERS.iter().any(|name| headers.contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_that_has_just_begun_is_not_ready() {
        let check = |state: BudgetState, status: u16, body: Value| {
            assert_eq!(standing(state), (StatusCode::from_u16(status).unwrap(), body), "{state:?}");
        };
        check(BudgetState::Alone, 200, json!({"status": "ready", "budget": "alone"}));
        check(BudgetState::Connecting, 503, json!({"status": "starting", "budget": "connecting"}));
        check(BudgetState::Shared, 200, json!({"status": "ready", "budget": "shared"}));
        check(BudgetState::OwnShare, 200, json!({"status": "ready", "budget": "own share"}));
    }
}

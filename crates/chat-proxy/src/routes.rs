//! The two calls of the widget, and the sign of life. It knows nothing of how SecondMe is spoken to.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde_json::json;
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::config::Config;
use crate::contract::{Checked, InitAnswer, InitRequest, SendAnswer, SendRequest};
use crate::conversation::Conversations;
use crate::failure::Failure;
use crate::identity::{Answered, Identities};
use crate::login::Login;
use crate::{login, origin, static_files};

/// Largest body of a request, in bytes: the longest message is 40 KB of UTF-8.
const LARGEST_BODY: usize = 64 * 1024;
/// How long a client may take to send its body.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// What the widget's calls need.
pub(crate) struct Chat {
    pub conversations: Conversations,
    pub identities: Identities,
    /// None where visitors can't sign in.
    pub login: Option<Arc<Login>>,
}

/// Everything under the base path.
pub(crate) fn under_base(config: &Config, chat: Chat) -> Router {
    let signing_in = chat.login.clone().map(login::pages).unwrap_or_default();
    let signing_out = chat.login.clone().map(login::calls).unwrap_or_default();
    let calls = Router::new()
        .route("/init", post(init))
        .route("/send", post(send))
        .with_state(Arc::new(chat))
        .merge(signing_out)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(RequestBodyDeadlineLayer::new(BODY_DEADLINE))
        .layer(middleware::map_response(uncached))
        .layer(origin::cors(&config.allowed_origins, config.login.is_some()));
    let files = config.widget_dir.as_deref().map(static_files::routes).unwrap_or_default();
    calls
        .merge(signing_in.method_not_allowed_fallback(method_not_allowed))
        .merge(files.method_not_allowed_fallback(method_not_allowed))
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(config.allowed_origins.clone().into(), origin::guard))
}

/// `GET /healthz`: the process lives and answers. It says nothing about SecondMe.
pub(crate) fn health() -> Router {
    Router::new().route("/healthz", get(async || Json(json!({"status": "ok"}))))
}

/// What is at no address of the proxy.
pub(crate) async fn not_found() -> Failure {
    Failure::NotFound
}

type Body<T> = Result<Json<T>, JsonRejection>;

async fn init(
    State(chat): State<Arc<Chat>>,
    headers: HeaderMap,
    body: Body<InitRequest>,
) -> Result<Answered<InitAnswer>, Failure> {
    let Json(request) = body?;
    Ok(chat.identities.init(&chat.conversations, request.checked()?, &headers).await)
}

async fn send(
    State(chat): State<Arc<Chat>>,
    headers: HeaderMap,
    body: Body<SendRequest>,
) -> Result<Answered<SendAnswer>, Failure> {
    let Json(request) = body?;
    Ok(chat.identities.send(&chat.conversations, request.checked()?, &headers).await)
}

async fn method_not_allowed() -> Failure {
    Failure::MethodNotAllowed
}

/// An answer may hold the address of a visitor's socket, which is as good as a key to the conversation.
async fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

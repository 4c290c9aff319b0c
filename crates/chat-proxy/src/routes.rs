//! The two calls of the widget, and what every address under the base path has in common. It knows nothing of how SecondMe
//! is spoken to.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router, middleware};
use tokio::sync::Semaphore;
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::config::Config;
use crate::contract::{Checked, Envelope, InitAnswer, InitRequest, SendAnswer, SendRequest, success};
use crate::conversation::Conversations;
use crate::failure::Failure;
use crate::limits::{self, CallLimits};
use crate::{origin, static_files};

/// Largest body of a request, in bytes: the longest message is 40 KB of UTF-8.
const LARGEST_BODY: usize = 64 * 1024;
/// How long a client may take to send its body.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// What the widget's calls need.
struct Calls {
    conversations: Conversations,
    limits: Arc<CallLimits>,
}

/// Everything under the base path.
pub(crate) fn under_base(config: &Config, conversations: Conversations) -> Router {
    let limits = Arc::new(CallLimits::new(&config.limits));
    let by_address = middleware::from_fn_with_state(Arc::clone(&limits), limits::by_address);
    let places = Arc::new(Semaphore::new(config.limits.max_requests));
    let by_number = middleware::from_fn_with_state(places, limits::by_number);
    let calls = Router::new()
        .route("/init", post(init))
        .route("/send", post(send))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::new(Calls { conversations, limits }))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(RequestBodyDeadlineLayer::new(BODY_DEADLINE))
        .layer(by_number.clone())
        .layer(by_address)
        .layer(middleware::map_response(uncached))
        .layer(origin::cors(&config.allowed_origins));
    let files = config.widget_dir.as_deref().map(static_files::routes).unwrap_or_default();
    calls
        .merge(files.method_not_allowed_fallback(method_not_allowed).layer(by_number))
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(config.allowed_origins.clone().into(), origin::guard))
}

/// What is at no address of the proxy.
pub(crate) async fn not_found() -> Failure {
    Failure::NotFound
}

type Body<T> = Result<Json<T>, JsonRejection>;

async fn init(State(calls): State<Arc<Calls>>, body: Body<InitRequest>) -> Result<Json<Envelope<InitAnswer>>, Failure> {
    let request = body?.0.checked()?;
    calls.limits.count_visitor(&request.visitor_id)?;
    Ok(Json(success(calls.conversations.init(request).await?)))
}

async fn send(State(calls): State<Arc<Calls>>, body: Body<SendRequest>) -> Result<Json<Envelope<SendAnswer>>, Failure> {
    let request = body?.0.checked()?;
    calls.limits.count_visitor(&request.visitor_id)?;
    Ok(Json(success(calls.conversations.send(request).await?)))
}

/// What an address does not take.
pub(crate) async fn method_not_allowed() -> Failure {
    Failure::MethodNotAllowed
}

/// An answer may hold the address of a visitor's socket, which is as good as a key to the conversation.
async fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

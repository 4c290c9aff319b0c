//! The two calls of the widget, and what every address under the base path has in common. It knows nothing of how SecondMe
//! is spoken to.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router, middleware};
use tokio::sync::Semaphore;
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::config::Config;
use crate::contract::{Checked, InitAnswer, InitRequest, SendAnswer, SendRequest};
use crate::conversation::Conversations;
use crate::csp::Policy;
use crate::failure::Failure;
use crate::identity::{Answered, Identities};
use crate::limits::{self, CallLimits};
use crate::login::Login;
use crate::static_files::{CROSS_ORIGIN, CROSS_ORIGIN_RESOURCE_POLICY};
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
    pub limits: Arc<CallLimits>,
}

/// Everything under the base path.
pub(crate) fn under_base(config: &Config, chat: Chat) -> Router {
    let signing_in = chat.login.clone().map(login::pages).unwrap_or_default();
    let signing_out = chat.login.clone().map(login::calls).unwrap_or_default();
    let by_address = middleware::from_fn_with_state(Arc::clone(&chat.limits), limits::by_address);
    let places = Arc::new(Semaphore::new(config.limits.max_requests));
    let by_number = middleware::from_fn_with_state(places, limits::by_number);
    let calls = Router::new()
        .route("/init", post(init))
        .route("/send", post(send))
        .with_state(Arc::new(chat))
        .merge(signing_out)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(RequestBodyDeadlineLayer::new(BODY_DEADLINE))
        .layer(by_number.clone())
        .layer(by_address.clone())
        .layer(middleware::map_response(as_a_call))
        .layer(origin::cors(&config.allowed_origins, config.login.is_some()));
    let files = static_files::widget(
        config.widget_dir.as_deref(),
        &Policy::of_frame(&config.policy_sources, &config.allowed_origins),
    );
    calls
        .merge(signing_in.method_not_allowed_fallback(method_not_allowed).layer(by_number.clone()).layer(by_address))
        .merge(files.method_not_allowed_fallback(method_not_allowed).layer(by_number))
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(config.allowed_origins.clone().into(), origin::guard))
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
    let request = body?.0.checked()?;
    chat.limits.count_visitor(&request.visitor_id)?;
    Ok(chat.identities.init(&chat.conversations, request, &headers).await)
}

async fn send(
    State(chat): State<Arc<Chat>>,
    headers: HeaderMap,
    body: Body<SendRequest>,
) -> Result<Answered<SendAnswer>, Failure> {
    let request = body?.0.checked()?;
    chat.limits.count_visitor(&request.visitor_id)?;
    Ok(chat.identities.send(&chat.conversations, request, &headers).await)
}

/// What an address does not take.
pub(crate) async fn method_not_allowed() -> Failure {
    Failure::MethodNotAllowed
}

/// What all answers to calls have in common. One may hold the address of a visitor's socket, which is as good as a key to
/// the conversation, so none is kept. A page that takes only resources that want to be embedded
/// (`Cross-Origin-Embedder-Policy: require-corp`) still learns that the proxy is there.
async fn as_a_call(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, CROSS_ORIGIN);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

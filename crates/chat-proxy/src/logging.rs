//! One structured line per request, and where lines go. What visitors write, names, tokens, keys and query strings are
//! never handed to it.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use thiserror::Error;
use tracing::{Instrument, debug, info, info_span, warn};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use uuid::Uuid;

use crate::config::{LogConfig, LogFormat};
use crate::failure::FailureNote;

/// The log can't be set up.
#[derive(Debug, Error)]
pub enum LogError {
    /// The filter is not one.
    #[error("CHAT_PROXY_LOG must be a filter such as info or chat_proxy=debug.")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The program logs already.
    #[error("The log was set up before.")]
    Already(#[from] TryInitError),
}

/// Sends the log lines of this program to standard error. A program that embeds the proxy sets up its own.
///
/// # Errors
/// [`LogError`] where the filter is wrong or the program logs already.
pub fn install(config: &LogConfig) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&config.filter)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.format {
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).finish().try_init()?,
        LogFormat::Text => lines.finish().try_init()?,
    }
    Ok(())
}

/// Gives the request an id of the proxy's own, which the answer names too, and logs how it went.
pub(crate) async fn log_request(request: Request, next: Next) -> Response {
    let (id, start) = (Uuid::new_v4().to_string(), Instant::now());
    // The pattern and not the path: what stands in an address is the client's choice.
    let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let span = info_span!("request", request_id = id, method = %request.method(), path);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, latency_ms) = (response.status().as_u16(), start.elapsed().as_secs_f64() * 1000.0);
    span.in_scope(|| match response.extensions().get::<FailureNote>() {
        Some(FailureNote { sub_code, cause: Some(cause), .. }) => {
            warn!(status, latency_ms, sub_code, cause, "request failed upstream");
        }
        Some(FailureNote { sub_code, reason, cause: None }) => {
            info!(status, latency_ms, sub_code, reason, "request refused");
        }
        None if matches!(path.as_str(), "/healthz" | "/readyz" | "/metrics") => debug!(status, latency_ms, "request"),
        None => info!(status, latency_ms, "request"),
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

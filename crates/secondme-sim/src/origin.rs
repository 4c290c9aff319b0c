//! Whether a request came from the simulator's own pages. It knows no page.

use axum::http::{
    HeaderMap,
    header::{HOST, HeaderName, ORIGIN},
};

/// Whether a browser says that one of this server's own pages has sent the request. Without an origin nobody says so.
pub(crate) fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some((_, authority)) = text(ORIGIN).and_then(|origin| origin.split_once("://")) else { return false };
    text(HOST) == Some(authority)
}

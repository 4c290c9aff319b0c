//! The console's page and its two files, as they are. What they show comes from elsewhere.

use axum::{
    http::{
        HeaderName,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};

/// Nothing runs or is loaded but the console's own two files, and nobody may put the page into another one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PROTECTION: [(HeaderName, &str); 4] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (REFERRER_POLICY, "same-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "no-cache"),
];

pub(super) async fn page() -> Response {
    file("text/html; charset=utf-8", include_str!("console.html"))
}

pub(super) async fn program() -> Response {
    file("text/javascript; charset=utf-8", include_str!("console.js"))
}

pub(super) async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("console.css"))
}

fn file(content_type: &'static str, content: &'static str) -> Response {
    (PROTECTION, [(CONTENT_TYPE, content_type)], content).into_response()
}

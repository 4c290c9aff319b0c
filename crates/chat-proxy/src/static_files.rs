//! The widget's built files, for any page that embeds it. It knows nothing of the chat, only names and folders, and which of
//! the files is a page.

use std::io::ErrorKind;
use std::path::Path;

use axum::extract::{Path as UrlPath, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use tower_http::services::ServeDir;
use tower_http::services::fs::{Backend, DefaultServeDirFallback, TokioBackend};

use crate::csp::Policy;
use crate::embedded::{Embedded, WIDGET};
use crate::failure::Failure;

/// For names that change with their content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For names that stay, such as `widget.js`: a new version is everywhere within five minutes.
const SHORTLY: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// Who may embed an answer, asked by pages that isolate themselves; the `http` crate has no name for it.
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
pub(crate) const CROSS_ORIGIN: HeaderValue = HeaderValue::from_static("cross-origin");

/// Says whether the frame's page may stand in a page that isolates itself; the `http` crate has no name for it.
const CROSS_ORIGIN_EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
/// Pictures of hosts that know nothing of it are shown all the same, without what the browser knows of those hosts.
const CREDENTIALLESS: HeaderValue = HeaderValue::from_static("credentialless");

/// The one page among the files: the chat in a frame of its own.
const FRAME: &str = "frame.html";
/// What is built beside the widget and is for no browser.
const OTHER: [&str; 2] = ["bin", "npm"];

/// Files, and where they come from.
type Files<Source> = ServeDir<DefaultServeDirFallback, Source>;

/// The folder of the operator's choice, or else what the program was built with.
pub(crate) fn widget(folder: Option<&Path>, frame: &Policy) -> Router {
    let files = match folder {
        Some(path) => routes(self::folder(path)),
        None if WIDGET.is_empty() => Router::new(),
        None => routes(embedded(WIDGET)),
    };
    // Sources hold nothing that no header may hold; an answer without its policy would be one for everybody to frame.
    let Ok(policy) = HeaderValue::from_str(&frame.to_string()) else { return Router::new() };
    files.layer(middleware::from_fn_with_state(policy, guard_frame))
}

/// The frame's page comes with its policy, whatever else is answered in its place.
async fn guard_frame(State(policy): State<HeaderValue>, request: Request, next: Next) -> Response {
    let is_frame = request.uri().path().trim_start_matches('/') == FRAME;
    let mut response = next.run(request).await;
    if is_frame {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        response.headers_mut().insert(CROSS_ORIGIN_EMBEDDER_POLICY, CREDENTIALLESS);
    }
    response
}

/// Serves the files, with the `.br` and `.gz` beside a file where the browser takes them.
pub(crate) fn routes<Source: Backend>(files: Files<Source>) -> Router {
    let files = files
        .append_index_html_on_directories(false)
        .redirect_to_trailing_slash(false)
        .precompressed_br()
        .precompressed_gzip();
    Router::new().route("/{*file}", get(serve::<Source>)).with_state(files)
}

pub(crate) fn folder(path: &Path) -> Files<TokioBackend> {
    ServeDir::new(path)
}

pub(crate) fn embedded(files: Embedded) -> Files<Embedded> {
    ServeDir::with_backend("", files)
}

async fn serve<Source: Backend>(
    State(mut files): State<Files<Source>>,
    UrlPath(name): UrlPath<String>,
    request: Request,
) -> Response {
    if !is_public(&name) {
        return Failure::NotFound.into_response();
    }
    let mut response = match files.try_call(request).await {
        Ok(response) => response.into_response(),
        Err(error) if is_no_file(error.kind()) => return Failure::NotFound.into_response(),
        Err(error) => {
            tracing::error!(%error, "a file of the widget can't be read");
            return Failure::Internal.into_response();
        }
    };
    if response.status() == StatusCode::NOT_FOUND {
        return Failure::NotFound.into_response();
    }
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, if carries_hash(&name) { FOREVER } else { SHORTLY });
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, CROSS_ORIGIN);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Nothing there, below a file as if it were a folder, or by a name too long for the file system.
fn is_no_file(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename)
}

/// Other pages are the site's own business, hidden files are nobody's, and no file has a name with control characters.
fn is_public(name: &str) -> bool {
    let other = name.split('/').next().is_some_and(|first| OTHER.contains(&first));
    let hidden = name.split('/').any(|segment| segment.starts_with('.'));
    let page = Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html"));
    !other && !hidden && (!page || name == FRAME) && !name.contains(char::is_control)
}

/// Whether a part of the name ends in a content hash as Trunk writes it: `-`, 16 hexadecimal digits, then `.`, `_` or the
/// end of that part.
fn carries_hash(name: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(['.', '_', '/']);
    name.match_indices('-').any(|(at, _)| {
        let rest = &name[at + 1..];
        rest.split_at_checked(16).is_some_and(|(hash, rest)| digits(hash) && ends(rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_known_by_their_form() {
        let check = |name: &str, hashed: bool| assert_eq!(carries_hash(name), hashed, "{name}");
        check("secondme-chat-9f86d081884c7d65.js", true);
        check("secondme-chat-9f86d081884c7d65_bg.wasm", true);
        check("snippets/secondme-chat-9f86d081884c7d65/inline0.js", true);
        check("widget.js", false);
        check("secondme-chat.js", false);
        check("secondme-chat-9f86d081884c7d6.js", false);
        check("secondme-chat-9f86d081884c7d655.js", false);
        check("secondme-chat-9f86d081884c7d6g.js", false);
        check("9f86d081884c7d65.js", false);
        check("a-你好你好你好.js", false);
    }

    #[test]
    fn pages_and_hidden_files_are_not_public() {
        let check = |name: &str, public: bool| assert_eq!(is_public(name), public, "{name}");
        check("widget.js", true);
        check("index.html", false);
        check("INDEX.HTML", false);
        check("frame.html", true);
        check("npm/frame.html", false);
        check("bin/chat-proxy", false);
        check("npm/package.json", false);
        check("binary.js", true);
        check(".env", false);
        check("a/.git/config", false);
        check("../Cargo.toml", false);
        check("widget.js\0", false);
    }
}

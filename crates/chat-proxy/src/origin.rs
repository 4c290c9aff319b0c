//! Who may use the chat from a browser: the proxy's own origin, and those on the operator's list. An Origin header proves
//! nothing about a program; it keeps other sites' pages from spending this site's key.

use std::fmt;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use reqwest::Url;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::failure::Failure;

/// Seconds for which a browser may keep the answer to a preflight. Browsers cap it, Chromium at two hours.
const PREFLIGHT_AGE: std::time::Duration = std::time::Duration::from_secs(7200);

/// An http or https origin, in the form that browsers send: lower case, without a default port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Takes `scheme://host` or `scheme://host:port` and nothing more.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        Self::of(scheme, authority)
    }

    /// The origin of an http or https address.
    pub(crate) fn of_url(url: &Url) -> Option<Self> {
        matches!(url.scheme(), "http" | "https").then(|| Self(url.origin().ascii_serialization()))
    }

    /// The origin as a browser writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(scheme: &str, authority: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"/\\?#@%*".contains(&byte);
        if authority.is_empty() || !authority.bytes().all(plain) {
            return None;
        }
        let url = Url::parse(&format!("{scheme}://{authority}")).ok()?;
        Self::of_url(&url)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The CORS headers for listed origins. Same-origin requests need none, foreign ones never get this far.
///
/// `credentials` lets their requests carry the cookie of who has signed in; `SameSite=Lax` keeps it to the proxy's own site.
pub(crate) fn cors(allowed: &[Origin], credentials: bool) -> CorsLayer {
    let listed = allowed.iter().filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(listed))
        .allow_credentials(credentials)
        .allow_methods([Method::POST])
        .allow_headers([CONTENT_TYPE])
        .expose_headers([RETRY_AFTER])
        .max_age(PREFLIGHT_AGE)
}

/// Refuses whatever could spend the key and does not come from an allowed page. Reading is open to all.
pub(crate) async fn guard(State(allowed): State<Arc<[Origin]>>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) || is_allowed(request.headers(), &allowed) {
        return next.run(request).await;
    }
    let mut response = Failure::OriginNotAllowed.into_response();
    response.headers_mut().insert(VARY, HeaderValue::from_static("origin"));
    response
}

fn is_allowed(headers: &HeaderMap, allowed: &[Origin]) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        // Browsers leave Origin out of some same-origin requests, and pages can't set this header themselves.
        (None, _) => headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin"),
        (Some(origin), None) => {
            let Some(text) = origin.to_str().ok() else { return false };
            let Some(origin) = Origin::parse(text) else { return false };
            allowed.contains(&origin) || is_own(text, &origin, headers)
        }
        _ => false,
    }
}

/// Whether the page is from where the request goes. The scheme is taken from the Origin, because behind a server that
/// ends TLS the proxy itself sees only http.
fn is_own(text: &str, origin: &Origin, headers: &HeaderMap) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.and_then(|host| Origin::of(scheme, host)).is_some_and(|own| own == *origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Origin::parse(text).as_ref().map(Origin::as_str), expected, "{text}");
        };
        check("https://shop.example", Some("https://shop.example"));
        check("HTTPS://Shop.Example", Some("https://shop.example"));
        check("https://shop.example:443", Some("https://shop.example"));
        check("http://shop.example:80", Some("http://shop.example"));
        check("https://shop.example:8443", Some("https://shop.example:8443"));
        check("http://[::1]:8080", Some("http://[::1]:8080"));
        for wrong in [
            "",
            "null",
            "*",
            "shop.example",
            "https://",
            "https://*.shop.example",
            "https://shop.example/",
            "https://shop.example/path",
            "https://user@shop.example",
            "https://shop.example?x",
            "https://shop.example#x",
            "https://sh op.example",
            "https://shop.example:99999",
            "file://shop.example",
            "chrome-extension://abcdef",
        ] {
            check(wrong, None);
        }
    }
}

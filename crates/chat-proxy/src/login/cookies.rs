//! The proxy's cookies: found in a request, written for a browser, always `HttpOnly; Secure; SameSite=Lax` and for the base
//! path alone. It does not know what is in them.

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, CookieBuilder, SameSite};

use crate::failure::Failure;

/// Longest cookie with its attributes, in bytes. Browsers drop longer ones without a word (RFC 6265, section 6.1).
const LONGEST: usize = 4096;

/// Writes cookies for one base path.
pub(super) struct Cookies {
    path: String,
}

impl Cookies {
    pub(super) fn below(base_path: &str) -> Self {
        Self { path: if base_path.is_empty() { "/" } else { base_path }.to_owned() }
    }

    /// Keeps the value in the browser for this long.
    pub(super) fn cookie(&self, name: &str, value: String, life: Duration) -> Result<HeaderValue, Failure> {
        let seconds = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
        let text = self.build(name, value).max_age(cookie::time::Duration::seconds(seconds)).to_string();
        if text.len() > LONGEST {
            return Err(Failure::LoginFailed("SecondMe's tokens are too long for a cookie"));
        }
        HeaderValue::try_from(text).map_err(|_| Failure::Internal)
    }

    /// Takes a cookie back.
    pub(super) fn removal(&self, name: &str) -> HeaderValue {
        let text = self.build(name, String::new()).max_age(cookie::time::Duration::ZERO).to_string();
        // The parts are the program's own, and the base path holds no character that a header can't.
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    fn build<'a>(&'a self, name: &'a str, value: String) -> CookieBuilder<'a> {
        Cookie::build((name, value)).path(&self.path).http_only(true).secure(true).same_site(SameSite::Lax)
    }
}

/// The value of the first cookie of this name: browsers put the one with the longest path first.
pub(super) fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_for_the_proxy_alone() {
        let check = |base_path: &str, expected: &str| {
            let cookie = Cookies::below(base_path).cookie("name", "value".to_owned(), Duration::from_secs(60)).unwrap();
            let mut attributes: Vec<_> = cookie.to_str().unwrap().split("; ").collect();
            attributes.sort_unstable();
            assert_eq!(attributes, ["HttpOnly", "Max-Age=60", expected, "SameSite=Lax", "Secure", "name=value"]);
            let removal = Cookies::below(base_path).removal("name");
            let removal = removal.to_str().unwrap();
            assert!(removal.starts_with("name=; ") && removal.contains("Max-Age=0"), "{removal}");
            assert!(removal.contains(&format!("; {expected}")), "{removal}");
        };
        check("/chat", "Path=/chat");
        check("", "Path=/");
    }

    #[test]
    fn a_cookie_that_a_browser_would_drop_is_a_failure() {
        let cookie = |length: usize| Cookies::below("/chat").cookie("n", "v".repeat(length), Duration::from_secs(60));
        assert!(cookie(4000).is_ok());
        assert!(matches!(cookie(4096), Err(Failure::LoginFailed(sentence)) if sentence.contains("too long")));
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let check = |lines: &[&str], expected: Option<&str>| {
            let lines = lines.iter().map(|line| (COOKIE, HeaderValue::from_str(line).unwrap()));
            let headers: HeaderMap = lines.collect();
            assert_eq!(find(&headers, "name").as_deref(), expected, "{headers:?}");
        };
        check(&["name=a"], Some("a"));
        check(&["other=1; name=a; more=2"], Some("a"));
        check(&["other=1", "name=a"], Some("a"));
        check(&["name=a; name=b"], Some("a"));
        check(&["nonsense; ; =; name=a"], Some("a"));
        check(&["names=a; aname=b; Name=c"], None);
        check(&["name"], None);
        check(&[], None);
    }
}

//! The page at the end of a sign-in: it tells the chat in one word how it went, and a person in a sentence. Its only script
//! and style are its own, known by their hashes.

use std::sync::LazyLock;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};

const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}\
                     code,small{color:GrayText}:root{color-scheme:light dark}";

/// How a sign-in went, for a chat that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    SignedIn,
    Declined,
    Failed,
}

/// What the page says.
pub(super) struct Page<'a> {
    pub status: StatusCode,
    pub outcome: Outcome,
    /// Why it failed, for a developer.
    pub reason: Option<String>,
    /// The origin of the page that opened this one; nobody is told where there is none.
    pub opener: Option<&'a str>,
    /// A path to go on at.
    pub path: Option<&'a str>,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::Declined => "declined",
            Self::Failed => "failed",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::SignedIn => "You are signed in. You can close this window and go on chatting.",
            Self::Declined => "You were not signed in. You can close this window and chat without signing in.",
            Self::Failed => "Signing in did not work. Please close this window and try again.",
        }
    }
}

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        (self.status, headers(), self.html()).into_response()
    }
}

impl Page<'_> {
    fn html(&self) -> String {
        let told = self.opener.map_or_else(String::new, |opener| {
            format!(" data-result=\"{}\" data-opener=\"{}\"", self.outcome.word(), escaped(opener))
        });
        let sentence = self.outcome.sentence();
        let reason = self.reason.as_deref().map_or_else(String::new, |reason| {
            format!("<p><code>proxy.login_failed</code> <small>{}</small></p>", escaped(reason))
        });
        let back = self.path.map_or_else(String::new, |path| format!("<p><a href=\"{}\">Back</a></p>", escaped(path)));
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>Sign in with SecondMe</title>\
             <style>{STYLE}</style></head><body{told}><main><p>{sentence}</p>{reason}{back}</main>\
             <script>{SCRIPT}</script></body></html>"
        )
    }
}

/// The address holds a code, so it goes to no other site.
fn headers() -> [(HeaderName, HeaderValue); 5] {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let hash = |text: &str| STANDARD.encode(digest(&SHA256, text.as_bytes()));
        format!(
            "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
            hash(SCRIPT),
            hash(STYLE)
        )
    });
    [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        // Letters, digits and signs that a header takes: it is always what it says.
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&POLICY).unwrap_or(HeaderValue::from_static("default-src 'none'")),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(outcome: Outcome, opener: Option<&str>, path: Option<&str>) -> String {
        let reason = (outcome == Outcome::Failed).then(|| "Because <it> did.".to_owned());
        Page { status: StatusCode::OK, outcome, reason, opener, path }.html()
    }

    #[test]
    fn a_chat_is_told_in_a_word_and_a_person_in_a_sentence() {
        let check = |outcome: Outcome, word: &str, sentence: &str| {
            let page = html(outcome, Some("https://shop.example"), None);
            let told = format!("<body data-result=\"{word}\" data-opener=\"https://shop.example\">");
            assert!(page.contains(&told) && page.contains(sentence), "{page}");
        };
        check(Outcome::SignedIn, "signed-in", "You are signed in.");
        check(Outcome::Declined, "declined", "You were not signed in.");
        check(Outcome::Failed, "failed", "Signing in did not work.");
        assert!(html(Outcome::Failed, None, None).contains("<body><main>"), "nobody is told");
    }

    #[test]
    fn what_comes_from_outside_stays_text() {
        let page = html(Outcome::Failed, Some("https://a\"b&c"), Some("/a\"><script>alert(1)</script>"));
        assert!(page.contains("<small>Because &lt;it&gt; did.</small>"), "{page}");
        assert!(page.contains("data-opener=\"https://a&quot;b&amp;c\""), "{page}");
        assert!(page.contains("href=\"/a&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""), "{page}");
    }
}

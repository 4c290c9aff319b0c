//! What can go wrong on SecondMe's side, and what of it a client is told: a status and a stable code, never SecondMe's text.

use axum::http::StatusCode;
use thiserror::Error;

/// Longest stable code that is passed on.
const LONGEST_CODE: usize = 64;

/// A call to SecondMe that failed. The text is for the operator's log and for `check`; it holds no secret and nothing
/// that SecondMe wrote but a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// No connection came about.
    #[error("SecondMe can't be reached: {0}")]
    Unreachable(String),
    /// The connection or the answer took too long.
    #[error("SecondMe did not answer in time")]
    TimedOut,
    /// The connection broke off before the answer was complete; the request may have arrived.
    #[error("SecondMe's answer broke off")]
    Cut,
    /// The answer makes no sense.
    #[error("SecondMe's answer can't be used: {0}")]
    Broken(&'static str),
    /// SecondMe does not take the token of the user in whose name it was asked.
    #[error("SecondMe refused the user's token")]
    UserRefused,
    /// SecondMe answered with a failure.
    #[error("SecondMe answered with status {status}{}", in_brackets(.sub_code.as_deref()))]
    Refused {
        /// The HTTP status, or the failure's own code where the HTTP status claims success.
        status: u16,
        /// The stable code, where there is one.
        sub_code: Option<String>,
        /// Seconds that SecondMe asks to wait.
        retry_after: Option<u64>,
    },
    /// The conversation that was to go on is not there any more, or was another API's.
    #[error("the conversation is gone{}", in_brackets(.sub_code.as_deref()))]
    SessionGone {
        /// The stable code by which SecondMe said so.
        sub_code: Option<String>,
    },
    /// SecondMe was not asked: the avatar's API key has no requests left for now.
    #[error("the requests that SecondMe allows for the avatar's API key are used up")]
    OverBudget {
        /// Seconds after which asking again makes sense.
        retry_after: u64,
    },
}

impl Fault {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Unreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::TimedOut => StatusCode::GATEWAY_TIMEOUT,
            Self::Cut | Self::Broken(_) => StatusCode::BAD_GATEWAY,
            Self::UserRefused => StatusCode::UNAUTHORIZED,
            Self::SessionGone { .. } => StatusCode::BAD_REQUEST,
            Self::OverBudget { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Refused { status, sub_code, .. } => match status {
                504 => StatusCode::GATEWAY_TIMEOUT,
                503 => StatusCode::SERVICE_UNAVAILABLE,
                // Without a code to tell why, the client learns only that it is SecondMe's side, and when to come back.
                429 if sub_code.is_none() => StatusCode::SERVICE_UNAVAILABLE,
                400..=499 if sub_code.is_some() => StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY),
                _ => StatusCode::BAD_GATEWAY,
            },
        }
    }

    pub(crate) fn sub_code(&self) -> &str {
        match self {
            Self::UserRefused => "proxy.identity_invalid",
            Self::Refused { sub_code: Some(sub_code), .. } => sub_code,
            Self::SessionGone { .. } => "proxy.session_invalid",
            Self::OverBudget { .. } => "proxy.rate_limited",
            _ if self.status() == StatusCode::GATEWAY_TIMEOUT => "proxy.upstream_timeout",
            _ => "proxy.upstream_unavailable",
        }
    }

    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            Self::OverBudget { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// Gives a code that the document's error table knows that table's status; it may come with another one, such as 200.
    pub(super) fn by_table(self, table: &[(&str, u16)]) -> Self {
        match self {
            Self::Refused { status, sub_code: Some(sub_code), retry_after } => {
                let row = table.iter().find(|(code, _)| *code == sub_code);
                let status = row.map_or(status, |(_, status)| *status);
                Self::Refused { status, sub_code: Some(sub_code), retry_after }
            }
            other => other,
        }
    }

    pub(crate) fn for_developer(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "SecondMe can't be reached.",
            Self::TimedOut => "SecondMe did not answer in time.",
            Self::Cut | Self::Broken(_) => "SecondMe's answer can't be used.",
            Self::UserRefused => "SecondMe refused the user's token.",
            Self::Refused { .. } => "SecondMe refused the request.",
            Self::SessionGone { .. } => "The conversation is gone. Call init again.",
            Self::OverBudget { .. } => "SecondMe allows no more requests for this avatar at the moment.",
        }
    }
}

/// The code, if it has the form of the documents' codes (`module.resource.reason`). What else stands in its place might
/// be a sentence or a token; and the proxy's own codes are the proxy's.
pub(super) fn stable_code(text: &str) -> Option<String> {
    let letters = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let stable =
        text.len() <= LONGEST_CODE && text.contains('.') && !text.starts_with("proxy.") && text.split('.').all(letters);
    stable.then(|| text.to_owned())
}

fn in_brackets(sub_code: Option<&str>) -> String {
    sub_code.map_or_else(String::new, |sub_code| format!(" ({sub_code})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_of_the_documents_form_are_passed_on() {
        let check = |text: &str, stable: bool| assert_eq!(stable_code(text).is_some(), stable, "{text}");
        check("visitor_chat.session_expired", true);
        check("open.api.key.not.found", true);
        check("oauth2.invalid_client", true);
        check("lba_at_0123456789abcdef", false);
        check("Something went wrong.", false);
        check("proxy.origin_not_allowed", false);
        check("a..b", false);
        check(".a", false);
        check("", false);
        check(&format!("a.{}", "b".repeat(62)), true);
        check(&format!("a.{}", "b".repeat(63)), false);
    }

    #[test]
    fn a_refusal_becomes_a_status_and_a_code() {
        let check = |status: u16, code: Option<&str>, expected: u16, expected_code: &str| {
            let fault = Fault::Refused { status, sub_code: code.map(str::to_owned), retry_after: None };
            assert_eq!((fault.status().as_u16(), fault.sub_code()), (expected, expected_code), "{fault}");
        };
        check(400, Some("a.b"), 400, "a.b");
        check(429, Some("a.b"), 429, "a.b");
        check(500, Some("a.b"), 502, "a.b");
        check(503, Some("a.b"), 503, "a.b");
        check(200, Some("a.b"), 502, "a.b");
        check(400, None, 502, "proxy.upstream_unavailable");
        check(401, None, 502, "proxy.upstream_unavailable");
        check(429, None, 503, "proxy.upstream_unavailable");
        check(500, None, 502, "proxy.upstream_unavailable");
        check(503, None, 503, "proxy.upstream_unavailable");
        check(504, None, 504, "proxy.upstream_timeout");
        check(302, None, 502, "proxy.upstream_unavailable");
    }
}

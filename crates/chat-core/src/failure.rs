//! What can go wrong: as an adapter reports it ([`RequestFault`]), and as a visitor is shown it ([`Failure`]).
//! It holds no sentence; the shell's strings do.

use core::time::Duration;

use thiserror::Error;

use crate::portable_enum;

/// How a request to the proxy failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RequestFault {
    /// No answer came: offline, refused, reset, blocked. Whether the request arrived is unknown.
    #[error("no answer came")]
    NoAnswer,
    /// No answer came within the time given. Whether the request arrived is unknown.
    #[error("no answer came in time")]
    TimedOut,
    /// The proxy or SecondMe said no, and so did not act.
    #[error("refused with HTTP status {status}, code {code:?}")]
    Refused {
        /// The HTTP status, or the envelope's `code` where the status was 200.
        status: u16,
        /// The envelope's `subCode`; empty where there was none.
        code: String,
        /// From the `Retry-After` header.
        retry_after: Option<Duration>,
    },
    /// A success whose body is not what the contract says.
    #[error("the answer was not understood")]
    Unreadable,
}

portable_enum!(RequestFault { 0 NoAnswer, 1 TimedOut, 2 Refused { status, code, retry_after }, 3 Unreadable; Unreadable });

impl RequestFault {
    /// How long the other side asked to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            Self::NoAnswer | Self::TimedOut | Self::Unreadable => None,
        }
    }
}

/// Why something did not work, in the terms a visitor can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The chat cannot be reached: the network, or the site's proxy, is down.
    Unreachable,
    /// It took too long, or the answer got lost. A message may have arrived all the same.
    Unknown,
    /// Too many requests; time helps.
    Busy,
    /// SecondMe, or the proxy's way to it, is out of order; time may help.
    Unavailable,
    /// The conversation ended on the other side.
    SessionEnded,
    /// The site must let this visitor in first.
    LoginRequired,
    /// The site's set-up is wrong: no visitor can mend it.
    Misconfigured,
    /// The message was not accepted as it is.
    Rejected,
    /// What the avatar's owner has paid for is used up.
    Exhausted,
}

portable_enum!(Failure {
    0 Unreachable, 1 Unknown, 2 Busy, 3 Unavailable, 4 SessionEnded, 5 LoginRequired, 6 Misconfigured, 7 Rejected, 8 Exhausted; Unknown
});

impl Failure {
    /// Why a message was not sent. Without an answer it is not known whether it was, and so it is too where a server on
    /// the way failed or gave up waiting; 503 says that nothing was done.
    #[must_use]
    pub fn of_send(fault: &RequestFault) -> Self {
        match fault {
            RequestFault::NoAnswer | RequestFault::TimedOut | RequestFault::Unreadable => Self::Unknown,
            RequestFault::Refused { status: 503, .. } => Self::Busy,
            RequestFault::Refused { status: 500 | 502, .. } => Self::Unknown,
            fault => Self::from(fault),
        }
    }

    /// What a `subCode` on the socket means (the published SDK's list). A code that is not known is SecondMe's trouble.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        match code {
            "session.status.closed" => Self::SessionEnded,
            "session.message.exceedRequestLimit" | "session.message.exceedQPSLimit" | "umm.msg.exceedQPSLimit" => {
                Self::Busy
            }
            "package.turn.exhaustion" => Self::Exhausted,
            "message.length.limit" => Self::Rejected,
            _ => Self::Unavailable,
        }
    }

    /// True where the same request may work later without anybody changing anything.
    #[must_use]
    pub fn passes(self) -> bool {
        match self {
            Self::Unreachable | Self::Unknown | Self::Busy | Self::Unavailable | Self::SessionEnded => true,
            Self::LoginRequired | Self::Misconfigured | Self::Rejected | Self::Exhausted => false,
        }
    }
}

impl From<&RequestFault> for Failure {
    fn from(fault: &RequestFault) -> Self {
        match fault {
            RequestFault::NoAnswer => Self::Unreachable,
            RequestFault::TimedOut => Self::Unknown,
            RequestFault::Unreadable => Self::Unavailable,
            RequestFault::Refused { status, code, .. } => refusal(*status, code),
        }
    }
}

fn refusal(status: u16, code: &str) -> Failure {
    match (status, code) {
        (_, "visitor_chat.session_not_found" | "visitor_chat.session_expired" | "proxy.session_invalid") => {
            Failure::SessionEnded
        }
        (_, "proxy.login_required" | "proxy.identity_invalid") => Failure::LoginRequired,
        (_, "proxy.message_too_long") | (413, _) => Failure::Rejected,
        (429, _) => Failure::Busy,
        (401 | 403 | 404, _) | (_, "proxy.avatar_unknown" | "visitor_chat.visitor_id_required") => {
            Failure::Misconfigured
        }
        (504, _) => Failure::Unknown,
        (500..=599, _) => Failure::Unavailable,
        _ => Failure::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_of_the_socket_has_its_meaning() {
        let check = |code: &str, expected: Failure| assert_eq!(Failure::of_code(code), expected, "{code}");
        check("session.status.closed", Failure::SessionEnded);
        check("session.openai.error", Failure::Unavailable);
        check("session.response.timeout", Failure::Unavailable);
        check("session.message.exceedRequestLimit", Failure::Busy);
        check("session.message.exceedQPSLimit", Failure::Busy);
        check("service.status.unavailable", Failure::Unavailable);
        check("umm.msg.exceedQPSLimit", Failure::Busy);
        check("package.turn.exhaustion", Failure::Exhausted);
        check("message.length.limit", Failure::Rejected);
        check("something.new", Failure::Unavailable);
    }

    #[test]
    fn each_refusal_has_its_meaning() {
        let check = |status: u16, code: &str, expected: Failure| {
            let fault = RequestFault::Refused { status, code: code.into(), retry_after: None };
            assert_eq!(Failure::from(&fault), expected, "{status} {code}");
        };
        check(400, "visitor_chat.session_not_found", Failure::SessionEnded);
        check(400, "visitor_chat.session_expired", Failure::SessionEnded);
        check(401, "proxy.session_invalid", Failure::SessionEnded);
        check(400, "visitor_chat.visitor_id_required", Failure::Misconfigured);
        check(401, "oauth2.invalid_client", Failure::Misconfigured);
        check(401, "open.api.key.not.found", Failure::Misconfigured);
        check(404, "open.api.user.not.found", Failure::Misconfigured);
        check(404, "proxy.avatar_unknown", Failure::Misconfigured);
        check(403, "proxy.origin_not_allowed", Failure::Misconfigured);
        check(401, "proxy.login_required", Failure::LoginRequired);
        check(401, "proxy.identity_invalid", Failure::LoginRequired);
        check(429, "proxy.rate_limited", Failure::Busy);
        check(400, "proxy.message_too_long", Failure::Rejected);
        check(413, "proxy.invalid_request", Failure::Rejected);
        check(400, "proxy.invalid_request", Failure::Rejected);
        check(502, "proxy.upstream_unavailable", Failure::Unavailable);
        check(503, "", Failure::Unavailable);
        check(504, "proxy.upstream_timeout", Failure::Unknown);
    }
}

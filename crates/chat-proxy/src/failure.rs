//! What a handler answers when it can't do what was asked: the contract's failure form, with its HTTP status. What
//! SecondMe said beyond a stable code never gets into it.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use thiserror::Error;

use crate::budget::{OverBudget, whole_seconds};
use crate::seal::SealError;
use crate::upstream::Fault;

/// Seconds after which a client may try again where SecondMe names no time.
const DEFAULT_RETRY_AFTER: u64 = 5;

/// A request that failed. The text is for a developer who reads the answer; a visitor never sees it.
#[derive(Clone, Debug, Error)]
pub(crate) enum Failure {
    #[error("{0}.")]
    InvalidRequest(&'static str),
    #[error("message is longer than 10000 characters.")]
    MessageTooLong,
    #[error("The body is longer than 64 KiB.")]
    BodyTooLarge,
    #[error("The body must be JSON with the header Content-Type: application/json.")]
    NotJson,
    #[error("There is nothing at this address.")]
    NotFound,
    #[error("This address does not take that method.")]
    MethodNotAllowed,
    #[error("This origin is not on the proxy's list of allowed origins.")]
    OriginNotAllowed,
    #[error("The proxy knows no avatar by this alias.")]
    AvatarUnknown,
    #[error("sessionId can't be used: {0}. Call init again.")]
    SessionInvalid(SealError),
    /// A token was shown, and it is not a valid one.
    #[error("{0}.")]
    IdentityInvalid(&'static str),
    /// The visitor's sign-in has come to its end. The same code: the chat goes on without it in the same way.
    #[error("The sign-in can't be used any more: {0}.")]
    LoginOver(&'static str),
    /// Nobody gets in without an identity, or the conversation is a user's who does not show it any more.
    #[error("This needs a visitor who is known: a siteToken, a userToken, or a sign-in.")]
    LoginRequired,
    /// A sign-in can't be completed.
    #[error("Signing in failed: {0}.")]
    LoginFailed(&'static str),
    #[error("{}", .0.for_developer())]
    RateLimited(Limit, Duration),
    #[error("Too many requests are under way.")]
    Overloaded,
    #[error("The proxy failed.")]
    Internal,
    #[error("{}", .0.for_developer())]
    Upstream(#[from] Fault),
}

/// Which of the limits is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Calls from one client address.
    Address,
    /// Calls of one visitor.
    Visitor,
    /// Requests that SecondMe takes for an avatar's key.
    Budget,
}

/// What the request's log line says about a failure; travels as an extension of the answer.
#[derive(Clone, Debug)]
pub(crate) struct FailureNote {
    pub sub_code: String,
    /// Finer than the code where that helps an operator, and one of few; what SecondMe writes is not in it.
    pub reason: &'static str,
    pub cause: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FailureBody<'a> {
    code: u16,
    sub_code: &'a str,
    message: String,
}

impl Failure {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::InvalidRequest(_) | Self::MessageTooLong | Self::SessionInvalid(_) | Self::LoginFailed(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::IdentityInvalid(_) | Self::LoginOver(_) | Self::LoginRequired => StatusCode::UNAUTHORIZED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotFound | Self::AvatarUnknown => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::OriginNotAllowed => StatusCode::FORBIDDEN,
            Self::RateLimited(..) => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Upstream(fault) => fault.status(),
        }
    }

    fn sub_code(&self) -> &str {
        match self {
            Self::InvalidRequest(_) | Self::BodyTooLarge | Self::NotJson | Self::NotFound | Self::MethodNotAllowed => {
                "proxy.invalid_request"
            }
            Self::MessageTooLong => "proxy.message_too_long",
            Self::OriginNotAllowed => "proxy.origin_not_allowed",
            Self::AvatarUnknown => "proxy.avatar_unknown",
            Self::SessionInvalid(_) => "proxy.session_invalid",
            Self::IdentityInvalid(_) | Self::LoginOver(_) => "proxy.identity_invalid",
            Self::LoginRequired => "proxy.login_required",
            Self::LoginFailed(_) => "proxy.login_failed",
            Self::RateLimited(..) => "proxy.rate_limited",
            Self::Overloaded => "proxy.overloaded",
            Self::Internal => "proxy.internal",
            Self::Upstream(fault) => fault.sub_code(),
        }
    }

    /// What the log and the metrics are told.
    pub(crate) fn note(&self) -> FailureNote {
        let cause = match self {
            Self::Upstream(fault) => Some(fault.to_string()),
            _ => None,
        };
        FailureNote { sub_code: self.sub_code().to_owned(), reason: self.reason(), cause }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) | Self::NotJson => "invalid_request",
            Self::MessageTooLong => "message_too_long",
            Self::BodyTooLarge => "body_too_large",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::OriginNotAllowed => "origin_not_allowed",
            Self::AvatarUnknown => "avatar_unknown",
            Self::SessionInvalid(_) => "session_invalid",
            Self::IdentityInvalid(_) => "identity_invalid",
            Self::LoginOver(_) => "login_over",
            Self::LoginRequired => "login_required",
            Self::LoginFailed(_) => "login_failed",
            Self::RateLimited(Limit::Address, _) => "address_limit",
            Self::RateLimited(Limit::Visitor, _) => "visitor_limit",
            Self::RateLimited(Limit::Budget, _) => "budget",
            Self::Overloaded => "overloaded",
            Self::Internal => "internal",
            Self::Upstream(_) => "upstream",
        }
    }

    fn retry_after(&self) -> Option<u64> {
        let given = match self {
            Self::Upstream(fault) => fault.retry_after(),
            Self::RateLimited(_, wait) => Some(whole_seconds(*wait)),
            Self::Overloaded => Some(1),
            _ => None,
        };
        let wanted = matches!(self.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        wanted.then(|| given.unwrap_or(DEFAULT_RETRY_AFTER))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = FailureBody { code: self.status().as_u16(), sub_code: self.sub_code(), message: self.to_string() };
        let mut response = (self.status(), Json(body)).into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self.note());
        response
    }
}

impl Limit {
    fn for_developer(self) -> &'static str {
        match self {
            Self::Address => "Too many calls came from this address.",
            Self::Visitor => "This visitor made too many calls.",
            Self::Budget => "SecondMe's limit for this avatar is reached.",
        }
    }
}

impl From<OverBudget> for Failure {
    fn from(over: OverBudget) -> Self {
        Self::RateLimited(Limit::Budget, over.retry_after)
    }
}

/// The library's own sentences quote the body, so the answer gets others.
impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::MissingJsonContentType(_) => Self::NotJson,
            JsonRejection::JsonSyntaxError(_) => Self::InvalidRequest("The body is not valid JSON"),
            JsonRejection::JsonDataError(_) => {
                Self::InvalidRequest("The body lacks a field, or a field has the wrong type or form")
            }
            other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            _ => Self::InvalidRequest("The body did not arrive"),
        }
    }
}

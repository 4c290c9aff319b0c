//! The envelope every answer of the HTTP APIs comes in, and the bearer token that both read. It knows no endpoint.

use std::{borrow::Cow, io};

use axum::{
    Json,
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Value, json};

/// A successful answer: `{"code":0,"data":…}`.
pub(crate) fn success(data: Value) -> Json<Value> {
    let mut body = json!({ "code": 0 });
    body["data"] = data;
    Json(body)
}

/// A refusal, in one of the two shapes the real service is known to use.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// `{"code":<status>,"message":"…","subCode":"…"}`, with `Retry-After` in seconds where there is one.
    Envelope { status: StatusCode, sub_code: Cow<'static, str>, message: String, retry_after: Option<u64> },
    /// `{"detail":"…"}`, which a refused token may get instead.
    Detail { status: StatusCode, message: String },
}

impl Refusal {
    pub(crate) fn new(
        status: StatusCode,
        sub_code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Refusal {
        Refusal::Envelope { status, sub_code: sub_code.into(), message: message.into(), retry_after: None }
    }

    /// The same with so many seconds to wait.
    pub(crate) fn retry_after(mut self, seconds: Option<u64>) -> Refusal {
        if let Refusal::Envelope { retry_after, .. } = &mut self {
            *retry_after = seconds;
        }
        self
    }

    /// A request that does not follow the document's table of parameters.
    pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "invalid.param", message)
    }

    /// A body that could not be read at all: another content type (415), too much of it (413), or not what was promised.
    ///
    /// The service answers a parameter of the wrong type with 400, where the web framework would say 422.
    pub(crate) fn unreadable(status: StatusCode, message: String) -> Refusal {
        let status = if status == StatusCode::UNPROCESSABLE_ENTITY { StatusCode::BAD_REQUEST } else { status };
        Refusal::new(status, "invalid.param", message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::Envelope { status, sub_code, message, retry_after } => {
                let body = json!({ "code": status.as_u16(), "message": message, "subCode": sub_code });
                let mut response = (status, Json(body)).into_response();
                if let Some(seconds) = retry_after {
                    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
                }
                response
            }
            Refusal::Detail { status, message } => (status, Json(json!({ "detail": message }))).into_response(),
        }
    }
}

/// The bearer token of a request, if it has one.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// No answer: the connection ends before the first byte of one. The server gives a connection up whose answer it can't go
/// on with.
pub(crate) fn cut_connection() -> Response {
    let broken = stream::once(async { Err::<Vec<u8>, _>(io::Error::from(io::ErrorKind::ConnectionReset)) });
    Response::new(Body::from_stream(broken))
}

pub(crate) async fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "resource.fetch.not_found", "There is nothing at this path.")
}

pub(crate) async fn method_not_allowed() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "invalid.param", "This path does not answer to this method.")
}

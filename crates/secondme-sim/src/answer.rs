//! The envelope every answer of the HTTP API comes in. It knows no endpoint.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
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
    /// `{"code":<status>,"message":"…","subCode":"…"}`.
    Envelope { status: StatusCode, sub_code: &'static str, message: String },
    /// `{"detail":"…"}`, which a refused token may get instead.
    Detail { status: StatusCode, message: String },
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, sub_code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal::Envelope { status, sub_code, message: message.into() }
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
            Refusal::Envelope { status, sub_code, message } => {
                let body = json!({ "code": status.as_u16(), "message": message, "subCode": sub_code });
                (status, Json(body)).into_response()
            }
            Refusal::Detail { status, message } => (status, Json(json!({ "detail": message }))).into_response(),
        }
    }
}

pub(crate) async fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "resource.fetch.not_found", "There is nothing at this path.")
}

pub(crate) async fn method_not_allowed() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "invalid.param", "This path does not answer to this method.")
}

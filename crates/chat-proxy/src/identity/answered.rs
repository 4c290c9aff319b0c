//! An answer together with what the visitor's browser is to keep from now on. It decides on neither.

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::contract::success;
use crate::failure::Failure;

/// What a call comes to. The cookie goes out with a failure too: what it replaces may be of no use any more.
pub(crate) struct Answered<T> {
    pub outcome: Result<T, Failure>,
    pub cookie: Option<HeaderValue>,
}

impl<T> From<Result<T, Failure>> for Answered<T> {
    fn from(outcome: Result<T, Failure>) -> Self {
        Self { outcome, cookie: None }
    }
}

impl<T> From<Failure> for Answered<T> {
    fn from(failure: Failure) -> Self {
        Err(failure).into()
    }
}

impl<T: Serialize> IntoResponse for Answered<T> {
    fn into_response(self) -> Response {
        let mut response = match self.outcome {
            Ok(data) => Json(success(data)).into_response(),
            Err(failure) => failure.into_response(),
        };
        if let Some(cookie) = self.cookie {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

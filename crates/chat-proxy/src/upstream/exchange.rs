//! One request to SecondMe and the reading of its answer, in the envelope that all of SecondMe's APIs share. It doesn't
//! know what the data is.

use std::error::Error;

use axum::http::header::RETRY_AFTER;
use reqwest::{RequestBuilder, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fault::{Fault, stable_code};
use crate::metrics::{Metrics, Stopwatch};

/// Longer answers are not read to their end; the documents' longest is far below.
const LONGEST_ANSWER: usize = 256 * 1024;
/// The longest wait that is passed on, in seconds; beyond it a visitor has left.
const LONGEST_RETRY_AFTER: u64 = 3600;

/// `{"code":0,"data":…}`, or a failure with `subCode`. A bad token may be answered by `{"detail":…}` alone.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    code: Option<i64>,
    #[serde(default)]
    data: Value,
    sub_code: Option<Value>,
}

/// Sends the request, once, and measures it under the call's name. The answer's data may be null where the document lets it.
pub(crate) async fn exchange<T: DeserializeOwned>(
    metrics: &Metrics,
    call: &'static str,
    request: RequestBuilder,
) -> Result<T, Fault> {
    let stopwatch = Stopwatch::start(metrics, call);
    let answer = ask(request).await?;
    stopwatch.succeeded();
    Ok(answer)
}

async fn ask<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Fault> {
    let response = request.send().await.map_err(fault)?;
    let (status, retry_after) = (response.status(), retry_after(&response));
    let body = read(response).await?;
    let envelope = serde_json::from_slice::<Envelope>(&body).ok();
    let code = envelope.as_ref().and_then(|envelope| envelope.code);
    match envelope {
        Some(envelope) if status.is_success() && code == Some(0) => {
            // The library's sentence would quote the data.
            serde_json::from_value(envelope.data).map_err(|_| Fault::Broken("its data is not what the document says"))
        }
        None if status.is_success() => Err(Fault::Broken("it is not the JSON the document says")),
        envelope => {
            let own_code = code.and_then(|code| u16::try_from(code).ok()).filter(|code| (400..600).contains(code));
            Err(Fault::Refused {
                status: if status.is_success() { own_code.unwrap_or(status.as_u16()) } else { status.as_u16() },
                sub_code: envelope.and_then(|envelope| stable_code(envelope.sub_code?.as_str()?)),
                retry_after,
            })
        }
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(fault)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(Fault::Broken("it is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn retry_after(response: &Response) -> Option<u64> {
    let seconds: u64 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(seconds.min(LONGEST_RETRY_AFTER))
}

fn fault(error: reqwest::Error) -> Fault {
    // Of a connection that took too long to come about it is certain that nothing went over it.
    if error.is_connect() {
        Fault::Unreachable(innermost(&error.without_url()))
    } else if error.is_timeout() {
        Fault::TimedOut
    } else {
        Fault::Cut
    }
}

/// The cause at the bottom is the one that tells an operator something: connection refused, name not found, bad certificate.
pub(crate) fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

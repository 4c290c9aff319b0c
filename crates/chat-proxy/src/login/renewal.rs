//! A call in the name of a signed-in visitor: with a token that is good, renewed before it expires or once when SecondMe
//! refuses it. It does not know what the call does.
//!
//! Two calls at once may both renew. SecondMe leaves the refresh token as it is, so both succeed, and either cookie serves.

use axum::http::HeaderValue;
use secrecy::SecretString;

use super::{Login, Tokens};
use crate::failure::Failure;
use crate::identity::Answered;
use crate::upstream::Fault;

impl Login {
    /// Makes the call. SecondMe looks at the token before anything else, so a call whose token it refused can be made
    /// again.
    pub(crate) async fn act<T, F: Future<Output = Result<T, Failure>>>(
        &self,
        tokens: Tokens,
        call: impl Fn(SecretString) -> F,
    ) -> Answered<T> {
        let (tokens, mut cookie) = match self.renewed_in_time(tokens).await {
            Ok(current) => current,
            Err(failure) => return self.refuse(failure),
        };
        let mut outcome = call(tokens.access()).await;
        if matches!(outcome, Err(Failure::Upstream(Fault::UserRefused))) {
            // A token that has just come is refused for another reason than its age.
            if cookie.is_some() {
                return self.refuse(over());
            }
            match self.renew(&tokens).await {
                Ok((tokens, renewed)) => {
                    cookie = Some(renewed);
                    outcome = call(tokens.access()).await;
                }
                Err(failure) => return self.refuse(failure),
            }
        }
        match outcome {
            Err(Failure::Upstream(Fault::UserRefused)) => self.refuse(over()),
            outcome => Answered { outcome, cookie },
        }
    }

    /// Tokens that can be used, with the cookie to keep them where they are new. While the old one is good, a renewal that
    /// does not come about is no reason to fail.
    async fn renewed_in_time(&self, tokens: Tokens) -> Result<(Tokens, Option<HeaderValue>), Failure> {
        if !tokens.is_due() {
            return Ok((tokens, None));
        }
        match self.renew(&tokens).await {
            Ok((renewed, cookie)) => Ok((renewed, Some(cookie))),
            Err(_) if !tokens.has_expired() => Ok((tokens, None)),
            Err(failure) => Err(failure),
        }
    }

    async fn renew(&self, tokens: &Tokens) -> Result<(Tokens, HeaderValue), Failure> {
        let refresh = tokens.refresh().ok_or_else(over)?;
        match self.endpoints.refresh(refresh).await {
            Ok(renewed) => match self.keep(&renewed) {
                Ok(cookie) => Ok((renewed, cookie)),
                Err(Failure::LoginFailed(sentence)) => Err(Failure::LoginOver(sentence)),
                Err(failure) => Err(failure),
            },
            Err(Fault::Refused { status, sub_code, .. }) if is_about_token(status, sub_code.as_deref()) => Err(over()),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Takes the cookie back with a failure after which it is of no use, so that the next request can do without it.
    pub(crate) fn refuse<T>(&self, failure: Failure) -> Answered<T> {
        let cookie = matches!(failure, Failure::LoginOver(_)).then(|| self.forget());
        Answered { outcome: Err(failure), cookie }
    }
}

fn over() -> Failure {
    Failure::LoginOver("SecondMe no longer takes its tokens")
}

/// Whether this refusal is meant for the visitor's token, and not for the app that shows it.
fn is_about_token(status: u16, sub_code: Option<&str>) -> bool {
    matches!(status, 400 | 401 | 403) && !sub_code.is_some_and(|code| code.contains("client"))
}

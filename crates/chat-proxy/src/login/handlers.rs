//! The addresses of signing in and out: to SecondMe's page, back from it, and the end of it.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::attempt::Attempt;
use super::destination::{Destination, within};
use super::page::{Outcome, Page};
use super::{ATTEMPT_COOKIE, Login, Tokens};
use crate::failure::Failure;
use crate::identity::Answered;

/// `GET /login` and `GET /callback`: for the browser itself, and for no page's script.
pub(crate) fn pages(login: Arc<Login>) -> Router {
    Router::new().route("/login", get(begin)).route("/callback", get(come_back)).with_state(login)
}

/// `POST /logout`: for the chat.
pub(crate) fn calls(login: Arc<Login>) -> Router {
    Router::new().route("/logout", post(sign_out)).with_state(login)
}

/// The query of `GET /login`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Begin {
    /// A path of this site to go on at; `/` where absent.
    return_to: Option<String>,
    /// `1` where the page has opened a popup and waits for a word.
    popup: Option<String>,
    /// The origin of that page; the proxy's own where absent.
    origin: Option<String>,
}

/// The query of `GET /callback` (RFC 6749, section 4.1.2).
#[derive(Deserialize)]
struct ComeBack {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// What `POST /logout` answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignedOut {
    signed_out: bool,
}

/// Sends the visitor to SecondMe's page.
async fn begin(
    State(login): State<Arc<Login>>,
    query: Result<Query<Begin>, QueryRejection>,
) -> Result<Response, Failure> {
    let Query(query) = query.map_err(|_| Failure::InvalidRequest("The address has a parameter twice"))?;
    let popup = match query.popup.as_deref() {
        None | Some("0") => false,
        Some("1") => true,
        Some(_) => return Err(Failure::InvalidRequest("popup must be 1 or absent")),
    };
    let destination = Destination::of(query.return_to, popup, query.origin.as_deref(), &login.openers)?;
    let attempt = Attempt::new(destination)?;
    let cookie = login.keep_attempt(&attempt)?;
    let mut response = redirect(login.authorization(&attempt).as_str());
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// Takes the visitor back. Whatever comes of it, the attempt is over.
async fn come_back(
    State(login): State<Arc<Login>>,
    headers: HeaderMap,
    query: Result<Query<ComeBack>, QueryRejection>,
) -> Response {
    let mut response = match login.attempt_of(&headers, query.ok().map(|Query(query)| query)) {
        Ok((attempt, query)) => login.complete(&attempt, query).await,
        // Who sent this browser is not known, so nobody is told.
        Err(failure) => login.failed(&failure, None),
    };
    response.headers_mut().append(SET_COOKIE, login.cookies.removal(ATTEMPT_COOKIE));
    response
}

/// Ends the sign-in in this browser. An empty object is enough of a body; without JSON another site's form could do it.
async fn sign_out(
    State(login): State<Arc<Login>>,
    body: Result<Json<IgnoredAny>, JsonRejection>,
) -> Result<Answered<impl Serialize>, Failure> {
    let Json(_) = body?;
    Ok(Answered { outcome: Ok(SignedOut { signed_out: true }), cookie: Some(login.forget()) })
}

impl Login {
    /// SecondMe's page, asked for a code.
    fn authorization(&self, attempt: &Attempt) -> reqwest::Url {
        let mut url = self.authorize_url.clone();
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("scope", &self.scopes)
            .append_pair("state", &attempt.state)
            .append_pair("code_challenge", &attempt.challenge())
            .append_pair("code_challenge_method", "S256");
        url
    }

    /// The attempt that this browser began, if it is the one that comes back.
    fn attempt_of(&self, headers: &HeaderMap, query: Option<ComeBack>) -> Result<(Attempt, ComeBack), Failure> {
        let query = query.ok_or(Failure::LoginFailed("the address has a parameter twice"))?;
        let attempt = self.attempt(headers)?;
        match &query.state {
            Some(state) if attempt.began_with(state) => Ok((attempt, query)),
            Some(_) => Err(Failure::LoginFailed("state is not the one that this browser left with")),
            None => Err(Failure::LoginFailed("state is missing")),
        }
    }

    async fn complete(&self, attempt: &Attempt, query: ComeBack) -> Response {
        match self.tokens_for(attempt, query).await {
            Ok(Some(tokens)) => match self.keep(&tokens) {
                Ok(cookie) => {
                    let mut response = self.done(attempt, Outcome::SignedIn);
                    response.headers_mut().append(SET_COOKIE, cookie);
                    response
                }
                Err(failure) => self.failed(&failure, Some(attempt)),
            },
            Ok(None) => self.done(attempt, Outcome::Declined),
            Err(failure) => self.failed(&failure, Some(attempt)),
        }
    }

    /// None where the visitor has declined.
    async fn tokens_for(&self, attempt: &Attempt, query: ComeBack) -> Result<Option<Tokens>, Failure> {
        match (query.error.as_deref(), query.code) {
            (Some("access_denied"), _) => Ok(None),
            (Some(_), _) => Err(Failure::LoginFailed("SecondMe's page answered with an error")),
            (None, Some(code)) if !code.is_empty() => {
                Ok(Some(self.endpoints.redeem(&code, &attempt.verifier, &self.redirect_uri).await?))
            }
            (None, _) => Err(Failure::LoginFailed("SecondMe's page answered with no code")),
        }
    }

    fn done(&self, attempt: &Attempt, outcome: Outcome) -> Response {
        match &attempt.destination {
            Destination::Popup(opener) => {
                Page { status: StatusCode::OK, outcome, reason: None, opener: Some(opener), path: None }.into_response()
            }
            // What was sealed was checked before; there is always an address.
            Destination::Page(path) => match within(&self.public, path) {
                Some(url) => redirect(url.as_str()),
                None => self.failed(&Failure::Internal, None),
            },
        }
    }

    fn failed(&self, failure: &Failure, attempt: Option<&Attempt>) -> Response {
        let (opener, path) = match attempt.map(|attempt| &attempt.destination) {
            Some(Destination::Popup(opener)) => (Some(opener.as_str()), None),
            Some(Destination::Page(path)) => (None, Some(path.as_str())),
            None => (None, None),
        };
        let (status, reason) = (failure.status(), Some(failure.to_string()));
        let mut response = Page { status, outcome: Outcome::Failed, reason, opener, path }.into_response();
        response.extensions_mut().insert(failure.note());
        response
    }
}

fn redirect(address: &str) -> Response {
    let headers: [(HeaderName, &str); 3] =
        [(LOCATION, address), (CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer")];
    (StatusCode::FOUND, headers).into_response()
}

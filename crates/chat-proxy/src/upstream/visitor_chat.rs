//! Visitor Chat, with visitors of the site and with SecondMe's own users: the only file that knows that document's paths, JSON and error table.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::{Client, RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::address::is_web_socket;
use super::exchange::exchange;
use super::fault::Fault;
use super::retry::{Deadline, Repetition, retry};
use super::{Opened, Opening, Posting, Upstream, UpstreamSession};
use crate::config::{App, Avatar};
use crate::metrics::Metrics;
use crate::token::{Grant, TokenCache};

/// The document's error codes with their HTTP statuses; used where a code comes with another status, such as 200.
const ERROR_TABLE: [(&str, u16); 6] = [
    ("visitor_chat.visitor_id_required", 400),
    ("visitor_chat.session_not_found", 400),
    ("visitor_chat.session_expired", 400),
    ("oauth2.invalid_client", 401),
    ("open.api.key.not.found", 401),
    ("open.api.user.not.found", 404),
];

/// What a token is taken to live for where the answer doesn't say; if that is wrong, the 401 tells.
const UNSAID_LIFE: u64 = 3600;

/// The API behind its three addresses.
pub(super) struct VisitorChat {
    http: Client,
    base_url: Url,
    timeout: Duration,
    metrics: Metrics,
    token: TokenCache,
}

/// A visitor's one conversation with an avatar.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Init<'a> {
    api_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    visitor_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visitor_name: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Initialized {
    session_id: String,
    ws_url: String,
    avatar_name: Option<String>,
    opening: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Send<'a> {
    session_id: &'a str,
    api_key: &'a str,
    message: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    access_token: SecretText,
    expires_in: Option<u64>,
}

/// A text that is a secret from the moment it is read.
#[derive(Deserialize)]
#[serde(from = "String")]
pub(crate) struct SecretText(pub SecretString);

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl VisitorChat {
    pub(super) fn new(http: Client, base_url: Url, timeout: Duration, app: &App, metrics: Metrics) -> Self {
        let app = Arc::new(app.clone());
        let (token_http, token_metrics) = (http.clone(), metrics.clone());
        let token_url = address(&base_url, "oauth/token/client");
        let token = TokenCache::new(move || {
            let (http, url, app) = (token_http.clone(), token_url.clone(), Arc::clone(&app));
            let metrics = token_metrics.clone();
            async move {
                let deadline = Deadline::after(timeout);
                retry(deadline, Repetition::Harmless, |_| grant(&metrics, http.post(url.clone()), &app)).await
            }
            .boxed()
        });
        Self { http, base_url, timeout, metrics, token }
    }

    async fn init(&self, opening: Opening<'_>) -> Result<Opened, Fault> {
        // A user is who the token says, so what else is known of them stays here.
        let visitor = Some(opening.visitor).filter(|_| opening.user_token.is_none());
        let name = visitor.and_then(|visitor| visitor.name.as_deref());
        let body = Init {
            api_key: opening.avatar.api_key.expose_secret(),
            visitor_id: visitor.map(|visitor| visitor.id.as_str()),
            visitor_name: name.filter(|name| !name.trim().is_empty()),
        };
        // SecondMe finds the visitor's session by the visitor, so the one that the widget names is not asked for.
        opening.session.map(own).transpose()?;
        let path = "secondme/visitor-chat/init";
        let answer: Initialized = self.call(path, Repetition::Harmless, &body, opening.user_token).await?;
        if answer.session_id.is_empty() || !is_web_socket(&answer.ws_url) {
            return Err(Fault::Broken("it names no session or no WebSocket address"));
        }
        Ok(Opened {
            session: UpstreamSession::VisitorChat(Session { id: answer.session_id }),
            ws_url: answer.ws_url,
            avatar_name: answer.avatar_name.unwrap_or_default(),
            opening: answer.opening,
            // The widget finds the socket's id in the address; the rest Visitor Chat does not tell.
            visitor_user_id: None,
            heartbeat: None,
            starters: Vec::new(),
            avatar_image: None,
        })
    }

    /// Never tried again once it may have arrived: a message twice is worse than a message the visitor sends again. A
    /// refused token is the exception, because SecondMe looks at the token first.
    async fn send(&self, posting: Posting<'_>) -> Result<(), Fault> {
        let session = own(posting.session)?;
        let body =
            Send { session_id: &session.id, api_key: posting.avatar.api_key.expose_secret(), message: posting.message };
        let path = "secondme/visitor-chat/send";
        let answer: Value = self.call(path, Repetition::Doubles, &body, posting.user_token).await?;
        // Whatever else it says, or whether it says anything: only this is a failure.
        if answer["sent"] == false { Err(Fault::Broken("it says that the message was not sent")) } else { Ok(()) }
    }

    /// Calls with the user's token, and only with that; otherwise with the app token, and once more with a new one where the
    /// first was refused.
    async fn call<T: DeserializeOwned>(
        &self,
        path: &'static str,
        repetition: Repetition,
        body: &impl Serialize,
        user_token: Option<&SecretString>,
    ) -> Result<T, Fault> {
        let url = address(&self.base_url, path);
        let deadline = Deadline::after(self.timeout);
        let request = |token: &SecretString| self.http.post(url.clone()).bearer_auth(token.expose_secret()).json(body);
        let attempt = async |token: &SecretString| {
            retry(deadline, repetition, |_| exchange(&self.metrics, path, request(token)))
                .await
                .map_err(|fault| fault.by_table(&ERROR_TABLE))
        };
        let work = async {
            if let Some(token) = user_token {
                let outcome = attempt(token).await;
                return outcome.map_err(|fault| if is_about_token(&fault) { Fault::UserRefused } else { fault });
            }
            let token = self.token.get().await?;
            match attempt(&token.value).await {
                Err(fault) if is_about_token(&fault) => {
                    self.token.refused(&token);
                    let renewed = self.token.get().await?;
                    attempt(&renewed.value).await
                }
                outcome => outcome,
            }
        };
        deadline.bound(work).await
    }
}

impl Upstream for VisitorChat {
    fn init<'a>(&'a self, opening: Opening<'a>) -> BoxFuture<'a, Result<Opened, Fault>> {
        self.init(opening).boxed()
    }

    fn send<'a>(&'a self, posting: Posting<'a>) -> BoxFuture<'a, Result<(), Fault>> {
        self.send(posting).boxed()
    }

    fn takes_users(&self) -> bool {
        true
    }

    /// The app's credentials are the same for all avatars.
    fn probe<'a>(&'a self, _: &'a Avatar) -> BoxFuture<'a, Result<(), Fault>> {
        async { self.token.get().await.map(drop) }.boxed()
    }
}

async fn grant(metrics: &Metrics, request: RequestBuilder, app: &App) -> Result<Grant, Fault> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &app.client_id),
        ("client_secret", app.client_secret.expose_secret()),
        ("scope", "chat.write"),
    ];
    let granted: Granted = exchange(metrics, "oauth/token/client", request.form(&form))
        .await
        .map_err(|fault| fault.by_table(&ERROR_TABLE))?;
    let value = granted.access_token.0;
    if !value.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) || value.expose_secret().is_empty() {
        return Err(Fault::Broken("its token is not a token"));
    }
    Ok(Grant { value, life: Duration::from_secs(granted.expires_in.unwrap_or(UNSAID_LIFE)) })
}

pub(crate) fn address(base_url: &Url, path: &str) -> Url {
    let mut url = base_url.clone();
    url.set_path(&format!("{}/api/{path}", base_url.path().trim_end_matches('/')));
    url
}

/// A session of the other API is from before the configuration was changed, and leads nowhere here.
fn own(session: &UpstreamSession) -> Result<&Session, Fault> {
    match session {
        UpstreamSession::VisitorChat(session) => Ok(session),
        UpstreamSession::AvatarHub(_) => Err(Fault::SessionGone { sub_code: None }),
    }
}

/// Whether a new token could help. A refusal of the API key is a 401 too, and then none can.
fn is_about_token(fault: &Fault) -> bool {
    match fault {
        Fault::Refused { status: 401, sub_code, .. } => {
            !sub_code.as_deref().is_some_and(|code| code.starts_with("open.api."))
        }
        _ => false,
    }
}

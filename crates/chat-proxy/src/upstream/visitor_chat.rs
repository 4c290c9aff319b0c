//! Visitor Chat, with visitors of the site and with SecondMe's own users: the only file that knows that document's paths, JSON and error table.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::{Client, RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::exchange::exchange;
use super::fault::Fault;
use super::{Opened, Opening, Posting, Upstream, UpstreamSession};
use crate::config::App;
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
    pub(super) fn new(http: Client, base_url: Url, app: &App) -> Self {
        let app = Arc::new(app.clone());
        let (token_http, token_url) = (http.clone(), address(&base_url, "oauth/token/client"));
        let token = TokenCache::new(move || {
            let request = token_http.post(token_url.clone());
            let app = Arc::clone(&app);
            async move { grant(request, &app).await }.boxed()
        });
        Self { http, base_url, token }
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
        let answer: Initialized = self.call("secondme/visitor-chat/init", &body, opening.user_token).await?;
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
        let UpstreamSession::VisitorChat(session) = posting.session;
        let body =
            Send { session_id: &session.id, api_key: posting.avatar.api_key.expose_secret(), message: posting.message };
        self.call::<IgnoredAny>("secondme/visitor-chat/send", &body, posting.user_token).await.map(drop)
    }

    /// Calls with the user's token, and only with that; otherwise with the app token, and once more with a new one where the
    /// first was refused.
    async fn call<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        user_token: Option<&SecretString>,
    ) -> Result<T, Fault> {
        let attempt = async |token: &SecretString| {
            let request = self.http.post(address(&self.base_url, path)).bearer_auth(token.expose_secret());
            exchange(request.json(body)).await.map_err(by_table)
        };
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

    fn probe(&self) -> BoxFuture<'_, Result<(), Fault>> {
        async { self.token.get().await.map(drop) }.boxed()
    }
}

async fn grant(request: RequestBuilder, app: &App) -> Result<Grant, Fault> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &app.client_id),
        ("client_secret", app.client_secret.expose_secret()),
        ("scope", "chat.write"),
    ];
    let granted: Granted = exchange(request.form(&form)).await.map_err(by_table)?;
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

/// Gives a known code the document's status.
fn by_table(fault: Fault) -> Fault {
    match fault {
        Fault::Refused { status, sub_code: Some(sub_code), retry_after } => {
            let row = ERROR_TABLE.iter().find(|(code, _)| *code == sub_code);
            Fault::Refused { status: row.map_or(status, |(_, status)| *status), sub_code: Some(sub_code), retry_after }
        }
        other => other,
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

fn is_web_socket(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "ws" | "wss") && url.has_host())
}

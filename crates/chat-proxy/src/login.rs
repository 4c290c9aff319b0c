//! Signing in with SecondMe through the proxy: OAuth2's authorization code flow with PKCE. The visitor's tokens are kept in
//! a sealed cookie of theirs and nowhere else.
//!
//! Routes, below the base path: `GET /login` and `GET /callback` ([`pages`]), `POST /logout` ([`calls`]). A sign-in that can't
//! be completed is `proxy.login_failed`, tokens that are no longer of use are `proxy.identity_invalid`.

mod attempt;
mod cookies;
mod destination;
mod grant;
mod handlers;
mod page;
mod renewal;
mod tokens;

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use reqwest::{Client, Url};

pub(crate) use handlers::{calls, pages};
pub(crate) use tokens::Tokens;

use crate::config::Config;
use crate::failure::Failure;
use crate::metrics::Metrics;
use crate::origin::Origin;
use crate::seal::{Purpose, SealError, SessionKeys};
use attempt::Attempt;
use cookies::Cookies;
use grant::TokenEndpoints;

/// The cookie with the tokens of who has signed in.
const LOGIN_COOKIE: &str = "secondme-chat-login";
/// The cookie with what is needed when the visitor comes back from SecondMe.
const ATTEMPT_COOKIE: &str = "secondme-chat-sign-in";

/// How long a sign-in lasts that nobody uses. Each renewal of the access token begins it anew.
const LOGIN_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long a visitor has for SecondMe's page.
const ATTEMPT_LIFE: Duration = Duration::from_secs(10 * 60);

/// What signing in needs. There is one only where it is enabled.
pub(crate) struct Login {
    keys: SessionKeys,
    cookies: Cookies,
    endpoints: TokenEndpoints,
    authorize_url: Url,
    client_id: String,
    scopes: String,
    redirect_uri: String,
    /// Where visitors' browsers reach the proxy.
    public: Origin,
    /// Pages that may open the sign-in as a popup: the proxy's own origin and the listed ones.
    openers: Vec<Origin>,
}

impl Login {
    /// None where signing in is not enabled.
    pub(crate) fn new(config: &Config, keys: &SessionKeys, http: Client, metrics: &Metrics) -> Option<Self> {
        let login = config.login.as_ref()?;
        let base_path = config.base_path.as_str();
        let own = std::iter::once(&login.public);
        Some(Self {
            keys: keys.clone(),
            cookies: Cookies::below(base_path),
            endpoints: TokenEndpoints::new(http, &config.upstream.base_url, &login.app, metrics.clone()),
            authorize_url: login.authorize_url.clone(),
            client_id: login.app.client_id.clone(),
            scopes: login.scopes.clone(),
            redirect_uri: format!("{}{base_path}/callback", login.public),
            public: login.public.clone(),
            openers: own.chain(&config.allowed_origins).cloned().collect(),
        })
    }

    /// The tokens in the visitor's cookie, if there is one.
    pub(crate) fn tokens(&self, headers: &HeaderMap) -> Result<Option<Tokens>, Failure> {
        let Some(sealed) = cookies::find(headers, LOGIN_COOKIE) else { return Ok(None) };
        self.keys.open(Purpose::Login, &sealed).map(Some).map_err(|error| {
            Failure::LoginOver(match error {
                SealError::Foreign => "the cookie was not sealed here",
                SealError::Expired => "it was not used for too long",
            })
        })
    }

    /// Takes the login cookie back.
    pub(crate) fn forget(&self) -> HeaderValue {
        self.cookies.removal(LOGIN_COOKIE)
    }

    fn keep(&self, tokens: &Tokens) -> Result<HeaderValue, Failure> {
        let sealed = self.keys.seal(Purpose::Login, tokens, LOGIN_LIFE).map_err(|_| Failure::Internal)?;
        self.cookies.cookie(LOGIN_COOKIE, sealed, LOGIN_LIFE)
    }

    fn keep_attempt(&self, attempt: &Attempt) -> Result<HeaderValue, Failure> {
        let sealed = self.keys.seal(Purpose::SignIn, attempt, ATTEMPT_LIFE).map_err(|_| Failure::Internal)?;
        self.cookies.cookie(ATTEMPT_COOKIE, sealed, ATTEMPT_LIFE)
    }

    fn attempt(&self, headers: &HeaderMap) -> Result<Attempt, Failure> {
        let sealed = cookies::find(headers, ATTEMPT_COOKIE)
            .ok_or(Failure::LoginFailed("there is no sign-in under way in this browser"))?;
        self.keys.open(Purpose::SignIn, &sealed).map_err(|error| {
            Failure::LoginFailed(match error {
                SealError::Foreign => "the sign-in was not begun here",
                SealError::Expired => "the sign-in took longer than ten minutes",
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::upstream;
    use axum::http::header::COOKIE;
    use destination::Destination;

    fn login(keys: &SessionKeys) -> Login {
        let settings = Settings {
            secondme_client_id: Some("an-app".into()),
            secondme_client_secret: Some("a-secret".into()),
            secondme_api_key: Some("sk-a-key".into()),
            login: Some("true".into()),
            public_url: Some("https://shop.example".into()),
            ..Settings::default()
        };
        let config = Config::from_settings(settings, &|_| None).unwrap();
        Login::new(&config, keys, upstream::client(Duration::from_secs(1)).unwrap(), &Metrics::new()).unwrap()
    }

    fn with_cookie(name: &str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::try_from(format!("{name}={value}")).unwrap())])
    }

    #[test]
    fn an_expired_sign_in_is_refused() {
        let keys = SessionKeys::random().unwrap();
        let attempt = Attempt::new(Destination::Page("/".to_owned())).unwrap();
        let check = |life: Duration| {
            let sealed = keys.seal(Purpose::SignIn, &attempt, life).unwrap();
            login(&keys).attempt(&with_cookie(ATTEMPT_COOKIE, &sealed))
        };
        assert!(check(ATTEMPT_LIFE).is_ok_and(|found| found.began_with(&attempt.state)));
        assert!(matches!(check(Duration::ZERO), Err(Failure::LoginFailed(reason)) if reason.contains("ten minutes")));
    }

    #[test]
    fn an_expired_login_cookie_is_refused() {
        let keys = SessionKeys::random().unwrap();
        let tokens = Tokens::new("a-token".to_owned(), None, 3600);
        let check = |life: Duration| {
            let sealed = keys.seal(Purpose::Login, &tokens, life).unwrap();
            login(&keys).tokens(&with_cookie(LOGIN_COOKIE, &sealed))
        };
        assert!(matches!(check(LOGIN_LIFE), Ok(Some(_))));
        assert!(matches!(check(Duration::ZERO), Err(Failure::LoginOver(reason)) if reason.contains("too long")));
    }
}

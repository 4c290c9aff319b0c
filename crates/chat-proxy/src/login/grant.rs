//! SecondMe's two token endpoints for users, and their JSON (SecondMe's OAuth2 guide). It keeps nothing.

use reqwest::{Client, Url};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::tokens::Tokens;
use crate::config::App;
use crate::metrics::Metrics;
use crate::upstream::{Fault, SecretText, address, exchange};

/// What a token is taken to live for where the answer doesn't say: what the guide says.
const UNSAID_LIFE: u64 = 7200;

/// Where codes and refresh tokens become access tokens.
pub(super) struct TokenEndpoints {
    http: Client,
    code: Url,
    refresh: Url,
    app: App,
    metrics: Metrics,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    access_token: SecretText,
    refresh_token: Option<SecretText>,
    expires_in: Option<u64>,
}

impl TokenEndpoints {
    pub(super) fn new(http: Client, base_url: &Url, app: &App, metrics: Metrics) -> Self {
        let (code, refresh) = (address(base_url, "oauth/token/code"), address(base_url, "oauth/token/refresh"));
        Self { http, code, refresh, app: app.clone(), metrics }
    }

    /// Exchanges an authorization code, which works once.
    pub(super) async fn redeem(&self, code: &str, verifier: &str, redirect_uri: &str) -> Result<Tokens, Fault> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        self.ask("oauth/token/code", &self.code, &form, None).await
    }

    /// Gets a new access token. SecondMe may exchange the refresh token as well, or leave it as it is.
    pub(super) async fn refresh(&self, refresh_token: &str) -> Result<Tokens, Fault> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        self.ask("oauth/token/refresh", &self.refresh, &form, Some(refresh_token)).await
    }

    async fn ask(
        &self,
        call: &'static str,
        url: &Url,
        form: &[(&str, &str)],
        kept: Option<&str>,
    ) -> Result<Tokens, Fault> {
        let app =
            [("client_id", self.app.client_id.as_str()), ("client_secret", self.app.client_secret.expose_secret())];
        let form: Vec<_> = form.iter().chain(&app).collect();
        let granted: Granted = exchange(&self.metrics, call, self.http.post(url.clone()).form(&form)).await?;
        let access = granted.access_token.0.expose_secret().to_owned();
        if access.is_empty() || !access.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Fault::Broken("its token is not a token"));
        }
        let refresh = granted.refresh_token.map(|token| token.0.expose_secret().to_owned());
        let refresh = refresh.filter(|token| !token.is_empty()).or_else(|| kept.map(str::to_owned));
        Ok(Tokens::new(access, refresh, granted.expires_in.unwrap_or(UNSAID_LIFE)))
    }
}

//! Signing in: the page, the two token endpoints, and every way in which each of them refuses.

mod page;
mod tokens;
mod visitor_chat;

use reqwest::{Response, StatusCode, Url, redirect::Policy};
use secondme_sim::Settings;
use serde_json::Value;

use crate::caller::{Answer, Caller, answer};

/// The site's registered redirect URI.
const CALLBACK: &str = "https://shop.example/callback";

/// A request to sign in that is as it should be.
const REQUEST: [(&str, &str); 4] =
    [("client_id", "demo-client"), ("redirect_uri", CALLBACK), ("response_type", "code"), ("state", "s t&te=1")];

/// Verifier and challenge from the example in RFC 7636.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

impl Caller {
    /// Against a simulator that knows one redirect URI.
    pub(crate) async fn with_sign_in() -> Caller {
        let redirect_uris = vec![CALLBACK.to_owned()];
        Caller::with(Settings { chunk_interval: std::time::Duration::ZERO, redirect_uris, ..Settings::default() }).await
    }

    /// A user's browser opens the sign-in page with these parameters.
    async fn open_sign_in(&self, parameters: &[(&str, &str)]) -> Response {
        let url = Url::parse_with_params(&self.simulator.authorize_url(), parameters).unwrap();
        browser().get(url).send().await.unwrap()
    }

    /// A user's browser sends the page's form.
    async fn decide(&self, parameters: &[(&str, &str)], user: &str, decision: &str) -> Response {
        let form: Vec<_> = parameters.iter().copied().chain([("user", user), ("decision", decision)]).collect();
        browser().post(self.simulator.authorize_url()).form(&form).send().await.unwrap()
    }

    /// The code that the site gets when this user agrees, with parameters beyond [`REQUEST`].
    async fn code(&self, user: &str, further: &[(&str, &str)]) -> String {
        let parameters: Vec<_> = REQUEST.iter().chain(further).copied().collect();
        let redirect = self.decide(&parameters, user, "approve").await;
        parameter(&redirect, "code").unwrap()
    }

    async fn redeem(&self, form: &[(&str, &str)]) -> Answer {
        answer(self.http.post(self.url("/api/oauth/token/code")).form(form)).await
    }

    async fn refresh(&self, form: &[(&str, &str)]) -> Answer {
        answer(self.http.post(self.url("/api/oauth/token/refresh")).form(form)).await
    }

    /// What a site gets for this user's consent.
    async fn user_tokens(&self, user: &str) -> Value {
        let code = self.code(user, &[]).await;
        let (status, body) = self.redeem(&code_form(&code)).await;
        assert_eq!(status, 200, "{body}");
        body["data"].clone()
    }
}

/// The form that redeems this code.
fn code_form(code: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", "demo-client"),
        ("client_secret", "demo-secret-9f27c1d84be6"),
    ]
}

/// The form that refreshes with this token.
fn refresh_form(token: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", "demo-client"),
        ("client_secret", "demo-secret-9f27c1d84be6"),
    ]
}

/// The same parameters with one of them replaced.
fn with<'a, const N: usize>(form: [(&'a str, &'a str); N], name: &str, value: &'a str) -> [(&'a str, &'a str); N] {
    assert!(form.iter().any(|(known, _)| *known == name), "{name}");
    form.map(|(known, usual)| (known, if known == name { value } else { usual }))
}

/// A browser that shows where it is sent instead of going there.
fn browser() -> reqwest::Client {
    reqwest::Client::builder().redirect(Policy::none()).build().unwrap()
}

/// A parameter of the address that the browser is sent to, which must be the site's.
fn parameter(response: &Response, name: &str) -> Option<String> {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let address = response.headers()["location"].to_str().unwrap();
    assert!(address.starts_with(CALLBACK), "{address}");
    let url = Url::parse(address).unwrap();
    let mut found = url.query_pairs().filter(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    let value = found.next();
    assert_eq!(found.next(), None, "{name} stands there once");
    value
}

fn check((status, body): &Answer, expected: u16, sub_code: &str) {
    assert_eq!((status.as_u16(), body["subCode"].as_str().unwrap_or_default()), (expected, sub_code), "{body}");
}

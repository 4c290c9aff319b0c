//! How visitors sign in with SecondMe: where, back to where, and for what. It speaks to nobody.

use reqwest::Url;

use super::upstream::address;
use super::{Api, App, ConfigError, boolean, wrong};
use crate::origin::Origin;
use crate::settings::Settings;

/// SecondMe's page for signing in (SecondMe's OAuth2 guide).
const DEFAULT_AUTHORIZE_URL: &str = "https://go.second.me/oauth/";
/// What chatting takes, and nothing else of the visitor's.
const DEFAULT_SCOPES: &str = "chat.write";

/// How visitors sign in with SecondMe.
#[derive(Clone, Debug)]
pub struct LoginConfig {
    /// The app that SecondMe's tokens are for.
    pub app: App,
    /// SecondMe's page for signing in: https, or http to this machine.
    pub authorize_url: Url,
    /// Where visitors' browsers reach the proxy.
    pub public: Origin,
    /// What a visitor is asked to allow, separated by single spaces.
    pub scopes: String,
}

impl LoginConfig {
    pub(super) fn from_settings(settings: &Settings, api: &Api) -> Result<Option<Self>, ConfigError> {
        if !boolean("CHAT_PROXY_LOGIN", settings.login.as_deref())? {
            return Ok(None);
        }
        // Other APIs than this one do not know SecondMe's users.
        let Api::VisitorChat(app) = api else {
            return Err(wrong("CHAT_PROXY_LOGIN", "needs SECONDME_API=visitor-chat"));
        };
        let authorize_url = settings.secondme_authorize_url.as_deref().unwrap_or(DEFAULT_AUTHORIZE_URL);
        Ok(Some(Self {
            app: app.clone(),
            authorize_url: authorize(authorize_url)?,
            public: public(settings.public_url.as_deref())?,
            scopes: scopes(settings.secondme_login_scopes.as_deref().unwrap_or(DEFAULT_SCOPES))?,
        }))
    }
}

/// The slash at the end is part of the address, and a redirect from one form to the other would cost a round trip.
fn authorize(text: &str) -> Result<Url, ConfigError> {
    let mut url = address("SECONDME_AUTHORIZE_URL", text)?;
    if text.trim().ends_with('/') && !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

fn public(given: Option<&str>) -> Result<Origin, ConfigError> {
    let variable = "CHAT_PROXY_PUBLIC_URL";
    let text = given.ok_or(ConfigError::Missing { variable, key: "public_url" })?.trim();
    address(variable, text)?;
    Origin::parse(text.trim_end_matches('/'))
        .ok_or_else(|| wrong(variable, "must be an origin such as https://shop.example, without a path"))
}

fn scopes(text: &str) -> Result<String, ConfigError> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"\\".contains(&byte);
    let scopes: Vec<_> = text.split_whitespace().collect();
    if scopes.is_empty() || !scopes.iter().all(|scope| scope.bytes().all(plain)) {
        return Err(wrong("SECONDME_LOGIN_SCOPES", "must be names such as chat.write, separated by spaces"));
    }
    Ok(scopes.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    fn read(settings: Settings) -> Result<Option<LoginConfig>, ConfigError> {
        let settings = Settings {
            secondme_client_id: Some("an-app".into()),
            secondme_client_secret: Some("a-secret".into()),
            secondme_api_key: Some("sk-a-key".into()),
            ..settings
        };
        Config::from_settings(settings, &|_| None).map(|config| config.login)
    }

    fn enabled() -> Settings {
        Settings { login: Some("true".into()), public_url: Some("https://shop.example/".into()), ..Settings::default() }
    }

    #[test]
    fn signing_in_is_off_until_it_is_asked_for() {
        assert!(read(Settings { login: None, ..enabled() }).unwrap().is_none());
        assert!(read(Settings { login: Some("false".into()), ..enabled() }).unwrap().is_none());
        let login = read(enabled()).unwrap().unwrap();
        assert_eq!(login.public.as_str(), "https://shop.example");
        assert_eq!(login.authorize_url.as_str(), "https://go.second.me/oauth/");
        assert_eq!(login.scopes, "chat.write");
    }

    #[test]
    fn each_part_takes_what_makes_sense() {
        let login = read(Settings {
            public_url: Some("http://127.0.0.1:8080".into()),
            secondme_authorize_url: Some("http://localhost:9000/oauth".into()),
            secondme_login_scopes: Some(" userinfo  chat.write ".into()),
            ..enabled()
        });
        let login = login.unwrap().unwrap();
        assert_eq!(login.public.as_str(), "http://127.0.0.1:8080");
        assert_eq!(login.authorize_url.as_str(), "http://localhost:9000/oauth");
        assert_eq!(login.scopes, "userinfo chat.write");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let check = |settings: Settings, variable: &str| {
            let sentence = read(settings).unwrap_err().to_string();
            assert!(sentence.starts_with(&format!("{variable} ")), "{sentence}");
        };
        check(Settings { login: Some("yes".into()), ..enabled() }, "CHAT_PROXY_LOGIN");
        check(Settings { public_url: None, ..enabled() }, "CHAT_PROXY_PUBLIC_URL");
        for url in ["shop.example", "http://shop.example", "https://shop.example/chat", "https://u@shop.example"] {
            check(Settings { public_url: Some(url.into()), ..enabled() }, "CHAT_PROXY_PUBLIC_URL");
        }
        for url in ["go.second.me", "http://go.second.me/oauth/", "https://go.second.me/oauth/?a=b"] {
            check(Settings { secondme_authorize_url: Some(url.into()), ..enabled() }, "SECONDME_AUTHORIZE_URL");
        }
        for scopes in [" , \"", "a\\b"] {
            check(Settings { secondme_login_scopes: Some(scopes.into()), ..enabled() }, "SECONDME_LOGIN_SCOPES");
        }
    }
}

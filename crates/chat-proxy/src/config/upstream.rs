//! How SecondMe is reached: which API, where, with what credentials.

use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use super::avatars::Avatars;
use super::{ConfigError, in_one_piece, wrong};
use crate::settings::Settings;

/// How long SecondMe has for the widget's call where nothing else is said, and the most that can be said: the widget gives up
/// after 30 seconds, and a socket's address that was got before the call's last answer must not expire meanwhile (60 seconds).
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15);
pub(crate) const LONGEST_UPSTREAM_TIMEOUT: Duration = Duration::from_secs(45);

/// How SecondMe is reached.
#[derive(Clone, Debug)]
pub struct UpstreamConfig {
    /// Which of SecondMe's APIs is spoken, and what it alone needs.
    pub api: Api,
    /// Where the API is: https, or http to this machine.
    pub base_url: Url,
    /// The avatars, with their API keys.
    pub avatars: Avatars,
    /// How long the widget's call may take on SecondMe's side, with all its requests and their repetitions; at most 45
    /// seconds.
    pub timeout: Duration,
}

/// An API of SecondMe.
#[derive(Clone, Debug)]
pub enum Api {
    /// Visitor Chat, in the name of a registered app.
    VisitorChat(App),
    /// The Avatar Hub API, in the name of the avatar alone.
    AvatarHub,
}

/// An app as it is registered with SecondMe.
#[derive(Clone, Debug)]
pub struct App {
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret.
    pub client_secret: SecretString,
}

impl UpstreamConfig {
    pub(super) fn from_settings(
        settings: &Settings,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let name = ApiName::from_settings(settings)?;
        let api = api(name, settings)?;
        let aliases = settings.avatars.as_deref().unwrap_or_default();
        Ok(Self {
            base_url: base_url(settings.secondme_base_url.as_deref(), name)?,
            avatars: Avatars::from_settings(settings.secondme_api_key.clone(), aliases, environment)?,
            timeout: timeout(settings.upstream_timeout.as_deref())?,
            api,
        })
    }
}

/// An API by its name alone, without what it takes to speak it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ApiName {
    VisitorChat,
    AvatarHub,
}

impl ApiName {
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, ConfigError> {
        match settings.secondme_api.as_deref() {
            None | Some("visitor-chat") => Ok(Self::VisitorChat),
            Some("avatar-hub") => Ok(Self::AvatarHub),
            Some(other) => Err(wrong("SECONDME_API", format!("must be visitor-chat or avatar-hub, not `{other}`"))),
        }
    }
}

fn api(name: ApiName, settings: &Settings) -> Result<Api, ConfigError> {
    match name {
        ApiName::VisitorChat => Ok(Api::VisitorChat(App {
            client_id: client_id(settings.secondme_client_id.clone())?,
            client_secret: client_secret(settings.secondme_client_secret.clone())?,
        })),
        ApiName::AvatarHub => Ok(Api::AvatarHub),
    }
}

pub(super) fn base_url(given: Option<&str>, name: ApiName) -> Result<Url, ConfigError> {
    let default = match name {
        ApiName::VisitorChat => "https://api.mindverse.com/gate/lab",
        ApiName::AvatarHub => "https://mindos.mindverse.ai/gate/in",
    };
    address("SECONDME_BASE_URL", given.unwrap_or(default))
}

/// An address that secrets may travel to.
pub(super) fn address(variable: &'static str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text.trim().trim_end_matches('/'))
        .map_err(|_| wrong(variable, "must be an address such as https://api.mindverse.com/gate/lab"))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(variable, "must be an address without user, password, query and fragment"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(wrong(variable, "must begin with https://, because secrets travel to it")),
        _ => Err(wrong(variable, "must begin with https://")),
    }
}

/// Whether an address is one of this machine's own.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn client_id(given: Option<String>) -> Result<String, ConfigError> {
    given.ok_or(ConfigError::Missing { variable: "SECONDME_CLIENT_ID", key: "secondme_client_id" })
}

fn client_secret(given: Option<SecretString>) -> Result<SecretString, ConfigError> {
    let variable = "SECONDME_CLIENT_SECRET";
    let secret = given.ok_or(ConfigError::Missing { variable, key: "secondme_client_secret" })?;
    in_one_piece(variable, secret)
}

fn timeout(given: Option<&str>) -> Result<Duration, ConfigError> {
    let Some(text) = given else { return Ok(DEFAULT_TIMEOUT) };
    let longest = LONGEST_UPSTREAM_TIMEOUT.as_secs();
    match text.trim().parse() {
        Ok(seconds) if (1..=longest).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(wrong(
            "CHAT_PROXY_UPSTREAM_TIMEOUT",
            format!("must be a whole number of seconds from 1 to {longest}, not `{text}`"),
        )),
    }
}

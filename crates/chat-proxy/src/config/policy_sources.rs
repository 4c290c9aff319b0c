//! What a page's Content-Security-Policy must name of SecondMe's side: where its WebSockets are, and its pictures. It knows no
//! page.

use reqwest::Url;

use super::upstream::{ApiName, base_url, is_loopback};
use super::{ConfigError, wrong};
use crate::settings::Settings;

/// The host in the document's example of a `wsUrl` (Visitor Chat, Initialize Chat).
const VISITOR_CHAT: &str = "wss://ws.mindos.com";
/// Where the document names no host.
const ANY_SOCKET: &str = "wss:";
const ANY_PICTURE: &str = "https:";

/// Sources as a policy has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySources {
    /// For `connect-src`, at least one.
    pub sockets: Vec<String>,
    /// For `img-src`; none where SecondMe tells no pictures.
    pub pictures: Vec<String>,
}

impl PolicySources {
    /// Reads the few settings that it takes; credentials are none of them.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, ConfigError> {
        let api = ApiName::from_settings(settings)?;
        let base_url = base_url(settings.secondme_base_url.as_deref(), api)?;
        let given = settings.secondme_ws_origins.as_deref().unwrap_or_default();
        let given = given.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let given = given.map(socket).collect::<Result<Vec<_>, _>>()?;
        let sockets = if given.is_empty() { vec![default_socket(settings, api, &base_url)] } else { given };
        let pictures = match api {
            ApiName::VisitorChat => Vec::new(),
            ApiName::AvatarHub => vec![ANY_PICTURE.to_owned()],
        };
        Ok(Self { sockets, pictures })
    }
}

fn default_socket(settings: &Settings, api: ApiName, base_url: &Url) -> String {
    match (&settings.secondme_base_url, api) {
        // A SecondMe on this machine has its sockets where it has the rest.
        (Some(_), _) if is_loopback(base_url) => {
            let port = base_url.port().map_or_else(String::new, |port| format!(":{port}"));
            format!("ws://{}{port}", base_url.host_str().unwrap_or_default())
        }
        (None, ApiName::VisitorChat) => VISITOR_CHAT.to_owned(),
        _ => ANY_SOCKET.to_owned(),
    }
}

/// `wss://host`, with a port or with `*.` before the host, or all of them; without TLS on this machine alone.
fn socket(text: &str) -> Result<String, ConfigError> {
    let wanted = "holds what is no address of WebSockets such as wss://ws.mindos.com";
    if text == ANY_SOCKET {
        return Ok(text.to_owned());
    }
    let url = Url::parse(&text.replacen("://*.", "://any.", 1)).map_err(|_| wrong("SECONDME_WS_ORIGINS", wanted))?;
    let is_bare =
        matches!(url.path(), "" | "/") && !text.ends_with('/') && url.query().is_none() && url.fragment().is_none();
    let is_named = url.has_host() && url.username().is_empty() && url.password().is_none();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"';,".contains(&byte));
    match url.scheme() {
        "wss" if is_bare && is_named && is_plain => Ok(text.to_owned()),
        "ws" if is_bare && is_named && is_plain && is_loopback(&url) => Ok(text.to_owned()),
        _ => Err(wrong("SECONDME_WS_ORIGINS", wanted)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(api: Option<&str>, base_url: Option<&str>, given: &[&str], expected: Result<&[&str], &str>) {
        let settings = Settings {
            secondme_api: api.map(str::to_owned),
            secondme_base_url: base_url.map(str::to_owned),
            secondme_ws_origins: Some(given.iter().map(|text| (*text).to_owned()).collect()),
            ..Settings::default()
        };
        match (PolicySources::from_settings(&settings), expected) {
            (Ok(sources), Ok(expected)) => assert_eq!(sources.sockets, expected),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (outcome, expected) => panic!("{outcome:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn sockets_are_where_the_document_or_the_operator_says() {
        check(None, None, &[], Ok(&["wss://ws.mindos.com"]));
        check(Some("avatar-hub"), None, &[], Ok(&["wss:"]));
        check(None, Some("https://secondme.example/lab"), &[], Ok(&["wss:"]));
        check(None, Some("http://127.0.0.1:4000/lab"), &[], Ok(&["ws://127.0.0.1:4000"]));
        let several = ["wss://ws.example", "wss://*.ws.example:8443", "ws://localhost:4000", "wss:"];
        check(Some("avatar-hub"), None, &several, Ok(&several));
        check(None, None, &[" ", "wss://ws.example "], Ok(&["wss://ws.example"]));
        for wrong in [
            "ws.example",
            "https://ws.example",
            "ws://ws.example",
            "wss://ws.example/",
            "wss://ws.example/os/ws",
            "wss://user@ws.example",
            "wss://ws.example;script-src",
            "'self'",
            "*",
        ] {
            check(None, None, &[wrong], Err("SECONDME_WS_ORIGINS holds"));
        }
    }

    #[test]
    fn only_the_avatar_hub_tells_pictures() {
        for (api, pictures) in [("visitor-chat", vec![]), ("avatar-hub", vec!["https:".to_owned()])] {
            let settings = Settings { secondme_api: Some(api.into()), ..Settings::default() };
            assert_eq!(PolicySources::from_settings(&settings).unwrap().pictures, pictures);
        }
    }
}

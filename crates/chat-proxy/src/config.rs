//! The complete configuration: every value parsed, nothing left to guess. It does not know where a value came from.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tracing_subscriber::EnvFilter;

use crate::origin::Origin;
use crate::settings::Settings;

/// The folder with the widget's files where no other is named.
const DEFAULT_WIDGET_DIR: &str = "dist";
/// Seconds that SecondMe has for an answer where nothing else is said, and the most that can be said.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15);
const LONGEST_TIMEOUT: u64 = 120;

/// What the proxy runs with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port to listen on; port 0 lets the system choose one.
    pub listen: SocketAddr,
    /// Path under which the widget finds the proxy.
    pub base_path: BasePath,
    /// Origins besides the proxy's own that may use the chat.
    pub allowed_origins: Vec<Origin>,
    /// Folder with the widget's built files; none where no folder was named and the default one does not exist.
    pub widget_dir: Option<PathBuf>,
    /// How SecondMe is reached.
    pub upstream: UpstreamConfig,
    /// What is logged, and how.
    pub log: LogConfig,
}

/// How SecondMe is reached.
#[derive(Clone, Debug)]
pub struct UpstreamConfig {
    /// Which of SecondMe's APIs is spoken.
    pub api: Api,
    /// Where the API is: https, or http to this machine.
    pub base_url: Url,
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret.
    pub client_secret: SecretString,
    /// The avatar's API key.
    pub api_key: SecretString,
    /// How long an answer may take from the first byte sent to the last one received.
    pub timeout: Duration,
}

/// An API of SecondMe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Visitor Chat, with anonymous visitors.
    VisitorChat,
}

/// A path such as `/chat`, without a slash at its end; empty for the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasePath(String);

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// A filter that `tracing-subscriber` accepts.
    pub filter: String,
    /// The form of a line.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// Plain text, for a person at a terminal.
    Text,
}

/// A setting that stops the start. Each is one sentence that names the setting and holds no secret's value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// A setting without which the proxy can't work.
    #[error("{variable} is missing: set it in the environment, or as `{key}` in the file that --config names.")]
    Missing {
        /// The environment variable.
        variable: &'static str,
        /// The key in the TOML file.
        key: &'static str,
    },
    /// A setting with a value that makes no sense.
    #[error("{variable} {problem}.")]
    Wrong {
        /// The environment variable.
        variable: &'static str,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// The TOML file.
    #[error("The file {} that CHAT_PROXY_CONFIG names {problem}.", path.display())]
    File {
        /// The file as it was named.
        path: PathBuf,
        /// What is wrong, without the file's text.
        problem: String,
    },
    /// An environment variable that is not text.
    #[error("An environment variable of chat-proxy is not valid UTF-8 text.")]
    Environment,
}

impl Config {
    /// Reads the environment variables, and the TOML file where `CHAT_PROXY_CONFIG` names one.
    ///
    /// # Errors
    /// [`ConfigError`] where a setting is missing or wrong.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Settings::from_environment()?.into_config()
    }

    pub(crate) fn from_settings(settings: Settings) -> Result<Self, ConfigError> {
        Ok(Self {
            upstream: UpstreamConfig {
                api: api(settings.secondme_api.as_deref())?,
                base_url: base_url(settings.secondme_base_url.as_deref())?,
                client_id: client_id(settings.secondme_client_id)?,
                client_secret: client_secret(settings.secondme_client_secret)?,
                api_key: api_key(settings.secondme_api_key)?,
                timeout: timeout(settings.upstream_timeout.as_deref())?,
            },
            listen: listen(settings.listen.as_deref())?,
            base_path: base_path(settings.base_path.as_deref())?,
            allowed_origins: allowed_origins(&settings.allowed_origins.unwrap_or_default())?,
            widget_dir: widget_dir(settings.widget_dir)?,
            log: LogConfig { filter: log_filter(settings.log)?, format: log_format(settings.log_format.as_deref())? },
        })
    }
}

impl BasePath {
    /// The path, such as `/chat`; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn api(given: Option<&str>) -> Result<Api, ConfigError> {
    match given {
        None | Some("visitor-chat") => Ok(Api::VisitorChat),
        Some(other) => Err(wrong("SECONDME_API", format!("must be visitor-chat, not `{other}`"))),
    }
}

fn base_url(given: Option<&str>) -> Result<Url, ConfigError> {
    let variable = "SECONDME_BASE_URL";
    let text = given.unwrap_or("https://api.mindverse.com/gate/lab");
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

fn is_loopback(url: &Url) -> bool {
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

fn api_key(given: Option<SecretString>) -> Result<SecretString, ConfigError> {
    let variable = "SECONDME_API_KEY";
    let key = given.ok_or(ConfigError::Missing { variable, key: "secondme_api_key" })?;
    match key.expose_secret().strip_prefix("sk-") {
        Some(rest) if !rest.is_empty() => in_one_piece(variable, key),
        _ => Err(wrong(variable, "must begin with sk-, as the avatar's API keys do")),
    }
}

/// A line break that came along when a secret was copied would otherwise show as a refusal by SecondMe.
fn in_one_piece(variable: &'static str, secret: SecretString) -> Result<SecretString, ConfigError> {
    if secret.expose_secret().contains(char::is_whitespace) {
        return Err(wrong(variable, "must not hold spaces or line breaks"));
    }
    Ok(secret)
}

fn timeout(given: Option<&str>) -> Result<Duration, ConfigError> {
    let Some(text) = given else { return Ok(DEFAULT_TIMEOUT) };
    match text.trim().parse() {
        Ok(seconds) if (1..=LONGEST_TIMEOUT).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(wrong(
            "CHAT_PROXY_UPSTREAM_TIMEOUT",
            format!("must be a whole number of seconds from 1 to {LONGEST_TIMEOUT}, not `{text}`"),
        )),
    }
}

fn listen(given: Option<&str>) -> Result<SocketAddr, ConfigError> {
    let text = given.unwrap_or("127.0.0.1:8080").trim();
    text.parse().map_err(|_| {
        wrong("CHAT_PROXY_LISTEN", format!("must be an address with a port such as 127.0.0.1:8080, not `{text}`"))
    })
}

fn base_path(given: Option<&str>) -> Result<BasePath, ConfigError> {
    let text = given.unwrap_or("/chat").trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(plain);
    match text.strip_prefix('/') {
        Some("") => Ok(BasePath(String::new())),
        Some(rest) if rest.split('/').all(segment) => Ok(BasePath(text.to_owned())),
        _ => Err(wrong("CHAT_PROXY_BASE_PATH", format!("must be a path such as /chat, not `{text}`"))),
    }
}

fn allowed_origins(given: &[String]) -> Result<Vec<Origin>, ConfigError> {
    let given = given.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    given
        .map(|text| {
            Origin::parse(text).ok_or_else(|| {
                wrong(
                    "CHAT_PROXY_ALLOWED_ORIGINS",
                    format!("holds `{text}`, which is not an exact origin such as https://shop.example"),
                )
            })
        })
        .collect()
}

fn widget_dir(given: Option<PathBuf>) -> Result<Option<PathBuf>, ConfigError> {
    match given {
        Some(folder) if folder.is_dir() => Ok(Some(folder)),
        Some(folder) => {
            Err(wrong("CHAT_PROXY_WIDGET_DIR", format!("names `{}`, which is not a folder", folder.display())))
        }
        None => Ok(Some(Path::new(DEFAULT_WIDGET_DIR)).filter(|folder| folder.is_dir()).map(Path::to_owned)),
    }
}

fn log_filter(given: Option<String>) -> Result<String, ConfigError> {
    let filter = given.unwrap_or_else(|| "info".to_owned());
    match EnvFilter::try_new(&filter) {
        Ok(_) => Ok(filter),
        Err(_) => Err(wrong("CHAT_PROXY_LOG", "must be a filter such as info or chat_proxy=debug")),
    }
}

fn log_format(given: Option<&str>) -> Result<LogFormat, ConfigError> {
    match given {
        Some("json") => Ok(LogFormat::Json),
        Some("text") => Ok(LogFormat::Text),
        None if std::io::stderr().is_terminal() => Ok(LogFormat::Text),
        None => Ok(LogFormat::Json),
        Some(other) => Err(wrong("CHAT_PROXY_LOG_FORMAT", format!("must be json or text, not `{other}`"))),
    }
}

fn wrong(variable: &'static str, problem: impl Into<String>) -> ConfigError {
    ConfigError::Wrong { variable, problem: problem.into() }
}

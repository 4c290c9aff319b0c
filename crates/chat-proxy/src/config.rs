//! The complete configuration: every value parsed, nothing left to guess. It does not know where a value came from.

mod avatars;
mod identity;
mod limits;
mod login;
mod policy_sources;
mod upstream;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tracing_subscriber::EnvFilter;

use crate::embedded::WIDGET;
use crate::origin::Origin;
use crate::seal::SessionKeys;
use crate::settings::Settings;
pub use avatars::{Avatar, Avatars};
pub use identity::{IdentityConfig, SiteConfig, SiteKey};
pub use limits::Limits;
pub(crate) use limits::PREPAID;
pub use login::LoginConfig;
pub use policy_sources::PolicySources;
pub(crate) use upstream::LONGEST_UPSTREAM_TIMEOUT;
pub(crate) use upstream::is_loopback;
pub use upstream::{Api, App, UpstreamConfig};

/// The folder with the widget's files where no other is named.
const DEFAULT_WIDGET_DIR: &str = "dist";

/// What the proxy runs with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port to listen on; port 0 lets the system choose one.
    pub listen: SocketAddr,
    /// Path under which the widget finds the proxy.
    pub base_path: BasePath,
    /// Origins besides the proxy's own that may use the chat.
    pub allowed_origins: Vec<Origin>,
    /// Folder with the widget's built files; none where no folder was named, and the program has them in itself or the default
    /// folder does not exist.
    pub widget_dir: Option<PathBuf>,
    /// How SecondMe is reached.
    pub upstream: UpstreamConfig,
    /// What pages must let the widget reach of SecondMe's side.
    pub policy_sources: PolicySources,
    /// What seals the widget's `sessionId`; none for a key that lives as long as the process.
    pub session_keys: Option<SessionKeys>,
    /// Who visitors may be, and how they show it.
    pub identity: IdentityConfig,
    /// How visitors sign in with SecondMe; none where they can't.
    pub login: Option<LoginConfig>,
    /// How much is allowed to whom.
    pub limits: Limits,
    /// What is logged, and how.
    pub log: LogConfig,
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

    /// `environment` finds the variables that settings name.
    pub(crate) fn from_settings(
        settings: Settings,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let upstream = UpstreamConfig::from_settings(&settings, environment)?;
        Ok(Self {
            identity: IdentityConfig::from_settings(&settings, &upstream.api)?,
            login: LoginConfig::from_settings(&settings, &upstream.api)?,
            upstream,
            policy_sources: PolicySources::from_settings(&settings)?,
            limits: Limits::from_settings(&settings)?,
            session_keys: session_keys(settings.session_key.as_ref())?,
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

/// A line break that came along when a secret was copied would otherwise show as a refusal by SecondMe.
fn in_one_piece(variable: &'static str, secret: SecretString) -> Result<SecretString, ConfigError> {
    if secret.expose_secret().contains(char::is_whitespace) {
        return Err(wrong(variable, "must not hold spaces or line breaks"));
    }
    Ok(secret)
}

fn session_keys(given: Option<&SecretString>) -> Result<Option<SessionKeys>, ConfigError> {
    let Some(text) = given else { return Ok(None) };
    let keys = SessionKeys::parse(text.expose_secret());
    let wanted =
        "must be 32 random bytes as base64, such as `openssl rand -base64 32` prints, or several separated by commas";
    keys.map(Some).ok_or_else(|| wrong("CHAT_PROXY_SESSION_KEY", wanted))
}

fn boolean(variable: &'static str, given: Option<&str>) -> Result<bool, ConfigError> {
    match given.map(str::trim) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(wrong(variable, format!("must be true or false, not `{other}`"))),
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
        None if !WIDGET.is_empty() => Ok(None),
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

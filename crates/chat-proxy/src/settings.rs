//! What an operator may say, all of it optional: flags, environment variables, keys of a TOML file, in that order of
//! precedence. What the values mean is decided in `config`.

use std::path::{Path, PathBuf};

use clap::{Args, Command, FromArgMatches};
use secrecy::{ExposeSecret, SecretString};
use toml::{Table, Value};

use crate::config::{Config, ConfigError};

/// The settings as given. A text that is empty counts as not given, so that `NAME=` in an environment file is no value.
///
/// A key of the TOML file is the flag's name with underscores: `--secondme-client-id` is `secondme_client_id`.
#[derive(Args, Clone, Debug, Default)]
pub struct Settings {
    /// TOML file that holds further settings
    #[arg(long, env = "CHAT_PROXY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Which of SecondMe's APIs to speak: visitor-chat
    #[arg(long, env = "SECONDME_API", value_name = "NAME")]
    pub secondme_api: Option<String>,
    /// Where SecondMe's API is, as an https address [default: api.mindverse.com/gate/lab]
    #[arg(long, env = "SECONDME_BASE_URL", value_name = "URL")]
    pub secondme_base_url: Option<String>,
    /// The app's client id
    #[arg(long, env = "SECONDME_CLIENT_ID", value_name = "ID")]
    pub secondme_client_id: Option<String>,
    /// The app's client secret; other users of the machine can see flags, so prefer the environment
    #[arg(long, env = "SECONDME_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub secondme_client_secret: Option<SecretString>,
    /// The avatar's API key, which begins with sk-; other users of the machine can see flags, so prefer the environment
    #[arg(long, env = "SECONDME_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub secondme_api_key: Option<SecretString>,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "CHAT_PROXY_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Path under which the widget finds the proxy [default: /chat]
    #[arg(long, env = "CHAT_PROXY_BASE_PATH", value_name = "PATH")]
    pub base_path: Option<String>,
    /// Other sites that may use the chat, as exact origins separated by commas
    #[arg(long, env = "CHAT_PROXY_ALLOWED_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    pub allowed_origins: Option<Vec<String>>,
    /// Folder with the widget's built files [default: dist, where it exists]
    #[arg(long, env = "CHAT_PROXY_WIDGET_DIR", value_name = "FOLDER")]
    pub widget_dir: Option<PathBuf>,
    /// Seconds that SecondMe has for an answer [default: 15]
    #[arg(long, env = "CHAT_PROXY_UPSTREAM_TIMEOUT", value_name = "SECONDS")]
    pub upstream_timeout: Option<String>,
    /// Which log lines to write, as a filter such as info or chat_proxy=debug [default: info]
    #[arg(long, env = "CHAT_PROXY_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// How to write log lines: json or text [default: text on a terminal, else json]
    #[arg(long, env = "CHAT_PROXY_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<String>,
}

impl Settings {
    /// Reads the environment variables alone, without any flag.
    ///
    /// # Errors
    /// [`ConfigError::Environment`] where a variable is not valid text.
    pub fn from_environment() -> Result<Self, ConfigError> {
        let command = Self::augment_args(Command::new("chat-proxy"));
        command
            .try_get_matches_from(["chat-proxy"])
            .and_then(|matches| Self::from_arg_matches(&matches))
            .map_err(|_| ConfigError::Environment)
    }

    /// Adds the settings of the TOML file, where one is named, and makes a complete configuration of them.
    ///
    /// # Errors
    /// [`ConfigError`] where the file can't be read, or a setting is missing or wrong.
    pub fn into_config(self) -> Result<Config, ConfigError> {
        let named = self.config.clone().filter(|path| !path.as_os_str().is_empty());
        let file = match named {
            Some(path) => Self::from_file(&path)?,
            None => Self::default(),
        };
        Config::from_settings(self.or(file))
    }

    fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let problem = |problem: String| ConfigError::File { path: path.to_owned(), problem };
        let text = std::fs::read_to_string(path).map_err(|error| problem(format!("can't be read: {error}")))?;
        // The parser's own sentence would quote the line, and the line may hold a secret.
        let table: Table = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            problem(format!("is not valid TOML at line {}", before.matches('\n').count() + 1))
        })?;
        let mut settings = Self::default();
        for (key, value) in table {
            settings.set(&key, value).map_err(|wanted| problem(format!("has a wrong key or value: {key} {wanted}")))?;
        }
        Ok(settings)
    }

    fn set(&mut self, key: &str, value: Value) -> Result<(), &'static str> {
        match key {
            "secondme_api" => self.secondme_api = Some(text(value)?),
            "secondme_base_url" => self.secondme_base_url = Some(text(value)?),
            "secondme_client_id" => self.secondme_client_id = Some(text(value)?),
            "secondme_client_secret" => self.secondme_client_secret = Some(text(value)?.into()),
            "secondme_api_key" => self.secondme_api_key = Some(text(value)?.into()),
            "listen" => self.listen = Some(text(value)?),
            "base_path" => self.base_path = Some(text(value)?),
            "allowed_origins" => self.allowed_origins = Some(texts(value)?),
            "widget_dir" => self.widget_dir = Some(text(value)?.into()),
            "upstream_timeout" => self.upstream_timeout = Some(number(&value)?),
            "log" => self.log = Some(text(value)?),
            "log_format" => self.log_format = Some(text(value)?),
            _ => return Err("is not a setting of chat-proxy"),
        }
        Ok(())
    }

    /// These settings, and where one is not given, that of `second`.
    fn or(self, second: Self) -> Self {
        Self {
            config: self.config,
            secondme_api: first(self.secondme_api, second.secondme_api),
            secondme_base_url: first(self.secondme_base_url, second.secondme_base_url),
            secondme_client_id: first(self.secondme_client_id, second.secondme_client_id),
            secondme_client_secret: first(self.secondme_client_secret, second.secondme_client_secret),
            secondme_api_key: first(self.secondme_api_key, second.secondme_api_key),
            listen: first(self.listen, second.listen),
            base_path: first(self.base_path, second.base_path),
            allowed_origins: first(self.allowed_origins, second.allowed_origins),
            widget_dir: first(self.widget_dir, second.widget_dir),
            upstream_timeout: first(self.upstream_timeout, second.upstream_timeout),
            log: first(self.log, second.log),
            log_format: first(self.log_format, second.log_format),
        }
    }
}

fn first<T: Given>(own: Option<T>, second: Option<T>) -> Option<T> {
    own.filter(Given::is_given).or_else(|| second.filter(Given::is_given))
}

/// Whether a value says anything at all.
trait Given {
    fn is_given(&self) -> bool;
}

impl Given for String {
    fn is_given(&self) -> bool {
        !self.trim().is_empty()
    }
}

impl Given for SecretString {
    fn is_given(&self) -> bool {
        !self.expose_secret().trim().is_empty()
    }
}

impl Given for PathBuf {
    fn is_given(&self) -> bool {
        !self.as_os_str().is_empty()
    }
}

impl Given for Vec<String> {
    fn is_given(&self) -> bool {
        self.iter().any(Given::is_given)
    }
}

fn text(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err("must be a text in quotes"),
    }
}

fn texts(value: Value) -> Result<Vec<String>, &'static str> {
    match value {
        Value::Array(items) => items.into_iter().map(text).collect(),
        _ => Err("must be a list of texts in quotes"),
    }
}

fn number(value: &Value) -> Result<String, &'static str> {
    value.as_integer().map(|number| number.to_string()).ok_or("must be a whole number")
}

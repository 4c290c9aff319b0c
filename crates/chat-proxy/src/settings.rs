//! What an operator may say, all of it optional: flags, environment variables, keys of a TOML file, in that order of
//! precedence. What the values mean is decided in `config`.

use std::path::{Path, PathBuf};

use clap::{Args, Command, FromArgMatches};
use secrecy::{ExposeSecret, SecretString};
use toml::{Table, Value};

use crate::config::{Config, ConfigError};

/// Writes the settings down once: the field, its flag and variable, and how a value of the TOML file is read. A key of that
/// file is the flag's name with underscores: `--secondme-client-id` is `secondme_client_id`.
macro_rules! settings {
    ($($(#[$about:meta])* $name:ident: $kind:ty = $read:ident,)*) => {
        /// The settings as given. A text that is empty counts as not given, so that `NAME=` in an environment file is no
        /// value.
        #[derive(Args, Clone, Debug, Default)]
        pub struct Settings {
            /// TOML file that holds further settings
            #[arg(long, env = "CHAT_PROXY_CONFIG", value_name = "FILE")]
            pub config: Option<PathBuf>,
            $($(#[$about])* pub $name: Option<$kind>,)*
        }

        impl Settings {
            fn set(&mut self, key: &str, value: &Value) -> Result<(), &'static str> {
                match key {
                    $(stringify!($name) => self.$name = Some($read(value)?),)*
                    _ => return Err("is not a setting of chat-proxy"),
                }
                Ok(())
            }

            /// These settings, and where one is not given, that of `second`.
            fn or(self, second: Self) -> Self {
                Self { config: self.config, $($name: first(self.$name, second.$name),)* }
            }
        }
    };
}

settings! {
    /// Which of SecondMe's APIs to speak: visitor-chat or avatar-hub [default: visitor-chat]
    #[arg(long, env = "SECONDME_API", value_name = "NAME")]
    secondme_api: String = text,
    /// Where SecondMe's API is, as an https address [default: the one that its document names]
    #[arg(long, env = "SECONDME_BASE_URL", value_name = "URL")]
    secondme_base_url: String = text,
    /// Where SecondMe's WebSockets are, for the policies of pages: wss://ws.example,… [default: what its document says]
    #[arg(long, env = "SECONDME_WS_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    secondme_ws_origins: Vec<String> = texts,
    /// The app's client id; visitor-chat needs it
    #[arg(long, env = "SECONDME_CLIENT_ID", value_name = "ID")]
    secondme_client_id: String = text,
    /// The app's client secret; other users of the machine can see flags, so prefer the environment
    #[arg(long, env = "SECONDME_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true)]
    secondme_client_secret: SecretString = secret,
    /// The avatar's API key, which begins with sk-; other users of the machine can see flags, so prefer the environment
    #[arg(long, env = "SECONDME_API_KEY", value_name = "KEY", hide_env_values = true)]
    secondme_api_key: SecretString = secret,
    /// Further avatars, as aliases with the environment variables that hold their API keys: support=SUPPORT_API_KEY,…
    #[arg(long, env = "CHAT_PROXY_AVATARS", value_name = "ALIAS=VARIABLE", value_delimiter = ',')]
    avatars: Vec<String> = avatars,
    /// Keys that seal what the widget keeps for the proxy, 32 bytes each as base64; the first seals, all open
    #[arg(long, env = "CHAT_PROXY_SESSION_KEY", value_name = "KEYS", hide_env_values = true)]
    session_key: SecretString = secret,
    /// The key by which the site's own word for who a visitor is gets checked: a secret, or an Ed25519 public key
    #[arg(long, env = "CHAT_PROXY_SITE_KEY", value_name = "KEY", hide_env_values = true)]
    site_key: SecretString = secret,
    /// What the site's key is: hs256 or eddsa [default: by its form, where that leaves no doubt]
    #[arg(long, env = "CHAT_PROXY_SITE_KEY_TYPE", value_name = "TYPE")]
    site_key_type: String = text,
    /// What the site's tokens must name as their audience [default: none, and then they must name none]
    #[arg(long, env = "CHAT_PROXY_SITE_AUDIENCE", value_name = "TEXT")]
    site_audience: String = text,
    /// The secret that known visitors' ids are made with [default: made from the site's key, if that is a secret]
    #[arg(long, env = "CHAT_PROXY_VISITOR_KEY", value_name = "SECRET", hide_env_values = true)]
    visitor_key: SecretString = secret,
    /// Whether anonymous visitors are turned away: true or false [default: false]
    #[arg(long, env = "CHAT_PROXY_REQUIRE_IDENTITY", value_name = "BOOL")]
    require_identity: String = boolean,
    /// Whether visitors can sign in with SecondMe: true or false [default: false]
    #[arg(long, env = "CHAT_PROXY_LOGIN", value_name = "BOOL")]
    login: String = boolean,
    /// Where visitors' browsers reach the proxy, as an https origin; signing in needs it
    #[arg(long, env = "CHAT_PROXY_PUBLIC_URL", value_name = "ORIGIN")]
    public_url: String = text,
    /// SecondMe's page for signing in [default: go.second.me/oauth/]
    #[arg(long, env = "SECONDME_AUTHORIZE_URL", value_name = "URL")]
    secondme_authorize_url: String = text,
    /// What a visitor who signs in is asked to allow, separated by spaces [default: chat.write]
    #[arg(long, env = "SECONDME_LOGIN_SCOPES", value_name = "SCOPES")]
    secondme_login_scopes: String = text,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "CHAT_PROXY_LISTEN", value_name = "ADDRESS")]
    listen: String = text,
    /// Path under which the widget finds the proxy [default: /chat]
    #[arg(long, env = "CHAT_PROXY_BASE_PATH", value_name = "PATH")]
    base_path: String = text,
    /// Other sites that may use the chat, as exact origins separated by commas
    #[arg(long, env = "CHAT_PROXY_ALLOWED_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    allowed_origins: Vec<String> = texts,
    /// Folder with the widget's built files [default: those in the program itself, or else dist, where it exists]
    #[arg(long, env = "CHAT_PROXY_WIDGET_DIR", value_name = "FOLDER")]
    widget_dir: PathBuf = path,
    /// Seconds that SecondMe has for a call of the widget, repetitions and all [default: 15]
    #[arg(long, env = "CHAT_PROXY_UPSTREAM_TIMEOUT", value_name = "SECONDS")]
    upstream_timeout: String = number,
    /// Requests a minute that SecondMe takes for an avatar's API key [default: 60]
    #[arg(long, env = "CHAT_PROXY_BUDGET", value_name = "NUMBER")]
    budget: String = number,
    /// Seconds that a visitor waits at most for a free request [default: 10]
    #[arg(long, env = "CHAT_PROXY_BUDGET_WAIT", value_name = "SECONDS")]
    budget_wait: String = number,
    /// Redis or Valkey in which all replicas share the budget, such as redis://127.0.0.1:6379/0
    #[arg(long, env = "CHAT_PROXY_REDIS_URL", value_name = "URL", hide_env_values = true)]
    redis_url: SecretString = secret,
    /// Calls a minute from one client address, 0 for any number [default: 300]
    #[arg(long, env = "CHAT_PROXY_ADDRESS_LIMIT", value_name = "NUMBER")]
    address_limit: String = number,
    /// Calls a minute from one visitor, 0 for any number [default: 60]
    #[arg(long, env = "CHAT_PROXY_VISITOR_LIMIT", value_name = "NUMBER")]
    visitor_limit: String = number,
    /// Servers in front of the proxy whose X-Forwarded-For is believed, as addresses or networks separated by commas
    #[arg(long, env = "CHAT_PROXY_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',')]
    trusted_proxies: Vec<String> = texts,
    /// Requests that may be under way at once [default: 512]
    #[arg(long, env = "CHAT_PROXY_MAX_REQUESTS", value_name = "NUMBER")]
    max_requests: String = number,
    /// Address and port for /metrics alone [default: the proxy's own, for programs on this machine]
    #[arg(long, env = "CHAT_PROXY_METRICS_LISTEN", value_name = "ADDRESS")]
    metrics_listen: String = text,
    /// Which log lines to write, as a filter such as info or chat_proxy=debug [default: info]
    #[arg(long, env = "CHAT_PROXY_LOG", value_name = "FILTER")]
    log: String = text,
    /// How to write log lines: json or text [default: text on a terminal, else json]
    #[arg(long, env = "CHAT_PROXY_LOG_FORMAT", value_name = "FORMAT")]
    log_format: String = text,
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
        Config::from_settings(self.with_file()?, &|variable| std::env::var(variable).ok())
    }

    /// These settings, and for those that are not given, the TOML file's, where one is named.
    pub(crate) fn with_file(self) -> Result<Self, ConfigError> {
        let named = self.config.clone().filter(|path| !path.as_os_str().is_empty());
        let file = named.map(|path| Self::from_file(&path)).transpose()?;
        Ok(self.or(file.unwrap_or_default()))
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
            settings
                .set(&key, &value)
                .map_err(|wanted| problem(format!("has a wrong key or value: {key} {wanted}")))?;
        }
        Ok(settings)
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

fn text(value: &Value) -> Result<String, &'static str> {
    value.as_str().map(str::to_owned).ok_or("must be a text in quotes")
}

fn texts(value: &Value) -> Result<Vec<String>, &'static str> {
    let items = value.as_array().ok_or("must be a list of texts in quotes")?;
    items.iter().map(text).collect()
}

fn secret(value: &Value) -> Result<SecretString, &'static str> {
    text(value).map(Into::into)
}

fn path(value: &Value) -> Result<PathBuf, &'static str> {
    text(value).map(Into::into)
}

fn number(value: &Value) -> Result<String, &'static str> {
    value.as_integer().map(|number| number.to_string()).ok_or("must be a whole number")
}

fn boolean(value: &Value) -> Result<String, &'static str> {
    value.as_bool().map(|value| value.to_string()).ok_or("must be true or false")
}

/// `[avatars.support]` with `api_key_env = "SUPPORT_API_KEY"`, in the form that the flag has.
fn avatars(value: &Value) -> Result<Vec<String>, &'static str> {
    let wanted = "must be tables such as [avatars.support] with api_key_env = \"…\" and nothing else";
    let one = |(alias, avatar): (&String, &Value)| {
        let variable = avatar.as_table().filter(|avatar| avatar.len() == 1)?.get("api_key_env")?.as_str()?;
        Some(format!("{alias}={variable}"))
    };
    value.as_table().and_then(|avatars| avatars.iter().map(one).collect()).ok_or(wanted)
}

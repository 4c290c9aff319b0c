//! `chat-proxy csp`: what can be said to it, and the policy that comes of it. It needs no credentials, and speaks to nobody.

use clap::Args;
use reqwest::Url;

use super::{Mode, Policy, Site};
use crate::config::{ConfigError, PolicySources};
use crate::origin::Origin;
use crate::settings::Settings;

/// What can be said to `chat-proxy csp`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The page's origin: its scheme, its host, and its port where it names one
    #[arg(long, value_name = "ORIGIN", value_parser = page)]
    pub origin: Origin,
    /// Where browsers reach the proxy, once for each address [default: CHAT_PROXY_PUBLIC_URL, or else the page's origin]
    #[arg(long = "proxy", value_name = "URL", value_parser = proxy)]
    pub proxies: Vec<Origin>,
    /// Where the panel runs
    #[arg(long, value_enum, default_value_t)]
    pub mode: Mode,
    /// Allow scripts by the page's nonce and not by their origin: its value, or what your server puts the value in place of
    #[arg(long, value_name = "VALUE", value_parser = nonce)]
    pub nonce: Option<String>,
    /// Where pictures come from, once for each origin [default: https: for avatar-hub, which tells the avatar's picture]
    #[arg(long = "pictures", value_name = "SOURCE", value_parser = picture)]
    pub pictures: Vec<String>,
    /// Say on stderr what each directive is for
    #[arg(long)]
    pub explain: bool,
    /// Which API is spoken, and where; the rest of the settings is not looked at
    #[command(flatten)]
    pub settings: Settings,
}

/// What `chat-proxy csp` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The header's value.
    pub policy: String,
    /// What each directive is for, where that was asked.
    pub explanation: Option<String>,
}

/// Makes the policy.
///
/// # Errors
/// [`ConfigError`] where one of the settings that it takes is wrong.
pub fn print(arguments: Arguments) -> Result<Printed, ConfigError> {
    let settings = arguments.settings.with_file()?;
    let sources = PolicySources::from_settings(&settings)?;
    let public = settings.public_url.as_deref().and_then(|url| proxy(url).ok());
    let proxies = match (arguments.proxies, public) {
        (given, _) if !given.is_empty() => given,
        (_, Some(public)) => vec![public],
        (_, None) => vec![arguments.origin.clone()],
    };
    let pictures = if arguments.pictures.is_empty() { sources.pictures } else { arguments.pictures };
    let policy = Policy::of(&Site {
        page: arguments.origin,
        proxies,
        sockets: sources.sockets,
        pictures,
        nonce: arguments.nonce,
        mode: arguments.mode,
    });
    let explanation = arguments.explain.then(|| policy.explanation());
    Ok(Printed { policy: policy.to_string(), explanation })
}

fn page(text: &str) -> Result<Origin, &'static str> {
    Origin::parse(text.trim().trim_end_matches('/')).ok_or("it must be an origin such as https://shop.example")
}

/// An address with a path is the proxy's, too.
fn proxy(text: &str) -> Result<Origin, &'static str> {
    let url = Url::parse(text.trim()).ok();
    url.and_then(|url| Origin::of_url(&url)).ok_or("it must be an address such as https://shop.example/chat")
}

fn nonce(text: &str) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"';,".contains(&byte);
    let is_nonce = !text.is_empty() && text.bytes().all(plain);
    is_nonce.then(|| text.to_owned()).ok_or("it must be in one piece, without quotes, commas and semicolons")
}

fn picture(text: &str) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"';,".contains(&byte);
    let is_source = text == "https:" || text.strip_prefix("https://").is_some_and(|host| !host.is_empty());
    (is_source && text.bytes().all(plain)).then(|| text.to_owned()).ok_or("it must begin with https:")
}

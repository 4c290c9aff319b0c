//! What a site owner may set, read once at the edge into a [`Config`] with nothing left to guess. No option can carry a
//! secret. It does not know where the options were written.

use chat_core::wire::limits;
use serde::Deserialize;
use thiserror::Error;
use wasm_bindgen::JsValue;

/// The options as given; the names are those of the `data-` attributes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    base: Option<String>,
    avatar: Option<String>,
    visitor_name: Option<String>,
    persist: Option<String>,
    sign_in: Option<Flag>,
}

/// An attribute that is there, or a program's true and false.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Flag {
    Value(bool),
    Text(String),
}

/// The options, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// Where the proxy answers, absolute, without a slash at its end.
    pub(crate) base: String,
    /// Which of the proxy's avatars; the proxy's first where absent.
    pub(crate) avatar: Option<String>,
    /// How the avatar's owner sees the visitor.
    pub(crate) visitor_name: Option<String>,
    /// What outlives the page.
    pub(crate) persist: Persist,
    /// Whether visitors are offered to sign in with SecondMe.
    pub(crate) sign_in: bool,
}

/// What outlives the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Persist {
    /// The conversation belongs to the browser: all of its tabs share it.
    Local,
    /// The conversation belongs to the tab.
    Session,
    /// Nothing is stored.
    None,
}

/// Why the options cannot be used; for the site owner, on the console.
#[derive(Debug, Error)]
pub(crate) enum InvalidOptions {
    #[error("SecondMe Chat: the options are no object of texts: {0}")]
    Unreadable(String),
    #[error("SecondMe Chat: the option `base` is missing: the address of the site's chat proxy.")]
    BaseMissing,
    #[error("SecondMe Chat: the option `base` must be an http or https address, not {0:?}.")]
    BaseInvalid(String),
    #[error("SecondMe Chat: the option `signIn` is there, true or false, not {0:?}.")]
    SignInInvalid(String),
    #[error("SecondMe Chat: the option `persist` is local, session or none, not {0:?}.")]
    PersistInvalid(String),
}

impl Config {
    /// Reads the object that the loader, or a program, hands to `mount`.
    pub(crate) fn from_js(options: JsValue) -> Result<Self, InvalidOptions> {
        let options: Options =
            serde_wasm_bindgen::from_value(options).map_err(|error| InvalidOptions::Unreadable(error.to_string()))?;
        let base = options.base.filter(|base| !base.is_empty()).ok_or(InvalidOptions::BaseMissing)?;
        let page = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
        let url = web_sys::Url::new_with_base(&base, &page)
            .ok()
            .filter(|url| matches!(url.protocol().as_str(), "http:" | "https:"))
            .ok_or_else(|| InvalidOptions::BaseInvalid(base.clone()))?;
        Ok(Self {
            base: format!("{}{}", url.origin(), url.pathname().trim_end_matches('/')),
            avatar: said(options.avatar),
            // A longer one would be refused, and the visitor is not who could mend that.
            visitor_name: said(options.visitor_name).map(|name| name.chars().take(limits::VISITOR_NAME).collect()),
            sign_in: flag(options.sign_in)?,
            persist: persist(said(options.persist).as_deref())?,
        })
    }
}

fn flag(given: Option<Flag>) -> Result<bool, InvalidOptions> {
    match given {
        None => Ok(false),
        Some(Flag::Value(value)) => Ok(value),
        Some(Flag::Text(text)) => match text.as_str() {
            "" | "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(InvalidOptions::SignInInvalid(text)),
        },
    }
}

fn persist(text: Option<&str>) -> Result<Persist, InvalidOptions> {
    match text {
        None | Some("local") => Ok(Persist::Local),
        Some("session") => Ok(Persist::Session),
        Some("none") => Ok(Persist::None),
        Some(other) => Err(InvalidOptions::PersistInvalid(other.to_owned())),
    }
}

/// An attribute that is there but empty says nothing.
fn said(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

//! What a site owner may set, read once at the edge into a [`Config`] with nothing left to guess. No option can carry a
//! secret. It does not know where the options were written.

mod given;

use chat_core::wire::limits;
use js_sys::Object;
use thiserror::Error;
use wasm_bindgen::JsValue;

use given::Given;

/// The options, complete. Their names are those of the `data-` attributes.
#[derive(Clone, Debug)]
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
    /// The tag of the language to speak; the page's or the browser's where absent.
    pub(crate) language: Option<String>,
    /// The site's own words, by the names of the texts.
    pub(crate) strings: Object,
    /// Whether the chat stands above the page or in it.
    pub(crate) mode: Mode,
    /// The edge of the window at which a chat floats; the end of the page's lines where absent.
    pub(crate) side: Option<Side>,
    /// Light or dark.
    pub(crate) theme: Theme,
    /// Dark while the page's root or body has this class; stands above `theme`.
    pub(crate) dark_class: Option<String>,
    /// What of a long reply stays in view.
    pub(crate) scroll: Scroll,
    /// Whether a soft sound says that a message has come, until the visitor decides.
    pub(crate) sound: bool,
    /// What the visitor is to know about the avatar.
    pub(crate) notice: Wording,
    /// What the visitor is to agree to before anything is stored or sent; nothing where absent.
    pub(crate) consent: Wording,
    /// The site's own page on privacy, for who is asked to agree.
    pub(crate) consent_href: Option<String>,
    /// What a visitor may ask first, instead of what the proxy suggests.
    pub(crate) starters: Vec<String>,
    /// Hosts whose pictures in a reply are shown; all others become links.
    pub(crate) image_hosts: Vec<String>,
}

/// What outlives the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Persist {
    /// The conversation belongs to the browser: all of its tabs share it.
    #[default]
    Local,
    /// The conversation belongs to the tab.
    Session,
    /// Nothing is stored.
    None,
}

/// Whether the chat stands above the page or in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// In a corner of the window, above the page.
    #[default]
    Floating,
    /// Where its element is, as large as that.
    Inline,
    /// As one that floats, and all there is of a frame that stands above the page.
    Framed,
}

/// An edge of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the visitor's system has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// What of a long reply stays in view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scroll {
    /// Its newest words.
    #[default]
    Bottom,
    /// Its beginning.
    Top,
}

/// Words that the site may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Nothing is said.
    None,
    /// In the widget's own words, in the visitor's language.
    Standard,
    /// In these.
    Own(String),
}

/// Why the options cannot be used; for the site owner, on the console.
#[derive(Debug, Error)]
pub(crate) enum InvalidOptions {
    #[error("SecondMe Chat: the options are no object.")]
    Unreadable,
    #[error("SecondMe Chat: the option `{0}` is no text.")]
    NoText(&'static str),
    #[error("SecondMe Chat: the option `{0}` is no object, nor one in JSON.")]
    NoObject(&'static str),
    #[error("SecondMe Chat: the option `base` is missing: the address of the site's chat proxy.")]
    BaseMissing,
    #[error("SecondMe Chat: the option `base` must be an http or https address, not {0:?}.")]
    BaseInvalid(String),
    #[error("SecondMe Chat: the option `consentHref` must be an http or https address, not {0:?}.")]
    ConsentHrefInvalid(String),
    #[error("SecondMe Chat: the option `{0}` is {1}, not {2:?}.")]
    Choice(&'static str, &'static str, String),
}

impl Mode {
    /// As an option has it, and the element's attribute.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Floating => "floating",
            Self::Inline => "inline",
            Self::Framed => "framed",
        }
    }
}

impl Side {
    /// As an option has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

impl Theme {
    /// As an option has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Config {
    /// Reads the object that the loader, or a program, hands to `mount`.
    pub(crate) fn from_js(options: JsValue) -> Result<Self, InvalidOptions> {
        let given = Given::new(options)?;
        Ok(Self {
            base: base(&given)?,
            avatar: given.text("avatar")?,
            // A longer one would be refused, and the visitor is not who could mend that.
            visitor_name: given.text("visitorName")?.map(|name| name.chars().take(limits::VISITOR_NAME).collect()),
            persist: given.choice(
                "persist",
                "local, session or none",
                &[("local", Persist::Local), ("session", Persist::Session), ("none", Persist::None)],
                Persist::Local,
            )?,
            sign_in: given.flag("signIn")?,
            language: given.text("language")?,
            strings: given.object("strings")?,
            mode: given.choice(
                "mode",
                "floating or inline",
                &[("floating", Mode::Floating), ("inline", Mode::Inline), ("framed", Mode::Framed)],
                Mode::Floating,
            )?,
            side: given.choice(
                "side",
                "left or right",
                &[("left", Some(Side::Left)), ("right", Some(Side::Right))],
                None,
            )?,
            theme: given.choice(
                "theme",
                "auto, light or dark",
                &[("auto", Theme::Auto), ("light", Theme::Light), ("dark", Theme::Dark)],
                Theme::Auto,
            )?,
            dark_class: given.text("darkClass")?,
            scroll: given.choice(
                "scroll",
                "bottom or top",
                &[("bottom", Scroll::Bottom), ("top", Scroll::Top)],
                Scroll::Bottom,
            )?,
            sound: given.flag("sound")?,
            notice: wording(&given, "notice", Wording::Standard)?,
            consent: wording(&given, "consent", Wording::None)?,
            consent_href: given.text("consentHref")?.map(consent_href).transpose()?,
            starters: given.lines("starters")?,
            image_hosts: given
                .lines("imageHosts")?
                .iter()
                .flat_map(|line| line.split_whitespace())
                .map(str::to_owned)
                .collect(),
        })
    }
}

fn base(given: &Given) -> Result<String, InvalidOptions> {
    let base = given.text("base")?.ok_or(InvalidOptions::BaseMissing)?;
    let url = web_address(&base).ok_or(InvalidOptions::BaseInvalid(base))?;
    Ok(format!("{}{}", url.origin(), url.pathname().trim_end_matches('/')))
}

fn consent_href(text: String) -> Result<String, InvalidOptions> {
    let url = web_address(&text).ok_or(InvalidOptions::ConsentHrefInvalid(text))?;
    Ok(url.href())
}

/// An address as the page would read it, where it leads to a page and not to a script.
fn web_address(text: &str) -> Option<web_sys::Url> {
    let page = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let url = web_sys::Url::new_with_base(text, &page).ok()?;
    matches!(url.protocol().as_str(), "http:" | "https:").then_some(url)
}

/// An attribute that is there but empty, or `true`, wants the widget's own words; `none` and `false` want none.
fn wording(given: &Given, name: &'static str, otherwise: Wording) -> Result<Wording, InvalidOptions> {
    match given.flag(name) {
        Ok(true) => Ok(Wording::Standard),
        Ok(false) if given.is_said(name) => Ok(Wording::None),
        Ok(false) => Ok(otherwise),
        Err(_) => Ok(match given.text(name)?.as_deref() {
            Some("none") => Wording::None,
            Some(words) => Wording::Own(words.to_owned()),
            None => otherwise,
        }),
    }
}

//! What a program in Rust may set, as it is handed to `mount`.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::options::{Mode, Persist, Scroll, Side, Theme, Wording};

/// What a site may set. Only `base` is needed; nothing in it can hold a secret.
#[derive(Clone, Debug, Default)]
pub struct ChatOptions {
    /// The address of the site's chat proxy, such as `/chat`.
    pub base: String,
    /// Which of the proxy's avatars, by its alias; the proxy's first where absent.
    pub avatar: Option<String>,
    /// How the avatar's owner sees the visitor.
    pub visitor_name: Option<String>,
    /// What outlives the page.
    pub persist: Persist,
    /// Whether visitors are offered to sign in with SecondMe.
    pub sign_in: bool,
    /// The tag of the language to speak (RFC 5646); the page's, else the visitor's, where absent.
    pub language: Option<String>,
    /// The site's own words, by the names of the texts in `src/languages/en.json`.
    pub strings: Vec<(String, String)>,
    /// Whether the chat stands above the page or in it.
    pub mode: Mode,
    /// The edge of the window at which a chat floats; the end of the page's lines where absent.
    pub side: Option<Side>,
    /// Light or dark.
    pub theme: Theme,
    /// Dark while the page's root or body has this class; stands above `theme`.
    pub dark_class: Option<String>,
    /// What of a long reply stays in view.
    pub scroll: Scroll,
    /// Whether a soft sound says that a message has come, until the visitor decides.
    pub sound: bool,
    /// What the visitor is to know about the avatar; the widget's own words where absent.
    pub notice: Option<Wording>,
    /// What the visitor is to agree to before anything is stored or sent; nothing where absent.
    pub consent: Option<Wording>,
    /// The address of the site's own page on privacy.
    pub consent_href: Option<String>,
    /// What a visitor may ask first, instead of what the proxy suggests.
    pub starters: Vec<String>,
    /// Hosts whose pictures in a reply are shown; all others become links.
    pub image_hosts: Vec<String>,
}

impl ChatOptions {
    /// As `mount` takes it.
    pub(super) fn to_js(&self) -> JsValue {
        let texts = [
            ("base", Some(self.base.as_str())),
            ("avatar", self.avatar.as_deref()),
            ("visitorName", self.visitor_name.as_deref()),
            ("persist", Some(self.persist_name())),
            ("language", self.language.as_deref()),
            ("mode", Some(self.mode.name())),
            ("side", self.side.map(Side::name)),
            ("theme", Some(self.theme.name())),
            ("darkClass", self.dark_class.as_deref()),
            ("scroll", Some(self.scroll_name())),
            ("consentHref", self.consent_href.as_deref()),
        ];
        let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?.into())));
        let lists = [("starters", &self.starters), ("imageHosts", &self.image_hosts)];
        // Without a line of its own the proxy's suggestions count.
        let lists =
            lists.into_iter().map(|(name, lines)| (name, lines.iter().map(JsValue::from).collect::<Array>().into()));
        let wordings = [("notice", &self.notice), ("consent", &self.consent)];
        let wordings =
            wordings.into_iter().filter_map(|(name, wording)| Some((name, wording_value(wording.as_ref()?))));
        let others = [("signIn", self.sign_in.into()), ("sound", self.sound.into()), ("strings", self.words().into())];
        object(texts.chain(lists).chain(wordings).chain(others)).into()
    }

    fn words(&self) -> Object {
        object(self.strings.iter().map(|(name, words)| (name.as_str(), words.into())))
    }

    fn persist_name(&self) -> &'static str {
        match self.persist {
            Persist::Local => "local",
            Persist::Session => "session",
            Persist::None => "none",
        }
    }

    fn scroll_name(&self) -> &'static str {
        match self.scroll {
            Scroll::Bottom => "bottom",
            Scroll::Top => "top",
        }
    }
}

fn wording_value(wording: &Wording) -> JsValue {
    match wording {
        Wording::None => false.into(),
        Wording::Standard => true.into(),
        Wording::Own(words) => words.into(),
    }
}

fn object<'a>(entries: impl Iterator<Item = (&'a str, JsValue)>) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        // A new object takes every field.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}

//! The language that the visitor reads: its texts, plurals, numbers and dates, the latter by the browser's `Intl`. English
//! is inside; the others are fetched. It does not know which text is wanted when.

use std::rc::Rc;

use js_sys::{JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use chat_core::Moment;

use crate::strings::Text;

const ENGLISH: &str = include_str!("languages/en.json");

#[wasm_bindgen(module = "/src/language.js")]
extern "C" {
    #[wasm_bindgen(js_name = language)]
    fn fetch(tag: &str) -> Promise;
    fn fitting(texts: &Object, own: &Object) -> Object;
    fn preferred(tags: Vec<String>) -> String;
    fn spoken() -> Vec<String>;
    fn plural(tag: &str, count: f64) -> String;
    #[wasm_bindgen(js_name = number)]
    fn write_number(tag: &str, value: f64) -> String;
    #[wasm_bindgen(js_name = time)]
    fn write_time(tag: &str, at: f64) -> String;
    #[wasm_bindgen(js_name = day)]
    fn write_day(tag: &str, at: f64, now: f64) -> String;
}

/// One language, ready to be read. Clones are the same.
#[derive(Clone)]
pub(crate) struct Language(Rc<Inner>);

struct Inner {
    tag: String,
    texts: Object,
    /// The site's words for some of the texts, in whichever language.
    own: Object,
}

/// The tag of the language to be spoken: what the site says, then the page around the chat, then the browser.
pub(crate) fn choose(site: Option<&str>, surroundings: Option<String>) -> String {
    let mut tags: Vec<_> = site.map(str::to_owned).into_iter().chain(surroundings).collect();
    tags.extend(spoken());
    preferred(tags)
}

impl Language {
    /// What is there before anything was fetched. `own` are the site's words for some of the texts; on the console stands
    /// which of them are for none.
    pub(crate) fn english(own: &Object) -> Self {
        let own = fitting(&english(), own);
        Self::new("en", &JsValue::UNDEFINED, own)
    }

    /// Fetches the texts of another language, one that `choose` gave; nothing where they cannot be had.
    pub(crate) async fn fetched(&self, tag: &str) -> Option<Self> {
        let texts = JsFuture::from(fetch(tag)).await.ok()?;
        Some(Self::new(tag, &texts, self.0.own.clone()))
    }

    /// A text that is missing is read in English.
    fn new(tag: &str, fetched: &JsValue, own: Object) -> Self {
        let texts = english();
        for more in [fetched.dyn_ref::<Object>(), Some(&own)].into_iter().flatten() {
            Object::assign(&texts, more);
        }
        Self(Rc::new(Inner { tag: tag.to_owned(), texts, own }))
    }

    /// The tag of the language (RFC 5646).
    pub(crate) fn tag(&self) -> &str {
        &self.0.tag
    }

    /// Which way it is written: `ltr` or `rtl`.
    pub(crate) fn direction(&self) -> &'static str {
        if matches!(self.tag(), "ar" | "he") { "rtl" } else { "ltr" }
    }

    /// A text that nothing belongs into.
    pub(crate) fn say(&self, text: Text) -> String {
        self.get(text).as_string().unwrap_or_default()
    }

    /// A text with a person's name in it.
    pub(crate) fn name(&self, text: Text, name: &str) -> String {
        self.say(text).replace("{name}", &isolated(name))
    }

    /// A text with a number in it, in the form that the language has for so many.
    pub(crate) fn count(&self, text: Text, count: f64) -> String {
        let forms = self.get(text);
        let form = |name: &str| Reflect::get(&forms, &name.into()).ok().and_then(|form| form.as_string());
        let words = forms.as_string().or_else(|| form(&plural(self.tag(), count))).or_else(|| form("other"));
        words.unwrap_or_default().replace("{count}", &self.number(count))
    }

    /// A number as it is written in this language.
    pub(crate) fn number(&self, number: f64) -> String {
        write_number(self.tag(), number)
    }

    /// The time of day, in the visitor's own time zone.
    pub(crate) fn time(&self, at: Moment) -> String {
        write_time(self.tag(), milliseconds(at))
    }

    /// The day, as today's visitor would name it.
    pub(crate) fn day(&self, at: Moment, now: Moment) -> String {
        write_day(self.tag(), milliseconds(at), milliseconds(now))
    }

    fn get(&self, text: Text) -> JsValue {
        Reflect::get(&self.0.texts, &text.name().into()).unwrap_or_default()
    }
}

fn english() -> Object {
    JSON::parse(ENGLISH).map(Object::from).unwrap_or_default()
}

/// As JavaScript counts time.
#[expect(clippy::cast_precision_loss, reason = "the clock's milliseconds are far below 2^53")]
pub(crate) fn milliseconds(Moment(at): Moment) -> f64 {
    at as f64
}

/// A name in the other direction of writing, or with marks that change it, turns nothing around but itself (Unicode
/// Standard Annex 9, first strong isolate).
fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

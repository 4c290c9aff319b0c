//! Rich text: asks for the module that shows it when there is time, and hands out its objects. Nothing waits for it:
//! until it is there, and where it does not come, texts are plain. It knows neither messages nor Markdown.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, IdleRequestOptions};

/// How many texts are drawn before the browser gets to other things.
const SLICE: usize = 5;
/// On a page that is never idle, this long after the wish the work is done all the same.
const PATIENCE_MS: u32 = 2_000;
/// How long a browser without word of its idleness is left alone.
const PAUSE_MS: u32 = 50;

#[wasm_bindgen(module = "/src/rich_text.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = richText)]
    async fn fetch_module() -> Result<JsValue, JsValue>;
    fn spoken(place: &Element) -> String;
}

#[wasm_bindgen]
extern "C" {
    /// One text in an element of its own. An error says that the module has failed, and that what the element shows is
    /// not to be relied on.
    pub(crate) type RichText;

    /// Adds text at the end.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn append(this: &RichText, text: &str) -> Result<(), JsValue>;
    /// Shows another text instead.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn rewrite(this: &RichText, text: &str) -> Result<(), JsValue>;
    /// No more will come; the last call.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn finish(this: &RichText) -> Result<(), JsValue>;
}

/// What the site decides, and the words that a person reads.
pub(crate) struct Settings {
    /// Hosts whose pictures are loaded.
    pub(crate) image_hosts: Vec<String>,
    /// On the button that copies a code block, and on it when that is done.
    pub(crate) copy: String,
    pub(crate) copied: String,
    /// The names of a task's box, ticked and not.
    pub(crate) done: String,
    pub(crate) open: String,
}

/// The rich texts of one panel. Copies are the same.
#[derive(Clone)]
pub(crate) struct RichTexts(Rc<Inner>);

struct Inner {
    settings: Box<dyn Fn() -> Settings>,
    class: RefCell<Option<Function>>,
    /// The module is on its way.
    asked: Cell<bool>,
    /// The last is the newest.
    waiting: RefCell<Vec<Waiting>>,
    /// A slice is to come.
    due: Cell<bool>,
    ended: Cell<bool>,
}

/// A text's number, and what draws it.
type Waiting = (u64, Box<dyn FnOnce()>);

impl RichTexts {
    pub(crate) fn new(settings: impl Fn() -> Settings + 'static) -> Self {
        Self(Rc::new(Inner {
            settings: Box::new(settings),
            class: RefCell::default(),
            asked: Cell::new(false),
            waiting: RefCell::default(),
            due: Cell::new(false),
            ended: Cell::new(false),
        }))
    }

    /// Nobody is there any more who would see anything drawn.
    pub(crate) fn end(&self) {
        self.0.ended.set(true);
        self.0.class.take();
        self.0.waiting.take();
    }

    /// Asks for the module as soon as there is time, unless it is here or on its way. Where it does not come, the next
    /// call tries again.
    pub(crate) fn want(&self) {
        if self.0.asked.replace(true) {
            return;
        }
        let texts = self.clone();
        when_idle(move || {
            wasm_bindgen_futures::spawn_local(async move {
                let class = fetch_module().await.and_then(|module| Reflect::get(&module, &"RichText".into()));
                match class.and_then(JsCast::dyn_into::<Function>) {
                    Ok(class) if !texts.0.ended.get() => {
                        *texts.0.class.borrow_mut() = Some(class);
                        texts.go_on();
                    }
                    Ok(_) => {}
                    Err(_) => texts.0.asked.set(false),
                }
            });
        });
    }

    /// Gives the element to a new text, if the module is there.
    pub(crate) fn begin(&self, place: &Element) -> Option<RichText> {
        let class = self.0.class.borrow().clone()?;
        let options = (self.0.settings)().to_js();
        Reflect::construct(&class, &Array::of2(place, &options)).ok().map(JsCast::unchecked_into)
    }

    /// As [`Self::begin`], for a text that can wait: while others wait there is none, so that a long conversation is not
    /// drawn at one go.
    pub(crate) fn begin_alone(&self, place: &Element) -> Option<RichText> {
        let text = if self.0.due.get() { None } else { self.begin(place) };
        // Who comes next in this very moment is to wait.
        if text.is_some() {
            self.go_on();
        }
        text
    }

    /// The text as it is read out, without its marks; `None` where the module is not there, or has failed.
    pub(crate) fn spoken(&self, text: &str) -> Option<String> {
        let place = web_sys::window()?.document()?.create_element("div").ok()?;
        let rich = self.begin(&place)?;
        rich.append(text).and_then(|()| rich.finish()).ok()?;
        Some(spoken(&place))
    }

    /// Draws when the module is there and the browser has time; the newest first, which has the highest number.
    pub(crate) fn later(&self, number: u64, draw: impl FnOnce() + 'static) {
        let mut waiting = self.0.waiting.borrow_mut();
        let place = waiting.partition_point(|(other, _)| *other <= number);
        waiting.insert(place, (number, Box::new(draw)));
        drop(waiting);
        self.go_on();
    }

    fn go_on(&self) {
        if self.0.class.borrow().is_some() && !self.0.due.replace(true) {
            let texts = self.clone();
            when_idle(move || texts.slice());
        }
    }

    fn slice(&self) {
        for _ in 0..SLICE {
            // What is drawn may have others wait.
            let newest = self.0.waiting.borrow_mut().pop();
            newest.into_iter().for_each(|(_, draw)| draw());
        }
        self.0.due.set(false);
        if !self.0.waiting.borrow().is_empty() {
            self.go_on();
        }
    }
}

impl Settings {
    fn to_js(&self) -> JsValue {
        let options = js_sys::Object::new();
        let hosts = self.image_hosts.iter().map(JsValue::from).collect::<Array>();
        let words = [("copy", &self.copy), ("copied", &self.copied), ("done", &self.done), ("open", &self.open)];
        // A new object takes every field.
        let _ = Reflect::set(&options, &"imageHosts".into(), &hosts);
        for (name, word) in words {
            let _ = Reflect::set(&options, &name.into(), &word.into());
        }
        options.into()
    }
}

/// Calls once, when the browser has nothing better to do.
fn when_idle(call: impl FnOnce() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let once = Closure::once_into_js(call);
    let options = IdleRequestOptions::new();
    options.set_timeout(PATIENCE_MS);
    // Safari does not know the word.
    if window.request_idle_callback_with_options(once.unchecked_ref(), &options).is_err() {
        // Where it throws, it has not been called, and will not be.
        Timeout::new(PAUSE_MS, move || drop(once.unchecked_into::<Function>().call0(&JsValue::UNDEFINED))).forget();
    }
}

//! The browser's back button, for which the panel has an entry of its own in the tab's history. The entry has the page's
//! address and the page's own state, so that a router of the page finds nothing new; and the page is never led elsewhere.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::History;

/// The panel's entry, where it is wanted.
pub(super) struct BackButton {
    entry: Rc<Entry>,
    _listener: Option<EventListener>,
}

#[derive(Default)]
struct Entry {
    wanted: Cell<bool>,
    /// Where it stands, once it is made.
    place: RefCell<Option<Place>>,
    /// The browser has been asked to go back from it, and will say when it has.
    returning: Cell<bool>,
}

/// Where the tab is in its history, as well as the browser tells.
#[derive(Clone, PartialEq)]
struct Place {
    address: String,
    /// Counted from the tab's first entry; else, in browsers that do not tell, how many entries there are.
    index: Result<f64, u32>,
}

impl BackButton {
    /// Reports when the visitor has gone back from the entry.
    pub(super) fn new(report: impl Fn() + 'static) -> Self {
        let entry = Rc::<Entry>::default();
        let listener = web_sys::window().map(|window| {
            let entry = Rc::clone(&entry);
            EventListener::new(&window, "popstate", move |_| {
                if entry.returning.take() {
                    entry.settle();
                } else if entry.wanted.get() && entry.is_left() {
                    entry.wanted.set(false);
                    entry.place.take();
                    report();
                }
            })
        });
        Self { entry, _listener: listener }
    }

    /// Whether there is something to lead out of.
    pub(super) fn leads_out(&self, wanted: bool) {
        self.entry.wanted.set(wanted);
        if wanted {
            self.entry.settle();
        } else {
            // A page that goes elsewhere because the chat is closed has done so by then, and is not called back.
            let entry = Rc::clone(&self.entry);
            spawn_local(async move { entry.settle() });
        }
    }
}

impl Entry {
    /// Makes the entry, or leaves it, as is wanted now.
    fn settle(&self) {
        let Some(history) = history().filter(|_| !self.returning.get()) else { return };
        let here = self.place.borrow().as_ref() == Some(&Place::now(&history));
        match (self.wanted.get(), here) {
            (true, false) => {
                let state = history.state().unwrap_or(JsValue::NULL);
                // Where pages may not write their history, the back button does what it always did.
                let made = history.push_state(&state, "").is_ok();
                *self.place.borrow_mut() = made.then(|| Place::now(&history));
            }
            (false, true) => {
                self.place.take();
                self.returning.set(history.back().is_ok());
            }
            // The page has gone on from there, and its way back is its own.
            (false, false) => drop(self.place.take()),
            (true, true) => {}
        }
    }

    /// Whether the tab stands before the entry. An address of its own is the page's: the entry has none.
    fn is_left(&self) -> bool {
        let place = self.place.borrow();
        let (Some(place), Some(history)) = (place.as_ref(), history()) else { return false };
        let now = Place::now(&history);
        match (now.index, place.index) {
            (Ok(now), Ok(place)) => now < place,
            _ => now.address == place.address,
        }
    }
}

impl Place {
    fn now(history: &History) -> Self {
        let address = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
        let index = index().ok_or_else(|| history.length().unwrap_or_default());
        Self { address, index }
    }
}

/// The Navigation API, which web-sys does not have.
fn index() -> Option<f64> {
    let get = |value: JsValue, name: &str| Reflect::get(&value, &name.into()).ok();
    let entry = get(get(web_sys::window()?.into(), "navigation")?, "currentEntry")?;
    get(entry, "index")?.as_f64()
}

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

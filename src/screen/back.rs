//! The browser's back button, for which the panel has an entry of its own in the tab's history. The entry has the page's
//! address and the page's own state, so that a router of the page finds nothing new; and the page is never led elsewhere.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::History;

/// The panel's entry, where it is wanted. Dropped, it is not wanted any more.
pub(super) struct BackButton(Rc<Entry>);

struct Entry {
    tab: Rc<Tab>,
    report: Box<dyn Fn()>,
    wanted: Cell<bool>,
    /// Where it stands, once it is made.
    place: RefCell<Option<Place>>,
}

/// The one history that all chats of the page have. A way back that one of them has begun is nobody's wish to close another,
/// and would lead out of whatever entry is made meanwhile; it may come to its end when its own chat is long gone.
struct Tab {
    entries: RefCell<Vec<Weak<Entry>>>,
    /// The browser has been asked to go back, and this is kept until it says that it has.
    returning: RefCell<Option<Rc<Tab>>>,
    _listener: Option<EventListener>,
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
        let entry = Rc::new(Entry {
            tab: Tab::here(),
            report: Box::new(report),
            wanted: Cell::default(),
            place: RefCell::default(),
        });
        let mut entries = entry.tab.entries.borrow_mut();
        entries.retain(|other| other.strong_count() > 0);
        entries.push(Rc::downgrade(&entry));
        drop(entries);
        Self(entry)
    }

    /// Whether there is something to lead out of.
    pub(super) fn leads_out(&self, wanted: bool) {
        self.0.wanted.set(wanted);
        if wanted {
            self.0.settle();
        } else {
            // A page that goes elsewhere because the chat is closed has done so by then, and is not called back.
            let entry = Rc::clone(&self.0);
            spawn_local(async move { entry.settle() });
        }
    }
}

impl Drop for BackButton {
    fn drop(&mut self) {
        self.leads_out(false);
    }
}

impl Tab {
    fn here() -> Rc<Self> {
        thread_local!(static TAB: RefCell<Weak<Tab>> = const { RefCell::new(Weak::new()) });
        TAB.with_borrow_mut(|known| {
            known.upgrade().unwrap_or_else(|| {
                let tab = Rc::new_cyclic(Self::new);
                *known = Rc::downgrade(&tab);
                tab
            })
        })
    }

    fn new(this: &Weak<Self>) -> Self {
        let listener = web_sys::window().map(|window| {
            let tab = Weak::clone(this);
            EventListener::new(&window, "popstate", move |_| {
                if let Some(tab) = tab.upgrade() {
                    tab.has_moved();
                }
            })
        });
        Self { entries: RefCell::default(), returning: RefCell::default(), _listener: listener }
    }

    /// One listener for all entries: none takes the end of a way back for the visitor's doing, whichever hears of it first.
    fn has_moved(&self) {
        let entries: Vec<_> = self.entries.borrow().iter().filter_map(Weak::upgrade).collect();
        let by_itself = self.returning.take().is_some();
        for entry in entries {
            if by_itself {
                entry.settle();
            } else if entry.wanted.get() && entry.is_left() {
                entry.wanted.set(false);
                entry.place.take();
                (entry.report)();
            }
        }
    }
}

impl Entry {
    /// Makes the entry, or leaves it, as is wanted now; while the browser is on a way back, once it has arrived.
    fn settle(&self) {
        let Some(history) = history().filter(|_| self.tab.returning.borrow().is_none()) else { return };
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
                *self.tab.returning.borrow_mut() = history.back().is_ok().then(|| Rc::clone(&self.tab));
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

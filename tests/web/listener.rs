//! A page that listens: writes down the chat's events that reach the document.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::CustomEvent;

use super::page::document;
use super::world::{settle, until};

/// Each event as `name detail`, in order.
pub(crate) struct Listener {
    heard: Rc<RefCell<Vec<String>>>,
    listen: Closure<dyn FnMut(CustomEvent)>,
}

const NAMES: [&str; 7] = ["ready", "open", "close", "sent", "reply", "error", "unread"];

impl Listener {
    pub(crate) fn new() -> Self {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let listen = Closure::<dyn FnMut(CustomEvent)>::new({
            let heard = Rc::clone(&heard);
            move |event: CustomEvent| {
                let name = event.type_().replace("secondme-chat:", "");
                let reach = if event.bubbles() && event.composed() { "" } else { ", which stays inside" };
                let detail = event.detail();
                let detail =
                    detail.as_f64().map_or_else(|| format!("{:?}", detail.as_string()), |number| number.to_string());
                heard.borrow_mut().push(format!("{name} {detail}{reach}"));
            }
        });
        for name in NAMES {
            let name = format!("secondme-chat:{name}");
            document().add_event_listener_with_callback(&name, listen.as_ref().unchecked_ref()).unwrap();
        }
        Self { heard, listen }
    }

    /// Waits until these came, and no other, since the last call.
    pub(crate) async fn hears(&self, events: &[&str]) {
        until(&format!("the page has heard {events:?}"), || self.heard.borrow().len() >= events.len()).await;
        settle().await;
        assert_eq!(*self.heard.borrow(), events);
        self.heard.borrow_mut().clear();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for name in NAMES {
            let name = format!("secondme-chat:{name}");
            document().remove_event_listener_with_callback(&name, self.listen.as_ref().unchecked_ref()).unwrap();
        }
    }
}

//! The way in: `mount` for the loader and for programs, and the handle it gives them. It knows no view and no adapter.

use std::cell::RefCell;

use any_spawner::Executor;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};
use web_sys::HtmlElement;

use crate::host::Host;
use crate::identity::Identity;
use crate::language::Language;
use crate::model::Model;
use crate::options::Config;
use crate::runtime::Runtime;
use crate::view::Panel;

/// A chat on the page.
#[wasm_bindgen]
pub struct ChatHandle {
    runtime: Runtime,
    panel: RefCell<Option<Panel>>,
}

/// Draws a closed chat into the element's shadow root. Nothing is asked for and nothing stored before it is opened.
///
/// # Errors
/// Where an option is missing or malformed, or the element cannot have a shadow root; the sentence is for the site owner.
#[wasm_bindgen]
pub fn mount(element: HtmlElement, options: JsValue) -> Result<ChatHandle, JsError> {
    let config = Config::from_js(options)?;
    let host = Host::new(element, &config)?;
    // Where another Leptos app is on the page, it has done so already.
    let _ = Executor::init_wasm_bindgen();
    let model = Model::new(Language::english(&config.strings));
    let runtime = Runtime::new(config, host.clone(), model);
    let panel = Panel::draw(runtime.clone(), &host.place());
    host.tell("ready", &JsValue::NULL);
    Ok(ChatHandle { runtime, panel: RefCell::new(Some(panel)) })
}

#[wasm_bindgen]
impl ChatHandle {
    /// Opens the panel.
    pub fn open(&self) {
        self.runtime.open();
    }

    /// Moves the keyboard's focus into the open panel; for the visitor's own action alone.
    pub fn focus(&self) {
        self.runtime.model().focus.set(());
    }

    /// Closes the panel; the conversation goes on.
    pub fn close(&self) {
        self.runtime.close();
    }

    /// Opens a closed panel, closes an open one.
    pub fn toggle(&self) {
        if self.is_open() { self.close() } else { self.open() }
    }

    /// Whether the panel is open.
    #[wasm_bindgen(getter, js_name = isOpen)]
    pub fn is_open(&self) -> bool {
        self.runtime.is_open()
    }

    /// Opens the panel and sends a message as if the visitor had typed it.
    pub fn send(&self, text: String) {
        self.open();
        self.runtime.submit(text);
    }

    /// Puts a text into the composer for the visitor to send or change.
    pub fn prefill(&self, text: String) {
        self.runtime.model().draft.set(text);
    }

    /// Forgets this visitor in every tab of the browser: id, conversation and draft. The next person at the computer sees
    /// nothing of them.
    pub fn reset(&self) {
        self.runtime.reset();
    }

    /// Says who is signed in on the page: `{id, siteToken}` or `{id, userToken}`, where a token is a text or a function
    /// that gives one or promises to; null for nobody. Another person than before finds nothing of the last one.
    ///
    /// # Errors
    /// Where what is given is no identity; the sentence is for the site owner.
    pub fn identify(&self, identity: &JsValue) -> Result<(), JsError> {
        self.runtime.identify(Identity::from_js(identity)?);
        Ok(())
    }

    /// Takes the chat off the page and ends whatever is under way.
    ///
    /// A listener of the page may call this while another method is at work, so it must not want the handle for itself.
    pub fn destroy(&self) {
        self.runtime.end();
        drop(self.panel.take());
    }
}

//! A message's source into the clipboard, and for a moment the word that it is there.

use std::rc::Rc;

use chat_core::MessageId;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use super::Runtime;
use crate::clipboard;
use crate::strings::Text;

/// How long the word stands.
const SAID_FOR_MS: u32 = 2_000;

impl Runtime {
    /// Copies what the message says, as it was written. Where the browser does not let it, nothing is said to be done.
    pub(crate) fn copy(&self, id: MessageId) {
        let text = self.0.session.borrow().transcript().get(id).map(|message| message.text.clone());
        let Some(text) = text else { return };
        let runtime = self.clone();
        spawn_local(async move {
            if clipboard::copy(&text).await && !runtime.0.ended.get() {
                let model = Rc::clone(&runtime.0.model);
                model.copied.set(Some(id));
                runtime.announce(runtime.0.model.language.with_untracked(|language| language.say(Text::COPIED)));
                *runtime.0.copied.borrow_mut() = Some(Timeout::new(SAID_FOR_MS, move || model.copied.set(None)));
            }
        });
    }
}

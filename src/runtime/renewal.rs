//! A conversation that begins anew, and the end of everything that is stored: in every tab of the browser.

use chat_core::wire::VisitorId;
use chat_core::{Author, Input};
use wasm_bindgen_futures::spawn_local;

use super::{Runtime, now};
use crate::storage;
use crate::strings::Text;

impl Runtime {
    /// True where the visitor is known by more than the id that the browser made up, and so stays who they are.
    pub(crate) fn is_known(&self) -> bool {
        self.is_signed_in() || self.0.person.borrow().clone().flatten().or_else(|| self.0.storage.person()).is_some()
    }

    /// True where something of the visitor's own would be gone with the conversation.
    pub(crate) fn has_spoken(&self) -> bool {
        let session = self.0.session.borrow();
        session.transcript().messages().iter().any(|message| message.author == Author::Visitor)
    }

    /// Another conversation. SecondMe's Visitor Chat has one for each visitor, so that this is another visitor's, unless
    /// the visitor is known: then the proxy says who they are.
    pub(crate) fn begin_new_conversation(&self) {
        let visitor = storage::made();
        self.tell_renewed(visitor.clone());
        self.renew(visitor);
    }

    /// The same in this tab alone. What is being written stays.
    pub(super) fn renew(&self, visitor: VisitorId) {
        self.0.storage.renew_visitor(&visitor);
        self.empty();
        if self.0.begun.get() && self.is_open() {
            self.wish(Input::Opened(visitor));
        }
    }

    /// Deletes everything of this visitor in every tab, a sign-in with SecondMe included. Nothing begins again before the
    /// next opening.
    pub(crate) fn clear(&self) {
        if !self.is_signed_in() {
            return self.clear_everywhere();
        }
        let runtime = self.clone();
        spawn_local(async move {
            match runtime.0.transport.sign_out().await {
                Ok(()) => runtime.clear_everywhere(),
                Err(_) => runtime.0.model.login_trouble.set(Some(Text::SIGN_OUT_FAILED)),
            }
        });
    }

    fn clear_everywhere(&self) {
        if !self.0.ended.get() {
            self.tell_cleared();
            self.clear_here();
        }
    }

    /// The same in this tab alone. Whom the page has named it still knows, and stores nothing of them.
    pub(super) fn clear_here(&self) {
        self.close();
        self.0.storage.forget();
        self.0.model.aside.set(None);
        self.0.model.draft.set(String::new());
        self.empty();
        self.retire();
        self.silence();
    }

    /// Nothing of the conversation is left in this tab. Every tab does it for itself: there is nothing to wait for, and no
    /// leader to ask.
    pub(super) fn empty(&self) {
        self.0.saving.take();
        self.rest();
        self.forget_wishes();
        self.hush();
        drop(self.show_taken(Input::Forgotten, now()));
        self.0.saving.take();
    }

    fn is_signed_in(&self) -> bool {
        self.0.model.profile.get_untracked().is_some_and(|profile| profile.signed_in)
    }
}

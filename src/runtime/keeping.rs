//! When the conversation and the draft are put by, and how everything is forgotten.

use std::rc::Rc;

use chat_core::{Input, Saved};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use super::Runtime;
use super::company::Role;
use crate::signal::react_later;

/// A conversation that changes all the time is written this often: once per chunk would cost more than the chunk.
const PAUSE_MS: u32 = 1_000;

impl Runtime {
    pub(super) fn save_soon(&self) {
        // A listener of the page may have ended the chat just now.
        if !self.0.ended.get() && self.0.saving.borrow().is_none() {
            let runtime = self.clone();
            *self.0.saving.borrow_mut() = Some(Timeout::new(PAUSE_MS, move || {
                runtime.0.saving.take();
                runtime.save_now();
            }));
        }
    }

    pub(super) fn save_now(&self) {
        if self.0.ended.get() {
            return;
        }
        let session = self.0.session.borrow();
        let Some(visitor) = session.visitor() else { return };
        self.0.storage.keep_visitor(visitor);
        self.0.storage.keep_draft(visitor, &self.0.model.draft.get_untracked());
        if matches!(self.role(), Role::Alone | Role::Leading) {
            self.0.storage.keep_conversation(visitor, &session.save(Saved::STORED));
        }
    }

    /// A draft is kept as it is written.
    pub(super) fn keep_drafts(&self) {
        let (model, runtime) = (Rc::clone(&self.0.model), self.clone());
        self.keep(react_later(move || model.draft.track(), move || runtime.save_soon()));
    }

    /// Nothing is left of the visitor, in this tab and in all others: the next person at the computer sees nothing.
    pub(crate) fn reset(&self) {
        self.reset_agreed(false);
    }

    /// The same, where it is known that the next person has agreed too.
    pub(super) fn reset_agreed(&self, agreed: bool) {
        let person = self.0.person.borrow().clone().unwrap_or_else(|| self.0.storage.person());
        self.tell_forgotten(person.clone(), agreed);
        self.forget(person, agreed);
    }

    /// The same in this tab alone; from now on that person is there, who has to agree first where the site wants it.
    pub(super) fn forget(&self, person: Option<String>, agreed: bool) {
        self.0.storage.forget();
        if agreed {
            self.0.storage.agree();
        }
        self.person_is(person);
        self.0.model.draft.set(String::new());
        self.empty();
        if !self.0.begun.get() {
            return;
        }
        if self.0.storage.lacks_consent() {
            let runtime = self.clone();
            // Later, since another tab may be telling this one just now.
            spawn_local(async move { runtime.retire() });
        } else if self.is_open() {
            self.wish(Input::Opened(self.0.storage.visitor()));
        }
    }
}

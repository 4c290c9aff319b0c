//! What a screen reader is told, each thing once. It does not know what is worth telling.

use std::rc::Rc;

use gloo_timers::callback::Timeout;

use super::Runtime;
use crate::model::Announcement;

/// By then a screen reader has taken what was added, and who reads on to the end of the panel need not come upon it again.
const HEARD_MS: u32 = 5_000;

impl Runtime {
    /// Tells something about the conversation.
    pub(crate) fn announce(&self, words: String) {
        self.add(Announcement::Words(words));
    }

    /// Tells what a message says.
    pub(super) fn read_out(&self, text: String) {
        self.add(Announcement::Message(text));
    }

    /// Adds a line of its own, so that the same words are told again, and one line does not take the place of another that
    /// is still to be spoken.
    fn add(&self, line: Announcement) {
        // A listener of the page may have ended the chat just now.
        if self.0.ended.get() {
            return;
        }
        let model = Rc::clone(&self.0.model);
        model.announcements.update(|lines| lines.push(line));
        *self.0.hushing.borrow_mut() = Some(Timeout::new(HEARD_MS, move || model.announcements.set(Vec::new())));
    }

    /// What belongs to a conversation that is over is told no more.
    pub(super) fn hush(&self) {
        self.0.hushing.take();
        self.0.model.announcements.set(Vec::new());
    }
}

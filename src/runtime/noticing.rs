//! How a visitor who looks elsewhere notices a message: by the page's title, and by a sound where that is wanted.

use super::Runtime;
use super::company::Role;
use crate::page::is_visible;
use crate::signal::react;

impl Runtime {
    /// The title shows what is unread.
    pub(super) fn mark_title(&self) {
        let runtime = self.clone();
        self.keep(react(move || runtime.0.title.show(runtime.0.model.unread.get())));
    }

    /// A message has come that nobody looks at. One tab sounds for all of them, and none over a screen reader that reads an
    /// open conversation out.
    pub(super) fn notice(&self) {
        let leads = matches!(self.role(), Role::Alone | Role::Leading);
        let read_out = is_visible() && self.is_open();
        if leads && !read_out && self.wants_sound() {
            self.0.chime.ring();
        }
    }

    /// The visitor wants to hear of messages, or does not want to any more.
    pub(crate) fn toggle_sound(&self) {
        let on = !self.0.model.sound.get_untracked();
        self.0.storage.keep_sound(on);
        self.0.model.sound.set(on);
        self.prepare_sound();
    }

    /// The visitor may have chosen in another tab.
    pub(crate) fn prepare_sound(&self) {
        let on = self.wants_sound();
        self.0.model.sound.set(on);
        if on {
            self.0.chime.prepare();
        } else {
            self.0.chime.end();
        }
    }

    /// The visitor's choice is forgotten; the site's stands again at the next opening.
    pub(super) fn silence(&self) {
        self.0.model.sound.set(self.0.config.sound);
        self.0.chime.end();
    }

    /// The visitor's choice stands above the site's.
    fn wants_sound(&self) -> bool {
        self.0.storage.sound().unwrap_or_else(|| self.0.model.sound.get_untracked())
    }
}

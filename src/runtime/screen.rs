//! The panel on a small screen: it covers all of it while it is open.

use std::rc::Rc;

use super::Runtime;
use crate::options::Mode;
use crate::screen::{Screen, ScreenEvent};

impl Runtime {
    /// A chat that stands in the page never has the screen to itself, and a frame's place is not the chat's to decide.
    pub(super) fn watch_screen(&self) {
        if self.0.config.mode != Mode::Floating {
            return;
        }
        let runtime = self.clone();
        let screen = Screen::watch(move |event| match event {
            ScreenEvent::Small(small) => runtime.0.model.small.set(small),
            ScreenEvent::Back => runtime.close(),
        });
        self.0.model.small.set(screen.is_small());
        *self.0.screen.borrow_mut() = Some(Rc::new(screen));
    }

    /// Whether the panel has the screen to itself.
    pub(crate) fn cover_screen(&self, covers: bool) {
        // Whoever hears of the focus may end the chat, and the screen with it.
        let Some(screen) = self.0.screen.borrow().clone() else { return };
        match self.0.host.panel() {
            Some(panel) if covers => screen.cover(&panel),
            _ => drop(screen.uncover(true)),
        }
    }

    /// The panel is about to go. Only an element that the panel does not cover can take the focus then.
    pub(super) fn leave_screen(&self) {
        let Some(screen) = self.0.screen.borrow().clone() else { return };
        if screen.uncover(false) {
            self.0.host.focus_launcher();
        }
    }
}

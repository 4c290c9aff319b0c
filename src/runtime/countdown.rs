//! The seconds until something is tried again, for the visitor to see.

use chat_core::Connection;
use gloo_timers::callback::Interval;

use super::{Runtime, now};

const SECOND_MS: u32 = 1_000;

impl Runtime {
    /// Sets the seconds that are left, and counts on for as long as there are any.
    pub(super) fn count_down(&self) {
        let session = self.0.session.borrow();
        let due = match session.connection() {
            Connection::Reconnecting(_, due) => due,
            Connection::Open => session.held_until(),
            _ => None,
        };
        drop(session);
        let left = due.map(|due| now().until(due).as_millis().div_ceil(SECOND_MS.into()));
        self.0.model.seconds_left.set(left.and_then(|left| u64::try_from(left).ok()));
        let counting = self.0.countdown.borrow().is_some();
        if due.is_some() && !counting {
            let runtime = self.clone();
            *self.0.countdown.borrow_mut() = Some(Interval::new(SECOND_MS, move || runtime.count_down()));
        } else if due.is_none() {
            self.0.countdown.take();
        }
    }
}

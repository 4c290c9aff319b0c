//! The clock, and the one alarm that the core asks for. It does not know what the alarm is for.

use std::cell::RefCell;

use chat_core::Moment;
use gloo_timers::callback::Timeout;

/// The wall clock: it goes on while the computer sleeps, which is how a long sleep is noticed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole milliseconds, positive until far beyond any use"
)]
pub(crate) fn now() -> Moment {
    Moment(js_sys::Date::now() as u64)
}

/// At most one alarm is set.
#[derive(Default)]
pub(crate) struct Alarm(RefCell<Option<Timeout>>);

impl Alarm {
    /// Rings once at that moment; replaces what was set before.
    pub(crate) fn set(&self, at: Option<Moment>, ring: impl FnOnce() + 'static) {
        // A browser's timer may fire a hair early; one millisecond more spares a second alarm.
        let wait = |at| u32::try_from(now().until(at).as_millis() + 1).unwrap_or(u32::MAX);
        // An alarm that is dropped is cancelled.
        *self.0.borrow_mut() = at.map(|at| Timeout::new(wait(at).min(i32::MAX as u32), ring));
    }
}

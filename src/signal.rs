//! Values that somebody follows. Leptos' graph carries the news that one has changed; the value lies here, since a signal of
//! Leptos' own is code of its own for each type of value, and all code travels to each visitor.

use std::cell::RefCell;

use reactive_graph::effect::RenderEffect;
use reactive_graph::signal::ArcTrigger;
use reactive_graph::traits::{Notify, Track};

/// A value, and the news of its changes.
#[derive(Default)]
pub(crate) struct Signal<T> {
    value: RefCell<T>,
    changed: ArcTrigger,
}

/// What is done once, and again with each change of what it has read. Dropped, it is over.
#[must_use = "dropped, it follows nothing"]
pub(crate) struct Reaction(#[expect(dead_code, reason = "it lives as long as this")] RenderEffect<()>);

impl<T> Signal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: RefCell::new(value), changed: ArcTrigger::new() }
    }

    /// Reads the value. A reaction that does so comes again when it changes.
    pub(crate) fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(read)
    }

    /// Reads the value as it is now.
    pub(crate) fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.borrow())
    }

    /// A reaction that calls this comes again when the value changes.
    pub(crate) fn track(&self) {
        self.changed.track();
    }

    pub(crate) fn set(&self, value: T) {
        // What was there goes when nothing is borrowed any more.
        drop(self.value.replace(value));
        self.changed.notify();
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.value.borrow_mut());
        self.changed.notify();
    }
}

impl<T: Clone> Signal<T> {
    /// The value, as [`Self::with`] reads it.
    pub(crate) fn get(&self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    pub(crate) fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T: PartialEq> Signal<T> {
    /// Sets the value where it is another: nobody hears of what has not changed.
    pub(crate) fn set_if_new(&self, value: T) {
        if self.with_untracked(|before| *before != value) {
            self.set(value);
        }
    }
}

/// Does something at once, and again soon after each change of what it has read.
pub(crate) fn react(act: impl FnMut() + 'static) -> Reaction {
    start(Box::new(act))
}

/// The same, from the first change on; `read` is what it follows.
pub(crate) fn react_later(read: impl Fn() + 'static, mut act: impl FnMut() + 'static) -> Reaction {
    let mut begun = false;
    react(move || {
        read();
        if std::mem::replace(&mut begun, true) {
            act();
        }
    })
}

fn start(mut act: Box<dyn FnMut()>) -> Reaction {
    Reaction(RenderEffect::new(move |_| act()))
}

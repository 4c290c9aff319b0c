//! Values that somebody follows. Leptos' graph carries the news that one has changed; the value lies here, since a signal of
//! Leptos' own is code of its own for each type of value, and all code travels to each visitor.

use std::cell::RefCell;
use std::rc::Rc;

use reactive_graph::effect::RenderEffect;
use reactive_graph::signal::ArcTrigger;
use reactive_graph::traits::{Notify, Track};

/// A value, and the news of its changes. Who reads it keeps what they have read, also where it changes meanwhile: what is
/// drawn from it may have the page hear of something, and the page does what it likes.
#[derive(Default)]
pub(crate) struct Signal<T> {
    value: RefCell<Rc<T>>,
    changed: ArcTrigger,
}

/// What is done once, and again with each change of what it has read. Dropped, it is over.
#[must_use = "dropped, it follows nothing"]
pub(crate) struct Reaction(#[expect(dead_code, reason = "it lives as long as this")] RenderEffect<()>);

impl<T> Signal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: RefCell::new(Rc::new(value)), changed: ArcTrigger::new() }
    }

    /// Reads the value. A reaction that does so comes again when it changes.
    pub(crate) fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(read)
    }

    /// Reads the value as it is now.
    pub(crate) fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        let value = Rc::clone(&self.value.borrow());
        read(&value)
    }

    /// A reaction that calls this comes again when the value changes.
    pub(crate) fn track(&self) {
        self.changed.track();
    }

    pub(crate) fn set(&self, value: T) {
        // What was there goes when nothing is borrowed any more.
        drop(self.value.replace(Rc::new(value)));
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

    /// Changes the value where it is, unless it is just being read.
    pub(crate) fn update(&self, change: impl FnOnce(&mut T)) {
        change(Rc::make_mut(&mut self.value.borrow_mut()));
        self.changed.notify();
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use any_spawner::Executor;
    use wasm_bindgen::JsValue;
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    async fn later() {
        for _ in 0..4 {
            let _ = JsFuture::from(js_sys::Promise::resolve(&JsValue::NULL)).await;
        }
    }

    #[wasm_bindgen_test]
    fn what_is_read_stays_while_it_changes() {
        let signal = Signal::new(vec![1]);
        signal.with(|read| {
            signal.update(|value| value.push(2));
            signal.set_if_new(vec![1, 2, 3]);
            assert_eq!(*read, [1]);
        });
        assert_eq!(signal.get_untracked(), [1, 2, 3]);
    }

    #[wasm_bindgen_test]
    async fn a_reaction_comes_again_with_each_change_until_it_is_dropped() {
        let _ = Executor::init_wasm_bindgen();
        let (signal, seen, changes) = (Rc::new(Signal::new(1)), Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let reactions = {
            let (read, seen) = (Rc::clone(&signal), Rc::clone(&seen));
            let (followed, changes) = (Rc::clone(&signal), Rc::clone(&changes));
            let count = move || changes.set(changes.get() + 1);
            (react(move || seen.set(read.get())), react_later(move || followed.track(), count))
        };
        assert_eq!((seen.get(), changes.get()), (1, 0));
        signal.set(2);
        later().await;
        assert_eq!((seen.get(), changes.get()), (2, 1));
        signal.set_if_new(2);
        later().await;
        assert_eq!(changes.get(), 1);
        drop(reactions);
        signal.set(3);
        later().await;
        assert_eq!((seen.get(), changes.get()), (2, 1));
        assert_eq!(Rc::strong_count(&signal), 1, "what a reaction knew goes with it");
    }
}

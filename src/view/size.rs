//! Tells when elements have become smaller or larger, whatever made them so. It does not know what follows from that.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Watches until it is dropped.
pub(super) struct SizeWatch {
    observer: ResizeObserver,
    _on_change: Closure<dyn FnMut()>,
}

impl SizeWatch {
    /// Calls once at first, and then with each change. `None` where the browser cannot tell.
    pub(super) fn new<'a>(
        elements: impl IntoIterator<Item = &'a Element>,
        call: impl FnMut() + 'static,
    ) -> Option<Self> {
        let on_change = Closure::<dyn FnMut()>::new(call);
        let observer = ResizeObserver::new(on_change.as_ref().unchecked_ref()).ok()?;
        for element in elements {
            observer.observe(element);
        }
        Some(Self { observer, _on_change: on_change })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

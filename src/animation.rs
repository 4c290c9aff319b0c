//! One call on the next animation frame. It does not know what is drawn.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A page that is hidden paints nothing and so has no frames; this long after the wish the call is made all the same.
const PATIENCE_MS: u32 = 200;

/// At most one call is waiting.
#[derive(Clone, Default)]
pub(crate) struct NextFrame(Rc<RefCell<Option<Waiting>>>);

struct Waiting {
    frame: i32,
    _on_frame: Closure<dyn FnMut()>,
    _patience: Timeout,
}

impl NextFrame {
    /// Calls on the next frame, unless a call is waiting already: that one does for both.
    pub(crate) fn call(&self, call: impl Fn() + Clone + 'static) {
        if self.0.borrow().is_some() {
            return;
        }
        let Some(window) = web_sys::window() else { return };
        let once = {
            let next_frame = self.clone();
            move || {
                // The closure that runs must outlive its own call.
                let waiting = next_frame.cancel();
                call();
                drop(waiting);
            }
        };
        let patience = Timeout::new(PATIENCE_MS, once.clone());
        let on_frame = Closure::<dyn FnMut()>::new(once);
        let frame = window.request_animation_frame(on_frame.as_ref().unchecked_ref()).unwrap_or_default();
        *self.0.borrow_mut() = Some(Waiting { frame, _on_frame: on_frame, _patience: patience });
    }

    fn cancel(&self) -> Option<Waiting> {
        let waiting = self.0.borrow_mut().take()?;
        if let Some(window) = web_sys::window() {
            // To cancel a frame that has come does no harm, and fails for no other reason.
            let _ = window.cancel_animation_frame(waiting.frame);
        }
        Some(waiting)
    }
}

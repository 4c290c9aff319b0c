//! What happens to the page itself: it is looked at or not, has a network or not, is left. It knows no conversation.

use gloo_events::EventListener;
use web_sys::Window;

/// What happens to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageEvent {
    Visible(bool),
    Online(bool),
    /// The browser lets the page's timers and requests stand still, or run again.
    Frozen(bool),
    /// The page is being left; it may come back from the browser's memory.
    Left,
}

/// Listens until it is dropped.
pub(crate) struct Page {
    _listeners: Vec<EventListener>,
}

impl Page {
    pub(crate) fn listen(report: impl Fn(PageEvent) + Clone + 'static) -> Self {
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            let mut on = |target: &web_sys::EventTarget, name: &'static str, event: fn() -> PageEvent| {
                let report = report.clone();
                listeners.push(EventListener::new(target, name, move |_| report(event())));
            };
            on(&window, "online", || PageEvent::Online(true));
            on(&window, "offline", || PageEvent::Online(false));
            on(&window, "pagehide", || PageEvent::Left);
            on(&window, "pageshow", || PageEvent::Visible(is_visible()));
            if let Some(document) = window.document() {
                on(&document, "visibilitychange", || PageEvent::Visible(is_visible()));
                on(&document, "freeze", || PageEvent::Frozen(true));
                on(&document, "resume", || PageEvent::Frozen(false));
            }
        }
        Self { _listeners: listeners }
    }
}

/// A page that cannot say is looked at.
pub(crate) fn is_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_none_or(|document| !document.hidden())
}

/// A browser that cannot say has a mouse.
pub(crate) fn is_touched() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// A browser that cannot say has a network.
pub(crate) fn is_online() -> bool {
    web_sys::window().as_ref().map(Window::navigator).is_none_or(|navigator| navigator.on_line())
}

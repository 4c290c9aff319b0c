//! Small screens, which an open panel has to itself: when a screen is one, and what lies over the page then. The page gets
//! everything back as it was. It knows no conversation.

mod back;
mod still;
mod visible;

use std::cell::RefCell;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, MediaQueryList, ShadowRoot};

use back::BackButton;
use still::StillPage;
use visible::VisiblePart;

/// Phones, upright or lying on their side, and windows of a phone's width.
const SMALL: &str = "(max-width: 480px), (max-width: 960px) and (max-height: 480px) and (pointer: coarse)";

/// What happens to the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScreenEvent {
    /// It is a small one, or is not any more.
    Small(bool),
    /// The visitor has gone back to before the panel was there.
    Back,
}

/// The screen, watched until this is dropped.
pub(crate) struct Screen {
    small: Option<MediaQueryList>,
    back: BackButton,
    cover: RefCell<Option<Cover>>,
    _listener: Option<EventListener>,
}

/// What is in force while a panel covers the screen. Dropped, it is over.
struct Cover {
    panel: HtmlDialogElement,
    _still: StillPage,
    _visible: VisiblePart,
}

impl Screen {
    pub(crate) fn watch(report: impl Fn(ScreenEvent) + Clone + 'static) -> Self {
        let back = BackButton::new({
            let report = report.clone();
            move || report(ScreenEvent::Back)
        });
        let small = web_sys::window().and_then(|window| window.match_media(SMALL).ok().flatten());
        let listener = small.as_ref().map(|small| {
            let now = small.clone();
            EventListener::new(small, "change", move |_| report(ScreenEvent::Small(now.matches())))
        });
        Self { small, back, cover: RefCell::default(), _listener: listener }
    }

    /// A browser that cannot say has room.
    pub(crate) fn is_small(&self) -> bool {
        self.small.as_ref().is_some_and(MediaQueryList::matches)
    }

    /// Makes the panel all there is: the browser keeps keyboard, pointer and screen reader in it, the page
    /// stands still, and the back button leads out.
    pub(crate) fn cover(&self, panel: &HtmlDialogElement) {
        if self.cover.borrow().is_some() {
            return;
        }
        let cover = Cover { panel: panel.clone(), _still: StillPage::hold(), _visible: VisiblePart::follow(panel) };
        *self.cover.borrow_mut() = Some(cover);
        self.back.leads_out(true);
        // The view shows it a moment later, and only what is shown can take the focus.
        panel.set_hidden(false);
        let before = focus_within(panel);
        // A browser without modal dialogs covers the screen all the same.
        if panel.show_modal().is_ok() {
            // In the input, a keyboard would spring up that nobody has asked for.
            give_focus(before.or_else(|| panel.query_selector("[part~=title]").ok().flatten()));
        }
    }

    /// The panel floats over the page again, where the focus stays in it; or it goes, and the browser gives the focus back
    /// to what had it before. False where the panel had no focus to give, or covers nothing.
    pub(crate) fn uncover(&self, stays: bool) -> bool {
        let Some(cover) = self.cover.take() else { return false };
        self.back.leads_out(false);
        let before = focus_within(&cover.panel);
        let had = before.is_some();
        drop(cover);
        give_focus(before.filter(|_| stays));
        had
    }
}

impl Drop for Cover {
    fn drop(&mut self) {
        if self.panel.open() {
            self.panel.close();
        }
    }
}

/// The element within the panel that has the focus.
fn focus_within(panel: &Element) -> Option<Element> {
    let root = panel.get_root_node().dyn_into::<ShadowRoot>().ok()?;
    root.active_element().filter(|active| panel.contains(Some(active)))
}

fn give_focus(element: Option<Element>) {
    if let Some(Ok(element)) = element.map(JsCast::dyn_into::<HtmlElement>) {
        // An element that is in the document and shown takes the focus.
        let _ = element.focus();
    }
}

//! The part of the screen that the on-screen keyboard leaves: told to the panel's style, in lengths. It knows no layout.

use gloo_events::EventListener;
use web_sys::{HtmlDialogElement, VisualViewport};

/// `style/widget/phone.css` says what they are for.
const NAMES: [&str; 3] = ["--visible-top", "--visible-height", "--covered-below"];

/// Dropped, the panel's style is as it was.
pub(super) struct VisiblePart {
    panel: HtmlDialogElement,
    _listeners: Vec<EventListener>,
}

impl VisiblePart {
    pub(super) fn follow(panel: &HtmlDialogElement) -> Self {
        let viewport = web_sys::window().and_then(|window| window.visual_viewport());
        let listeners = viewport.map(|viewport| {
            tell(panel, &viewport);
            ["resize", "scroll"].map(|name| {
                let (panel, seen) = (panel.clone(), viewport.clone());
                EventListener::new(&viewport, name, move |_| tell(&panel, &seen))
            })
        });
        Self { panel: panel.clone(), _listeners: listeners.into_iter().flatten().collect() }
    }
}

impl Drop for VisiblePart {
    fn drop(&mut self) {
        for name in NAMES {
            // Only a style that is computed cannot be written to.
            let _ = self.panel.style().remove_property(name);
        }
    }
}

fn tell(panel: &HtmlDialogElement, viewport: &VisualViewport) {
    // A visitor who has zoomed in wants to see a part of the panel, not all of it in that part.
    if (viewport.scale() - 1.0).abs() > 0.01 {
        return;
    }
    let (top, height) = (viewport.offset_top(), viewport.height());
    let root = panel.owner_document().and_then(|document| document.document_element());
    let whole = root.map_or(height, |root| f64::from(root.client_height()));
    for (name, length) in NAMES.iter().zip([top, height, (whole - top - height).max(0.0)]) {
        // A change of the style itself passes every content security policy; an attribute in markup would not.
        let _ = panel.style().set_property(name, &pixels(length));
    }
}

/// To a hundredth. To write any number at all takes more code than the rest of this file.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length on a screen, and not below zero")]
fn pixels(length: f64) -> String {
    let hundredths = (length * 100.0).round() as u32;
    format!("{}.{:02}px", hundredths / 100, hundredths % 100)
}

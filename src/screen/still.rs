//! The page behind the panel stands still. Nothing of the page is written to: one stylesheet more is in force for a while.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;
use web_sys::{CssStyleSheet, Document, Element, ScrollBehavior, ScrollToOptions, Window};

/// Dropped, the page scrolls again, and is where it was.
pub(super) struct StillPage(Option<Held>);

struct Held {
    window: Window,
    document: Document,
    /// None in browsers that cannot adopt one; there the panel keeps most of what would scroll the page to itself.
    sheet: Option<CssStyleSheet>,
    left: f64,
    top: f64,
    address: String,
}

impl StillPage {
    pub(super) fn hold() -> Self {
        Self(hold())
    }
}

impl Drop for StillPage {
    fn drop(&mut self) {
        let Some(Held { window, document, sheet, left, top, address }) = self.0.take() else { return };
        if let Some(sheet) = sheet {
            let others = Array::from(&document.adopted_style_sheets());
            let others = others.filter(&mut |other, _, _| !Object::is(&other, &sheet));
            document.set_adopted_style_sheets(&others);
        }
        // A browser moves the page to bring the input into sight. On another address the page has a place of its own.
        if (place(&window), self::address(&window)) != ((left, top), address) {
            let options = ScrollToOptions::new();
            options.set_left(left);
            options.set_top(top);
            options.set_behavior(ScrollBehavior::Instant);
            window.scroll_to_with_scroll_to_options(&options);
        }
    }
}

fn hold() -> Option<Held> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let (left, top) = place(&window);
    let address = address(&window);
    let root = document.document_element()?;
    let sheet = adopt(&document, scrolls_by_itself(&window, &root)).ok();
    Some(Held { window, document, sheet, left, top, address })
}

/// Whether the root's own `overflow` is the page's. Where it has none, the body's is, and the body is to keep that part:
/// else it became a box with a scroll bar of its own, and the page lost its place.
fn scrolls_by_itself(window: &Window, root: &Element) -> bool {
    let style = window.get_computed_style(root).ok().flatten();
    style.and_then(|style| style.get_property_value("overflow").ok()).is_some_and(|overflow| overflow != "visible")
}

fn adopt(document: &Document, root: bool) -> Result<CssStyleSheet, JsValue> {
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(if root { ":root{overflow:hidden!important}" } else { "body{overflow:hidden!important}" })?;
    let sheets = Array::from(&document.adopted_style_sheets());
    sheets.push(&sheet);
    document.set_adopted_style_sheets(&sheets);
    Ok(sheet)
}

fn place(window: &Window) -> (f64, f64) {
    (window.scroll_x().unwrap_or_default(), window.scroll_y().unwrap_or_default())
}

fn address(window: &Window) -> String {
    window.location().href().unwrap_or_default()
}

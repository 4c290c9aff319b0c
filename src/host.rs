//! The element on the page: its shadow root, its stylesheet, and the events it tells the page. It knows no conversation.

use js_sys::Function;
use thiserror::Error;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CssStyleSheet, CustomEvent, CustomEventInit, Document, HtmlDialogElement, HtmlElement, ShadowRoot, ShadowRootInit,
    ShadowRootMode,
};

use crate::options::{Config, Side};

#[wasm_bindgen(module = "/src/appearance.js")]
extern "C" {
    /// Keeps the place's looks as they should be until the function that it gives is called.
    #[wasm_bindgen(js_name = keepAppearance)]
    fn keep_appearance(
        element: &HtmlElement,
        place: &HtmlElement,
        theme: &str,
        dark_class: Option<&str>,
        side: Option<&str>,
    ) -> Function;
}

/// What everything in the panel looks like.
const STYLE: &str = concat!(
    include_str!("../style/widget/theme.css"),
    include_str!("../style/widget/ground.css"),
    include_str!("../style/widget/launcher.css"),
    include_str!("../style/widget/panel.css"),
    include_str!("../style/widget/header.css"),
    include_str!("../style/widget/menu.css"),
    include_str!("../style/widget/aside.css"),
    include_str!("../style/widget/transcript.css"),
    include_str!("../style/widget/message.css"),
    include_str!("../style/widget/rich-text.css"),
    include_str!("../style/widget/composer.css"),
    include_str!("../style/widget/phone.css"),
    include_str!("../style/widget/forced.css"),
    include_str!("../style/widget/inline.css"),
    include_str!("../style/widget/framed.css"),
    include_str!("../style/widget/motion.css"),
);

/// The page's element, and the place in it that the panel is drawn into.
#[derive(Clone)]
pub(crate) struct Host {
    element: HtmlElement,
    shadow: ShadowRoot,
    place: HtmlElement,
    sheet: Option<CssStyleSheet>,
    end_appearance: Function,
}

/// The element cannot hold a chat; for the site owner, on the console.
#[derive(Debug, Error)]
#[error("SecondMe Chat: this element cannot hold a chat: {0}")]
pub(crate) struct UnusableElement(String);

impl Host {
    /// Takes the element's open shadow root, or gives it one.
    pub(crate) fn new(element: HtmlElement, config: &Config) -> Result<Self, UnusableElement> {
        let refuse = |error: JsValue| UnusableElement(format!("{error:?}"));
        let shadow = match element.shadow_root() {
            Some(shadow) => shadow,
            None => element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).map_err(refuse)?,
        };
        if shadow.query_selector(".chat").ok().flatten().is_some() {
            return Err(UnusableElement("it holds one already".into()));
        }
        let document = element.owner_document().ok_or_else(|| UnusableElement("it belongs to no document".into()))?;
        let place = document.create_element("div").map_err(refuse)?.unchecked_into::<HtmlElement>();
        place.set_class_name("chat");
        place.set_attribute("data-mode", config.mode.name()).map_err(refuse)?;
        let sheet = adopt_style(&shadow).ok();
        if sheet.is_none() {
            append_style(&document, &place).map_err(refuse)?;
        }
        shadow.append_child(&place).map_err(refuse)?;
        let (theme, side) = (config.theme.name(), config.side.map(Side::name));
        let end_appearance = keep_appearance(&element, &place, theme, config.dark_class.as_deref(), side);
        Ok(Self { element, shadow, place, sheet, end_appearance })
    }

    /// Where the panel is drawn.
    pub(crate) fn place(&self) -> HtmlElement {
        self.place.clone()
    }

    /// The panel, once it is drawn.
    pub(crate) fn panel(&self) -> Option<HtmlDialogElement> {
        self.place.query_selector(".panel").ok().flatten().map(JsCast::unchecked_into)
    }

    /// Whoever has no place to come back to comes back to the launcher, where the loader has drawn one.
    pub(crate) fn focus_launcher(&self) {
        let launcher = self.shadow.query_selector(".launcher").ok().flatten();
        if let Some(launcher) = launcher.filter(|_| self.shadow.active_element().is_none()) {
            let _ = launcher.unchecked_into::<HtmlElement>().focus();
        }
    }

    /// The language that the page around the chat declares.
    pub(crate) fn surrounding_language(&self) -> Option<String> {
        let parent = self.element.closest("[lang]").ok().flatten();
        parent.and_then(|parent| parent.get_attribute("lang")).filter(|tag| !tag.is_empty())
    }

    /// Says which language everything in the panel is in, and which way it is written.
    pub(crate) fn speak(&self, tag: &str, direction: &str) {
        for (name, value) in [("lang", tag), ("dir", direction)] {
            // Only a malformed name is refused.
            let _ = self.place.set_attribute(name, value);
        }
        if let Ok(Some(launcher)) = self.shadow.query_selector(".launcher") {
            let _ = launcher.set_attribute("lang", tag);
        }
    }

    /// Names the launcher, where the loader has drawn one, and says beside it how much is unread.
    pub(crate) fn name_launcher(&self, name: &str, badge: &str) {
        if let Ok(Some(launcher)) = self.shadow.query_selector(".launcher") {
            let _ = launcher.set_attribute("aria-label", name);
        }
        if let Ok(Some(place)) = self.shadow.query_selector(".badge") {
            place.set_text_content(Some(badge));
        }
    }

    /// Tells the page; the event bubbles and crosses the shadow root.
    pub(crate) fn tell(&self, name: &str, detail: &JsValue) {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(detail);
        if let Ok(event) = CustomEvent::new_with_event_init_dict(&format!("secondme-chat:{name}"), &init) {
            // What a listener of the page throws is reported by the browser, and is the page's.
            let _ = self.element.dispatch_event(&event);
        }
    }

    /// Leaves the element as it was found.
    pub(crate) fn leave(&self) {
        // It takes listeners off, which does not fail.
        let _ = self.end_appearance.call0(&JsValue::UNDEFINED);
        self.place.remove();
        if let Some(sheet) = &self.sheet {
            let others = js_sys::Array::from(&self.shadow.adopted_style_sheets());
            let others = others.filter(&mut |other, _, _| !js_sys::Object::is(&other, sheet));
            self.shadow.set_adopted_style_sheets(&others);
        }
    }
}

/// A stylesheet that is adopted passes a page's `style-src` without a nonce.
fn adopt_style(shadow: &ShadowRoot) -> Result<CssStyleSheet, JsValue> {
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(STYLE)?;
    let sheets = js_sys::Array::from(&shadow.adopted_style_sheets());
    sheets.push(&sheet);
    shadow.set_adopted_style_sheets(&sheets);
    Ok(sheet)
}

/// For browsers without adopted stylesheets.
fn append_style(document: &Document, place: &HtmlElement) -> Result<(), JsValue> {
    let style = document.create_element("style")?;
    style.set_text_content(Some(STYLE));
    place.append_child(&style)?;
    Ok(())
}

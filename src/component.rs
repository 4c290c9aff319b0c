//! The chat as a component of another Leptos app, for those who build the widget into their own program. It draws what the
//! loader draws for everybody else, and knows of the rest only `mount`.

mod options;

use std::rc::Rc;

use gloo_events::EventListener;
use leptos::html::{Custom, custom};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::handle::{ChatHandle, mount};
use crate::options::Side;
use crate::page::is_touched;
pub use options::ChatOptions;

/// The element's name, by which a page's stylesheet finds it.
const NAME: &str = "secondme-chat";
const STYLE: &str = include_str!("loader/launcher.css");

#[wasm_bindgen(module = "/src/loader/launcher.js")]
extern "C" {
    /// Draws the launcher, and a place for words, into the shadow root.
    fn draw(shadow: &ShadowRoot, language: &str, name: &str, style: &str) -> Vec<Element>;
}

/// A chat that goes with the component. It stands in a corner of the window, or with [`Mode::Inline`](crate::Mode::Inline)
/// where the component is.
///
/// The options are read once. What they don't allow is said on the console, and the launcher is not drawn. `on_chat` is
/// given the chat, to steer it by; it is destroyed with the component.
#[component]
pub fn ChatWidget(
    /// What a site may set.
    options: ChatOptions,
    /// Is given the chat as soon as it is there.
    #[prop(optional, into)]
    on_chat: Option<UnsyncCallback<Rc<ChatHandle>>>,
) -> impl IntoView {
    let place = NodeRef::<Custom<&'static str>>::new();
    let placed = StoredValue::new_local(None::<Placed>);
    let (mode, side) = (options.mode.name(), options.side.map(Side::name));
    place.on_load(move |element| match untrack(|| Placed::new(&element, &options)) {
        Ok(chat) => {
            let handle = Rc::clone(&chat.handle);
            placed.set_value(Some(chat));
            if let Some(on_chat) = on_chat {
                on_chat.run(handle);
            }
        }
        Err(error) => web_sys::console::error_1(&error),
    });
    on_cleanup(move || {
        if let Some(chat) = placed.try_update_value(Option::take).flatten() {
            chat.handle.destroy();
        }
    });
    custom(NAME).attr("data-mode", mode).attr("data-side", side).node_ref(place)
}

/// A chat in its place.
struct Placed {
    handle: Rc<ChatHandle>,
    _listeners: [EventListener; 3],
}

impl Placed {
    fn new(element: &HtmlElement, options: &ChatOptions) -> Result<Self, JsValue> {
        let shadow = match element.shadow_root() {
            Some(shadow) => shadow,
            None => element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?,
        };
        let drawn = draw(&shadow, "en", "Open chat", STYLE);
        let handle = mount(element.clone(), options.to_js()).inspect_err(|_| {
            drawn.iter().for_each(Element::remove);
        })?;
        let handle = Rc::new(handle);
        let launcher = drawn.into_iter().next().ok_or("SecondMe Chat: the launcher was not drawn")?;
        let expand = |open: bool| {
            let launcher = launcher.clone();
            // Only a malformed name is refused.
            move || drop(launcher.set_attribute("aria-expanded", if open { "true" } else { "false" }))
        };
        expand(false)();
        let hears =
            |event: &str, act: Box<dyn Fn()>| EventListener::new(element, format!("{NAME}:{event}"), move |_| act());
        let pressed = EventListener::new(&launcher, "click", {
            let handle = Rc::downgrade(&handle);
            move |_| handle.upgrade().iter().for_each(|chat| press(chat))
        });
        let listeners = [pressed, hears("open", Box::new(expand(true))), hears("close", Box::new(expand(false)))];
        Ok(Self { handle, _listeners: listeners })
    }
}

fn press(chat: &ChatHandle) {
    chat.toggle();
    // A keyboard that springs up over a small screen is not what a tap on the launcher asked for.
    if chat.is_open() && !is_touched() {
        chat.focus();
    }
}

//! What the views are made of: elements that are built node by node, and that follow the signals they are drawn from. A
//! `view!` of Leptos' own is a type, and so code, of its own; this is the same code for all. No word here becomes markup.

use std::any::Any;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Comment, Element, Event, HtmlElement, Text};

use super::Chat;
use crate::signal::react;
use crate::strings;

/// What scrolls by these must not wait for whoever only watches.
const WATCHED: [&str; 3] = ["scroll", "wheel", "touchmove"];

#[wasm_bindgen]
extern "C" {
    /// Fails where a name is none, which would be a fault of the view.
    #[wasm_bindgen(js_namespace = document, js_name = createElement)]
    fn create_element(tag: &str) -> HtmlElement;
    #[wasm_bindgen(js_namespace = document, js_name = createElementNS)]
    fn create_shape(namespace: &str, tag: &str) -> HtmlElement;
    #[wasm_bindgen(js_namespace = document, js_name = createTextNode)]
    fn create_text(words: &str) -> Text;
    #[wasm_bindgen(js_namespace = document, js_name = createComment)]
    fn create_comment(words: &str) -> Comment;
}

/// An element, and all that keeps it alive. Dropped, it follows nothing and hears nothing any more.
pub(super) struct Node {
    chat: Chat,
    element: HtmlElement,
    kept: Vec<Box<dyn Any>>,
}

/// What is done about an event.
type Act = Box<dyn Fn(&Chat, &Event)>;

/// A value that is read from the chat.
type Read<T> = Box<dyn FnMut(&Chat) -> T>;

impl Chat {
    /// A new element of the panel.
    pub(super) fn node(&self, tag: &str) -> Node {
        Node::new(self, create_element(tag))
    }

    /// The same with a class.
    pub(super) fn classed(&self, tag: &str, class: &str) -> Node {
        self.node(tag).attribute("class", class)
    }

    /// A new element of a picture.
    pub(super) fn shape(&self, tag: &str) -> Node {
        Node::new(self, create_shape("http://www.w3.org/2000/svg", tag))
    }

    /// A button that sends no form.
    pub(super) fn button(&self, class: &str) -> Node {
        self.classed("button", class).attribute("type", "button")
    }
}

impl Node {
    fn new(chat: &Chat, element: HtmlElement) -> Self {
        Self { chat: chat.clone(), element, kept: Vec::new() }
    }

    /// The element itself, wherever it stands.
    pub(super) fn element(&self) -> &HtmlElement {
        &self.element
    }

    /// Puts the element into another one, before one of its children or at its end.
    pub(super) fn stand_in(&self, parent: &Element, before: Option<&Element>) {
        insert(parent, &self.element, before.map(AsRef::as_ref));
    }

    pub(super) fn attribute(self, name: &str, value: &str) -> Self {
        set_attribute(&self.element, name, value);
        self
    }

    /// What the site's stylesheet calls it.
    pub(super) fn part(self, name: &str) -> Self {
        self.attribute("part", name)
    }

    /// An attribute that is there or not, and changes.
    pub(super) fn attribute_of(self, name: &'static str, value: impl FnMut(&Chat) -> Option<String> + 'static) -> Self {
        self.attribute_from(name, Box::new(value))
    }

    /// An attribute that is there or not and says no more.
    pub(super) fn flag(self, name: &'static str, mut is: impl FnMut(&Chat) -> bool + 'static) -> Self {
        self.attribute_of(name, move |chat| is(chat).then(String::new))
    }

    pub(super) fn hidden(self, is: impl FnMut(&Chat) -> bool + 'static) -> Self {
        self.flag("hidden", is)
    }

    /// One more class while something is so.
    pub(super) fn class(self, name: &'static str, is: impl FnMut(&Chat) -> bool + 'static) -> Self {
        self.class_from(name, Box::new(is))
    }

    /// An attribute that is read out or shown, in the language that is read now.
    pub(super) fn says(self, name: &'static str, text: strings::Text) -> Self {
        self.attribute_of(name, move |chat| Some(chat.say(text)))
    }

    /// What a button without words does: for those who see, and for those who hear.
    pub(super) fn named(self, text: strings::Text) -> Self {
        self.says("aria-label", text).says("title", text)
    }

    /// Words in the language that is read now.
    pub(super) fn say(self, text: strings::Text) -> Self {
        self.text(move |chat| chat.say(text))
    }

    /// Words that stay as they are.
    pub(super) fn words(self, words: &str) -> Self {
        insert(&self.element, &create_text(words), None);
        self
    }

    /// Words that change.
    pub(super) fn text(self, words: impl FnMut(&Chat) -> String + 'static) -> Self {
        self.text_from(Box::new(words))
    }

    /// An element that stays.
    pub(super) fn child(self, child: Self) -> Self {
        child.stand_in(&self.element, None);
        self.with(child)
    }

    /// An element that is there or not.
    pub(super) fn perhaps(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Elements that are drawn anew whenever what they are drawn from is another.
    pub(super) fn drawn<T: PartialEq + 'static>(
        self,
        mut from: impl FnMut(&Chat) -> T + 'static,
        mut draw: impl FnMut(&Chat, &T) -> Vec<Self> + 'static,
    ) -> Self {
        let mut before = None;
        self.drawn_from(Box::new(move |chat| {
            let now = from(chat);
            if before.as_ref() == Some(&now) {
                return None;
            }
            Some(draw(chat, before.insert(now)))
        }))
    }

    /// What is done when something happens to the element, or within it.
    pub(super) fn on<E: JsCast>(self, event: &'static str, act: impl Fn(&Chat, &E) + 'static) -> Self {
        self.listen(event, Box::new(move |chat, event| act(chat, event.unchecked_ref())))
    }

    pub(super) fn on_click(self, act: impl Fn(&Chat) + 'static) -> Self {
        self.listen("click", Box::new(move |chat, _| act(chat)))
    }

    /// Something that lives as long as the element.
    pub(super) fn with(mut self, kept: impl Any) -> Self {
        self.kept.push(Box::new(kept));
        self
    }

    /// Gives the element the keyboard's focus, if it is in the document and shown.
    pub(super) fn focus(element: &HtmlElement) {
        let _ = element.focus();
    }

    fn follow(self, mut act: impl FnMut(&Chat) + 'static) -> Self {
        let chat = self.chat.clone();
        self.with(react(move || act(&chat)))
    }

    fn attribute_from(self, name: &'static str, mut value: Read<Option<String>>) -> Self {
        let element = self.element.clone();
        let mut before = None;
        self.follow(move |chat| {
            let now = value(chat);
            if now != before {
                match &now {
                    Some(value) => set_attribute(&element, name, value),
                    None => drop(element.remove_attribute(name)),
                }
                before = now;
            }
        })
    }

    fn class_from(self, name: &'static str, mut is: Read<bool>) -> Self {
        let classes = self.element.class_list();
        self.follow(move |chat| {
            // Only an empty name is refused.
            let _ = classes.toggle_with_force(name, is(chat));
        })
    }

    fn text_from(self, mut words: Read<String>) -> Self {
        let text = create_text("");
        insert(&self.element, &text, None);
        let mut before = String::new();
        self.follow(move |chat| {
            let now = words(chat);
            if now != before {
                text.set_data(&now);
                before = now;
            }
        })
    }

    fn drawn_from(self, mut draw: Read<Option<Vec<Self>>>) -> Self {
        let (parent, end) = (self.element.clone(), create_comment(""));
        insert(&parent, &end, None);
        let mut before = Vec::<Self>::new();
        self.follow(move |chat| {
            let Some(now) = draw(chat) else { return };
            before.iter().for_each(|node| node.element.remove());
            for node in &now {
                insert(&parent, &node.element, Some(&end));
            }
            before = now;
        })
    }

    fn listen(self, event: &'static str, act: Act) -> Self {
        let options = match WATCHED.contains(&event) {
            true => EventListenerOptions::default(),
            false => EventListenerOptions::enable_prevent_default(),
        };
        let chat = self.chat.clone();
        let listener = EventListener::new_with_options(&self.element, event, options, move |event| act(&chat, event));
        self.with(listener)
    }
}

/// Only a malformed name is refused.
pub(super) fn set_attribute(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// What is made here has a place there.
fn insert(parent: &Element, node: &web_sys::Node, before: Option<&web_sys::Node>) {
    let _ = parent.insert_before(node, before);
}

/// Does something before the browser draws again.
pub(super) fn on_next_frame(act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    if let Some(window) = web_sys::window() {
        // A function is what it takes.
        let _ = window.request_animation_frame(act.unchecked_ref());
    }
}

//! What a visitor may do with the conversation as a whole: a button in the header, and the list that it shows. A list of
//! plain buttons rather than a `menu`: it works with every screen reader, also where there are no arrow keys.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Event, FocusEvent, HtmlElement, KeyboardEvent};

use super::Chat;
use super::icon::{DOTS, icon};
use super::node::Node;
use crate::model::Aside;
use crate::signal::{Reaction, Signal, react};
use crate::strings::Text;

/// The button is made elsewhere, since others give the focus back to it.
pub(super) fn menu(chat: &Chat, button: Node) -> Node {
    let open = Rc::new(Signal::new(false));
    let place = chat.classed("div", "more");
    let focus_button = {
        let button = button.element().clone();
        move || Node::focus(&button)
    };
    let on_keydown = {
        let (open, focus_button) = (Rc::clone(&open), focus_button.clone());
        move |_: &Chat, event: &KeyboardEvent| {
            if event.key() == "Escape" && open.get_untracked() {
                // The panel stays open.
                event.stop_propagation();
                open.set(false);
                focus_button();
            }
        }
    };
    let on_focusout = {
        let (open, place) = (Rc::clone(&open), place.element().clone());
        move |_: &Chat, event: &FocusEvent| {
            // A click that moves no focus is not a way out.
            let next = event.related_target().and_then(|next| next.dyn_into::<web_sys::Node>().ok());
            if next.is_some_and(|next| !place.contains(Some(&next))) {
                open.set(false);
            }
        }
    };
    let item = |text: fn(&Chat) -> Text, act: fn(&Chat)| {
        let (open, focus_button) = (Rc::clone(&open), focus_button.clone());
        let on_click = move |chat: &Chat| {
            open.set(false);
            focus_button();
            act(chat);
        };
        let item = chat.button("item").on_click(on_click).text(move |chat| chat.say(text(chat)));
        chat.node("li").child(item)
    };
    let (closed, expanded, turned) = (Rc::clone(&open), Rc::clone(&open), Rc::clone(&open));
    let list = chat
        .classed("ul", "menu")
        .part("menu-list")
        .attribute("role", "list")
        .hidden(move |_| !closed.get())
        .child(item(|_| Text::NEW_CONVERSATION, new_conversation))
        .child(item(|_| Text::SAVE_TEXT, |chat| chat.runtime.save_text()))
        .child(item(|_| Text::SAVE_JSON, |chat| chat.runtime.save_json()))
        .child(item(
            |chat| if chat.model.sound.get() { Text::SOUND_OFF } else { Text::SOUND_ON },
            |chat| chat.runtime.toggle_sound(),
        ))
        .child(item(|_| Text::WHAT_IS_STORED, |chat| chat.turn_aside(Aside::Stored)))
        .child(item(|_| Text::CLEAR, |chat| chat.turn_aside(Aside::Clear)));
    let button = button
        .part("menu")
        .named(Text::MENU)
        .attribute_of("aria-expanded", move |_| Some(expanded.get().to_string()))
        .on_click(move |chat| {
            chat.runtime.prepare_sound();
            turned.update(|open| *open = !*open);
        })
        .child(icon(chat, DOTS));
    let elsewhere = closing_elsewhere(place.element(), &open);
    place
        .hidden(|chat| chat.model.aside.get() == Some(Aside::Consent))
        .on("keydown", on_keydown)
        .on("focusout", on_focusout)
        .child(button)
        .child(list)
        .with(closing_with_the_panel(chat, &open))
        .with(elsewhere)
}

/// Whoever would lose something, or stays who they are, is asked first.
fn new_conversation(chat: &Chat) {
    if chat.runtime.has_spoken() || chat.runtime.is_known() {
        chat.turn_aside(Aside::NewConversation);
    } else {
        chat.runtime.begin_new_conversation();
    }
}

fn closing_with_the_panel(chat: &Chat, list: &Rc<Signal<bool>>) -> Reaction {
    let (chat, list) = (chat.clone(), Rc::clone(list));
    react(move || {
        if !chat.model.open.get() {
            list.set(false);
        }
    })
}

/// The list goes when the visitor presses elsewhere, on the page or in the panel.
fn closing_elsewhere(place: &HtmlElement, list: &Rc<Signal<bool>>) -> Option<EventListener> {
    let (place, list) = (place.clone(), Rc::clone(list));
    let listener = move |event: &Event| {
        if list.get_untracked() && !event.composed_path().includes(&place, 0) {
            list.set(false);
        }
    };
    web_sys::window().map(|window| EventListener::new(&window, "pointerdown", listener))
}

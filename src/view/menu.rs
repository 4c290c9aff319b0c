//! What a visitor may do with the conversation as a whole: a button in the header, and the list that it shows. A list of
//! plain buttons rather than a `menu`: it works with every screen reader, also where there are no arrow keys.

use leptos::ev::{FocusEvent, KeyboardEvent, pointerdown};
use leptos::html::{Button, Div};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Node;

use super::Chat;
use super::icon::icon;
use crate::model::Aside;
use crate::runtime::Runtime;
use crate::strings::Text;

pub(super) fn menu(chat: Chat, button: NodeRef<Button>) -> impl IntoView {
    let open = RwSignal::new(false);
    let place = NodeRef::<Div>::new();
    close_elsewhere(chat, place, open);
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            // The panel stays open.
            event.stop_propagation();
            open.set(false);
            focus(button);
        }
    };
    let on_focusout = move |event: FocusEvent| {
        // A click that moves no focus is not a way out.
        let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
        let inside = |node: &Node| place.get_untracked().is_some_and(|place| place.contains(Some(node)));
        if next.is_some_and(|next| !inside(&next)) {
            open.set(false);
        }
    };
    let item = move |text: fn(Chat) -> Text, act: fn(Chat)| {
        let on_click = move |_| {
            open.set(false);
            focus(button);
            act(chat);
        };
        view! { <li><button class="item" type="button" on:click=on_click>{move || chat.say(text(chat))}</button></li> }
    };
    view! {
        <div
            class="more"
            hidden=move || chat.model.aside.get() == Some(Aside::Consent)
            node_ref=place
            on:keydown=on_keydown
            on:focusout=on_focusout
        >
            <button
                class="icon-button"
                part="menu"
                type="button"
                aria-label=move || chat.say(Text::MENU)
                title=move || chat.say(Text::MENU)
                aria-expanded=move || open.get().to_string()
                node_ref=button
                on:click=move |_| {
                    chat.tell(Runtime::prepare_sound);
                    open.update(|open| *open = !*open);
                }
            >
                {icon("M12 5h.01M12 12h.01M12 19h.01")}
            </button>
            <ul class="menu" part="menu-list" role="list" hidden=move || !open.get()>
                {item(|_| Text::NEW_CONVERSATION, new_conversation)}
                {item(|_| Text::SAVE_TEXT, |chat| chat.tell(Runtime::save_text))}
                {item(|_| Text::SAVE_JSON, |chat| chat.tell(Runtime::save_json))}
                {item(
                    |chat| if chat.model.sound.get() { Text::SOUND_OFF } else { Text::SOUND_ON },
                    |chat| chat.tell(Runtime::toggle_sound),
                )}
                {item(|_| Text::WHAT_IS_STORED, |chat| chat.turn_aside(Aside::Stored))}
                {item(|_| Text::CLEAR, |chat| chat.turn_aside(Aside::Clear))}
            </ul>
        </div>
    }
}

/// Whoever would lose something, or stays who they are, is asked first.
fn new_conversation(chat: Chat) {
    if chat.runtime.with_value(|runtime| runtime.has_spoken() || runtime.is_known()) {
        chat.turn_aside(Aside::NewConversation);
    } else {
        chat.tell(Runtime::begin_new_conversation);
    }
}

/// The list goes when the visitor presses elsewhere, on the page or in the panel, and with the panel.
fn close_elsewhere(chat: Chat, place: NodeRef<Div>, open: RwSignal<bool>) {
    let listener = window_event_listener(pointerdown, move |event| {
        let inside = place.get_untracked().is_some_and(|place| event.composed_path().includes(&place, 0));
        if open.get_untracked() && !inside {
            open.set(false);
        }
    });
    on_cleanup(move || listener.remove());
    Effect::new(move || {
        if !chat.model.open.get() {
            open.set(false);
        }
    });
}

/// An element that is in the document and shown takes the focus.
pub(super) fn focus(button: NodeRef<Button>) {
    if let Some(button) = button.get_untracked() {
        let _ = button.focus();
    }
}

//! What stands in the conversation's place for a while: a heading, some words, and the ways on. The keyboard's focus goes
//! to its heading, and back to the menu's button.

use leptos::ev::KeyboardEvent;
use leptos::html::{Button, H3};
use leptos::prelude::*;

use super::consent::consent;
use super::{Chat, menu};
use crate::model::Aside;
use crate::options::Persist;
use crate::runtime::Runtime;
use crate::strings::Text;

pub(super) fn aside(chat: Chat, button: NodeRef<Button>) -> impl IntoView {
    let shown = chat.model.aside;
    let heading = NodeRef::<H3>::new();
    Effect::new(move |before: Option<()>| {
        chat.model.focus.track();
        if before.is_some()
            && shown.get_untracked().is_some()
            && let Some(heading) = heading.get_untracked()
        {
            let _ = heading.focus();
        }
    });
    let back = move || {
        shown.set(None);
        menu::focus(button);
    };
    let on_keydown = move |event: KeyboardEvent| {
        // From a question one goes back to the conversation; before it has begun there is none.
        if event.key() == "Escape" && shown.get_untracked() != Some(Aside::Consent) {
            event.stop_propagation();
            back();
        }
    };
    let title = move || {
        shown.get().map(|aside| {
            chat.say(match aside {
                Aside::Consent => Text::CONSENT_TITLE,
                Aside::Stored => Text::WHAT_IS_STORED,
                Aside::NewConversation => Text::NEW_CONVERSATION,
                Aside::Clear => Text::CLEAR,
            })
        })
    };
    view! {
        <section class="aside" part="aside" hidden=move || shown.get().is_none() on:keydown=on_keydown>
            <h3 class="heading" tabindex="-1" node_ref=heading>{title}</h3>
            {move || shown.get().map(|aside| match aside {
                Aside::Consent => consent(chat, button).into_any(),
                Aside::Stored => stored(chat, back).into_any(),
                Aside::NewConversation => {
                    let known = chat.runtime.with_value(Runtime::is_known);
                    let words = view! {
                        <p>{move || chat.say(Text::NEW_QUESTION)}</p>
                        {known.then(|| view! { <p>{move || chat.say_name(Text::STILL_KNOWN)}</p> })}
                    };
                    let act = move || {
                        shown.set(None);
                        chat.tell(Runtime::begin_new_conversation);
                        chat.focus_composer(|| menu::focus(button));
                    };
                    question(chat, words, "button", Text::NEW_CONVERSATION, act, back).into_any()
                }
                Aside::Clear => {
                    let words = view! { <p>{move || chat.say(Text::CLEAR_QUESTION)}</p> };
                    // The panel closes, and the focus goes to the launcher with it.
                    let act = move || chat.tell(Runtime::clear);
                    question(chat, words, "button danger", Text::DELETE, act, back).into_any()
                }
            })}
        </section>
    }
}

fn stored(chat: Chat, back: impl Fn() + Copy + 'static) -> impl IntoView {
    let kept = match chat.config(|config| config.persist) {
        Persist::Local => Text::STORED_IN_BROWSER,
        Persist::Session => Text::STORED_IN_TAB,
        Persist::None => Text::STORED_NOWHERE,
    };
    view! {
        <p>{move || chat.say(kept)}</p>
        <p>{move || chat.say_name(Text::SENT_TO_OWNER)}</p>
        <div class="ways">
            <button class="button" type="button" on:click=move |_| back()>{move || chat.say(Text::BACK)}</button>
        </div>
    }
}

fn question(
    chat: Chat,
    words: impl IntoView,
    class: &'static str,
    yes: Text,
    act: impl Fn() + 'static,
    back: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        {words}
        <div class="ways">
            <button class=class type="button" on:click=move |_| act()>{move || chat.say(yes)}</button>
            <button class="button quiet" type="button" on:click=move |_| back()>{move || chat.say(Text::CANCEL)}</button>
        </div>
    }
}

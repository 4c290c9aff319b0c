//! Where the visitor writes. Enter sends, unless an input method is composing; Shift+Enter breaks the line.

use chat_core::session::sendable;
use chat_core::wire::limits;
use chat_core::{Author, Status};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;

use super::Chat;
use crate::runtime::Runtime;
use crate::strings::Text;

/// Some browsers end a composition before they report the Enter that ended it; its key code tells.
const COMPOSING: u32 = 229;

pub(super) fn composer(chat: Chat) -> impl IntoView {
    let draft = chat.model.draft;
    let input = NodeRef::<Textarea>::new();
    let send = move || {
        let text = draft.with_untracked(|draft| sendable(draft).map(str::to_owned));
        if let Some(text) = text {
            draft.set(String::new());
            chat.tell(|runtime| runtime.submit(text));
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        let composing = event.is_composing() || event.key_code() == COMPOSING;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            send();
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
        focus(input);
    };
    Effect::new(move |before: Option<()>| {
        chat.model.focus.track();
        if before.is_some() {
            focus(input);
        }
    });
    let running = Memo::new(move |_| {
        let newest = chat.model.messages.with(|messages| messages.last().map(|live| live.content.clone()));
        newest.is_some_and(|content| {
            content.with(|shown| shown.message.author == Author::Avatar && shown.message.status == Status::Streaming)
        })
    });
    let counter = Memo::new(move |_| counter(chat, draft.with(|draft| draft.trim().chars().count())));
    let blocked = Memo::new(move |_| draft.with(|draft| sendable(draft).is_none()));
    view! {
        <form class="composer" part="composer" on:submit=on_submit>
            <textarea
                class="input"
                part="input"
                rows="1"
                aria-label=move || chat.say(Text::COMPOSER)
                placeholder=move || chat.say(Text::PLACEHOLDER)
                enterkeyhint="send"
                node_ref=input
                prop:value=move || draft.get()
                on:input=move |event| draft.set(event_target_value(&event))
                on:keydown=on_keydown
            ></textarea>
            <button
                class="send"
                part="send"
                type="submit"
                aria-label=move || chat.say(Text::SEND)
                title=move || chat.say(Text::SEND)
                disabled=move || blocked.get()
            >
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M12 20V5M5.5 11.5L12 5l6.5 6.5" />
                </svg>
            </button>
            <button
                class="send stop"
                part="stop"
                type="button"
                aria-label=move || chat.say(Text::STOP)
                title=move || chat.say(Text::STOP)
                hidden=move || !running.get()
                on:click=move |_| {
                    chat.tell(Runtime::stop);
                    // The button goes, and would take the focus with it.
                    focus(input);
                }
            >
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <rect x="7" y="7" width="10" height="10" rx="2" />
                </svg>
            </button>
            <p class="counter" part="counter" role="status" hidden=move || counter.with(Option::is_none)>
                {move || counter.get()}
            </p>
        </form>
    }
}

/// How much there is, once that is near the limit.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn counter(chat: Chat, characters: usize) -> Option<String> {
    const NEAR: usize = limits::MESSAGE - 500;
    let number = |number: usize| chat.model.language.with(|language| language.number(number as f64));
    match characters {
        0..NEAR => None,
        NEAR..=limits::MESSAGE => Some(format!("{} / {}", number(characters), number(limits::MESSAGE))),
        _ => Some(chat.say_count(Text::EXCESS, (characters - limits::MESSAGE) as f64)),
    }
}

fn focus(input: NodeRef<Textarea>) {
    if let Some(input) = input.get_untracked() {
        // An element that is in the document and shown takes the focus.
        let _ = input.focus();
    }
}

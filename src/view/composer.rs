//! Where the visitor writes. Enter sends, unless an input method is composing; Shift+Enter breaks the line.

use chat_core::session::sendable;
use chat_core::wire::limits;
use chat_core::{Author, Status};
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use super::Chat;
use super::icon::icon;
use super::size::SizeWatch;
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
        keep_focus(input);
    };
    // A tap on a button leaves the focus where it is, and with it a phone's keyboard up or down.
    let on_mousedown = move |event: MouseEvent| {
        if !event.target().is_some_and(|target| target.has_type::<HtmlTextAreaElement>()) {
            event.prevent_default();
        }
    };
    Effect::new(move |before: Option<()>| {
        chat.model.focus.track();
        if before.is_some() {
            focus(input);
        }
    });
    if !grows_by_itself() {
        Effect::new(move || {
            draft.track();
            fit(input);
        });
        // A panel that is closed has no heights, and one that changes its width has others.
        Effect::new(move |_: Option<Option<SizeWatch>>| SizeWatch::new([input.get()?.as_ref()], move || fit(input)));
    }
    let running = Memo::new(move |_| {
        let newest = chat.model.messages.with(|messages| messages.last().map(|live| live.content.clone()));
        newest.is_some_and(|content| {
            content.with(|shown| shown.message.author == Author::Avatar && shown.message.status == Status::Streaming)
        })
    });
    let counter = Memo::new(move |_| counter(chat, draft.with(|draft| draft.trim().chars().count())));
    let excessive = Memo::new(move |_| draft.with(|draft| draft.trim().chars().count() > limits::MESSAGE));
    // Told once: a count that is read out with each key keeps everything else from being heard.
    Effect::new(move || {
        if excessive.get() {
            let words = counter.get_untracked().unwrap_or_default();
            chat.tell(|runtime| runtime.announce(words));
        }
    });
    let blocked = Memo::new(move |_| draft.with(|draft| sendable(draft).is_none()));
    view! {
        <form class="composer" part="composer" on:submit=on_submit on:mousedown=on_mousedown>
            <textarea
                class="input"
                part="input"
                rows="1"
                aria-label=move || chat.say(Text::COMPOSER)
                aria-describedby="counter"
                aria-invalid=move || excessive.get().then_some("true")
                placeholder=move || chat.say(Text::PLACEHOLDER)
                enterkeyhint="send"
                autocapitalize="sentences"
                autocomplete="off"
                spellcheck="true"
                // What is empty follows the panel: `auto` would take it for written from left to right.
                dir=move || draft.with(|draft| !draft.is_empty()).then_some("auto")
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
                {icon("M12 20V5M5.5 11.5L12 5l6.5 6.5")}
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
                    keep_focus(input);
                }
            >
                {icon("M9 7h6a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2z")}
            </button>
            <p class="counter" part="counter" id="counter" hidden=move || counter.with(Option::is_none)>
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

/// A button that goes, or can be pressed no more, would take the focus with it. Where none has it, a keyboard that is down
/// stays down.
fn keep_focus(input: NodeRef<Textarea>) {
    let within = |input: &HtmlTextAreaElement| input.closest(".composer:focus-within").is_ok_and(|form| form.is_some());
    if input.get_untracked().is_some_and(|input| within(&input)) {
        focus(input);
    }
}

/// Newer browsers do as the stylesheet says.
fn grows_by_itself() -> bool {
    web_sys::css::supports_with_value("field-sizing", "content").unwrap_or_default()
}

/// Makes the input as high as its text; the stylesheet sets a limit.
fn fit(input: NodeRef<Textarea>) {
    let Some(input) = input.get_untracked() else { return };
    let set = |height: &str| {
        // Only a style that is computed cannot be written to.
        let _ = HtmlElement::style(&input).set_property("height", height);
    };
    set("auto");
    let edges = input.offset_height() - input.client_height();
    if input.scroll_height() > 0 {
        set(&format!("{}px", input.scroll_height() + edges));
    }
}

fn focus(input: NodeRef<Textarea>) {
    if let Some(input) = input.get_untracked() {
        // An element that is in the document and shown takes the focus.
        let _ = input.focus();
    }
}

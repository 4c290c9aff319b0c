//! Where the visitor writes. Enter sends, unless an input method is composing; Shift+Enter breaks the line.

use chat_core::session::sendable;
use chat_core::wire::limits;
use chat_core::{Author, Status};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent, MouseEvent};

use super::Chat;
use super::icon::{ARROW_UP, SQUARE, icon};
use super::node::Node;
use super::size::SizeWatch;
use crate::signal::{Reaction, react, react_later};
use crate::strings::Text;

/// Some browsers end a composition before they report the Enter that ended it; its key code tells.
const COMPOSING: u32 = 229;

pub(super) fn composer(chat: &Chat) -> Node {
    let input = input(chat);
    let area = input.element().clone().unchecked_into::<HtmlTextAreaElement>();
    let on_submit = {
        let area = area.clone();
        move |chat: &Chat, event: &Event| {
            event.prevent_default();
            send(chat);
            keep_focus(&area);
        }
    };
    // A tap on a button leaves the focus where it is, and with it a phone's keyboard up or down.
    let on_mousedown = |_: &Chat, event: &MouseEvent| {
        if !event.target().is_some_and(|target| target.has_type::<HtmlTextAreaElement>()) {
            event.prevent_default();
        }
    };
    let blocked = |chat: &Chat| chat.model.draft.with(|draft| sendable(draft).is_none());
    let send = chat.classed("button", "send").part("send").attribute("type", "submit").named(Text::SEND);
    let on_stop = {
        let area = area.clone();
        move |chat: &Chat| {
            chat.runtime.stop();
            keep_focus(&area);
        }
    };
    let stop = chat.button("send stop").part("stop").named(Text::STOP).hidden(|chat| !replies(chat)).on_click(on_stop);
    let form = chat
        .classed("form", "composer")
        .part("composer")
        .on("submit", on_submit)
        .on("mousedown", on_mousedown)
        .child(input)
        .child(send.flag("disabled", blocked).child(icon(chat, ARROW_UP)))
        .child(stop.child(icon(chat, SQUARE)))
        .child(
            chat.classed("p", "counter")
                .part("counter")
                .attribute("id", "counter")
                .hidden(|chat| counter(chat).is_none())
                .text(|chat| counter(chat).unwrap_or_default()),
        )
        .with(taking_the_focus(chat, &area))
        .with(telling_of_excess(chat));
    if grows_by_itself() { form } else { form.with(fitting(chat, area)) }
}

fn input(chat: &Chat) -> Node {
    let input = chat.classed("textarea", "input");
    let area = input.element().clone().unchecked_into::<HtmlTextAreaElement>();
    let on_input = {
        let area = area.clone();
        move |chat: &Chat, _: &Event| chat.model.draft.set(area.value())
    };
    let on_keydown = |chat: &Chat, event: &KeyboardEvent| {
        let composing = event.is_composing() || event.key_code() == COMPOSING;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            send(chat);
        }
    };
    let written = {
        let chat = chat.clone();
        // What stands there already is not written again: that would move the cursor.
        react(move || {
            chat.model.draft.with(|draft| {
                if area.value() != *draft {
                    area.set_value(draft);
                }
            });
        })
    };
    let fixed = [
        ("rows", "1"),
        ("aria-describedby", "counter"),
        ("enterkeyhint", "send"),
        ("autocapitalize", "sentences"),
        ("autocomplete", "off"),
        ("spellcheck", "true"),
    ];
    fixed
        .into_iter()
        .fold(input, |input, (name, value)| input.attribute(name, value))
        .part("input")
        .says("aria-label", Text::COMPOSER)
        .says("placeholder", Text::PLACEHOLDER)
        .attribute_of("aria-invalid", |chat| is_excessive(chat).then(|| "true".to_owned()))
        // What is empty follows the panel: `auto` would take it for written from left to right.
        .attribute_of("dir", |chat| chat.model.draft.with(|draft| (!draft.is_empty()).then(|| "auto".to_owned())))
        .on("input", on_input)
        .on("keydown", on_keydown)
        .with(written)
}

fn send(chat: &Chat) {
    let text = chat.model.draft.with_untracked(|draft| sendable(draft).map(str::to_owned));
    if let Some(text) = text {
        chat.model.draft.set(String::new());
        chat.runtime.submit(text);
    }
}

/// Whether there is a reply that can be stopped.
fn replies(chat: &Chat) -> bool {
    let newest = chat.model.messages.with(|messages| messages.last().map(|live| live.content.clone()));
    newest.is_some_and(|content| {
        content.with(|shown| shown.message.author == Author::Avatar && shown.message.status == Status::Streaming)
    })
}

fn is_excessive(chat: &Chat) -> bool {
    characters(chat) > limits::MESSAGE
}

fn characters(chat: &Chat) -> usize {
    chat.model.draft.with(|draft| draft.trim().chars().count())
}

fn taking_the_focus(chat: &Chat, input: &HtmlElement) -> Reaction {
    let (chat, input) = (chat.clone(), input.clone());
    react_later(move || chat.model.focus.track(), move || Node::focus(&input))
}

/// Told once: a count that is read out with each key keeps everything else from being heard.
fn telling_of_excess(chat: &Chat) -> Reaction {
    let chat = chat.clone();
    let mut before = false;
    react(move || {
        let excessive = is_excessive(&chat);
        if excessive && !before {
            chat.runtime.announce(counter(&chat).unwrap_or_default());
        }
        before = excessive;
    })
}

/// A panel that is closed has no heights, and one that changes its width has others.
fn fitting(chat: &Chat, input: HtmlTextAreaElement) -> Reaction {
    let chat = chat.clone();
    let mut watch = None;
    react(move || {
        chat.model.draft.track();
        fit(&input);
        if watch.is_none()
            && chat.model.open.get()
            && let Some(panel) = input.closest(".panel").ok().flatten()
        {
            let input = input.clone();
            watch = SizeWatch::new([&panel], move || fit(&input));
        }
    })
}

/// How much there is, once that is near the limit.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn counter(chat: &Chat) -> Option<String> {
    const NEAR: usize = limits::MESSAGE - 500;
    let number = |number: usize| chat.model.language.with(|language| language.number(number as f64));
    match characters(chat) {
        0..NEAR => None,
        near @ NEAR..=limits::MESSAGE => Some(format!("{} / {}", number(near), number(limits::MESSAGE))),
        much => Some(chat.say_count(Text::EXCESS, (much - limits::MESSAGE) as f64)),
    }
}

/// A button that goes, or can be pressed no more, would take the focus with it. Where none has it, a keyboard that is down
/// stays down.
fn keep_focus(input: &HtmlElement) {
    if input.closest(".composer:focus-within").is_ok_and(|form| form.is_some()) {
        Node::focus(input);
    }
}

/// Newer browsers do as the stylesheet says.
fn grows_by_itself() -> bool {
    web_sys::css::supports_with_value("field-sizing", "content").unwrap_or_default()
}

/// Makes the input as high as its text; the stylesheet sets a limit.
fn fit(input: &HtmlTextAreaElement) {
    let set = |height: &str| {
        // Only a style that is computed cannot be written to.
        let _ = HtmlElement::style(input).set_property("height", height);
    };
    set("auto");
    let edges = input.offset_height() - input.client_height();
    if input.scroll_height() > 0 {
        set(&format!("{}px", input.scroll_height() + edges));
    }
}

//! What can be done with a message, and when it was said. There is one row of it for all messages: it moves into the one
//! that the pointer, a finger or the keyboard's focus is on, so that a long conversation stays light.

use chat_core::MessageId;
use leptos::ev::{FocusEvent, KeyboardEvent, PointerEvent};
use leptos::html::{Button, Div};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

use super::super::Chat;
use super::super::icon::icon;
use super::follower::Follower;
use crate::model::LiveMessage;
use crate::strings::Text;

/// Copied to whatever notices where the reader's attention is.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    chat: Chat,
    follower: Follower,
    row: NodeRef<Div>,
    copy: NodeRef<Button>,
    of: RwSignal<Option<Of>, LocalStorage>,
}

/// The message that the row belongs to.
#[derive(Clone)]
struct Of {
    live: LiveMessage,
    element: Element,
}

impl Actions {
    pub(super) fn new(chat: Chat, follower: Follower) -> Self {
        let actions = Self { chat, follower, row: NodeRef::new(), copy: NodeRef::new(), of: RwSignal::new_local(None) };
        // A message that goes takes the row with it.
        Effect::new(move || {
            chat.model.messages.track();
            if actions.of.with_untracked(|of| of.as_ref().is_some_and(|of| !of.element.is_connected())) {
                actions.of.set(None);
            }
        });
        actions
    }

    pub(super) fn pointed_at(self, event: &PointerEvent) {
        // A finger that scrolls points at nothing.
        if event.pointer_type() != "touch" && !self.has_focus() {
            self.of_message_around(element(event));
        }
    }

    pub(super) fn left(self) {
        if !self.has_focus() {
            self.of_message_around(None);
        }
    }

    pub(super) fn tapped(self, target: Option<Element>) {
        if !self.has_focus() {
            self.of_message_around(target);
        }
    }

    /// The focus has come to a message, or to the transcript as a whole.
    pub(super) fn focused(self, target: Option<Element>) {
        let Some(target) = target.filter(|_| !self.has_focus()) else { return };
        let whole = self.follower.scroller.get_untracked().is_some_and(|scroller| scroller.is_same_node(Some(&target)));
        self.of_message_around(if whole { self.follower.newest_element() } else { Some(target) });
    }

    pub(super) fn blurred(self, event: &FocusEvent) {
        let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        let stays = self.follower.scroller.get_untracked().is_some_and(|scroller| scroller.contains(next.as_ref()));
        if !stays {
            self.of.set(None);
        }
    }

    fn has_focus(self) -> bool {
        self.row.get_untracked().is_some_and(|row| row.matches(":focus-within").unwrap_or_default())
    }

    fn of_message_around(self, target: Option<Element>) {
        let element = target.and_then(|target| target.closest(".message").ok().flatten());
        let id = element.as_ref().and_then(id_of);
        if self.of.with_untracked(|of| of.as_ref().map(|of| of.live.id)) == id {
            return;
        }
        let live = id.and_then(|id| {
            self.chat.model.messages.with_untracked(|messages| {
                messages.binary_search_by_key(&id, |live| live.id).ok().map(|place| messages[place].clone())
            })
        });
        let of = live.zip(element).map(|(live, element)| Of { live, element });
        if let (Some(of), Some(row)) = (&of, self.row.get_untracked()) {
            // It comes from the page and goes into a message that stands there.
            let _ = of.element.append_child(&row);
        }
        self.of.set(of);
    }

    /// With the keyboard from message to message.
    fn on_key(self, event: &KeyboardEvent) {
        let Some(from) = self.of.with_untracked(|of| of.as_ref().map(|of| of.element.clone())) else { return };
        let to = match event.key().as_str() {
            "ArrowUp" => neighbour(&from, Element::previous_element_sibling, Element::last_element_child),
            "ArrowDown" => neighbour(&from, Element::next_element_sibling, Element::first_element_child),
            _ => return,
        };
        event.prevent_default();
        let Some(to) = to else { return };
        self.of_message_around(Some(to));
        if let Some(copy) = self.copy.get_untracked() {
            // To move it took the focus away; it is given back, and the browser brings it into view.
            let _ = copy.focus();
        }
    }
}

/// The row, which stands nowhere in particular at first.
pub(super) fn actions(chat: Chat, actions: Actions) -> impl IntoView {
    let Actions { row, copy, of, .. } = actions;
    let at = move || of.with(|of| of.as_ref().map(|of| of.live.at));
    let time = move || at().map(|at| chat.model.language.with(|language| language.time(at)));
    #[expect(clippy::cast_precision_loss, reason = "the clock's milliseconds are far below 2^53")]
    let instant = move || at().map(|at| String::from(js_sys::Date::new(&(at.0 as f64).into()).to_iso_string()));
    let copied = Memo::new(move |_| {
        of.with(|of| of.as_ref().map(|of| of.live.id)).is_some_and(|id| chat.model.copied.get() == Some(id))
    });
    let says_nothing =
        move || of.with(|of| of.as_ref().is_none_or(|of| of.live.content.with(|shown| shown.message.text.is_empty())));
    let on_copy = move |_| {
        if let Some(id) = of.with_untracked(|of| of.as_ref().map(|of| of.live.id)) {
            chat.tell(|runtime| runtime.copy(id));
        }
    };
    view! {
        <div class="actions" node_ref=row hidden=move || of.with(Option::is_none)>
            <time datetime=instant>{time}</time>
            <button
                class="copy"
                part="copy"
                type="button"
                node_ref=copy
                aria-label=move || chat.say(if copied.get() { Text::COPIED } else { Text::COPY_MESSAGE })
                title=move || chat.say(Text::COPY_MESSAGE)
                hidden=says_nothing
                on:click=on_copy
                on:keydown=move |event| actions.on_key(&event)
            >
                {move || icon(if copied.get() { "M5 12.5l4.5 4.5L19 7.5" } else { "M9 9h11v11H9zM5 15H4V4h11v1" })}
                {move || copied.get().then(|| chat.say(Text::COPIED))}
            </button>
        </div>
    }
}

/// The element that an event is about.
pub(super) fn element(event: &web_sys::Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// Which message an element is, as `view::message` has noted on it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a name of a message before")]
fn id_of(element: &Element) -> Option<MessageId> {
    let id = js_sys::Reflect::get(element, &JsValue::from_str("messageId")).ok()?.as_f64()?;
    Some(MessageId(id as u64))
}

/// The next message in that direction, across what stands between, and from block to block.
fn neighbour(
    from: &Element,
    step: fn(&Element) -> Option<Element>,
    enter: fn(&Element) -> Option<Element>,
) -> Option<Element> {
    let mut at = from.clone();
    loop {
        at = match step(&at) {
            Some(next) => next,
            None => enter(&step(&at.parent_element()?)?)?,
        };
        if at.class_list().contains("message") {
            return Some(at);
        }
    }
}

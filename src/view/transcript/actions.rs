//! What can be done with a message, and when it was said. There is one row of it for all messages: it moves into the one
//! that the pointer, a finger or the keyboard's focus is on, so that a long conversation stays light.

use std::rc::Rc;

use chat_core::{MessageId, Moment};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, FocusEvent, HtmlElement, KeyboardEvent, PointerEvent};

use super::super::Chat;
use super::super::icon::{CHECK, COPY, icon};
use super::super::node::Node;
use super::follower::Follower;
use crate::model::LiveMessage;
use crate::signal::{Reaction, Signal, react};
use crate::strings::Text;

/// Shared by whatever notices where the reader's attention is.
pub(super) struct Actions {
    chat: Chat,
    follower: Rc<Follower>,
    row: HtmlElement,
    copy: HtmlElement,
    of: Signal<Option<Of>>,
}

/// The message that the row belongs to.
#[derive(Clone)]
struct Of {
    live: LiveMessage,
    element: Element,
}

/// The row before it is drawn.
pub(super) struct Row {
    row: Node,
    copy: Node,
}

impl Actions {
    pub(super) fn new(chat: &Chat, follower: &Rc<Follower>, row: &Row) -> Rc<Self> {
        Rc::new(Self {
            chat: chat.clone(),
            follower: Rc::clone(follower),
            row: row.row.element().clone(),
            copy: row.copy.element().clone(),
            of: Signal::new(None),
        })
    }

    pub(super) fn pointed_at(&self, event: &PointerEvent) {
        // A finger that scrolls points at nothing.
        if event.pointer_type() != "touch" && !self.has_focus() {
            self.of_message_around(element(event));
        }
    }

    pub(super) fn left(&self) {
        if !self.has_focus() {
            self.of_message_around(None);
        }
    }

    pub(super) fn tapped(&self, target: Option<Element>) {
        if !self.has_focus() {
            self.of_message_around(target);
        }
    }

    /// The focus has come to a message, or to the transcript as a whole.
    pub(super) fn focused(&self, target: Option<Element>) {
        let Some(target) = target.filter(|_| !self.has_focus()) else { return };
        let whole = self.follower.scroller.is_same_node(Some(&target));
        self.of_message_around(if whole { self.follower.newest_element() } else { Some(target) });
    }

    pub(super) fn blurred(&self, event: &FocusEvent) {
        let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if !self.follower.scroller.contains(next.as_ref()) {
            self.of.set(None);
        }
    }

    /// When the message was said.
    fn at(&self) -> Option<Moment> {
        self.of.with(|of| of.as_ref().map(|of| of.live.at))
    }

    fn is_copied(&self) -> bool {
        let id = self.of.with(|of| of.as_ref().map(|of| of.live.id));
        id.is_some() && self.chat.model.copied.get() == id
    }

    fn says_nothing(&self) -> bool {
        let says_nothing = |of: &Of| of.live.content.with(|shown| shown.message.text.is_empty());
        self.of.with(|of| of.as_ref().is_none_or(says_nothing))
    }

    fn has_focus(&self) -> bool {
        self.row.matches(":focus-within").unwrap_or_default()
    }

    fn of_message_around(&self, target: Option<Element>) {
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
        if let Some(of) = &of {
            // It comes from the page and goes into a message that stands there.
            let _ = of.element.append_child(&self.row);
        }
        self.of.set(of);
    }

    /// With the keyboard from message to message.
    fn on_key(&self, event: &KeyboardEvent) {
        let Some(from) = self.of.with_untracked(|of| of.as_ref().map(|of| of.element.clone())) else { return };
        let to = match event.key().as_str() {
            "ArrowUp" => neighbour(&from, Element::previous_element_sibling, Element::last_element_child),
            "ArrowDown" => neighbour(&from, Element::next_element_sibling, Element::first_element_child),
            _ => return,
        };
        event.prevent_default();
        let Some(to) = to else { return };
        self.of_message_around(Some(to));
        // To move it took the focus away; it is given back, and the browser brings it into view.
        Node::focus(&self.copy);
    }
}

impl Row {
    pub(super) fn new(chat: &Chat) -> Self {
        Self { row: chat.classed("div", "actions"), copy: chat.button("copy") }
    }

    /// The row, which stands nowhere in particular at first.
    pub(super) fn node(self, chat: &Chat, actions: &Rc<Actions>) -> Node {
        let of = |actions: &Rc<Actions>| Rc::clone(actions);
        let (time_of, instant) = (of(actions), of(actions));
        #[expect(clippy::cast_precision_loss, reason = "the clock's milliseconds are far below 2^53")]
        let time = chat
            .node("time")
            .attribute_of("datetime", move |_| {
                let at = instant.at()?.0 as f64;
                Some(String::from(js_sys::Date::new(&at.into()).to_iso_string()))
            })
            .text(move |chat| {
                let time = |at| chat.model.language.with(|language| language.time(at));
                time_of.at().map(time).unwrap_or_default()
            });
        let (named, silent, copied, said, pressed, key) =
            (of(actions), of(actions), of(actions), of(actions), of(actions), of(actions));
        let copy = self
            .copy
            .part("copy")
            .attribute_of("aria-label", move |chat| {
                Some(chat.say(if named.is_copied() { Text::COPIED } else { Text::COPY_MESSAGE }))
            })
            .says("title", Text::COPY_MESSAGE)
            .hidden(move |_| silent.says_nothing())
            .on_click(move |chat| {
                if let Some(id) = pressed.of.with_untracked(|of| of.as_ref().map(|of| of.live.id)) {
                    chat.runtime.copy(id);
                }
            })
            .on("keydown", move |_: &Chat, event: &KeyboardEvent| key.on_key(event))
            .drawn(move |_| copied.is_copied(), |chat, copied| vec![icon(chat, if *copied { CHECK } else { COPY })])
            .text(move |chat| if said.is_copied() { chat.say(Text::COPIED) } else { String::new() });
        let hidden = of(actions);
        self.row.hidden(move |_| hidden.of.with(Option::is_none)).child(time).child(copy)
    }
}

/// A message that goes takes the row with it.
pub(super) fn going_with_its_message(chat: &Chat, actions: &Rc<Actions>) -> Reaction {
    let (chat, actions) = (chat.clone(), Rc::clone(actions));
    react(move || {
        chat.model.messages.track();
        if actions.of.with_untracked(|of| of.as_ref().is_some_and(|of| !of.element.is_connected())) {
            actions.of.set(None);
        }
    })
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

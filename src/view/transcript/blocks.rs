//! The messages in blocks: the newest is drawn at once, the others one after the other while nothing else is to be done,
//! so that a long conversation opens as quickly as a short one. It does not know where the reader is.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use web_sys::{Element, HtmlElement};

use super::super::Chat;
use super::super::message::message;
use super::super::node::{Node, on_next_frame};
use super::rows::{self, Kind, Row};
use crate::model::LiveMessage;
use crate::signal::{Signal, react};
use crate::strings::Text;

/// Drawing may take so much of a frame, in milliseconds.
const BUDGET: f64 = 6.0;

/// All that is drawn, and what waits for it.
struct Blocks {
    chat: Chat,
    place: HtmlElement,
    /// The oldest first.
    blocks: RefCell<Vec<Block>>,
    /// What the next message may change about a day's name, and nothing else does.
    tomorrow: Rc<Signal<f64>>,
    at_work: Cell<bool>,
}

/// Messages that are laid out together.
struct Block {
    number: u64,
    node: Node,
    rows: Vec<(Row, Node)>,
    stage: Stage,
}

/// How far a block has come. What was laid out once has a size that the browser remembers, and need not be laid out again
/// while it is far from what is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing but a size that is about right.
    Empty,
    /// Everything stands there, and is laid out for the first time.
    Drawn,
    Settled,
}

/// Draws the messages into a place.
pub(super) fn blocks(chat: &Chat, place: Node) -> Node {
    let blocks = Rc::new(Blocks {
        chat: chat.clone(),
        place: place.element().clone(),
        blocks: RefCell::default(),
        tomorrow: Rc::default(),
        at_work: Cell::new(false),
    });
    place.with(react(move || {
        blocks.chat.model.messages.with(|messages| blocks.arrange(messages));
        // A closed panel has no sizes to remember.
        if blocks.chat.model.open.get() {
            blocks.begin();
        }
    }))
}

impl Blocks {
    /// Makes what stands there what is to stand there; what is right already is not touched.
    fn arrange(&self, messages: &[LiveMessage]) {
        self.tomorrow.set_if_new(rows::day_after(self.chat.now()));
        let numbers = rows::blocks(messages);
        let blocks = &mut *self.blocks.borrow_mut();
        blocks.retain(|block| {
            let stays = numbers.binary_search(&block.number).is_ok();
            if !stays {
                block.node.element().remove();
            }
            stays
        });
        for (place, number) in numbers.iter().enumerate() {
            if blocks.get(place).is_none_or(|block| block.number != *number) {
                let is_newest = place + 1 == numbers.len();
                let block = Block::new(&self.chat, *number, if is_newest { Stage::Settled } else { Stage::Empty });
                block.node.stand_in(&self.place, blocks.get(place).map(|next| next.node.element().as_ref()));
                blocks.insert(place, block);
            }
        }
        for block in blocks {
            if block.stage != Stage::Empty {
                self.fill(block, messages);
            }
        }
    }

    fn fill(&self, block: &mut Block, messages: &[LiveMessage]) {
        let wanted = rows::rows(messages, block.number);
        if block.rows.iter().map(|(row, _)| row).eq(&wanted) {
            return;
        }
        let mut before = std::mem::take(&mut block.rows);
        for row in wanted {
            let known = before.iter().position(|(known, _)| *known == row).map(|place| before.remove(place).1);
            if let Some(node) = known.or_else(|| self.row(row, messages)) {
                block.rows.push((row, node));
            }
        }
        before.iter().for_each(|(_, node)| node.element().remove());
        let mut next: Option<&Element> = None;
        for (_, node) in block.rows.iter().rev() {
            let element: &Element = node.element();
            let is_there = element.is_connected() && element.next_element_sibling().as_ref() == next;
            if !is_there {
                node.stand_in(block.node.element(), next);
            }
            next = Some(element);
        }
    }

    fn row(&self, Row { id, kind, .. }: Row, messages: &[LiveMessage]) -> Option<Node> {
        let live = messages.binary_search_by_key(&id, |live| live.id).ok().map(|place| &messages[place])?;
        Some(match kind {
            Kind::Day => self.day(live),
            Kind::Joined => self.chat.classed("p", "mark").text(|chat| chat.say_name(Text::JOINED)),
            Kind::Message => message(&self.chat, live),
        })
    }

    /// A heading, so that a screen reader can go from day to day.
    fn day(&self, live: &LiveMessage) -> Node {
        let (at, tomorrow) = (live.at, Rc::clone(&self.tomorrow));
        self.chat.classed("h3", "day").text(move |chat| {
            tomorrow.track();
            chat.model.language.with(|language| language.day(at, chat.now()))
        })
    }

    fn begin(self: &Rc<Self>) {
        let waits = self.blocks.borrow().iter().any(|block| block.stage != Stage::Settled);
        if waits && !self.at_work.replace(true) {
            Self::go_on_soon(Rc::downgrade(self));
        }
    }

    fn go_on_soon(blocks: Weak<Self>) {
        on_next_frame(move || {
            if let Some(blocks) = blocks.upgrade() {
                blocks.go_on();
            }
        });
    }

    /// One frame's work: what was drawn on the last one is laid out by now.
    fn go_on(self: &Rc<Self>) {
        let start = js_sys::Date::now();
        let open = self.chat.model.open.get_untracked();
        let mut goes_on = false;
        self.chat.model.messages.with_untracked(|messages| {
            for block in self.blocks.borrow_mut().iter_mut().rev() {
                match block.stage {
                    Stage::Drawn => block.come_to(Stage::Settled),
                    Stage::Empty if open && js_sys::Date::now() - start < BUDGET => {
                        block.come_to(Stage::Drawn);
                        self.fill(block, messages);
                        goes_on = true;
                    }
                    Stage::Empty | Stage::Settled => {}
                }
            }
        });
        self.at_work.set(goes_on);
        if goes_on {
            Self::go_on_soon(Rc::downgrade(self));
        }
    }
}

impl Block {
    fn new(chat: &Chat, number: u64, stage: Stage) -> Self {
        let mut block = Self { number, node: chat.node("div"), rows: Vec::new(), stage };
        block.come_to(stage);
        block
    }

    fn come_to(&mut self, stage: Stage) {
        self.stage = stage;
        self.node.element().set_class_name(match stage {
            Stage::Empty => "block empty",
            Stage::Drawn => "block",
            Stage::Settled => "block settled",
        });
    }
}

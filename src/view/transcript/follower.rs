//! Where the reader is. It keeps the newest in sight while the reader is at the end, and never pulls one who has scrolled
//! up. Whatever makes the transcript grow or the panel shrink, it hears of it after the layout, once a frame.

use std::cell::RefCell;
use std::rc::Rc;

use chat_core::Author;
use web_sys::{Element, HtmlElement};

use super::super::Chat;
use super::super::node::Node;
use super::super::size::SizeWatch;
use crate::model::LiveMessage;
use crate::options::Scroll;
use crate::signal::Signal;

/// A reader this close to the end, in CSS pixels, is at the end.
const NEAR: i32 = 48;
/// What stays free above a reply whose beginning is kept in sight, in CSS pixels.
const ABOVE: f64 = 12.0;
/// Below it the pointer must find standing still what it is about to press.
const PRESSED: &str = "button, a, audio, video, summary";

/// Shared by whatever moves the transcript.
pub(super) struct Follower {
    chat: Chat,
    pub(super) scroller: HtmlElement,
    blocks: HtmlElement,
    place: RefCell<Place>,
    /// The reader is not at the end.
    pub(super) up: Signal<bool>,
    /// The newest message when the reader was last at the end.
    seen: Signal<u32>,
}

struct Place {
    following: bool,
    /// Where the transcript stood when it was last looked at, and how high all of it was.
    top: i32,
    height: i32,
    /// The reader's hand is on the wheel, the screen or the keys.
    by_hand: bool,
    /// The pointer is over this; nothing may move under it.
    held: Option<Element>,
    /// Up to this message, the reader wants to see the end and not the beginning.
    read_on: u32,
}

impl Follower {
    pub(super) fn new(chat: &Chat, scroller: &HtmlElement, blocks: &HtmlElement) -> Rc<Self> {
        let place = Place { following: true, top: 0, height: 0, by_hand: false, held: None, read_on: 0 };
        Rc::new(Self {
            chat: chat.clone(),
            scroller: scroller.clone(),
            blocks: blocks.clone(),
            place: RefCell::new(place),
            up: Signal::new(false),
            seen: Signal::new(0),
        })
    }

    /// Watches the sizes. What a browser that cannot tell shows is right at each scroll, and not between.
    pub(super) fn watch(self: &Rc<Self>, content: &HtmlElement) -> Option<SizeWatch> {
        let follower = Rc::clone(self);
        let elements: [&Element; 2] = [&self.scroller, content];
        SizeWatch::new(elements, move || follower.settle())
    }

    /// The visitor has said something and wants to see it.
    pub(super) fn follow(&self) {
        let mut place = self.place.borrow_mut();
        place.following = true;
        place.held = None;
    }

    /// The keyboard's focus goes to the transcript.
    pub(super) fn focus(&self) {
        Node::focus(&self.scroller);
    }

    /// The reader wants to see the newest.
    pub(super) fn go_to_end(&self) {
        let scroller = &self.scroller;
        // The button goes, and would take the focus with it. Later, to give it would end the gliding.
        self.focus();
        self.follow();
        self.read_on();
        let end = scroller.scroll_height() - scroller.client_height();
        // A long way is not worth watching. The style says how the class moves, and that it does not where movement
        // disturbs; only an empty name is refused.
        let glides = end - scroller.scroll_top() <= 2 * scroller.client_height();
        let classes = scroller.class_list();
        let _ = classes.toggle_with_force("gliding", glides);
        scroller.set_scroll_top(end);
        let _ = classes.remove_1("gliding");
        self.note(scroller);
    }

    /// How many messages of the other side came since the reader was at the end.
    pub(super) fn missed(&self) -> usize {
        let seen = self.seen.get();
        self.chat.model.messages.with(|messages| {
            let new = messages.iter().rev().take_while(|live| live.serial > seen);
            new.filter(|live| live.author != Author::Visitor).count()
        })
    }

    /// The reader's hand is about to scroll.
    pub(super) fn by_hand(&self) {
        self.place.borrow_mut().by_hand = true;
    }

    /// What is under the pointer stays there.
    pub(super) fn hold(&self, under: Option<&Element>) {
        let holds = self.place.borrow().held.is_some();
        if holds {
            // What the reader has scrolled until now counts before it is let go.
            self.scrolled();
        }
        let held = under.and_then(|element| element.closest(PRESSED).ok().flatten());
        let lets_go = held.is_none();
        let before = std::mem::replace(&mut self.place.borrow_mut().held, held);
        if before.is_some() && lets_go {
            self.settle();
        }
    }

    /// The transcript was scrolled, by whomever.
    pub(super) fn scrolled(&self) {
        let scroller = &self.scroller;
        if !is_shown(scroller) {
            return;
        }
        let (top, height, below) = (scroller.scroll_top(), scroller.scroll_height(), below(scroller));
        match self.turned(top, height, below) {
            Some(true) => self.read_on(),
            Some(false) => self.seen.set(self.newest_serial()),
            None => {}
        }
        self.note(scroller);
    }

    /// Whether the reader, by what was scrolled, has come to the end, or has left it.
    fn turned(&self, top: i32, height: i32, below: i32) -> Option<bool> {
        let place = &mut *self.place.borrow_mut();
        let (before, by_hand) = (place.top, std::mem::take(&mut place.by_hand));
        // Where something above shrinks, the browser moves the rest up by as much: that was nobody.
        let up = top + (place.height - height).max(0) < before;
        // Whoever scrolls while the transcript waits for them reads where they are.
        let read_here = place.held.is_some() && top != before;
        if up && by_hand && below > 1 || (up || read_here) && below >= NEAR {
            return std::mem::take(&mut place.following).then_some(false);
        }
        let came_back = top > before && below < NEAR && !place.following;
        place.following |= came_back;
        came_back.then_some(true)
    }

    /// Puts the transcript where it belongs after its layout has changed.
    pub(super) fn settle(&self) {
        let scroller = &self.scroller;
        if !is_shown(scroller) {
            return;
        }
        let (follows, read_on) = {
            let place = self.place.borrow();
            let held = place.held.as_ref().is_some_and(|held| held.is_connected());
            (place.following && !held, place.read_on)
        };
        if follows {
            let end = scroller.scroll_height() - scroller.client_height();
            match self.beginning(scroller, read_on).filter(|beginning| *beginning < end) {
                Some(beginning) => {
                    scroller.set_scroll_top(beginning);
                    self.place.borrow_mut().following = false;
                    self.seen.set(self.newest_serial());
                }
                None => scroller.set_scroll_top(end),
            }
        }
        self.note(scroller);
    }

    /// Where the newest reply begins, if the site wants that in sight and the reader has not read on.
    fn beginning(&self, scroller: &Element, read_on: u32) -> Option<i32> {
        if self.chat.config().scroll == Scroll::Bottom {
            return None;
        }
        let newest = |live: &LiveMessage| live.author != Author::Visitor && live.serial > read_on;
        self.chat.model.messages.with_untracked(|messages| messages.last().is_some_and(newest)).then_some(())?;
        let message = self.newest_element()?;
        let offset = message.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top() - ABOVE;
        #[expect(clippy::cast_possible_truncation, reason = "a place on a screen")]
        Some((offset.floor() as i32 + scroller.scroll_top()).max(0))
    }

    /// The newest message as it stands on the page.
    pub(super) fn newest_element(&self) -> Option<Element> {
        self.blocks.last_element_child()?.last_element_child()
    }

    fn newest_serial(&self) -> u32 {
        self.chat.model.messages.with_untracked(|messages| messages.last().map_or(0, |live| live.serial))
    }

    /// The reader has come to the end of what there is.
    fn read_on(&self) {
        self.place.borrow_mut().read_on = self.newest_serial();
    }

    fn note(&self, scroller: &Element) {
        let following = {
            let place = &mut *self.place.borrow_mut();
            (place.top, place.height) = (scroller.scroll_top(), scroller.scroll_height());
            place.following
        };
        self.up.set_if_new(!following && below(scroller) >= NEAR);
    }
}

/// A panel that is closed has no place to scroll to.
fn is_shown(scroller: &Element) -> bool {
    scroller.client_height() > 0
}

/// How much there is below what is seen.
fn below(scroller: &Element) -> i32 {
    scroller.scroll_height() - scroller.scroll_top() - scroller.client_height()
}

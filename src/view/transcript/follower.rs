//! Where the reader is. It keeps the newest in sight while the reader is at the end, and never pulls one who has scrolled
//! up. Whatever makes the transcript grow or the panel shrink, it hears of it after the layout, once a frame.

use chat_core::Author;
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::Element;

use super::super::Chat;
use super::super::size::SizeWatch;
use crate::model::LiveMessage;
use crate::options::Scroll;

/// A reader this close to the end, in CSS pixels, is at the end.
const NEAR: i32 = 48;
/// What stays free above a reply whose beginning is kept in sight, in CSS pixels.
const ABOVE: f64 = 12.0;
/// Below it the pointer must find standing still what it is about to press.
const PRESSED: &str = "button, a, audio, video, summary";

/// Copied to whatever moves the transcript.
#[derive(Clone, Copy)]
pub(super) struct Follower {
    chat: Chat,
    pub(super) scroller: NodeRef<Div>,
    pub(super) content: NodeRef<Div>,
    pub(super) blocks: NodeRef<Div>,
    place: StoredValue<Place, LocalStorage>,
    /// The reader is not at the end.
    pub(super) up: RwSignal<bool>,
    /// The newest message when the reader was last at the end.
    seen: RwSignal<u32>,
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
    pub(super) fn new(chat: Chat) -> Self {
        let place = Place { following: true, top: 0, height: 0, by_hand: false, held: None, read_on: 0 };
        Self {
            chat,
            scroller: NodeRef::new(),
            content: NodeRef::new(),
            blocks: NodeRef::new(),
            place: StoredValue::new_local(place),
            up: RwSignal::new(false),
            seen: RwSignal::new(0),
        }
    }

    /// Begins to watch the sizes, once the elements are there.
    pub(super) fn watch(self) {
        Effect::new(move |_: Option<Option<SizeWatch>>| {
            let (scroller, content) = (self.scroller.get()?, self.content.get()?);
            // What a browser that cannot tell shows is right at each scroll, and not between.
            SizeWatch::new([scroller.as_ref(), content.as_ref()], move || self.settle())
        });
    }

    /// The visitor has said something and wants to see it.
    pub(super) fn follow(self) {
        self.place.update_value(|place| {
            place.following = true;
            place.held = None;
        });
    }

    /// The keyboard's focus goes to the transcript.
    pub(super) fn focus(self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            // An element that is in the document and shown takes it.
            let _ = scroller.focus();
        }
    }

    /// The reader wants to see the newest.
    pub(super) fn go_to_end(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
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
        self.note(&scroller);
    }

    /// How many messages of the other side came since the reader was at the end.
    pub(super) fn missed(self) -> usize {
        let seen = self.seen.get();
        self.chat.model.messages.with(|messages| {
            let new = messages.iter().rev().take_while(|live| live.serial > seen);
            new.filter(|live| live.author != Author::Visitor).count()
        })
    }

    /// The reader's hand is about to scroll.
    pub(super) fn by_hand(self) {
        self.place.update_value(|place| place.by_hand = true);
    }

    /// What is under the pointer stays there.
    pub(super) fn hold(self, under: Option<&Element>) {
        if self.place.with_value(|place| place.held.is_some()) {
            // What the reader has scrolled until now counts before it is let go.
            self.scrolled();
        }
        let held = under.and_then(|element| element.closest(PRESSED).ok().flatten());
        let let_go = self.place.try_update_value(|place| {
            let before = place.held.take();
            place.held = held;
            before.is_some() && place.held.is_none()
        });
        if let_go == Some(true) {
            self.settle();
        }
    }

    /// The transcript was scrolled, by whomever.
    pub(super) fn scrolled(self) {
        let Some(scroller) = self.scroller.get_untracked().filter(is_shown) else { return };
        let (top, height, below) = (scroller.scroll_top(), scroller.scroll_height(), below(&scroller));
        let newest = self.newest_serial();
        let turned = self.place.try_update_value(|place| {
            let (before, by_hand) = (place.top, core::mem::take(&mut place.by_hand));
            // Where something above shrinks, the browser moves the rest up by as much: that was nobody.
            let up = top + (place.height - height).max(0) < before;
            // Whoever scrolls while the transcript waits for them reads where they are.
            let read_here = place.held.is_some() && top != before;
            if up && by_hand && below > 1 || (up || read_here) && below >= NEAR {
                return core::mem::take(&mut place.following).then_some(false);
            }
            if top > before && below < NEAR && !place.following {
                place.following = true;
                return Some(true);
            }
            None
        });
        match turned.flatten() {
            Some(true) => self.read_on(),
            Some(false) => self.seen.set(newest),
            None => {}
        }
        self.note(&scroller);
    }

    /// Puts the transcript where it belongs after its layout has changed.
    pub(super) fn settle(self) {
        let Some(scroller) = self.scroller.get_untracked().filter(is_shown) else { return };
        let wanted = self.place.with_value(|place| {
            let held = place.held.as_ref().is_some_and(|held| held.is_connected());
            (place.following && !held).then_some(place.read_on)
        });
        if let Some(read_on) = wanted {
            let end = scroller.scroll_height() - scroller.client_height();
            match self.beginning(&scroller, read_on).filter(|beginning| *beginning < end) {
                Some(beginning) => {
                    scroller.set_scroll_top(beginning);
                    self.place.update_value(|place| place.following = false);
                    self.seen.set(self.newest_serial());
                }
                None => scroller.set_scroll_top(end),
            }
        }
        self.note(&scroller);
    }

    /// Where the newest reply begins, if the site wants that in sight and the reader has not read on.
    fn beginning(self, scroller: &Element, read_on: u32) -> Option<i32> {
        if self.chat.config(|config| config.scroll) == Scroll::Bottom {
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
    pub(super) fn newest_element(self) -> Option<Element> {
        self.blocks.get_untracked()?.last_element_child()?.last_element_child()
    }

    fn newest_serial(self) -> u32 {
        self.chat.model.messages.with_untracked(|messages| messages.last().map_or(0, |live| live.serial))
    }

    /// The reader has come to the end of what there is.
    fn read_on(self) {
        let newest = self.newest_serial();
        self.place.update_value(|place| place.read_on = newest);
    }

    fn note(self, scroller: &Element) {
        let top = scroller.scroll_top();
        let height = scroller.scroll_height();
        let following = self.place.try_update_value(|place| {
            (place.top, place.height) = (top, height);
            place.following
        });
        let up = following == Some(false) && below(scroller) >= NEAR;
        if self.up.get_untracked() != up {
            self.up.set(up);
        }
    }
}

/// A panel that is closed has no place to scroll to.
fn is_shown(scroller: &web_sys::HtmlDivElement) -> bool {
    scroller.client_height() > 0
}

/// How much there is below what is seen.
fn below(scroller: &Element) -> i32 {
    scroller.scroll_height() - scroller.scroll_top() - scroller.client_height()
}

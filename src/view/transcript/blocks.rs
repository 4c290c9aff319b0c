//! The messages in blocks: the newest is drawn at once, the others one after the other while nothing else is to be done,
//! so that a long conversation opens as quickly as a short one. It does not know where the reader is.

use chat_core::Moment;
use leptos::html::Div;
use leptos::prelude::*;

use super::super::Chat;
use super::super::message::message;
use super::rows::{self, Kind, Row};
use crate::strings::Text;

/// Drawing may take so much of a frame, in milliseconds.
const BUDGET: f64 = 6.0;

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

/// Blocks that wait to be drawn, the newest last, and those that were drawn on this frame.
#[derive(Clone, Copy)]
struct Backlog {
    empty: StoredValue<Vec<RwSignal<Stage>>>,
    drawn: StoredValue<Vec<RwSignal<Stage>>>,
    at_work: StoredValue<bool>,
}

pub(super) fn blocks(chat: Chat, place: NodeRef<Div>) -> impl IntoView {
    let backlog = Backlog {
        empty: StoredValue::new(Vec::new()),
        drawn: StoredValue::new(Vec::new()),
        at_work: StoredValue::new(false),
    };
    let numbers = Memo::new(move |_| chat.model.messages.with(|messages| rows::blocks(messages)));
    // What the next message may change about a day's name, and nothing else does.
    let tomorrow = Memo::new(move |_| {
        chat.model.messages.track();
        rows::day_after(chat.now())
    });
    // A closed panel has no sizes to remember.
    Effect::new(move || {
        numbers.track();
        if chat.model.open.get() {
            backlog.begin(chat);
        }
    });
    view! {
        <div class="blocks" node_ref=place>
            <For each=move || numbers.get() key=|number| *number children=move |number| block(chat, number, numbers, backlog, tomorrow) />
        </div>
    }
}

fn block(chat: Chat, number: u64, numbers: Memo<Vec<u64>>, backlog: Backlog, tomorrow: Memo<f64>) -> impl IntoView {
    let newest = numbers.with_untracked(|numbers| numbers.last() == Some(&number));
    let stage = RwSignal::new(if newest { Stage::Settled } else { Stage::Empty });
    if !newest {
        backlog.empty.update_value(|empty| empty.push(stage));
    }
    let rows = Memo::new(move |_| chat.model.messages.with(|messages| rows::rows(messages, number)));
    let is_drawn = Memo::new(move |_| stage.get() != Stage::Empty);
    let content = move || {
        is_drawn.get().then(|| {
            view! { <For each=move || rows.get() key=|row| *row children=move |row| self::row(chat, row, tomorrow) /> }
        })
    };
    view! {
        <div class="block" class:empty=move || !is_drawn.get() class:settled=move || stage.get() == Stage::Settled>
            {content}
        </div>
    }
}

fn row(chat: Chat, Row { id, kind, .. }: Row, tomorrow: Memo<f64>) -> Option<AnyView> {
    let live = chat.model.messages.with_untracked(|messages| {
        messages.binary_search_by_key(&id, |live| live.id).ok().map(|place| messages[place].clone())
    })?;
    Some(match kind {
        Kind::Day => day(chat, live.at, tomorrow).into_any(),
        Kind::Joined => view! { <p class="mark">{move || chat.say_name(Text::JOINED)}</p> }.into_any(),
        Kind::Message => message(chat, live).into_any(),
    })
}

/// A heading, so that a screen reader can go from day to day.
fn day(chat: Chat, at: Moment, tomorrow: Memo<f64>) -> impl IntoView {
    let name = move || {
        // A memo that nobody reads never learns what it depends on.
        tomorrow.get();
        chat.model.language.with(|language| language.day(at, chat.now()))
    };
    view! { <h3 class="day">{name}</h3> }
}

impl Backlog {
    fn begin(self, chat: Chat) {
        if !self.empty.with_value(Vec::is_empty) && !self.at_work.get_value() {
            self.at_work.set_value(true);
            request_animation_frame(move || self.go_on(chat));
        }
    }

    /// One frame's work. A chat that has ended has no signals left.
    fn go_on(self, chat: Chat) {
        let Some(drawn) = self.drawn.try_update_value(core::mem::take) else { return };
        for stage in drawn {
            // A block may be gone already.
            let _ = stage.try_set(Stage::Settled);
        }
        let start = js_sys::Date::now();
        let open = chat.model.open.get_untracked();
        while open && js_sys::Date::now() - start < BUDGET {
            let Some(stage) = self.empty.try_update_value(Vec::pop).flatten() else { break };
            let _ = stage.try_set(Stage::Drawn);
            self.drawn.update_value(|drawn| drawn.push(stage));
        }
        if self.drawn.with_value(Vec::is_empty) {
            self.at_work.set_value(false);
        } else {
            request_animation_frame(move || self.go_on(chat));
        }
    }
}

//! The messages, and the sign that one is awaited. It stays at the newest while the reader is there, and never pulls a
//! reader who has scrolled up.

use chat_core::{Author, Waiting};
use leptos::html::Div;
use leptos::prelude::*;

use super::Chat;
use super::message::message;
use super::size::SizeWatch;
use crate::strings::Text;

/// A reader this close to the end, in CSS pixels, is at the end.
const NEAR: i32 = 48;

/// Keeps the newest in sight. Copied to every message, since each grows by itself.
#[derive(Clone, Copy)]
pub(super) struct Follower {
    scroller: NodeRef<Div>,
    following: StoredValue<bool>,
    /// How high the place was when it was last looked at.
    height: StoredValue<i32>,
}

impl Follower {
    /// Something was drawn at the end.
    pub(super) fn follow(self) {
        if self.following.get_value()
            && let Some(scroller) = self.scroller.get_untracked()
        {
            scroller.set_scroll_top(scroller.scroll_height());
        }
    }

    /// A keyboard that comes up, or a composer that grows, leaves less room, and the newest is to be seen in it.
    fn note_size(self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            self.height.set_value(scroller.client_height());
            self.follow();
        }
    }

    /// In a place that has just lost some of its height, it is not the reader who is far from the end.
    fn note_place(self) {
        if let Some(scroller) = self.scroller.get_untracked()
            && scroller.client_height() == self.height.get_value()
        {
            let below = scroller.scroll_height() - scroller.scroll_top() - scroller.client_height();
            self.following.set_value(below < NEAR);
        }
    }
}

pub(super) fn transcript(chat: Chat) -> impl IntoView {
    let follower =
        Follower { scroller: NodeRef::new(), following: StoredValue::new(true), height: StoredValue::new(0) };
    Effect::new(move |count: Option<usize>| {
        let now = chat.model.messages.with(Vec::len);
        chat.model.waiting.track();
        chat.model.thinking.track();
        chat.model.open.track();
        // A visitor who says something wants to see it.
        if count.is_some_and(|count| now > count) && newest_is_the_visitors(chat) {
            follower.following.set_value(true);
        }
        follower.follow();
        now
    });
    Effect::new(move |_: Option<Option<SizeWatch>>| {
        let scroller = follower.scroller.get();
        scroller.and_then(|scroller| SizeWatch::new(&scroller, move || follower.note_size()))
    });
    let waiting = move || chat.model.waiting.get();
    let thinking = move || chat.model.thinking.get();
    let line = move || thinking().or_else(|| Text::waiting(waiting()).map(|text| chat.say_name(text)));
    view! {
        <div
            class="transcript"
            part="transcript"
            role="log"
            aria-live="off"
            aria-label=move || chat.say(Text::TRANSCRIPT)
            tabindex="0"
            node_ref=follower.scroller
            on:scroll=move |_| follower.note_place()
        >
            <p class="mark" hidden=move || !chat.model.shortened.get()>{move || chat.say(Text::SHORTENED)}</p>
            <For
                each=move || chat.model.messages.get()
                key=|live| live.serial
                children=move |live| message(chat, live, follower)
            />
            <div class="waiting" hidden=move || waiting() == Waiting::No && thinking().is_none()>
                <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
                <span class:unseen=move || waiting() == Waiting::Typing && thinking().is_none()>{line}</span>
            </div>
        </div>
    }
}

fn newest_is_the_visitors(chat: Chat) -> bool {
    chat.model.messages.with_untracked(|messages| {
        messages.last().is_some_and(|live| live.content.with_untracked(|shown| shown.message.author == Author::Visitor))
    })
}

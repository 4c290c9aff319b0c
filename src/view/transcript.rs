//! The conversation as it is read: what is said about the avatar first, the messages, the sign that one is awaited, and
//! the way back to the newest.

mod actions;
mod blocks;
mod follower;
mod rows;
mod starters;
mod to_end;

use chat_core::{Author, Waiting};
use leptos::ev::PointerEvent;
use leptos::prelude::*;

use super::Chat;
use crate::options::Wording;
use crate::strings::Text;
use actions::{Actions, element};
use follower::Follower;

pub(super) fn transcript(chat: Chat) -> impl IntoView {
    let follower = Follower::new(chat);
    let actions = Actions::new(chat, follower);
    follower.watch();
    // A visitor who says something wants to see it.
    Effect::new(move |before: Option<u32>| {
        let newest = chat.model.messages.with(|messages| messages.last().cloned());
        let serial = newest.as_ref().map_or(0, |live| live.serial);
        if newest.is_some_and(|live| live.author == Author::Visitor) && before.is_some_and(|before| serial > before) {
            follower.follow();
        }
        serial
    });
    let on_pointer = move |event: PointerEvent| {
        follower.hold(element(&event).as_ref());
        actions.pointed_at(&event);
    };
    view! {
        <div class="reading">
            <div
                class="transcript"
                part="transcript"
                role="log"
                aria-live="off"
                aria-label=move || chat.say(Text::TRANSCRIPT)
                tabindex="0"
                node_ref=follower.scroller
                on:scroll=move |_| follower.scrolled()
                on:wheel=move |_| follower.by_hand()
                on:touchmove=move |_| follower.by_hand()
                on:keydown=move |_| follower.by_hand()
                on:pointerover=on_pointer
                on:pointerleave=move |_| {
                    follower.hold(None);
                    actions.left();
                }
                on:click=move |event| actions.tapped(element(&event))
                on:focusin=move |event| actions.focused(element(&event))
                on:focusout=move |event| actions.blurred(&event)
            >
                <div node_ref=follower.content>
                    {ai_notice(chat)}
                    <p class="mark" hidden=move || !chat.model.shortened.get()>{move || chat.say(Text::SHORTENED)}</p>
                    {blocks::blocks(chat, follower.blocks)}
                    {starters::starters(chat)}
                    {waiting(chat)}
                </div>
                {actions::actions(chat, actions)}
            </div>
            {to_end::to_end(chat, follower)}
        </div>
    }
}

/// That an AI speaks, in the widget's words or the site's.
fn ai_notice(chat: Chat) -> impl IntoView {
    let words = move || match chat.config(|config| config.notice.clone()) {
        Wording::None => None,
        Wording::Standard => chat.model.profile.with(Option::is_some).then(|| chat.say_name(Text::AI_NOTICE)),
        Wording::Own(words) => Some(words),
    };
    move || words().map(|words| view! { <p class="mark" part="ai-notice" dir="auto">{words}</p> })
}

/// The sign that a reply is awaited.
fn waiting(chat: Chat) -> impl IntoView {
    let waiting = move || chat.model.waiting.get();
    let thinking = move || chat.model.thinking.get();
    let line = move || thinking().or_else(|| Text::waiting(waiting()).map(|text| chat.say_name(text)));
    view! {
        <div class="waiting" part="waiting" hidden=move || waiting() == Waiting::No && thinking().is_none()>
            <span class="dots" aria-hidden="true">{[(); 3].map(|()| view! { <i></i> })}</span>
            <span class:unseen=move || waiting() == Waiting::Typing && thinking().is_none()>{line}</span>
        </div>
    }
}

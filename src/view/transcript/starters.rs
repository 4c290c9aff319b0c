//! What a visitor may ask first: buttons under the greeting, until something was said.

use chat_core::Author;
use chat_core::session::sendable;
use leptos::prelude::*;

use super::super::Chat;
use super::follower::Follower;
use crate::strings::Text;

/// More would be a list to read, and no help.
const AT_MOST: usize = 6;

pub(super) fn starters(chat: Chat, follower: Follower) -> impl IntoView {
    let silent = Memo::new(move |_| {
        let says = |live: &crate::model::LiveMessage| live.author == Author::Visitor;
        !chat.model.shortened.get() && !chat.model.messages.with(|messages| messages.iter().any(says))
    });
    let starters = Memo::new(move |_| {
        let suggested = chat.model.profile.with(|profile| profile.as_ref().map(|profile| profile.starters.clone()));
        let Some(suggested) = suggested.filter(|_| silent.get()) else { return Vec::new() };
        let own = chat.config(|config| config.starters.clone());
        let starters = if own.is_empty() { suggested } else { own };
        starters.iter().filter_map(|starter| sendable(starter)).map(str::to_owned).take(AT_MOST).collect()
    });
    let ask = move |starter: String| {
        chat.tell(|runtime| runtime.submit(starter));
        // The button goes, and would take the focus with it.
        chat.focus_composer(|| follower.focus());
    };
    let button = move |starter: String| {
        let asked = starter.clone();
        view! { <button class="starter" part="starter" type="button" dir="auto" on:click=move |_| ask(asked.clone())>{starter}</button> }
    };
    view! {
        <div
            class="starters"
            role="group"
            aria-label=move || chat.say(Text::STARTERS)
            hidden=move || starters.with(Vec::is_empty)
        >
            {move || starters.get().into_iter().map(button).collect_view()}
        </div>
    }
}

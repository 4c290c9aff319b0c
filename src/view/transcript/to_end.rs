//! The way back to the newest message, for a reader who has scrolled up. It announces nothing by itself.

use leptos::prelude::*;

use super::super::Chat;
use super::super::icon::icon;
use super::follower::Follower;
use crate::strings::Text;

pub(super) fn to_end(chat: Chat, follower: Follower) -> impl IntoView {
    let missed = Memo::new(move |_| if follower.up.get() { follower.missed() } else { 0 });
    let name = move || (missed.get() == 0).then(|| chat.say(Text::TO_END));
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let count = move || (missed.get() > 0).then(|| chat.say_count(Text::NEW_MESSAGES, missed.get() as f64));
    view! {
        <button
            class="to-end"
            part="to-end"
            type="button"
            hidden=move || !follower.up.get()
            aria-label=name
            title=name
            on:click=move |_| follower.go_to_end()
        >
            {icon("M12 4v15M5.5 12.5L12 19l6.5-6.5")}
            {count}
        </button>
    }
}

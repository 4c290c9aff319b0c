//! Signing in with SecondMe, where the site offers it, and out again.

use leptos::prelude::*;

use super::Chat;
use crate::runtime::Runtime;
use crate::strings::Text;

pub(super) fn account(chat: Chat) -> impl IntoView {
    let signed_in = Memo::new(move |_| {
        chat.model.profile.with(|profile| profile.as_ref().is_some_and(|profile| profile.signed_in))
    });
    view! {
        <div class="account" part="account">
            {move || match signed_in.get() {
                true => view! {
                    <span>{move || chat.say(Text::SIGNED_IN)}</span>
                    <button class="link" type="button" on:click=move |_| chat.tell(Runtime::sign_out)>
                        {move || chat.say(Text::SIGN_OUT)}
                    </button>
                }
                .into_any(),
                false => view! {
                    <button class="link" type="button" on:click=move |_| chat.tell(Runtime::sign_in)>
                        {move || chat.say(Text::SIGN_IN)}
                    </button>
                }
                .into_any(),
            }}
            <span class="trouble" role="alert">{move || chat.model.login_trouble.get().map(|trouble| chat.say(trouble))}</span>
        </div>
    }
}

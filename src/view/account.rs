//! Signing in with SecondMe, where the site offers it, and out again.

use leptos::prelude::*;

use super::Chat;
use crate::runtime::Runtime;
use crate::strings;

pub(super) fn account(chat: Chat) -> impl IntoView {
    let signed_in = Memo::new(move |_| {
        chat.model.profile.with(|profile| profile.as_ref().is_some_and(|profile| profile.signed_in))
    });
    view! {
        <div class="account" part="account">
            {move || match signed_in.get() {
                true => view! {
                    <span>{strings::SIGNED_IN}</span>
                    <button class="link" type="button" on:click=move |_| chat.tell(Runtime::sign_out)>
                        {strings::SIGN_OUT}
                    </button>
                }
                .into_any(),
                false => view! {
                    <button class="link" type="button" on:click=move |_| chat.tell(Runtime::sign_in)>
                        {strings::SIGN_IN}
                    </button>
                }
                .into_any(),
            }}
            <span class="trouble" role="alert">{move || chat.model.login_trouble.get()}</span>
        </div>
    }
}

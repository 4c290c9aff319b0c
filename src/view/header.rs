//! Who the visitor talks to, whether there is a connection, the menu, and the way out.

use chat_core::Connection;
use leptos::html::Button;
use leptos::prelude::*;

use super::icon::icon;
use super::{Chat, menu};
use crate::model::Aside;
use crate::runtime::Runtime;
use crate::strings::Text;

pub(super) fn header(chat: Chat, menu: NodeRef<Button>) -> impl IntoView {
    let connected = move || matches!(chat.model.connection.get(), Connection::Open);
    // Before the visitor has agreed nothing is being connected.
    let begins = move || chat.model.aside.get() != Some(Aside::Consent);
    view! {
        <div class="header" part="header">
            {move || portrait(chat)}
            <div class="who">
                <h2 class="title" part="title" tabindex="-1">{move || chat.name()}</h2>
                <p class="status" part="status" class:connected=connected hidden=move || !begins()>
                    {move || chat.say(Text::status(chat.model.connection.get()))}
                </p>
            </div>
            {menu::menu(chat, menu)}
            {(!chat.is_inline()).then(|| close(chat))}
        </div>
    }
}

fn close(chat: Chat) -> impl IntoView {
    view! {
        <button
            class="icon-button"
            part="close"
            type="button"
            aria-label=move || chat.say(Text::CLOSE)
            title=move || chat.say(Text::CLOSE)
            on:click=move |_| chat.tell(Runtime::close)
        >
            {icon("M6 6l12 12M18 6L6 18")}
        </button>
    }
}

/// The avatar's picture where the proxy gave a safe address of one, else the first letter of its name.
fn portrait(chat: Chat) -> impl IntoView {
    let image = chat.model.profile.with(|profile| profile.as_ref().and_then(|profile| profile.image.clone()));
    match image.filter(|image| image.starts_with("https://")) {
        Some(image) => view! { <img class="portrait" src=image alt="" /> }.into_any(),
        None => {
            let initial = chat.name().chars().next().map(|letter| letter.to_uppercase().to_string());
            view! { <span class="portrait" aria-hidden="true">{initial}</span> }.into_any()
        }
    }
}

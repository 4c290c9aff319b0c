//! Another Leptos app, a shop, with the chat as one of its components. It knows of the chat what the crate shows.
#![cfg(target_arch = "wasm32")]

use std::rc::Rc;

use leptos::prelude::*;
use secondme_chat::{ChatHandle, ChatOptions, ChatWidget, Theme};

/// The shop's page.
#[component]
pub fn Shop() -> impl IntoView {
    let (chat, set_chat) = signal_local(None::<Rc<ChatHandle>>);
    let ask = move |_| {
        if let Some(chat) = chat.get_untracked() {
            chat.send("Where is my parcel?".into());
        }
    };
    view! {
        <h1>"Paper & Feather"</h1>
        <button on:click=ask>"Where is my parcel?"</button>
        <ChatWidget
            options=ChatOptions { base: "/chat".into(), theme: Theme::Light, ..ChatOptions::default() }
            on_chat=move |chat| set_chat.set(Some(chat))
        />
    }
}

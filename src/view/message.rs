//! One message. A chunk adds text to its text node and touches nothing else.

use chat_core::{Author, Message, MessageId, Status};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Chat;
use super::transcript::Follower;
use crate::model::LiveMessage;
use crate::strings;

pub(super) fn message(chat: Chat, live: LiveMessage, follower: Follower) -> impl IntoView {
    let LiveMessage { id, content } = live;
    let author = content.with_untracked(|message| message.author);
    let bubble = NodeRef::<Div>::new();
    Effect::new({
        let content = content.clone();
        move |shown: Option<usize>| {
            let Some(bubble) = bubble.get() else { return 0 };
            let length = content.with(|message| append(&bubble, &message.text, shown.unwrap_or_default()));
            follower.follow();
            length
        }
    });
    let status = {
        let content = content.clone();
        move || content.with(status_name)
    };
    view! {
        <div class="message" part="message" data-author=author_name(author) data-status=status>
            <div class="bubble" part="bubble" dir="auto" node_ref=bubble></div>
            {move || content.with(|message| footnote(chat, id, &message.status))}
        </div>
    }
}

/// Adds what is new since `shown` bytes; the text only ever grows.
fn append(bubble: &web_sys::Element, text: &str, shown: usize) -> usize {
    let new = text.get(shown..).unwrap_or_default();
    if !new.is_empty() {
        match bubble.first_child().and_then(|node| node.dyn_into::<web_sys::Text>().ok()) {
            // Only a node outside of any document refuses, and this one is in one.
            Some(node) => drop(node.append_data(new)),
            None => bubble.set_text_content(Some(new)),
        }
    }
    text.len()
}

/// What is to be said about a message that did not go its usual way.
fn footnote(chat: Chat, id: MessageId, status: &Status) -> Option<AnyView> {
    match status {
        Status::Failed(failure) => {
            let retry = move |_| chat.tell(|runtime| runtime.retry(id));
            Some(
                view! {
                    <p class="footnote" role="alert">
                        {strings::message(*failure)} " "
                        <button class="link" type="button" on:click=retry>{strings::TRY_AGAIN}</button>
                    </p>
                }
                .into_any(),
            )
        }
        Status::Interrupted => Some(view! { <p class="footnote">{strings::INTERRUPTED}</p> }.into_any()),
        Status::Sending => Some(view! { <p class="footnote quiet">{strings::SENDING}</p> }.into_any()),
        Status::Sent | Status::Streaming | Status::Complete => None,
    }
}

/// The stable names of the page's contract.
fn author_name(author: Author) -> &'static str {
    match author {
        Author::Visitor => "visitor",
        Author::Avatar => "avatar",
    }
}

/// The stable names of the page's contract.
fn status_name(message: &Message) -> &'static str {
    match message.status {
        Status::Sending => "sending",
        Status::Sent => "sent",
        Status::Failed(_) => "failed",
        Status::Streaming => "streaming",
        Status::Complete => "complete",
        Status::Interrupted => "interrupted",
    }
}

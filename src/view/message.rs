//! One message. A chunk adds text to its text node and touches nothing else.

use chat_core::{Attachment, AttachmentKind, Author, MessageId, Status};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Chat;
use crate::model::{LiveMessage, Shown};
use crate::runtime::Runtime;
use crate::strings::Text;

pub(super) fn message(chat: Chat, live: LiveMessage) -> impl IntoView {
    let LiveMessage { id, content, .. } = live;
    let author = content.with_untracked(|shown| shown.message.author);
    let bubble = NodeRef::<Div>::new();
    Effect::new({
        let content = content.clone();
        move |drawn: Option<Drawn>| {
            let Some(bubble) = bubble.get() else { return Drawn::default() };
            content.with(|shown| draw(&bubble, shown, &drawn.unwrap_or_default()))
        }
    });
    // A chunk changes neither of these, and must not have them drawn again.
    let status = Memo::new({
        let content = content.clone();
        move |_| content.with(|shown| shown.message.status.clone())
    });
    let attachments = Memo::new(move |_| content.with(|shown| shown.message.attachments.clone()));
    // The owner's name can be seen; who else speaks is seen from the side and the colour, and heard from this.
    let name = move || match author {
        Author::Owner => chat.say_name(Text::OWNER_NAME),
        Author::Visitor => chat.say(Text::YOU),
        Author::Avatar => chat.name(),
    };
    let says = move || (author == Author::Owner).then(name);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let number = id.0 as f64;
    view! {
        <div
            class="message"
            part="message"
            role="article"
            aria-label=name
            data-author=author_name(author)
            data-status=move || status.with(status_name)
            prop:messageId=number
        >
            {move || says().map(|name| view! { <p class="speaker">{name}</p> })}
            <div class="bubble" part="bubble" dir="auto" node_ref=bubble></div>
            {move || attachments.get().into_iter().map(|attachment| self::attachment(chat, attachment)).collect_view()}
            {move || status.with(|status| footnote(chat, id, author, status))}
        </div>
    }
}

/// What of a message stands on the page.
#[derive(Default)]
struct Drawn {
    bytes: usize,
    rewritten: u32,
}

/// Adds what is new. Only a chunk that came out of order makes the text change elsewhere than at its end.
fn draw(bubble: &web_sys::Element, shown: &Shown, drawn: &Drawn) -> Drawn {
    let text = &shown.message.text;
    let bytes = if shown.rewritten == drawn.rewritten { drawn.bytes } else { 0 };
    let new = text.get(bytes..).unwrap_or_default();
    match bubble.first_child().and_then(|node| node.dyn_into::<web_sys::Text>().ok()) {
        // Only a node outside of any document refuses, and this one is in one.
        Some(node) if bytes > 0 && !new.is_empty() => drop(node.append_data(new)),
        _ if bytes == 0 && !text.is_empty() => bubble.set_text_content(Some(text)),
        _ => {}
    }
    Drawn { bytes: text.len(), rewritten: shown.rewritten }
}

/// A link, or a player that loads nothing before the visitor starts it. The core has checked the address.
fn attachment(chat: Chat, attachment: Attachment) -> AnyView {
    let Attachment { kind, url, title } = attachment;
    let label = move || title.clone().unwrap_or_else(|| chat.say(Text::attachment(kind)));
    match kind {
        AttachmentKind::Audio => {
            view! { <audio class="player" controls=true preload="none" src=url aria-label=label></audio> }.into_any()
        }
        AttachmentKind::Video => {
            view! { <video class="player" controls=true preload="none" src=url aria-label=label></video> }.into_any()
        }
        AttachmentKind::Image | AttachmentKind::Link => view! {
            <a class="attachment" href=url target="_blank" rel="noopener noreferrer nofollow ugc">
                {label}
            </a>
        }
        .into_any(),
    }
}

/// What is to be said about a message that did not go its usual way.
fn footnote(chat: Chat, id: MessageId, author: Author, status: &Status) -> Option<AnyView> {
    let say = |text| move || chat.say(text);
    match (author, status) {
        (Author::Visitor, Status::Failed(failure)) => {
            let retry = move |_| chat.tell(|runtime| runtime.retry(id));
            let delete = move |_| chat.tell(|runtime: &Runtime| runtime.delete(id));
            Some(
                view! {
                    <p class="footnote" role="alert">
                        {say(Text::message(*failure))} " "
                        <button class="link" type="button" on:click=retry>{say(Text::TRY_AGAIN)}</button> " "
                        <button class="link" type="button" on:click=delete>{say(Text::DELETE)}</button>
                    </p>
                }
                .into_any(),
            )
        }
        (_, Status::Failed(failure)) => {
            Some(view! { <p class="footnote" role="alert">{say(Text::reply(*failure))}</p> }.into_any())
        }
        (_, Status::Interrupted) => Some(view! { <p class="footnote">{say(Text::INTERRUPTED)}</p> }.into_any()),
        (_, Status::Stopped) => Some(view! { <p class="footnote">{say(Text::STOPPED)}</p> }.into_any()),
        (_, Status::Sending) => Some(view! { <p class="footnote quiet">{say(Text::SENDING)}</p> }.into_any()),
        (_, Status::Sent | Status::Streaming | Status::Complete) => None,
    }
}

/// The stable names of the page's contract.
fn author_name(author: Author) -> &'static str {
    match author {
        Author::Visitor => "visitor",
        Author::Avatar => "avatar",
        Author::Owner => "owner",
    }
}

/// The stable names of the page's contract. A reply that was stopped has come to its end.
fn status_name(status: &Status) -> &'static str {
    match status {
        Status::Sending => "sending",
        Status::Sent => "sent",
        Status::Failed(_) => "failed",
        Status::Streaming => "streaming",
        Status::Complete | Status::Stopped => "complete",
        Status::Interrupted => "interrupted",
    }
}

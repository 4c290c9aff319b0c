//! One message: who says it, what it says, and what is to be said about it.

use chat_core::{Attachment, AttachmentKind, Author, MessageId, Status};
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::Chat;
use super::bubble::Bubble;
use super::node::{Node, set_attribute};
use crate::model::{LiveMessage, Shown};
use crate::signal::react;
use crate::strings::Text;

/// One reaction draws all of a message: a long conversation has thousands of them.
pub(super) fn message(chat: &Chat, live: &LiveMessage) -> Node {
    let (id, author, content) = (live.id, live.author, live.content.clone());
    let place = chat.classed("div", "bubble").part("bubble").attribute("dir", "auto");
    let element: Element = place.element().clone().into();
    let bubble = Bubble::new(element.clone(), content.clone(), chat.texts.clone(), author != Author::Visitor);
    let message = chat
        .classed("div", "message")
        .part("message")
        .attribute("role", "article")
        .attribute("data-author", author_name(author));
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let number = JsValue::from_f64(id.0 as f64);
    // An element takes any property.
    let _ = js_sys::Reflect::set(message.element(), &"messageId".into(), &number);
    // The owner's name can be seen; who else speaks is seen from the side and the colour, and heard from the label.
    let speaker = (author == Author::Owner).then(|| chat.classed("p", "speaker").text(move |chat| name(chat, author)));
    let message = message.perhaps(speaker).child(place);
    let mut label = String::new();
    let mut around = Around {
        id,
        message: message.element().clone().into(),
        bubble: element,
        status: None,
        attachments: Vec::new(),
        shown: Vec::new(),
        footnote: None,
    };
    let chat = chat.clone();
    message.with(react(move || {
        let now = name(&chat, author);
        if now != label {
            set_attribute(&around.message, "aria-label", &now);
            label = now;
        }
        content.with(|shown| {
            bubble.draw(shown);
            around.draw(&chat, shown);
        });
    }))
}

fn name(chat: &Chat, author: Author) -> String {
    match author {
        Author::Owner => chat.say_name(Text::OWNER_NAME),
        Author::Visitor => chat.say(Text::YOU),
        Author::Avatar => chat.name(),
    }
}

/// What stands below the bubble, and on the message as a whole.
struct Around {
    id: MessageId,
    message: Element,
    bubble: Element,
    status: Option<Status>,
    attachments: Vec<Attachment>,
    shown: Vec<Node>,
    footnote: Option<Node>,
}

impl Around {
    /// A chunk changes nothing here, and must not have it drawn again.
    fn draw(&mut self, chat: &Chat, Shown { message, .. }: &Shown) {
        if self.attachments != message.attachments {
            self.attachments.clone_from(&message.attachments);
            self.shown.drain(..).for_each(|node| node.element().remove());
            for of in &message.attachments {
                let node = attachment(chat, of);
                self.add(&node);
                self.shown.push(node);
            }
        }
        if self.status.as_ref() != Some(&message.status) {
            self.status = Some(message.status.clone());
            set_attribute(&self.message, "data-status", status_name(&message.status));
            if let Some(before) = self.footnote.take() {
                before.element().remove();
            }
            if let Some(footnote) = footnote(chat, self.id, message.author, &message.status) {
                self.add(&footnote);
                self.footnote = Some(footnote);
            }
        }
    }

    /// Below what is shown already.
    fn add(&self, node: &Node) {
        let last = self.shown.last().map_or(&self.bubble, |last| last.element().as_ref());
        node.stand_in(&self.message, last.next_element_sibling().as_ref());
    }
}

/// A link, or a player that loads nothing before the visitor starts it. The core has checked the address.
fn attachment(chat: &Chat, Attachment { kind, url, title }: &Attachment) -> Node {
    let kind = *kind;
    let title = title.clone();
    let label = move |chat: &Chat| title.clone().unwrap_or_else(|| chat.say(Text::attachment(kind)));
    let player = match kind {
        AttachmentKind::Audio => "audio",
        AttachmentKind::Video => "video",
        AttachmentKind::Image | AttachmentKind::Link => {
            return chat
                .classed("a", "attachment")
                .attribute("href", url)
                .attribute("target", "_blank")
                .attribute("rel", "noopener noreferrer nofollow ugc")
                .text(label);
        }
    };
    chat.classed(player, "player")
        .attribute("controls", "")
        .attribute("preload", "none")
        .attribute("src", url)
        .attribute_of("aria-label", move |chat| Some(label(chat)))
}

/// What is to be said about a message that did not go its usual way.
fn footnote(chat: &Chat, id: MessageId, author: Author, status: &Status) -> Option<Node> {
    let (text, class) = match (author, status) {
        (Author::Visitor, Status::Failed(failure)) => (Text::message(*failure), "footnote"),
        (_, Status::Failed(failure)) => (Text::reply(*failure), "footnote"),
        (_, Status::Interrupted) => (Text::INTERRUPTED, "footnote"),
        (_, Status::Stopped) => (Text::STOPPED, "footnote"),
        (_, Status::Sending) => (Text::SENDING, "footnote quiet"),
        (_, Status::Sent | Status::Streaming | Status::Complete) => return None,
    };
    let footnote = chat.classed("p", class).say(text);
    if !matches!(status, Status::Failed(_)) {
        return Some(footnote);
    }
    let footnote = footnote.attribute("role", "alert");
    if author != Author::Visitor {
        return Some(footnote);
    }
    let link = |text| chat.button("link").say(text);
    let retry = link(Text::TRY_AGAIN).on_click(move |chat| chat.runtime.retry(id));
    let delete = link(Text::DELETE).on_click(move |chat| chat.runtime.delete(id));
    Some(footnote.words(" ").child(retry).words(" ").child(delete))
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

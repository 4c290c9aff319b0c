//! Who the visitor talks to, whether there is a connection, the menu, and the way out.

use chat_core::Connection;

use super::icon::{CLOSE, icon};
use super::node::Node;
use super::{Chat, menu};
use crate::model::Aside;
use crate::strings::Text;

pub(super) fn header(chat: &Chat, menu: Node) -> Node {
    let who = chat
        .classed("div", "who")
        .child(chat.classed("h2", "title").part("title").attribute("tabindex", "-1").text(Chat::name))
        .child(
            chat.classed("p", "status")
                .part("status")
                .class("connected", |chat| chat.model.connection.get() == Connection::Open)
                // Before the visitor has agreed nothing is being connected.
                .hidden(|chat| chat.model.aside.get() == Some(Aside::Consent))
                .text(|chat| chat.say(Text::status(chat.model.connection.get()))),
        );
    chat.classed("div", "header")
        .part("header")
        .drawn(face, |chat, face| vec![portrait(chat, face)])
        .child(who)
        .child(menu::menu(chat, menu))
        .perhaps((!chat.runtime.is_inline()).then(|| close(chat)))
}

fn close(chat: &Chat) -> Node {
    let button = chat.button("icon-button").part("close").named(Text::CLOSE);
    button.on_click(|chat| chat.runtime.close()).child(icon(chat, CLOSE))
}

/// The address of the avatar's picture where the proxy gave a safe one, and the first letter of its name.
type Face = (Option<String>, String);

fn face(chat: &Chat) -> Face {
    let image = chat.model.profile.with(|profile| profile.as_ref().and_then(|profile| profile.image.clone()));
    let initial = chat.name().chars().next().map(|letter| letter.to_uppercase().to_string());
    (image.filter(|image| image.starts_with("https://")), initial.unwrap_or_default())
}

fn portrait(chat: &Chat, (image, initial): &Face) -> Node {
    match image {
        Some(image) => chat.classed("img", "portrait").attribute("src", image).attribute("alt", ""),
        None => chat.classed("span", "portrait").attribute("aria-hidden", "true").words(initial),
    }
}

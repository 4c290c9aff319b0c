//! What the visitor is to agree to before anything is asked for or stored.

use web_sys::HtmlElement;

use super::node::Node;
use super::{Chat, own_direction};
use crate::options::Wording;
use crate::strings::Text;

pub(super) fn consent(chat: &Chat, menu: &HtmlElement) -> Vec<Node> {
    let (wording, href) = chat.runtime.consent();
    let words = chat.classed("p", "lines");
    let words = match &wording {
        Wording::Own(own) => own_direction(words, &wording).words(own),
        Wording::Standard | Wording::None => words.say(Text::CONSENT),
    };
    let policy = href.map(|href| {
        let link = chat.classed("a", "link").attribute("href", &href).attribute("target", "_blank");
        chat.node("p").child(link.attribute("rel", "noopener noreferrer").say(Text::PRIVACY_POLICY))
    });
    let menu = menu.clone();
    let agree = move |chat: &Chat| {
        chat.runtime.agree();
        chat.focus_composer(|| Node::focus(&menu));
    };
    let ways = chat
        .classed("div", "ways")
        .child(chat.button("button").part("agree").on_click(agree).say(Text::AGREE))
        .child(chat.button("button quiet").part("decline").on_click(|chat| chat.runtime.decline()).say(Text::DECLINE));
    [words].into_iter().chain(policy).chain([ways]).collect()
}

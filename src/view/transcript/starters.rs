//! What a visitor may ask first: buttons under the greeting, until something was said.

use std::rc::Rc;

use chat_core::Author;
use chat_core::session::sendable;

use super::super::Chat;
use super::super::node::Node;
use super::follower::Follower;
use crate::model::LiveMessage;
use crate::strings::Text;

/// More would be a list to read, and no help.
const AT_MOST: usize = 6;

pub(super) fn starters(chat: &Chat, follower: &Rc<Follower>) -> Node {
    let follower = Rc::clone(follower);
    let button = move |chat: &Chat, starter: &String| {
        let (follower, asked) = (Rc::clone(&follower), starter.clone());
        let ask = move |chat: &Chat| {
            chat.runtime.submit(asked.clone());
            // The button goes, and would take the focus with it.
            chat.focus_composer(|| follower.focus());
        };
        chat.button("starter").part("starter").attribute("dir", "auto").on_click(ask).words(starter)
    };
    chat.classed("div", "starters")
        .attribute("role", "group")
        .says("aria-label", Text::STARTERS)
        .hidden(|chat| offered(chat).is_empty())
        .drawn(offered, move |chat, offered| offered.iter().map(|starter| button(chat, starter)).collect())
}

/// The site's own, or those that the avatar comes with; none once the visitor has said something.
fn offered(chat: &Chat) -> Vec<String> {
    let says = |live: &LiveMessage| live.author == Author::Visitor;
    if chat.model.shortened.get() || chat.model.messages.with(|messages| messages.iter().any(says)) {
        return Vec::new();
    }
    let own = &chat.config().starters;
    chat.model.profile.with(|profile| {
        let Some(profile) = profile else { return Vec::new() };
        let starters = if own.is_empty() { &profile.starters } else { own };
        starters.iter().filter_map(|starter| sendable(starter)).map(str::to_owned).take(AT_MOST).collect()
    })
}

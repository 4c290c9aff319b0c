//! Signing in with SecondMe, where the site offers it, and out again.

use super::Chat;
use super::node::Node;
use crate::strings::Text;

pub(super) fn account(chat: &Chat) -> Node {
    let signed_in = |chat: &Chat| chat.model.profile.with(|profile| profile.as_ref().is_some_and(|it| it.signed_in));
    let ways = |chat: &Chat, signed_in: &bool| match signed_in {
        true => vec![
            chat.node("span").say(Text::SIGNED_IN),
            chat.button("link").on_click(|chat| chat.runtime.sign_out()).say(Text::SIGN_OUT),
        ],
        false => vec![chat.button("link").on_click(|chat| chat.runtime.sign_in()).say(Text::SIGN_IN)],
    };
    let trouble = |chat: &Chat| chat.model.login_trouble.get().map(|trouble| chat.say(trouble)).unwrap_or_default();
    let trouble = chat.classed("span", "trouble").attribute("role", "alert").text(trouble);
    chat.classed("div", "account").part("account").drawn(signed_in, ways).child(trouble)
}

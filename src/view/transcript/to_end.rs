//! The way back to the newest message, for a reader who has scrolled up. It announces nothing by itself.

use std::rc::Rc;

use super::super::Chat;
use super::super::icon::{ARROW_DOWN, icon};
use super::super::node::Node;
use super::follower::Follower;
use crate::strings::Text;

pub(super) fn to_end(chat: &Chat, follower: &Rc<Follower>) -> Node {
    let missed = || {
        let follower = Rc::clone(follower);
        move || if follower.up.get() { follower.missed() } else { 0 }
    };
    let name = || {
        let missed = missed();
        move |chat: &Chat| (missed() == 0).then(|| chat.say(Text::TO_END))
    };
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let count = {
        let missed = missed();
        move |chat: &Chat| match missed() {
            0 => String::new(),
            missed => chat.say_count(Text::NEW_MESSAGES, missed as f64),
        }
    };
    let (up, go) = (Rc::clone(follower), Rc::clone(follower));
    chat.button("to-end")
        .part("to-end")
        .hidden(move |_| !up.up.get())
        .attribute_of("aria-label", name())
        .attribute_of("title", name())
        .on_click(move |_| go.go_to_end())
        .child(icon(chat, ARROW_DOWN))
        .text(count)
}

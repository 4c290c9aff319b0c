//! What keeps the visitor from talking, in a sentence, with a way on.

use chat_core::{Connection, Failure};

use super::Chat;
use super::node::Node;
use crate::strings::Text;

pub(super) fn notice(chat: &Chat, trouble: Trouble) -> Node {
    let left = |chat: &Chat| {
        let left = chat.model.seconds_left.get().filter(|left| *left > 1);
        left.map(|left| chat.say_count(Text::SECONDS_LEFT, left as f64)).unwrap_or_default()
    };
    // A countdown that is read out each second keeps everything else from being heard.
    let countdown = chat.node("span").attribute("aria-live", "off").text(left);
    let sentence = chat.node("p").say(trouble.sentence()).words(" ").child(countdown);
    let again = matches!(trouble, Trouble::Failure(_))
        .then(|| chat.button("link").on_click(|chat| chat.runtime.reconnect()).say(Text::TRY_AGAIN));
    chat.classed("div", "notice").part("notice").attribute("role", "alert").child(sentence).perhaps(again)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    Failure(Failure),
    Offline,
    Held,
}

impl Trouble {
    fn sentence(self) -> Text {
        match self {
            Self::Failure(failure) => Text::connection(failure),
            Self::Offline => Text::OFFLINE_NOTICE,
            Self::Held => Text::HELD,
        }
    }
}

/// What there is to be said. An attempt that is under way needs no button; the header says that it is.
pub(super) fn trouble(chat: &Chat) -> Option<Trouble> {
    match chat.model.connection.get() {
        Connection::Reconnecting(failure, Some(_)) | Connection::Failed(failure) => Some(Trouble::Failure(failure)),
        Connection::Offline => Some(Trouble::Offline),
        Connection::Open if chat.model.held.get() => Some(Trouble::Held),
        Connection::Reconnecting(_, None) | Connection::Idle | Connection::Connecting | Connection::Open => None,
    }
}

//! What a visitor sees of the chat at one moment, as data. `witness.js` makes it.

use serde::Deserialize;

use crate::markdown::read;

/// One state of the chat. A text is empty where nothing of the kind is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Snapshot {
    /// The launcher's name.
    pub(crate) launcher: String,
    pub(crate) open: bool,
    pub(crate) title: String,
    pub(crate) status: String,
    /// What is said about the chat as a whole, the words of its button included.
    pub(crate) alert: String,
    /// The typing indicator.
    pub(crate) waiting: String,
    pub(crate) counter: String,
    /// Whether the send button can be pressed.
    pub(crate) sendable: bool,
    /// What stands in the composer.
    pub(crate) draft: String,
    /// The part that has the keyboard's focus.
    pub(crate) focus: String,
    pub(crate) messages: Vec<Message>,
}

/// One message as it is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Message {
    pub(crate) author: String,
    pub(crate) status: String,
    /// Whether it is drawn as rich text.
    pub(crate) rich: bool,
    /// What a person reads of it.
    pub(crate) text: String,
    /// What is said about the message, the words of its button included.
    pub(crate) note: String,
}

impl Snapshot {
    pub(crate) fn of(&self, author: &str) -> Vec<&Message> {
        self.messages.iter().filter(|message| message.author == author).collect()
    }

    /// The visitor's message with this text.
    pub(crate) fn question(&self, text: &str) -> Option<&Message> {
        self.of("visitor").into_iter().find(|message| message.text == text)
    }

    /// The status of the visitor's message with this text; empty where there is none.
    pub(crate) fn status_of(&self, text: &str) -> &str {
        self.question(text).map_or("", |message| message.status.as_str())
    }

    /// Who said what, in order.
    pub(crate) fn said(&self) -> Vec<(&str, &str)> {
        self.messages.iter().map(|message| (&*message.author, &*message.text)).collect()
    }

    /// Whether all of the avatar's and the owner's texts are drawn as rich text.
    pub(crate) fn is_rich(&self) -> bool {
        self.messages.iter().all(|message| message.rich || message.author == "visitor" || message.text.is_empty())
    }

    /// The newest message, if it is the avatar's and is drawn with this status.
    pub(crate) fn newest_reply(&self, status: &str) -> Option<&Message> {
        self.messages.last().filter(|message| message.author == "avatar" && message.status == status)
    }

    /// Whether the newest message is the avatar's, says this, and is at its end.
    pub(crate) fn ends_with_reply(&self, markdown: &str) -> bool {
        self.newest_reply("complete").is_some_and(|message| message.text == message.read(markdown))
    }
}

impl Message {
    /// What is to be read of this Markdown, drawn as the message is. A visitor's words are no Markdown.
    pub(crate) fn read(&self, markdown: &str) -> String {
        if self.rich { read(markdown) } else { markdown.to_owned() }
    }
}

//! Who speaks: the avatar, its owner, or the visitor's own echo. It knows names and texts, not messages' fates.

use std::collections::VecDeque;

use crate::portable_struct;
use crate::transcript::{Author, MessageId};
use crate::wire::frame::{Chunk, Sender};

/// Messages whose echo has not come. The oldest go: not every server echoes.
const UNECHOED: usize = 32;

/// Whose words a chunk carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    /// A message's, of the transcript.
    Author(Author),
    /// The visitor's own words come back; of which message, where that is known.
    Echo(Option<MessageId>),
}

/// What is known of the people in the conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct Speakers {
    /// The visitor's name with SecondMe: told by the proxy, or learnt from an echo.
    visitor_user_id: Option<String>,
    unechoed: VecDeque<(MessageId, String)>,
}

portable_struct!(Speakers { visitor_user_id, unechoed });

impl Speakers {
    pub(super) fn told(&mut self, visitor_user_id: Option<String>) {
        if visitor_user_id.is_some() {
            self.visitor_user_id = visitor_user_id;
        }
    }

    /// A message goes out; its echo may come.
    pub(super) fn posted(&mut self, message: MessageId, text: &str) {
        self.unechoed.retain(|(known, _)| *known != message);
        self.unechoed.push_back((message, text.trim().to_owned()));
        if self.unechoed.len() > UNECHOED {
            self.unechoed.pop_front();
        }
    }

    pub(super) fn of(&mut self, chunk: &Chunk) -> Speaker {
        let Sender::Person(name) = &chunk.sender else { return Speaker::Author(Author::Avatar) };
        let known = self.visitor_user_id.as_ref().zip(name.as_ref()).map(|(visitor, name)| visitor == name);
        if known == Some(false) {
            return Speaker::Author(Author::Owner);
        }
        let echoed = self.unechoed.iter().position(|(_, text)| text == chunk.text.trim());
        match (known, echoed) {
            (_, Some(place)) => {
                // Whoever says exactly what the visitor has just said is the visitor.
                if self.visitor_user_id.is_none() {
                    self.visitor_user_id.clone_from(name);
                }
                Speaker::Echo(self.unechoed.remove(place).map(|(message, _)| message))
            }
            (Some(true), None) => Speaker::Echo(None),
            _ => Speaker::Author(Author::Owner),
        }
    }
}

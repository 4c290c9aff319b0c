//! The conversation as a file for the visitor to keep.

use chat_core::export::{self, Words};
use chat_core::{Author, Message, Moment, Status};
use js_sys::Date;

use super::{Runtime, now};
use crate::download::download;
use crate::json;
use crate::language::{Language, milliseconds};
use crate::strings::Text;

impl Runtime {
    /// Saves what is here of the conversation as a text to read.
    pub(crate) fn save_text(&self) {
        let words = Spoken { language: self.0.model.language.get_untracked(), name: self.avatar_name() };
        let session = self.0.session.borrow();
        let transcript = session.transcript();
        let title = words.language.name(Text::PANEL, &words.name);
        let shortened = transcript.is_shortened().then(|| format!("[{}]\n\n", words.language.say(Text::SHORTENED)));
        let text = export::text(transcript.messages(), &words);
        let text = format!("{title}\n\n{}{text}", shortened.unwrap_or_default());
        download(&export::file_name(&words.name, "txt"), "text/plain;charset=utf-8", &without_isolates(&text));
    }

    /// Saves what is here of the conversation as data.
    pub(crate) fn save_json(&self) {
        let name = self.avatar_name();
        let messages = self.0.session.borrow().transcript().messages().to_vec();
        if let Some(json) = json::pretty(&export::data(&name, &messages, now(), iso)) {
            download(&export::file_name(&name, "json"), "application/json", &json);
        }
    }

    fn avatar_name(&self) -> String {
        let nameless = || self.0.model.language.get_untracked().say(Text::NAMELESS);
        self.0.model.profile.get_untracked().map_or_else(nameless, |profile| profile.name)
    }
}

/// The words of the visitor's language.
struct Spoken {
    language: Language,
    name: String,
}

impl Words for Spoken {
    fn author(&self, author: Author) -> String {
        match author {
            Author::Visitor => self.language.say(Text::YOU),
            Author::Avatar => self.name.clone(),
            Author::Owner => self.language.name(Text::OWNER_NAME, &self.name),
        }
    }

    fn day(&self, at: Moment) -> String {
        // A file is read on another day, so that none is called today.
        self.language.day(at, Moment(0))
    }

    fn time(&self, at: Moment) -> String {
        self.language.time(at)
    }

    fn remark(&self, message: &Message) -> Option<String> {
        let text = match (message.author, &message.status) {
            (Author::Visitor, Status::Failed(failure)) => Text::message(*failure),
            (_, Status::Failed(failure)) => Text::reply(*failure),
            (_, Status::Interrupted) => Text::INTERRUPTED,
            (_, Status::Stopped) => Text::STOPPED,
            (_, Status::Sending) => Text::SENDING,
            (_, Status::Sent | Status::Streaming | Status::Complete) => return None,
        };
        Some(self.language.say(text))
    }
}

/// A page needs the marks around a name; many editors show them as boxes.
fn without_isolates(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

fn iso(at: Moment) -> String {
    Date::new(&milliseconds(at).into()).to_iso_string().into()
}

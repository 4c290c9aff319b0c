//! What keeps the visitor from talking, in a sentence, with a way on.

use chat_core::{Connection, Failure};
use leptos::prelude::*;

use super::Chat;
use crate::runtime::Runtime;
use crate::strings::Text;

pub(super) fn notice(chat: Chat) -> impl IntoView {
    let trouble = Memo::new(move |_| trouble(chat.model.connection.get(), chat.model.held.get()));
    let left = move || {
        chat.model
            .seconds_left
            .get()
            .filter(|left| *left > 1)
            .map(|left| chat.say_count(Text::SECONDS_LEFT, left as f64))
    };
    move || {
        trouble.get().map(|trouble| {
            let again = move |_| chat.tell(Runtime::reconnect);
            let button = matches!(trouble, Trouble::Failure(_)).then(|| {
                view! { <button class="link" type="button" on:click=again>{move || chat.say(Text::TRY_AGAIN)}</button> }
            });
            view! {
                <div class="notice" part="notice" role="alert">
                    <p>
                        {move || chat.say(trouble.sentence())} " "
                        // A countdown that is read out each second keeps everything else from being heard.
                        <span aria-live="off">{left}</span>
                    </p>
                    {button}
                </div>
            }
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
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

/// An attempt that is under way needs no button; the header says that it is.
fn trouble(connection: Connection, held: bool) -> Option<Trouble> {
    match connection {
        Connection::Reconnecting(failure, Some(_)) | Connection::Failed(failure) => Some(Trouble::Failure(failure)),
        Connection::Offline => Some(Trouble::Offline),
        Connection::Open if held => Some(Trouble::Held),
        Connection::Reconnecting(_, None) | Connection::Idle | Connection::Connecting | Connection::Open => None,
    }
}

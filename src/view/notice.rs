//! What keeps the visitor from talking, in a sentence, with a way on.

use chat_core::{Connection, Failure};
use leptos::prelude::*;

use super::Chat;
use crate::runtime::Runtime;
use crate::strings;

pub(super) fn notice(chat: Chat) -> impl IntoView {
    let failure = Memo::new(move |_| failure(chat.model.connection.get()));
    move || {
        failure.get().map(|failure| {
            view! {
                <div class="notice" role="alert">
                    <p>{strings::connection(failure)}</p>
                    <button class="link" type="button" on:click=move |_| chat.tell(Runtime::reconnect)>
                        {strings::TRY_AGAIN}
                    </button>
                </div>
            }
        })
    }
}

/// An attempt that is under way needs no button; the header says that it is.
fn failure(connection: Connection) -> Option<Failure> {
    match connection {
        Connection::Reconnecting(failure, Some(_)) | Connection::Failed(failure) => Some(failure),
        Connection::Reconnecting(_, None) | Connection::Idle | Connection::Connecting | Connection::Open => None,
    }
}

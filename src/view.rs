//! The panel. The views read the model's signals and hand on the visitor's wishes; they touch no adapter.

mod account;
mod composer;
mod header;
mod message;
mod notice;
mod size;
mod transcript;

use leptos::ev::{Event, KeyboardEvent};
use leptos::prelude::*;
use web_sys::HtmlDialogElement;

use crate::model::Model;
use crate::runtime::Runtime;
use crate::strings::Text;

/// What each view is given: the signals to read, and whom to tell. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    model: Model,
    runtime: StoredValue<Runtime, LocalStorage>,
}

impl Chat {
    fn tell(self, wish: impl FnOnce(&Runtime)) {
        self.runtime.with_value(wish);
    }

    fn offers_login(self) -> bool {
        self.runtime.with_value(Runtime::offers_login)
    }

    /// The avatar's name, or what stands for it until it is known.
    fn name(self) -> String {
        self.model
            .profile
            .with(|profile| profile.as_ref().map_or_else(|| self.say(Text::NAMELESS), |profile| profile.name.clone()))
    }

    /// A text in the language that is read now.
    fn say(self, text: Text) -> String {
        self.model.language.with(|language| language.say(text))
    }

    /// A text with the avatar's name in it.
    fn say_name(self, text: Text) -> String {
        self.model.language.with(|language| language.name(text, &self.name()))
    }

    /// A text with a number in it.
    fn say_count(self, text: Text, count: f64) -> String {
        self.model.language.with(|language| language.count(text, count))
    }
}

/// The whole panel, closed at first.
pub(crate) fn panel(runtime: Runtime) -> impl IntoView {
    let chat = Chat { model: runtime.model(), runtime: StoredValue::new_local(runtime) };
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            event.stop_propagation();
            chat.tell(Runtime::close);
        }
    };
    // The browser's own way out of a dialog that covers the screen, such as a phone's back gesture.
    let on_cancel = move |event: Event| {
        event.prevent_default();
        chat.tell(Runtime::close);
    };
    // Some browsers do not ask twice.
    let on_close = move |event: Event| {
        let is_gone = !event_target::<HtmlDialogElement>(&event).open();
        if is_gone && chat.model.small.get_untracked() {
            chat.tell(Runtime::close);
        }
    };
    Effect::new(move || {
        let covers = chat.model.open.get() && chat.model.small.get();
        chat.tell(|runtime| runtime.cover_screen(covers));
    });
    view! {
        <dialog
            class="panel"
            class:full-screen=move || chat.model.small.get()
            part="panel"
            role="dialog"
            aria-modal=move || chat.model.small.get().then_some("true")
            aria-label=move || chat.say_name(Text::PANEL)
            hidden=move || !chat.model.open.get()
            on:keydown=on_keydown
            on:cancel=on_cancel
            on:close=on_close
        >
            {header::header(chat)}
            {chat.offers_login().then(|| account::account(chat))}
            {transcript::transcript(chat)}
            {notice::notice(chat)}
            {composer::composer(chat)}
            <p class="unseen" role="status">{move || chat.model.announcement.get()}</p>
        </dialog>
    }
}

//! The panel. The views read the model's signals and hand on the visitor's wishes; they touch no adapter.

mod account;
mod composer;
mod header;
mod message;
mod notice;
mod transcript;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

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

    fn is_inline(self) -> bool {
        self.runtime.with_value(Runtime::is_inline)
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
        if event.key() == "Escape" && !event.is_composing() && !chat.is_inline() {
            event.stop_propagation();
            chat.tell(Runtime::close);
        }
    };
    view! {
        <section
            class="panel"
            part="panel"
            role=if chat.is_inline() { "region" } else { "dialog" }
            aria-label=move || chat.say_name(Text::PANEL)
            hidden=move || !chat.model.open.get()
            on:keydown=on_keydown
        >
            {header::header(chat)}
            {chat.offers_login().then(|| account::account(chat))}
            {transcript::transcript(chat)}
            {notice::notice(chat)}
            {composer::composer(chat)}
            <p class="unseen" role="status">{move || chat.model.announcement.get()}</p>
        </section>
    }
}

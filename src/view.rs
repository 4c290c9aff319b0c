//! The panel. The views read the model's signals and hand on the visitor's wishes; they touch no adapter.

mod account;
mod aside;
mod composer;
mod consent;
mod header;
mod menu;
mod message;
mod notice;
mod transcript;

use leptos::ev::KeyboardEvent;
use leptos::html::Button;
use leptos::prelude::*;

use crate::model::{Aside, Model};
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

    /// Something else stands in the conversation's place, since the visitor wants it.
    fn turn_aside(self, aside: Aside) {
        self.model.aside.set(Some(aside));
        self.model.focus.notify();
    }

    /// The keyboard's focus goes to where one writes; where that would have a keyboard cover the screen, to this button.
    fn focus_composer(self, button: NodeRef<Button>) {
        if self.runtime.with_value(Runtime::is_touched) {
            menu::focus(button);
        } else {
            self.model.focus.notify();
        }
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
    let menu = NodeRef::<Button>::new();
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            event.stop_propagation();
            chat.tell(Runtime::close);
        }
    };
    view! {
        <section
            class="panel"
            part="panel"
            role="dialog"
            aria-label=move || chat.say_name(Text::PANEL)
            hidden=move || !chat.model.open.get()
            data-aside=move || chat.model.aside.get().is_some()
            on:keydown=on_keydown
        >
            {header::header(chat, menu)}
            {aside::aside(chat, menu)}
            {chat.offers_login().then(|| account::account(chat))}
            {transcript::transcript(chat)}
            {notice::notice(chat)}
            {composer::composer(chat)}
            <p class="unseen" role="status">{move || chat.model.announcement.get()}</p>
        </section>
    }
}

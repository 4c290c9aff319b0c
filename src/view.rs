//! The panel. The views read the model's signals and hand on the visitor's wishes; they touch no adapter.

mod account;
mod aside;
mod bubble;
mod composer;
mod consent;
mod header;
mod icon;
mod menu;
mod message;
mod notice;
mod size;
mod transcript;

use chat_core::Moment;
use leptos::ev::{Event, KeyboardEvent};
use leptos::html::Button;
use leptos::prelude::*;
use web_sys::HtmlDialogElement;

use crate::model::{Aside, Model};
use crate::options::Config;
use crate::rich_text::{RichTexts, Settings};
use crate::runtime::Runtime;
use crate::strings::Text;

/// What each view is given: the signals to read, and whom to tell. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    model: Model,
    runtime: StoredValue<Runtime, LocalStorage>,
    texts: StoredValue<RichTexts, LocalStorage>,
}

impl Chat {
    fn tell(self, wish: impl FnOnce(&Runtime)) {
        self.runtime.with_value(wish);
    }

    fn is_inline(self) -> bool {
        self.runtime.with_value(Runtime::is_inline)
    }

    /// What shows texts that are more than plain.
    fn rich_texts(self) -> RichTexts {
        self.texts.get_value()
    }

    /// What the site has set.
    fn config<T>(self, read: impl FnOnce(&Config) -> T) -> T {
        self.runtime.with_value(|runtime| read(runtime.config()))
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

    /// The wall clock.
    fn now(self) -> Moment {
        self.runtime.with_value(Runtime::now)
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
    let model = runtime.model();
    let image_hosts = runtime.config().image_hosts.clone();
    let texts = StoredValue::new_local(RichTexts::new(move || settings(model, image_hosts.clone())));
    let chat = Chat { model, runtime: StoredValue::new_local(runtime), texts };
    Effect::new(move || {
        if model.open.get() {
            chat.rich_texts().want();
        }
    });
    on_cleanup(move || texts.with_value(RichTexts::end));
    let menu = NodeRef::<Button>::new();
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() && !chat.is_inline() {
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
            role=if chat.is_inline() { "region" } else { "dialog" }
            aria-modal=move || chat.model.small.get().then_some("true")
            aria-label=move || chat.say_name(Text::PANEL)
            hidden=move || !chat.model.open.get()
            data-aside=move || chat.model.aside.get().is_some()
            on:keydown=on_keydown
            on:cancel=on_cancel
            on:close=on_close
        >
            {header::header(chat, menu)}
            {aside::aside(chat, menu)}
            {chat.config(|config| config.sign_in).then(|| account::account(chat))}
            {transcript::transcript(chat)}
            {notice::notice(chat)}
            {composer::composer(chat)}
            // The one place from which a screen reader is told what happens: each line alone, as it is added.
            <div class="unseen" role="status" aria-atomic="false">
                {move || chat.model.announcements.get().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            </div>
        </dialog>
    }
}

/// How rich texts are shown that begin now.
fn settings(model: Model, image_hosts: Vec<String>) -> Settings {
    let say = |text| model.language.with_untracked(|language| language.say(text));
    Settings {
        image_hosts,
        copy: say(Text::COPY),
        copied: say(Text::COPIED),
        done: say(Text::TASK_DONE),
        open: say(Text::TASK_OPEN),
    }
}

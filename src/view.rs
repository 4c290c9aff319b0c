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
mod node;
mod notice;
mod size;
mod transcript;

use std::ops::Deref;
use std::rc::Rc;

use chat_core::Moment;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlElement, KeyboardEvent};

use crate::model::{Announcement, Aside, Model};
use crate::options::{Config, Wording};
use crate::rich_text::{RichTexts, Settings};
use crate::runtime::Runtime;
use crate::signal::{Reaction, react};
use crate::strings::Text;
use node::Node;

/// What each view is given: the signals to read, and whom to tell. Clones are the same.
#[derive(Clone)]
pub(crate) struct Chat(Rc<Parts>);

pub(crate) struct Parts {
    model: Rc<Model>,
    runtime: Runtime,
    /// What shows texts that are more than plain.
    texts: RichTexts,
}

/// The drawn panel, which goes when this is dropped.
pub(crate) struct Panel {
    chat: Chat,
    node: Node,
}

impl Deref for Chat {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Chat {
    /// Something else stands in the conversation's place, since the visitor wants it.
    fn turn_aside(&self, aside: Aside) {
        self.model.aside.set(Some(aside));
        self.model.focus.set(());
    }

    /// The keyboard's focus goes to where one writes; where that would have a keyboard cover the screen, this gets it instead.
    fn focus_composer(&self, focus_instead: impl FnOnce()) {
        if self.runtime.is_touched() {
            focus_instead();
        } else {
            self.model.focus.set(());
        }
    }

    /// What the site has set.
    fn config(&self) -> &Config {
        self.runtime.config()
    }

    /// The wall clock.
    fn now(&self) -> Moment {
        self.runtime.now()
    }

    /// The avatar's name, or what stands for it until it is known.
    fn name(&self) -> String {
        self.model
            .profile
            .with(|profile| profile.as_ref().map_or_else(|| self.say(Text::NAMELESS), |profile| profile.name.clone()))
    }

    /// A text in the language that is read now.
    fn say(&self, text: Text) -> String {
        self.model.language.with(|language| language.say(text))
    }

    /// A text with the avatar's name in it.
    fn say_name(&self, text: Text) -> String {
        self.model.language.with(|language| language.name(text, &self.name()))
    }

    /// A text with a number in it.
    fn say_count(&self, text: Text, count: f64) -> String {
        self.model.language.with(|language| language.count(text, count))
    }
}

impl Panel {
    /// Draws the whole panel into a place, closed at first.
    pub(crate) fn draw(runtime: Runtime, place: &HtmlElement) -> Self {
        let model = Rc::clone(runtime.model());
        let image_hosts = runtime.config().image_hosts.clone();
        let texts = RichTexts::new({
            let model = Rc::clone(&model);
            move || settings(&model, image_hosts.clone())
        });
        let chat = Chat(Rc::new(Parts { model, runtime, texts }));
        let node = panel(&chat);
        // It comes from nowhere and goes into a place that can hold it.
        let _ = place.append_child(node.element());
        Self { chat, node }
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        self.chat.texts.end();
        self.node.element().remove();
    }
}

fn panel(chat: &Chat) -> Node {
    let on_keydown = |chat: &Chat, event: &KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() && !chat.runtime.is_inline() {
            event.stop_propagation();
            chat.runtime.close();
        }
    };
    // The browser's own way out of a dialog that covers the screen, such as a phone's back gesture.
    let on_cancel = |chat: &Chat, event: &Event| {
        event.prevent_default();
        chat.runtime.close();
    };
    let dialog = chat.classed("dialog", "panel");
    let element = dialog.element().clone();
    // Some browsers do not ask twice.
    let on_close = move |chat: &Chat, _: &Event| {
        let is_gone = !element.unchecked_ref::<HtmlDialogElement>().open();
        if is_gone && chat.model.small.get_untracked() {
            chat.runtime.close();
        }
    };
    let menu = chat.button("icon-button");
    let menu_button = menu.element().clone();
    dialog
        .part("panel")
        .attribute("role", if chat.runtime.is_inline() { "region" } else { "dialog" })
        .class("full-screen", |chat| chat.model.small.get())
        .attribute_of("aria-modal", |chat| chat.model.small.get().then(|| "true".to_owned()))
        .attribute_of("aria-label", |chat| Some(chat.say_name(Text::PANEL)))
        .hidden(|chat| !chat.model.open.get())
        .flag("data-aside", |chat| chat.model.aside.get().is_some())
        .on("keydown", on_keydown)
        .on("cancel", on_cancel)
        .on("close", on_close)
        .child(header::header(chat, menu))
        .child(aside::aside(chat, &menu_button))
        .perhaps(chat.config().sign_in.then(|| account::account(chat)))
        .child(transcript::transcript(chat))
        .drawn(notice::trouble, |chat, trouble| trouble.iter().map(|trouble| notice::notice(chat, *trouble)).collect())
        .child(composer::composer(chat))
        .child(announcements(chat))
        .with(wanting_rich_texts(chat))
        .with(covering_the_screen(chat))
}

/// The one place from which a screen reader is told what happens: each line alone, as it is added.
fn announcements(chat: &Chat) -> Node {
    let place = chat.classed("div", "unseen").attribute("role", "status").attribute("aria-atomic", "false");
    let (chat, element) = (chat.clone(), place.element().clone());
    let mut told = Vec::<Node>::new();
    place.with(react(move || {
        chat.model.announcements.with(|lines| {
            told.drain(lines.len().min(told.len())..).for_each(|line| line.element().remove());
            for line in &lines[told.len()..] {
                let words = match line {
                    Announcement::Words(words) => words.clone(),
                    // Marks are for the eye.
                    Announcement::Message(text) => chat.texts.spoken(text).unwrap_or_else(|| text.clone()),
                };
                let line = chat.node("p").words(&words);
                let _ = element.append_child(line.element());
                told.push(line);
            }
        });
    }))
}

fn wanting_rich_texts(chat: &Chat) -> Reaction {
    let chat = chat.clone();
    react(move || {
        if chat.model.open.get() {
            chat.texts.want();
        }
    })
}

/// Later than the panel is shown or hidden, which is done first with the same news.
fn covering_the_screen(chat: &Chat) -> Reaction {
    let chat = chat.clone();
    react(move || {
        let covers = chat.model.open.get() && chat.model.small.get();
        chat.runtime.cover_screen(covers);
    })
}

/// The site's own words go their own way. The widget's go the panel's, also where they begin with a name that would go another.
fn own_direction(words: Node, wording: &Wording) -> Node {
    if matches!(wording, Wording::Own(_)) { words.attribute("dir", "auto") } else { words }
}

/// How rich texts are shown that begin now.
fn settings(model: &Model, image_hosts: Vec<String>) -> Settings {
    let say = |text| model.language.with_untracked(|language| language.say(text));
    Settings {
        image_hosts,
        copy: say(Text::COPY),
        copied: say(Text::COPIED),
        done: say(Text::TASK_DONE),
        open: say(Text::TASK_OPEN),
    }
}

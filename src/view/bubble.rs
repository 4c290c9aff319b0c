//! What a message says: plain text at first, rich text as soon as the module for it is there. A chunk adds to the end
//! and touches nothing else. It does not know who speaks.

use std::cell::RefCell;
use std::rc::Rc;

use chat_core::{MessageId, Status};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Text};

use crate::model::Shown;
use crate::rich_text::{RichText, RichTexts};
use crate::signal::Signal;

/// One message's text on the page.
pub(super) struct Bubble {
    place: Element,
    content: Rc<Signal<Shown>>,
    texts: RichTexts,
    drawn: RefCell<Drawn>,
}

/// What of the text stands on the page.
struct Drawn {
    bytes: usize,
    rewritten: u32,
    form: Form,
}

enum Form {
    /// Plain, and it stays so.
    Plain,
    /// Nothing stands there yet.
    New,
    /// Plain, until its turn comes to be rich.
    Waiting,
    Growing(RichText),
    /// Rich, and only the nodes on the page are left of it.
    Finished,
}

impl Bubble {
    pub(super) fn new(place: Element, content: Rc<Signal<Shown>>, texts: RichTexts, may_be_rich: bool) -> Rc<Self> {
        let form = if may_be_rich { Form::New } else { Form::Plain };
        Rc::new(Self { place, content, texts, drawn: RefCell::new(Drawn { bytes: 0, rewritten: 0, form }) })
    }

    /// Draws what is new. Only a chunk that came out of order makes the text change elsewhere than at its end.
    pub(super) fn draw(self: &Rc<Self>, shown: &Shown) {
        let drawn = &mut *self.drawn.borrow_mut();
        let text = &shown.message.text;
        let anew = shown.rewritten != drawn.rewritten;
        let new = if anew { text } else { text.get(drawn.bytes..).unwrap_or_default() };
        let changed = anew || !new.is_empty();
        let over = is_over(shown);
        drawn.form = match std::mem::replace(&mut drawn.form, Form::Plain) {
            Form::New if !text.is_empty() => {
                let rich = if over { self.texts.begin_alone(&self.place) } else { self.texts.begin(&self.place) };
                if rich.is_none() {
                    self.wait();
                }
                self.begin(rich, shown).unwrap_or_else(|| {
                    self.write(text);
                    Form::Waiting
                })
            }
            Form::Finished if changed => {
                self.begin(self.texts.begin(&self.place), shown).unwrap_or_else(|| self.give_up(text))
            }
            Form::Growing(rich) => {
                let done = if anew { rich.rewrite(new) } else { rich.append(new) };
                self.go_on(done, rich, shown)
            }
            form => {
                if anew {
                    self.write(text);
                } else {
                    self.add(new, drawn.bytes);
                }
                form
            }
        };
        drawn.bytes = text.len();
        drawn.rewritten = shown.rewritten;
    }

    /// Has what is plain made rich when there is time. Who is gone by then is not waited for.
    fn wait(self: &Rc<Self>) {
        let bubble = Rc::downgrade(self);
        let MessageId(number) = self.content.with_untracked(|shown| shown.message.id);
        self.texts.later(number, move || {
            let Some(bubble) = bubble.upgrade() else { return };
            bubble.content.with_untracked(|shown| bubble.enrich(shown));
        });
    }

    fn enrich(&self, shown: &Shown) {
        let drawn = &mut *self.drawn.borrow_mut();
        if matches!(drawn.form, Form::Waiting)
            && let Some(form) = self.begin(self.texts.begin(&self.place), shown)
        {
            *drawn = Drawn { bytes: shown.message.text.len(), rewritten: shown.rewritten, form };
        }
    }

    /// Shows the whole text in the place that was made free for it.
    fn begin(&self, rich: Option<RichText>, shown: &Shown) -> Option<Form> {
        let rich = rich?;
        // Each of its blocks has its own direction.
        let _ = self.place.remove_attribute("dir");
        let done = rich.append(&shown.message.text);
        Some(self.go_on(done, rich, shown))
    }

    fn go_on(&self, done: Result<(), JsValue>, rich: RichText, shown: &Shown) -> Form {
        let done = done.and_then(|()| if is_over(shown) { rich.finish() } else { Ok(()) });
        match done {
            Ok(()) if is_over(shown) => Form::Finished,
            Ok(()) => Form::Growing(rich),
            Err(_) => self.give_up(&shown.message.text),
        }
    }

    /// A module that has failed must not cost the visitor a word.
    fn give_up(&self, text: &str) -> Form {
        // Neither is refused: both names are valid.
        let _ = self.place.class_list().remove_1("rich");
        let _ = self.place.set_attribute("dir", "auto");
        self.write(text);
        Form::Plain
    }

    fn write(&self, text: &str) {
        self.place.set_text_content(Some(text));
    }

    fn add(&self, new: &str, before: usize) {
        match self.place.first_child().map(JsCast::dyn_into::<Text>) {
            // Only a text that would be too long for the browser is refused.
            Some(Ok(text)) if before > 0 && !new.is_empty() => drop(text.append_data(new)),
            _ if before == 0 && !new.is_empty() => self.write(new),
            _ => {}
        }
    }
}

/// Whether nothing is expected to follow.
fn is_over(shown: &Shown) -> bool {
    shown.message.status != Status::Streaming
}

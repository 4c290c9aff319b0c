//! In which language everything is read, and what the launcher is called in it.

use wasm_bindgen_futures::spawn_local;

use super::Runtime;
use crate::language::{Language, choose};
use crate::signal::react;
use crate::strings::Text;

impl Runtime {
    /// The language of the page, or of the visitor, as soon as its texts are there. What could not be fetched is fetched
    /// at the next opening.
    pub(super) fn learn_language(&self) {
        let tag = choose(self.0.config.language.as_deref(), self.0.host.surrounding_language());
        let spoken = self.0.model.language.get_untracked();
        if spoken.tag() == tag {
            return;
        }
        let runtime = self.clone();
        spawn_local(async move {
            let language = spoken.fetched(&tag).await;
            if let Some(language) = language.filter(|language| runtime.does_not_speak(language)) {
                runtime.0.model.language.set(language);
            }
        });
    }

    /// What is left of a chat that has ended is a launcher that can begin another.
    pub(super) fn launcher_rests(&self) {
        self.0.model.language.with_untracked(|language| self.0.host.name_launcher(&language.say(Text::OPEN), ""));
    }

    /// False where the chat has ended, or an attempt before this one was luckier.
    fn does_not_speak(&self, language: &Language) -> bool {
        !self.0.ended.get() && self.0.model.language.with_untracked(|spoken| spoken.tag() != language.tag())
    }

    /// Says on the element which language is spoken, and on the launcher what it does.
    pub(super) fn name_launcher(&self) {
        let runtime = self.clone();
        self.keep(react(move || {
            let (model, host) = (&runtime.0.model, &runtime.0.host);
            let unread = f64::from(model.unread.get());
            let open = model.open.get();
            model.language.with(|language| {
                let mut name = language.say(if open { Text::CLOSE } else { Text::OPEN });
                let mut badge = String::new();
                if unread > 0.0 {
                    name = format!("{name} ({})", language.count(Text::UNREAD, unread));
                    badge = if unread > 99.0 { format!("{}+", language.number(99.0)) } else { language.number(unread) };
                }
                host.speak(language.tag(), language.direction());
                host.name_launcher(&name, &badge);
            });
        }));
    }
}

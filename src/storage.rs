//! What the browser keeps of a chat: the visitor's id, the conversation, the draft, and what the visitor has agreed to.
//! Where storage is blocked or full, all of it lives as long as the page. It does not know what is in a conversation.

pub(crate) mod uuid;

use std::cell::Cell;

use chat_core::Saved;
use chat_core::json::Portable;
use chat_core::wire::VisitorId;
use gloo_events::EventListener;

use crate::json;
use crate::options::{Config, Persist, Wording};

/// Everything this widget stores is named with this.
const PREFIX: &str = "secondme-chat:";
const VISITOR: &str = "secondme-chat:visitorId";
/// The loader reads this one too.
const PERSON: &str = "secondme-chat:person";
const CONSENT: &str = "secondme-chat:consent";
const SOUND: &str = "secondme-chat:sound";

/// The storage of one chat: per proxy, avatar and visitor.
pub(crate) struct Storage {
    persist: Persist,
    /// The visitor has to agree before anything is written.
    asks: bool,
    agreed: Cell<bool>,
    /// What tells this chat from others on the same site.
    name: String,
}

impl Storage {
    pub(crate) fn new(config: &Config) -> Self {
        let name = format!("{}|{}", config.base, config.avatar.as_deref().unwrap_or_default());
        Self { persist: config.persist, asks: config.consent != Wording::None, agreed: Cell::new(false), name }
    }

    /// What tells this chat from others on the same site.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// True while the visitor has to agree and has not, neither here nor in another tab. Nothing is written until then.
    pub(crate) fn lacks_consent(&self) -> bool {
        self.asks && !self.agreed.get() && self.get(CONSENT).is_none()
    }

    /// The visitor agrees, or has agreed before.
    pub(crate) fn agree(&self) {
        if self.asks {
            self.agreed.set(true);
            self.set(CONSENT, "agreed");
        }
    }

    /// Whether the visitor wants to hear of messages; none while they have not said so.
    pub(crate) fn sound(&self) -> Option<bool> {
        self.get(SOUND).map(|choice| choice == "on")
    }

    pub(crate) fn keep_sound(&self, on: bool) {
        self.set(SOUND, if on { "on" } else { "off" });
    }

    /// Reports when another tab changes what is stored, until the listener is dropped.
    pub(crate) fn listen(report: impl Fn() + 'static) -> Option<EventListener> {
        let window = web_sys::window()?;
        Some(EventListener::new(&window, "storage", move |_| report()))
    }

    /// The stored id, if a visitor has been here: this chat's own, or the one that all of the site's chats share.
    pub(crate) fn known_visitor(&self) -> Option<VisitorId> {
        self.get(&self.own_visitor()).or_else(|| self.get(VISITOR)).and_then(|text| VisitorId::parse(text).ok())
    }

    /// Another visitor from now on, for this chat alone: the site's other chats go on as they are.
    pub(crate) fn renew_visitor(&self, visitor: &VisitorId) {
        if let Some(before) = self.known_visitor() {
            self.remove(&self.key("conversation", &before));
            self.remove(&self.key("draft", &before));
        }
        self.set(&self.own_visitor(), visitor.as_str());
    }

    /// The stored id, or a new one that is stored from now on.
    pub(crate) fn visitor(&self) -> VisitorId {
        self.known_visitor().unwrap_or_else(|| {
            let made = made();
            self.set(VISITOR, made.as_str());
            made
        })
    }

    /// The conversation's visitor is this browser's, whatever another tab may have made up at the same moment.
    pub(crate) fn keep_visitor(&self, visitor: &VisitorId) {
        if self.known_visitor().as_ref() != Some(visitor) {
            let own = self.own_visitor();
            self.set(if self.get(&own).is_some() { &own } else { VISITOR }, visitor.as_str());
        }
    }

    /// The site's own name for the person whose conversation this is; none for somebody unknown.
    pub(crate) fn person(&self) -> Option<String> {
        self.get(PERSON)
    }

    pub(crate) fn keep_person(&self, person: Option<&str>) {
        match person {
            Some(person) => self.set(PERSON, person),
            None => self.remove(PERSON),
        }
    }

    /// The visitor's conversation, where one is stored that this version of the widget understands.
    pub(crate) fn conversation(&self, visitor: &VisitorId) -> Option<Saved> {
        let text = self.get(&self.key("conversation", visitor))?;
        Saved::from_json(json::parse(&text)?)
    }

    pub(crate) fn keep_conversation(&self, visitor: &VisitorId, saved: &Saved) {
        if let Some(text) = json::text(&saved.to_json()) {
            self.set(&self.key("conversation", visitor), &text);
        }
    }

    /// What the visitor had begun to write.
    pub(crate) fn draft(&self, visitor: &VisitorId) -> Option<String> {
        self.get(&self.key("draft", visitor))
    }

    pub(crate) fn keep_draft(&self, visitor: &VisitorId, draft: &str) {
        let key = self.key("draft", visitor);
        if draft.is_empty() { self.remove(&key) } else { self.set(&key, draft) }
    }

    /// Removes everything this widget has stored, of every proxy and avatar: the next person at this computer is another.
    pub(crate) fn forget(&self) {
        self.agreed.set(false);
        let Some(storage) = self.storage() else { return };
        let count = storage.length().unwrap_or_default();
        let names: Vec<_> = (0..count).filter_map(|place| storage.key(place).ok().flatten()).collect();
        for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
            self.remove(name);
        }
    }

    fn own_visitor(&self) -> String {
        format!("{VISITOR}:{}", self.name)
    }

    fn key(&self, what: &str, visitor: &VisitorId) -> String {
        format!("{PREFIX}{what}:{}|{visitor}", self.name)
    }

    fn get(&self, key: &str) -> Option<String> {
        self.storage()?.get_item(key).ok().flatten()
    }

    /// A full or forbidden storage costs the visitor the memory of this chat, and nothing else.
    fn set(&self, key: &str, value: &str) {
        if self.asks && !self.agreed.get() {
            return;
        }
        if let Some(storage) = self.storage() {
            let _ = storage.set_item(key, value);
        }
    }

    fn remove(&self, key: &str) {
        if let Some(storage) = self.storage() {
            let _ = storage.remove_item(key);
        }
    }

    /// Even to name `localStorage` throws in a page without an origin of its own.
    fn storage(&self) -> Option<web_sys::Storage> {
        let window = web_sys::window()?;
        match self.persist {
            Persist::Local => window.local_storage().ok().flatten(),
            Persist::Session => window.session_storage().ok().flatten(),
            Persist::None => None,
        }
    }
}

/// An id that nobody had before.
pub(crate) fn made() -> VisitorId {
    loop {
        if let Ok(visitor) = VisitorId::parse(format!("web_{}", uuid::uuid())) {
            return visitor;
        }
    }
}

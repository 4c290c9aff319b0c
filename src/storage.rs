//! What the browser keeps of a chat: the visitor's id, the conversation, the draft. Where storage is blocked or full, all
//! of it lives as long as the page. It does not know what is in a conversation.

pub(crate) mod uuid;

use chat_core::Saved;
use chat_core::wire::VisitorId;

use crate::options::{Config, Persist};

/// Everything this widget stores is named with this.
const PREFIX: &str = "secondme-chat:";
const VISITOR: &str = "secondme-chat:visitorId";
/// The loader reads this one too.
const PERSON: &str = "secondme-chat:person";

/// The storage of one chat: per proxy, avatar and visitor.
pub(crate) struct Storage {
    persist: Persist,
    /// What tells this chat from others on the same site.
    name: String,
}

impl Storage {
    pub(crate) fn new(config: &Config) -> Self {
        let name = format!("{}|{}", config.base, config.avatar.as_deref().unwrap_or_default());
        Self { persist: config.persist, name }
    }

    /// What tells this chat from others on the same site.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The stored id, if a visitor has been here.
    pub(crate) fn known_visitor(&self) -> Option<VisitorId> {
        self.get(VISITOR).and_then(|text| VisitorId::parse(text).ok())
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
            self.set(VISITOR, visitor.as_str());
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
        let value = js_sys::JSON::parse(&text).ok()?;
        serde_wasm_bindgen::from_value(value).ok()
    }

    pub(crate) fn keep_conversation(&self, visitor: &VisitorId, saved: &Saved) {
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        let text = serde::Serialize::serialize(saved, &serializer)
            .ok()
            .and_then(|value| js_sys::JSON::stringify(&value).ok())
            .and_then(|text| text.as_string());
        if let Some(text) = text {
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
        let Some(storage) = self.storage() else { return };
        let count = storage.length().unwrap_or_default();
        let names: Vec<_> = (0..count).filter_map(|place| storage.key(place).ok().flatten()).collect();
        for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
            self.remove(name);
        }
    }

    fn key(&self, what: &str, visitor: &VisitorId) -> String {
        format!("{PREFIX}{what}:{}|{visitor}", self.name)
    }

    fn get(&self, key: &str) -> Option<String> {
        self.storage()?.get_item(key).ok().flatten()
    }

    /// A full or forbidden storage costs the visitor the memory of this chat, and nothing else.
    fn set(&self, key: &str, value: &str) {
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

fn made() -> VisitorId {
    loop {
        if let Ok(visitor) = VisitorId::parse(format!("web_{}", uuid::uuid())) {
            return visitor;
        }
    }
}

//! What the views read: signals that mirror the session. Nothing here decides anything.

use chat_core::{Connection, Message, MessageId, Profile, Waiting};
use leptos::prelude::{ArcRwSignal, RwSignal, Trigger, Update, WithUntracked};

/// The signals of one chat. Copied freely; they live as long as the chat is mounted.
#[derive(Clone, Copy)]
pub(crate) struct Model {
    /// Whether the panel is open.
    pub(crate) open: RwSignal<bool>,
    pub(crate) connection: RwSignal<Connection>,
    pub(crate) profile: RwSignal<Option<Profile>>,
    pub(crate) waiting: RwSignal<Waiting>,
    /// Changes only when a message comes or goes; what a message says changes in the message's own signal.
    pub(crate) messages: RwSignal<Vec<LiveMessage>>,
    /// What stands in the composer.
    pub(crate) draft: RwSignal<String>,
    /// What a screen reader is told, once.
    pub(crate) announcement: RwSignal<String>,
    /// Fires when the keyboard's focus is to go into the panel.
    pub(crate) focus: Trigger,
}

/// A message and the one signal that all of its changes go through.
#[derive(Clone)]
pub(crate) struct LiveMessage {
    pub(crate) id: MessageId,
    pub(crate) content: ArcRwSignal<Message>,
}

impl Model {
    pub(crate) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            connection: RwSignal::new(Connection::Idle),
            profile: RwSignal::new(None),
            waiting: RwSignal::new(Waiting::No),
            messages: RwSignal::new(Vec::new()),
            draft: RwSignal::new(String::new()),
            announcement: RwSignal::new(String::new()),
            focus: Trigger::new(),
        }
    }

    pub(crate) fn add(&self, message: &Message) {
        self.messages.update(|messages| messages.push(LiveMessage::new(message)));
    }

    pub(crate) fn add_first(&self, message: &Message) {
        self.messages.update(|messages| messages.insert(0, LiveMessage::new(message)));
    }

    /// The newest are looked at first: they are what changes.
    pub(crate) fn change(&self, id: MessageId, change: impl FnOnce(&mut Message)) {
        let content = self.messages.with_untracked(|messages| {
            messages.iter().rfind(|message| message.id == id).map(|message| message.content.clone())
        });
        if let Some(content) = content {
            content.update(change);
        }
    }
}

impl LiveMessage {
    fn new(message: &Message) -> Self {
        Self { id: message.id, content: ArcRwSignal::new(message.clone()) }
    }
}

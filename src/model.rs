//! What the views read: signals that mirror the session. Nothing here decides anything.

use std::cell::Cell;

use chat_core::{Author, Connection, Message, MessageId, Moment, Profile, Waiting};
use leptos::prelude::{ArcRwSignal, LocalStorage, RwSignal, Set, Trigger, Update, WithUntracked};

use crate::language::Language;
use crate::strings::Text;

/// The signals of one chat. Copied freely; they live as long as the chat is mounted.
#[derive(Clone, Copy)]
pub(crate) struct Model {
    /// Whether the panel is open.
    pub(crate) open: RwSignal<bool>,
    /// Whether the screen is so small that an open panel has it to itself.
    pub(crate) small: RwSignal<bool>,
    /// Messages that the visitor has not seen.
    pub(crate) unread: RwSignal<u32>,
    pub(crate) connection: RwSignal<Connection>,
    pub(crate) profile: RwSignal<Option<Profile>>,
    pub(crate) waiting: RwSignal<Waiting>,
    /// What the avatar says that it is doing before it speaks.
    pub(crate) thinking: RwSignal<Option<String>>,
    /// Messages wait, because the other side asked for time.
    pub(crate) held: RwSignal<bool>,
    /// Whole seconds until something is tried again.
    pub(crate) seconds_left: RwSignal<Option<u64>>,
    /// Changes only when a message comes or goes; what a message says changes in the message's own signal.
    pub(crate) messages: RwSignal<Vec<LiveMessage>>,
    /// Older messages are not here any more.
    pub(crate) shortened: RwSignal<bool>,
    /// What stands in the composer.
    pub(crate) draft: RwSignal<String>,
    /// What a screen reader is told, each line once; what it has heard goes again.
    pub(crate) announcements: RwSignal<Vec<Announcement>>,
    /// The message that was copied a moment ago.
    pub(crate) copied: RwSignal<Option<MessageId>>,
    /// What stands in the conversation's place.
    pub(crate) aside: RwSignal<Option<Aside>>,
    /// Whether the visitor wants to hear of messages.
    pub(crate) sound: RwSignal<bool>,
    /// Why signing in or out did not work.
    pub(crate) login_trouble: RwSignal<Option<Text>>,
    /// What all texts are read in.
    pub(crate) language: RwSignal<Language, LocalStorage>,
    /// Fires when the keyboard's focus is to go into the panel.
    pub(crate) focus: Trigger,
}

/// What a screen reader is told.
#[derive(Clone)]
pub(crate) enum Announcement {
    /// Something about the conversation.
    Words(String),
    /// What a message says, as it was written.
    Message(String),
}

/// What may stand in the conversation's place for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aside {
    /// What the visitor is to agree to first.
    Consent,
    /// What is stored, and who can read it.
    Stored,
    /// Whether another conversation is really wanted.
    NewConversation,
    /// Whether everything is really to be deleted.
    Clear,
}

/// A message and the one signal that all of its changes go through.
#[derive(Clone)]
pub(crate) struct LiveMessage {
    pub(crate) id: MessageId,
    /// Tells it from every other message of this page: a conversation that begins anew counts from one again.
    pub(crate) serial: u32,
    pub(crate) author: Author,
    /// When it was begun.
    pub(crate) at: Moment,
    pub(crate) content: ArcRwSignal<Shown>,
}

/// A message as it is shown.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) message: Message,
    /// How often its text changed otherwise than by growing at its end.
    pub(crate) rewritten: u32,
}

impl Model {
    pub(crate) fn new(language: Language) -> Self {
        Self {
            open: RwSignal::new(false),
            small: RwSignal::new(false),
            unread: RwSignal::new(0),
            connection: RwSignal::new(Connection::Idle),
            profile: RwSignal::new(None),
            waiting: RwSignal::new(Waiting::No),
            thinking: RwSignal::new(None),
            held: RwSignal::new(false),
            seconds_left: RwSignal::new(None),
            messages: RwSignal::new(Vec::new()),
            shortened: RwSignal::new(false),
            draft: RwSignal::new(String::new()),
            announcements: RwSignal::new(Vec::new()),
            copied: RwSignal::new(None),
            aside: RwSignal::new(None),
            sound: RwSignal::new(false),
            login_trouble: RwSignal::new(None),
            language: RwSignal::new_local(language),
            focus: Trigger::new(),
        }
    }

    pub(crate) fn add(&self, message: &Message) {
        self.messages.update(|messages| messages.push(LiveMessage::new(message)));
    }

    pub(crate) fn add_first(&self, message: &Message) {
        self.messages.update(|messages| messages.insert(0, LiveMessage::new(message)));
    }

    pub(crate) fn remove(&self, id: MessageId) {
        self.messages.update(|messages| messages.retain(|message| message.id != id));
    }

    /// What is shown already keeps its place on the page, and the reader theirs.
    pub(crate) fn draw_anew(&self, all: &[Message]) {
        let shown = self.messages.with_untracked(Clone::clone);
        let live = all.iter().map(|message| {
            let known = shown.binary_search_by_key(&message.id, |live| live.id).map(|place| &shown[place]);
            known.map_or_else(
                |_| LiveMessage::new(message),
                |live| {
                    live.content.update(|shown| {
                        shown.rewritten += u32::from(shown.message.text != message.text);
                        shown.message = message.clone();
                    });
                    live.clone()
                },
            )
        });
        self.messages.set(live.collect());
    }

    /// The newest are looked at first: they are what changes.
    pub(crate) fn change(&self, id: MessageId, change: impl FnOnce(&mut Shown)) {
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
        thread_local!(static SERIAL: Cell<u32> = const { Cell::new(0) });
        let serial = SERIAL.get().wrapping_add(1);
        SERIAL.set(serial);
        let content = ArcRwSignal::new(Shown { message: message.clone(), rewritten: 0 });
        Self { id: message.id, serial, author: message.author, at: message.at, content }
    }
}

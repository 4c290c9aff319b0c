//! What the views read: signals that mirror the session. Nothing here decides anything.

use std::cell::Cell;
use std::rc::Rc;

use chat_core::{Author, Connection, Message, MessageId, Moment, Profile, Waiting};

use crate::language::Language;
use crate::signal::Signal;
use crate::strings::Text;

/// The signals of one chat.
pub(crate) struct Model {
    /// Whether the panel is open.
    pub(crate) open: Signal<bool>,
    /// Whether the screen is so small that an open panel has it to itself.
    pub(crate) small: Signal<bool>,
    /// Messages that the visitor has not seen.
    pub(crate) unread: Signal<u32>,
    pub(crate) connection: Signal<Connection>,
    pub(crate) profile: Signal<Option<Profile>>,
    pub(crate) waiting: Signal<Waiting>,
    /// What the avatar says that it is doing before it speaks.
    pub(crate) thinking: Signal<Option<String>>,
    /// Messages wait, because the other side asked for time.
    pub(crate) held: Signal<bool>,
    /// Whole seconds until something is tried again.
    pub(crate) seconds_left: Signal<Option<u64>>,
    /// Changes only when a message comes or goes; what a message says changes in the message's own signal.
    pub(crate) messages: Signal<Vec<LiveMessage>>,
    /// Older messages are not here any more.
    pub(crate) shortened: Signal<bool>,
    /// What stands in the composer.
    pub(crate) draft: Signal<String>,
    /// What a screen reader is told, each line once; what it has heard goes again.
    pub(crate) announcements: Signal<Vec<Announcement>>,
    /// The message that was copied a moment ago.
    pub(crate) copied: Signal<Option<MessageId>>,
    /// What stands in the conversation's place.
    pub(crate) aside: Signal<Option<Aside>>,
    /// Whether the visitor wants to hear of messages.
    pub(crate) sound: Signal<bool>,
    /// Why signing in or out did not work.
    pub(crate) login_trouble: Signal<Option<Text>>,
    /// What all texts are read in.
    pub(crate) language: Signal<Language>,
    /// Changes when the keyboard's focus is to go into the panel.
    pub(crate) focus: Signal<()>,
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
    pub(crate) content: Rc<Signal<Shown>>,
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
            open: Signal::new(false),
            small: Signal::new(false),
            unread: Signal::new(0),
            connection: Signal::new(Connection::Idle),
            profile: Signal::new(None),
            waiting: Signal::new(Waiting::No),
            thinking: Signal::new(None),
            held: Signal::new(false),
            seconds_left: Signal::new(None),
            messages: Signal::new(Vec::new()),
            shortened: Signal::new(false),
            draft: Signal::new(String::new()),
            announcements: Signal::new(Vec::new()),
            copied: Signal::new(None),
            aside: Signal::new(None),
            sound: Signal::new(false),
            login_trouble: Signal::new(None),
            language: Signal::new(language),
            focus: Signal::new(()),
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
        let content = Rc::new(Signal::new(Shown { message: message.clone(), rewritten: 0 }));
        Self { id: message.id, serial, author: message.author, at: message.at, content }
    }
}

//! The state machine of one conversation. [`Session::handle`] takes what happened and the time, and says what to do and
//! what to show. It does not know how anything is done, and never looks at a clock.

mod connection;
mod outbox;
mod reply;

use core::time::Duration;

use crate::failure::RequestFault;
use crate::moment::Moment;
use crate::transcript::{Author, MessageId, Status, Transcript};
use crate::wire::{Frame, InitAnswer, InitRequest, SendRequest, VisitorId, limits};

use connection::Link;
use outbox::Outbox;
use reply::Replies;

pub use connection::{Connection, Profile};
pub use outbox::Turn;
pub use reply::Waiting;

/// What the page fixes for the whole conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which of the site's avatars, by the proxy's alias.
    pub avatar: Option<String>,
    /// The visitor's name, for the avatar's owner.
    pub visitor_name: Option<String>,
    /// A number no other widget is likely to have: spreads the attempts to reconnect.
    pub seed: u64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The visitor opened the chat. Every later opening does no harm.
    Opened(VisitorId),
    /// The visitor sent what stood in the composer.
    Submitted(String),
    /// The visitor wants a failed message sent again.
    Retried(MessageId),
    /// The visitor does not want to wait for the next attempt to connect.
    Reconnected,
    /// `init` came back. The number is that of its [`Effect::Init`].
    Initialised(u32, Result<InitAnswer, RequestFault>),
    /// The socket of that attempt is open.
    SocketOpened(u32),
    /// The socket of that attempt is closed, or could not be opened.
    SocketClosed(u32),
    /// A frame came on the socket of that attempt; `None` where it could not be parsed.
    Received(u32, Option<Frame>),
    /// `send` came back.
    Answered(Turn, Result<(), RequestFault>),
    /// The time that [`Effect::Wake`] asked for has come. A wake-up too early or too many does no harm.
    Woke,
}

/// What to do. Each effect is one adapter's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the proxy for a session and a socket address, and come back with [`Input::Initialised`].
    Init {
        /// Comes back with the answer; an answer to an older attempt is dropped.
        attempt: u32,
        /// The body.
        request: InitRequest,
        /// Give up after this long.
        within: Duration,
    },
    /// Open a socket, and come back with its events.
    Connect {
        /// Comes back with each event.
        attempt: u32,
        /// Complete, with its credentials.
        url: String,
    },
    /// Close the socket, if there is one.
    Disconnect,
    /// Send a ping on the socket.
    Ping {
        /// The socket's id.
        ws_id: String,
    },
    /// Post a message to the proxy, and come back with [`Input::Answered`].
    Send {
        /// Comes back with the answer.
        turn: Turn,
        /// The body.
        request: SendRequest,
        /// Give up after this long.
        within: Duration,
    },
    /// Come back with [`Input::Woke`] then; replaces any earlier wish. `None`: not at all.
    Wake(Option<Moment>),
}

/// What to show. Each names what changed; the new state is read from the [`Session`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A message was added at the end.
    Added(MessageId),
    /// The avatar's greeting was put before all messages.
    Greeted(MessageId),
    /// A message got this text more at its end.
    Extended(MessageId, String),
    /// A message's status changed.
    Status(MessageId),
    /// [`Session::connection`] changed.
    Connection,
    /// [`Session::profile`] changed.
    Profile,
    /// [`Session::waiting`] changed.
    Waiting,
}

/// What one input led to, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// To be done.
    pub effects: Vec<Effect>,
    /// To be shown.
    pub changes: Vec<Change>,
}

/// One conversation of one visitor.
#[derive(Debug)]
pub struct Session {
    settings: Settings,
    transcript: Transcript,
    link: Link,
    outbox: Outbox,
    replies: Replies,
    wake: Option<Moment>,
    skipped: u64,
    output: Output,
}

impl Session {
    /// A conversation that has not begun: nothing is asked for before [`Input::Opened`].
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            link: Link::new(settings.seed),
            settings,
            transcript: Transcript::default(),
            outbox: Outbox::default(),
            replies: Replies::default(),
            wake: None,
            skipped: 0,
            output: Output::default(),
        }
    }

    /// Takes what happened at `now`.
    pub fn handle(&mut self, input: Input, now: Moment) -> Output {
        match input {
            Input::Opened(visitor) => self.open(visitor),
            Input::Submitted(text) => self.submit(&text, now),
            Input::Retried(message) => self.retry(message),
            Input::Reconnected => self.reconnect(),
            Input::Initialised(attempt, result) => self.initialised(attempt, result, now),
            Input::SocketOpened(attempt) => self.socket_opened(attempt, now),
            Input::SocketClosed(attempt) => self.socket_closed(attempt, now),
            Input::Received(attempt, frame) => self.received(attempt, frame, now),
            Input::Answered(turn, result) => self.answered(turn, result, now),
            Input::Woke => {}
        }
        self.keep_time(now);
        self.post_next();
        self.ask_to_be_woken();
        core::mem::take(&mut self.output)
    }

    /// The messages.
    #[must_use]
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// Whether and why not there is a way to SecondMe.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.link.state()
    }

    /// Who the visitor talks to; known from the first answer of the proxy on.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.link.profile()
    }

    /// Whether a reply is awaited.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        self.replies.waiting()
    }

    /// How many frames were not understood, for a developer.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    fn keep_time(&mut self, now: Moment) {
        self.keep_link(now);
        if self.replies.tick(now) {
            self.change(Change::Waiting);
        }
    }

    /// One wish at a time: the earliest of all deadlines.
    fn ask_to_be_woken(&mut self) {
        let wake = [self.link.deadline(), self.replies.deadline()].into_iter().flatten().min();
        if wake != self.wake {
            self.wake = wake;
            self.effect(Effect::Wake(wake));
        }
    }

    fn effect(&mut self, effect: Effect) {
        self.output.effects.push(effect);
    }

    fn change(&mut self, change: Change) {
        self.output.changes.push(change);
    }

    fn add(&mut self, author: Author, text: String, status: Status, now: Moment) -> MessageId {
        let id = self.transcript.add(author, text, status, now);
        self.change(Change::Added(id));
        id
    }

    fn set_status(&mut self, id: MessageId, status: Status) {
        if let Some(message) = self.transcript.get_mut(id)
            && message.status != status
        {
            message.status = status;
            self.change(Change::Status(id));
        }
    }
}

/// The text as it would be sent, or `None` where there is nothing to send: blank, or over [`limits::MESSAGE`] characters.
#[must_use]
pub fn sendable(text: &str) -> Option<&str> {
    let text = text.trim();
    (1..=limits::MESSAGE).contains(&text.chars().count()).then_some(text)
}

#[cfg(test)]
mod tests;

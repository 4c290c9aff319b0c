//! The state machine of one conversation. [`Session::handle`] takes what happened and the time, and says what to do and
//! what to show. It does not know how anything is done, and never looks at a clock.

mod connection;
mod hearing;
mod link;
mod outbox;
mod replies;
mod reply;
mod runs;
mod saved;
mod seen;
mod speaker;
mod unread;

use core::time::Duration;

use crate::failure::RequestFault;
use crate::moment::{Moment, Steady};
use crate::portable_enum;
use crate::transcript::{Author, MessageId, Status, Transcript};
use crate::wire::part::Attachment;
use crate::wire::{Frame, InitAnswer, InitRequest, SendRequest, VisitorId, limits};

use link::Link;
use outbox::Outbox;
use replies::Replies;
use seen::Seen;
use speaker::Speakers;
use unread::Unread;

pub use link::{Connection, Profile};
pub use outbox::Turn;
pub use replies::Waiting;
pub use saved::Saved;

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

/// What happened. Inputs can be passed on: two sessions in the same state that take the same inputs at the same times
/// stay in the same state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The visitor opened the chat. Every later opening does no harm.
    Opened(VisitorId),
    /// The visitor sent what stood in the composer.
    Submitted(String),
    /// The visitor wants a failed message sent again.
    Retried(MessageId),
    /// The visitor takes back a message that failed, or that still waits.
    Deleted(MessageId),
    /// The visitor wants to hear no more of the reply that is running.
    Stopped,
    /// The visitor does not want to wait for the next attempt to connect.
    Reconnected,
    /// The page is looked at, or not any more.
    Visible(bool),
    /// The conversation itself is before the visitor's eyes, in any of the tabs, or not any more.
    Read(bool),
    /// The browser has a network, or not any more.
    Online(bool),
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
    /// The page that carried out the effects so far is gone, and this one goes on with the conversation.
    TakenOver,
    /// Everything about this visitor is to be forgotten.
    Forgotten,
}

portable_enum!(Input {
    0 Opened(visitor), 1 Submitted(text), 2 Retried(message), 3 Deleted(message), 4 Stopped, 5 Reconnected, 6 Visible(visible),
    7 Read(read), 8 Online(online), 9 Initialised(attempt, result), 10 SocketOpened(attempt), 11 SocketClosed(attempt),
    12 Received(attempt, frame), 13 Answered(turn, result), 14 Woke, 15 TakenOver, 16 Forgotten; Woke
});

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
    /// A message's text or attachments changed in another way.
    Rewritten(MessageId),
    /// A message's status changed.
    Status(MessageId),
    /// A message is gone.
    Removed(MessageId),
    /// The owner speaks from this message on.
    TakenOver(MessageId),
    /// Everything changed: whatever is shown is to be drawn anew.
    Everything,
    /// [`Session::connection`] changed.
    Connection,
    /// [`Session::profile`] changed.
    Profile,
    /// [`Session::waiting`] or [`Session::thinking`] changed.
    Waiting,
    /// [`Session::held_until`] changed.
    Held,
    /// [`Session::unread`] changed.
    Unread,
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
    speakers: Speakers,
    seen: Seen,
    unread: Unread,
    steady: Steady,
    /// What the wall clock shows; deadlines are kept in steady time, messages carry this one.
    reading: Moment,
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
            outbox: Outbox::new(settings.seed.rotate_left(32)),
            settings,
            transcript: Transcript::default(),
            replies: Replies::default(),
            speakers: Speakers::default(),
            seen: Seen::default(),
            unread: Unread::default(),
            steady: Steady::default(),
            reading: Moment::default(),
            wake: None,
            skipped: 0,
            output: Output::default(),
        }
    }

    /// Takes what happened when the wall clock showed `reading`.
    pub fn handle(&mut self, input: Input, reading: Moment) -> Output {
        self.reading = reading;
        let now = self.steady.read(reading);
        match input {
            Input::Opened(visitor) => self.open(visitor, now),
            Input::Submitted(text) => self.submit(&text, now),
            Input::Retried(message) => self.retry(message, now),
            Input::Deleted(message) => self.delete(message),
            Input::Stopped => self.silence(),
            Input::Reconnected => self.reconnect(now),
            Input::Visible(visible) => self.looked_at(visible, now),
            Input::Read(read) => self.read(read),
            Input::Online(online) => self.network(online, now),
            Input::Initialised(attempt, result) => self.initialised(attempt, result, now),
            Input::SocketOpened(attempt) => self.socket_opened(attempt, now),
            Input::SocketClosed(attempt) => self.socket_closed(attempt, now),
            Input::Received(attempt, frame) => self.received(attempt, frame, now),
            Input::Answered(turn, result) => self.answered(turn, result, now),
            Input::Woke => {}
            Input::TakenOver => self.take_over(now),
            Input::Forgotten => self.forget(),
        }
        self.keep_link(now);
        self.keep_replies(now);
        self.keep_outbox(now);
        self.post_next(now);
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
        match self.link.state() {
            Connection::Reconnecting(failure, Some(until)) => {
                Connection::Reconnecting(failure, Some(self.steady.reading_at(until)))
            }
            other => other,
        }
    }

    /// Who the visitor talks to; known from the first answer of the proxy on.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.link.profile()
    }

    /// Who the conversation is with; known from the first opening on.
    #[must_use]
    pub fn visitor(&self) -> Option<&VisitorId> {
        self.link.visitor()
    }

    /// Whether a reply is awaited.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        self.replies.waiting()
    }

    /// What the avatar says that it is doing before it speaks.
    #[must_use]
    pub fn thinking(&self) -> Option<&str> {
        self.replies.thinking()
    }

    /// When messages that wait are sent on, where the other side asked for time.
    #[must_use]
    pub fn held_until(&self) -> Option<Moment> {
        self.outbox.held_until().map(|until| self.steady.reading_at(until))
    }

    /// True where every message of the visitor has been sent or has failed.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.outbox.is_empty()
    }

    /// How many frames were not understood, for a developer.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The page that did the work is gone, and with it its socket and its requests.
    fn take_over(&mut self, now: Moment) {
        self.lose_track();
        self.cut_replies();
        self.link_lost_with_its_page(now);
        self.wake = None;
        self.change(Change::Everything);
    }

    fn forget(&mut self) {
        self.effect(Effect::Disconnect);
        self.link = self.link.forgotten(self.settings.seed);
        self.transcript = Transcript::default();
        self.replies = Replies::default();
        self.speakers = Speakers::default();
        self.unread.forget();
        // Turns go on counting, so that the answer to a request of the last visitor is no one's.
        self.outbox = self.outbox.forgotten(self.settings.seed);
        self.change(Change::Everything);
    }

    /// One wish at a time: the earliest of all deadlines.
    fn ask_to_be_woken(&mut self) {
        let deadlines = [self.link.deadline(), self.replies.deadline(), self.outbox.deadline()];
        let wake = deadlines.into_iter().flatten().min().map(|deadline| self.steady.reading_at(deadline));
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

    fn add(&mut self, author: Author, text: String, attachments: Vec<Attachment>, status: Status) -> MessageId {
        let id = self.transcript.add(author, text, attachments, status, self.reading);
        self.change(Change::Added(id));
        if author != Author::Visitor {
            self.count_unread();
        }
        if let Some(oldest) = self.transcript.shorten() {
            self.change(Change::Removed(oldest));
        }
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

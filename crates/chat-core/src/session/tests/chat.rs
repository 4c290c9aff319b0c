//! One conversation in the hands of a test: it plays the page, the proxy and the socket, in virtual time.

use core::time::Duration;

use crate::session::{Change, Effect, Input, Session, Settings, Turn};
use crate::wire::part::{Modal, Part};
use crate::wire::{Frame, InitAnswer, InitRequest, VisitorId};
use crate::{Author, Moment, RequestFault, Status};

/// A session, the time, and everything it asked for so far.
pub(super) struct Chat {
    pub(super) session: Session,
    pub(super) now: Moment,
    pub(super) effects: Vec<Effect>,
    pub(super) changes: Vec<Change>,
}

impl Chat {
    pub(super) fn new() -> Self {
        let session = Session::new(Settings { avatar: None, visitor_name: Some("Ada".into()), seed: 1 });
        Self { session, now: Moment(1_000_000), effects: Vec::new(), changes: Vec::new() }
    }

    /// A conversation that goes on elsewhere.
    pub(super) fn of(session: Session, now: Moment) -> Self {
        Self { session, now, effects: Vec::new(), changes: Vec::new() }
    }

    /// Opened, initialised, connected.
    pub(super) fn open() -> Self {
        let mut chat = Self::new();
        chat.take(Input::Opened(visitor()));
        chat.connect();
        chat
    }

    pub(super) fn take(&mut self, input: Input) -> Vec<Effect> {
        let output = self.session.handle(input, self.now);
        self.changes.extend(output.changes);
        self.effects.extend(output.effects.clone());
        output.effects
    }

    pub(super) fn connect(&mut self) {
        let attempt = self.attempt();
        self.take(Input::Initialised(attempt, Ok(answer())));
        self.take(Input::SocketOpened(attempt));
    }

    pub(super) fn attempt(&self) -> u32 {
        let attempt = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Init { attempt, .. } => Some(*attempt),
            _ => None,
        });
        attempt.expect("an init was asked for")
    }

    /// Lets virtual time pass, waking the session whenever it wishes.
    pub(super) fn pass(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(wake) = self.session.wake.filter(|wake| *wake <= end) {
            self.now = self.now.max(wake);
            self.take(Input::Woke);
        }
        self.now = end;
    }

    pub(super) fn say(&mut self, text: &str) {
        self.take(Input::Submitted(text.into()));
    }

    /// What was posted, in order.
    pub(super) fn posted(&self) -> Vec<(Turn, String)> {
        let sends = self.effects.iter().filter_map(|effect| match effect {
            Effect::Send { turn, request, .. } => Some((*turn, request.message.clone())),
            _ => None,
        });
        sends.collect()
    }

    pub(super) fn answer_last(&mut self, result: Result<(), RequestFault>) {
        let turn = self.posted().last().expect("something was posted").0;
        self.take(Input::Answered(turn, result));
    }

    pub(super) fn chunk(&mut self, index: i64, text: &str) {
        let attempt = self.attempt();
        self.take(Input::Received(attempt, Some(frame(index, text))));
    }

    pub(super) fn pong(&mut self) {
        let attempt = self.attempt();
        let pong = Frame { kind: Some("pong".into()), ..Frame::default() };
        self.take(Input::Received(attempt, Some(pong)));
    }

    /// Virtual time passes on a socket whose server answers every ping.
    pub(super) fn pass_alive(&mut self, duration: Duration) {
        let end = self.now + duration;
        while self.now < end {
            self.pass(Duration::from_secs(5).min(self.now.until(end)));
            self.pong();
        }
    }

    /// The newest `init`.
    pub(super) fn init(&self) -> &InitRequest {
        let init = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Init { request, .. } => Some(request),
            _ => None,
        });
        init.expect("an init was asked for")
    }

    pub(super) fn inits(&self) -> usize {
        self.effects.iter().filter(|effect| matches!(effect, Effect::Init { .. })).count()
    }

    /// What comes on the socket in use.
    pub(super) fn receive(&mut self, frame: Frame) {
        let attempt = self.attempt();
        self.take(Input::Received(attempt, Some(frame)));
    }

    pub(super) fn pings(&self) -> usize {
        self.effects.iter().filter(|effect| matches!(effect, Effect::Ping { ws_id } if ws_id == "ws:1")).count()
    }

    pub(super) fn shown(&self) -> Vec<(Author, &str, &Status)> {
        let messages = self.session.transcript().messages().iter();
        messages.map(|message| (message.author, message.text.as_str(), &message.status)).collect()
    }

    pub(super) fn last(&self) -> (&str, &Status) {
        let message = self.session.transcript().messages().last().expect("there is a message");
        (&message.text, &message.status)
    }
}

pub(super) fn visitor() -> VisitorId {
    VisitorId::parse("web_1").expect("the form is right")
}

pub(super) fn answer() -> InitAnswer {
    InitAnswer {
        session_id: "session-1".into(),
        ws_url: "wss://ws.example/os/ws?wsId=ws%3A1&authBody=x".into(),
        avatar_name: "Mira".into(),
        opening: Some("Hello!".into()),
        visitor_user_id: None,
        heartbeat: None,
        starters: Vec::new(),
        avatar_image: None,
        signed_in: false,
    }
}

pub(super) fn frame(index: i64, text: &str) -> Frame {
    let part = Part { modal: Modal { answer: Some(text.into()), ..Modal::default() }, ..Part::default() };
    Frame { sender: Some("umm".into()), index: Some(index), multiple_data: vec![part], ..Frame::default() }
}

pub(super) fn refused(status: u16, code: &str) -> RequestFault {
    RequestFault::Refused { status, code: code.into(), retry_after: None }
}

//! One world: a page with its session, the network, the server, and what happens to them.

use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use chat_core::wire::{Frame, SendRequest, VisitorId};
use chat_core::{Change, Connection, Effect, Input, Moment, RequestFault, Session, Settings, Turn, Waiting};

mod deeds;

use crate::chance::Chance;
use crate::schedule::Schedule;
use crate::server::{Pushed, Server, Socket};
use crate::visitor::Deed;
use crate::witness::Witness;

/// Deeds of one world, before it is healed.
const DEEDS: usize = 60;

pub(crate) struct World {
    seed: u64,
    chance: Chance,
    schedule: Schedule<Event>,
    now: u64,
    /// The wall clock's lead over virtual time.
    clock: i64,
    session: Session,
    /// Which page this is: what an older page asked for never comes back to this one.
    page: u32,
    wake: Option<u64>,
    connecting: Option<(u32, u32)>,
    server: Server,
    witness: Witness,
    script: Vec<String>,
    steps: usize,
    healed: bool,
    online: bool,
}

#[derive(Debug)]
enum Event {
    Do(Deed),
    InitReaches(u32, u32),
    InitReturns(u32, u32, Result<(), RequestFault>),
    SocketOpens(u32, u32),
    SocketCloses(u32, u32),
    PingReaches(u32, u32),
    Arrives(u32, u32, Pushed),
    Push(Pushed),
    SendReaches(u32, Turn, SendRequest),
    SendReturns(u32, Turn, Result<(), RequestFault>),
    Wake(u32, u64),
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let server = Server {
            session_valid: true,
            answers_pings: chance.percent(80),
            keeps_frames: chance.percent(50),
            ..Server::default()
        };
        Self {
            seed,
            session: Session::new(settings(seed)),
            chance,
            schedule: Schedule::new(),
            now: 0,
            clock: 1_700_000_000_000,
            page: 0,
            wake: None,
            connecting: None,
            server,
            witness: Witness::default(),
            script: Vec::new(),
            steps: 0,
            healed: false,
            online: true,
        }
    }

    /// Runs the world to its end and counts the inputs that the session took.
    pub(crate) fn run(mut self) -> usize {
        let result = catch_unwind(AssertUnwindSafe(|| self.live()));
        if let Err(failure) = result {
            eprintln!("WORLD_SEED={} fails after this script:\n{}", self.seed, self.script.join("\n"));
            resume_unwind(failure);
        }
        self.steps
    }

    fn live(&mut self) {
        self.input(Input::Opened(visitor()));
        let mut at = 0;
        for _ in 0..DEEDS {
            let pause = if self.chance.percent(70) { 0..2_000 } else { 0..40_000 };
            at += self.chance.number(pause);
            let deed = Deed::any(&mut self.chance);
            self.schedule.plan(at, Event::Do(deed));
        }
        self.until(at + 1);
        self.heal();
        // Longer than the longest time-out and the longest back-off together.
        let end = self.now + 240_000;
        self.until(end);
        assert_eq!(self.session.connection(), Connection::Open, "stuck");
        assert!(self.session.is_settled(), "the outbox is stuck");
        assert!(self.session.waiting() != Waiting::Typing, "waits forever");
        self.witness.look_at_all(&self.session, &self.server);
    }

    fn heal(&mut self) {
        self.healed = true;
        self.server.down = false;
        self.server.session_valid = true;
        self.online = true;
        self.input(Input::Online(true));
        self.input(Input::Visible(true));
    }

    fn until(&mut self, end: u64) {
        while let Some((at, event)) = self.schedule.next() {
            if at > end {
                self.schedule.plan(at, event);
                break;
            }
            self.now = self.now.max(at);
            self.happen(event);
        }
        self.now = end;
    }

    fn happen(&mut self, event: Event) {
        self.script.push(format!("{:>9} {event:?}", self.now));
        match event {
            Event::Do(deed) => self.perform(deed),
            Event::InitReaches(page, attempt) => self.init_reaches(page, attempt),
            Event::InitReturns(page, attempt, result) if page == self.page => {
                let named = self.seed.is_multiple_of(2);
                self.input(Input::Initialised(attempt, result.map(|()| self.server.answer(named))));
            }
            Event::SocketOpens(page, attempt) if self.connecting == Some((page, attempt)) => self.socket_opens(attempt),
            Event::SocketCloses(page, attempt) if page == self.page => self.input(Input::SocketClosed(attempt)),
            Event::PingReaches(page, attempt) => self.ping_reaches(page, attempt),
            Event::Arrives(page, attempt, pushed) if page == self.page => self.arrive(attempt, pushed),
            Event::Arrives(_, _, pushed) => self.server.lose(&pushed),
            Event::Push(pushed) => self.push(pushed),
            Event::SendReaches(page, turn, request) => self.send_reaches(page, turn, &request),
            Event::SendReturns(page, turn, result) if page == self.page => self.input(Input::Answered(turn, result)),
            Event::Wake(page, at) if page == self.page && self.wake == Some(at) => self.input(Input::Woke),
            _ => {}
        }
    }

    /// One step: an input, its effects on the world, and a look at whatever it changed.
    fn input(&mut self, input: Input) {
        self.steps += 1;
        let output = self.session.handle(input, self.reading());
        for change in &output.changes {
            match change {
                Change::Added(id)
                | Change::Greeted(id)
                | Change::Extended(id, _)
                | Change::Rewritten(id)
                | Change::Status(id) => {
                    if let Some(message) = self.session.transcript().get(*id) {
                        self.witness.look(message, &self.server);
                    }
                }
                _ => {}
            }
        }
        for effect in output.effects {
            self.carry_out(effect);
        }
    }

    fn reading(&self) -> Moment {
        Moment(u64::try_from(i64::try_from(self.now).unwrap() + self.clock).unwrap())
    }

    fn carry_out(&mut self, effect: Effect) {
        let page = self.page;
        match effect {
            Effect::Init { attempt, .. } => self.later(0..300, Event::InitReaches(page, attempt)),
            Effect::Connect { attempt, .. } => {
                self.connecting = Some((page, attempt));
                self.later(10..400, Event::SocketOpens(page, attempt));
            }
            Effect::Disconnect => {
                self.connecting = None;
                for (name, socket) in &mut self.server.sockets {
                    if name.0 == page {
                        *socket = Socket::Closed;
                    }
                }
            }
            Effect::Ping { .. } => {
                if let Some((_, attempt)) = self.server.socket().filter(|name| name.0 == page) {
                    self.later(5..100, Event::PingReaches(page, attempt));
                }
            }
            Effect::Send { turn, request, .. } => self.later(0..300, Event::SendReaches(page, turn, request)),
            Effect::Wake(at) => {
                self.wake = at.map(|at| {
                    let at = i64::try_from(at.0).unwrap() - self.clock;
                    u64::try_from(at).unwrap_or(0).max(self.now)
                });
                if let Some(at) = self.wake {
                    self.schedule.plan(at, Event::Wake(page, at));
                }
            }
        }
    }

    fn later(&mut self, delay: core::ops::Range<u64>, event: Event) {
        let delay = u64::try_from(self.chance.milliseconds(delay).as_millis()).unwrap();
        self.schedule.plan(self.now + delay, event);
    }

    /// What may go wrong with a request, before and after it is acted upon.
    fn trouble(&mut self) -> bool {
        !self.healed && self.chance.percent(12) || self.server.down || !self.online
    }

    fn init_reaches(&mut self, page: u32, attempt: u32) {
        let result = if self.trouble() {
            Err(self.fault())
        } else {
            self.server.session_valid = true;
            Ok(())
        };
        self.later(5..500, Event::InitReturns(page, attempt, result));
    }

    fn fault(&mut self) -> RequestFault {
        let refused = |status, retry_after: Option<u64>| RequestFault::Refused {
            status,
            code: String::new(),
            retry_after: retry_after.map(Duration::from_secs),
        };
        let faults = [
            RequestFault::NoAnswer,
            RequestFault::TimedOut,
            refused(429, Some(3)),
            refused(503, None),
            refused(503, Some(7)),
            refused(502, None),
        ];
        self.chance.one_of(&faults).unwrap()
    }

    fn socket_opens(&mut self, attempt: u32) {
        if self.trouble() {
            return self.input(Input::SocketClosed(attempt));
        }
        self.server.sockets.insert((self.page, attempt), Socket::Open);
        self.input(Input::SocketOpened(attempt));
        for pushed in core::mem::take(&mut self.server.kept) {
            self.push(pushed);
        }
    }

    fn ping_reaches(&mut self, page: u32, attempt: u32) {
        if self.server.answers_pings && self.server.sockets.get(&(page, attempt)) == Some(&Socket::Open) {
            let pong = Frame { kind: Some("pong".into()), ..Frame::default() };
            self.later(5..100, Event::Arrives(page, attempt, Pushed { frame: pong, ..Pushed::default() }));
        }
    }

    fn push(&mut self, pushed: Pushed) {
        if !self.server.still_says(&pushed) {
            return self.server.lose(&pushed);
        }
        match self.server.socket() {
            Some(name) if self.server.sockets[&name] == Socket::Open => {
                // One socket keeps the order.
                self.schedule.plan(self.now + 20, Event::Arrives(name.0, name.1, pushed));
            }
            None if self.server.keeps_frames => self.server.kept.push(pushed),
            _ => self.server.lose(&pushed),
        }
    }

    fn arrive(&mut self, attempt: u32, pushed: Pushed) {
        let name = (self.page, attempt);
        // What was on its way when the socket closed is gone with it.
        if self.server.sockets.get(&name) != Some(&Socket::Open) {
            return self.server.lose(&pushed);
        }
        if let Some(reply) = pushed.reply {
            let reply = &mut self.server.replies[reply];
            if let Some(chunk) = pushed.chunk {
                reply.given[chunk] = true;
            }
            reply.over_sockets |= *reply.first_on.get_or_insert(name) != name;
            if reply.owner {
                self.silence();
            }
        }
        self.input(Input::Received(attempt, Some(pushed.frame)));
    }

    /// Whatever the avatar is saying is ended by the owner, or by the visitor.
    fn silence(&mut self) {
        for reply in self.server.replies.iter_mut().filter(|reply| !reply.owner) {
            reply.silenced |= reply.given.iter().any(|given| *given);
        }
    }

    fn send_reaches(&mut self, page: u32, turn: Turn, request: &SendRequest) {
        if self.trouble() {
            let fault = self.fault();
            return self.later(5..500, Event::SendReturns(page, turn, Err(fault)));
        }
        if !self.server.session_valid {
            let code = "visitor_chat.session_expired".into();
            let expired = RequestFault::Refused { status: 400, code, retry_after: None };
            return self.later(5..500, Event::SendReturns(page, turn, Err(expired)));
        }
        self.server.taken.push(request.message.clone());
        for reply in self.server.replies.iter_mut().filter(|reply| reply.broken) {
            reply.abandoned = true;
        }
        // The answer may be lost although the message was taken.
        let lost = !self.healed && self.chance.percent(8);
        let result = if lost { Err(RequestFault::TimedOut) } else { Ok(()) };
        // Behind what was pushed before the message was taken.
        self.later(30..800, Event::SendReturns(page, turn, result));
        if self.chance.percent(20) {
            let echo = Frame {
                sender: Some("client".into()),
                send_user_id: Some("visitor".into()),
                multiple_data: vec![chat_core::wire::part::Part {
                    modal: chat_core::wire::part::Modal { answer: Some(request.message.clone()), ..Default::default() },
                    ..Default::default()
                }],
                ..Frame::default()
            };
            self.later(1..50, Event::Push(Pushed { frame: echo, ..Pushed::default() }));
        }
        if self.chance.percent(90) {
            self.speak(false);
        }
    }

    fn speak(&mut self, owner: bool) {
        let named = self.chance.percent(60);
        self.say(owner, named);
    }

    fn say(&mut self, owner: bool, named: bool) {
        let pause = self.chance.number(1..400);
        let mut at = self.now + self.chance.number(10..3_000);
        let frames = self.server.reply(owner, named, &mut self.chance);
        let unnamed = !owner && frames.iter().any(|pushed| pushed.frame.message_id.is_none());
        if unnamed {
            at = at.max(self.server.unnamed_until);
        }
        for pushed in frames {
            at += if pushed.at_once { 0 } else { pause };
            self.schedule.plan(at, Event::Push(pushed));
        }
        if unnamed {
            // An end that came early is known as such once it was silent for a while.
            self.server.unnamed_until = at + 2_500;
        }
    }
}

fn settings(seed: u64) -> Settings {
    Settings { seed, ..Settings::default() }
}

fn visitor() -> VisitorId {
    VisitorId::parse("web_1").unwrap()
}

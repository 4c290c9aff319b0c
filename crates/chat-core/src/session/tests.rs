//! One conversation against a scripted proxy and socket, in virtual time.

use super::*;
use crate::failure::Failure;
use crate::wire::frame::{Modal, Part};

/// A session, the time, and everything it asked for so far.
struct Chat {
    session: Session,
    now: Moment,
    effects: Vec<Effect>,
    changes: Vec<Change>,
}

impl Chat {
    fn new() -> Self {
        let session = Session::new(Settings { avatar: None, visitor_name: Some("Ada".into()), seed: 1 });
        Self { session, now: Moment(1_000_000), effects: Vec::new(), changes: Vec::new() }
    }

    /// Opened, initialised, connected.
    fn open() -> Self {
        let mut chat = Self::new();
        chat.take(Input::Opened(visitor()));
        chat.connect();
        chat
    }

    fn take(&mut self, input: Input) -> Vec<Effect> {
        let output = self.session.handle(input, self.now);
        self.changes.extend(output.changes);
        self.effects.extend(output.effects.clone());
        output.effects
    }

    fn connect(&mut self) {
        let attempt = self.attempt();
        self.take(Input::Initialised(attempt, Ok(answer())));
        self.take(Input::SocketOpened(attempt));
    }

    fn attempt(&self) -> u32 {
        let attempt = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Init { attempt, .. } => Some(*attempt),
            _ => None,
        });
        attempt.expect("an init was asked for")
    }

    /// Lets virtual time pass, waking the session whenever it wishes.
    fn pass(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(wake) = self.session.wake.filter(|wake| *wake <= end) {
            self.now = self.now.max(wake);
            self.take(Input::Woke);
        }
        self.now = end;
    }

    fn say(&mut self, text: &str) {
        self.take(Input::Submitted(text.into()));
    }

    /// What was posted, in order.
    fn posted(&self) -> Vec<(Turn, String)> {
        let sends = self.effects.iter().filter_map(|effect| match effect {
            Effect::Send { turn, request, .. } => Some((*turn, request.message.clone())),
            _ => None,
        });
        sends.collect()
    }

    fn answer_last(&mut self, result: Result<(), RequestFault>) {
        let turn = self.posted().last().expect("something was posted").0;
        self.take(Input::Answered(turn, result));
    }

    fn chunk(&mut self, index: i64, text: &str) {
        let attempt = self.attempt();
        self.take(Input::Received(attempt, Some(frame(index, text))));
    }

    fn pings(&self) -> usize {
        self.effects.iter().filter(|effect| matches!(effect, Effect::Ping { ws_id } if ws_id == "ws:1")).count()
    }

    fn shown(&self) -> Vec<(Author, &str, &Status)> {
        let messages = self.session.transcript().messages().iter();
        messages.map(|message| (message.author, message.text.as_str(), &message.status)).collect()
    }

    fn last(&self) -> (&str, &Status) {
        let message = self.session.transcript().messages().last().expect("there is a message");
        (&message.text, &message.status)
    }
}

fn visitor() -> VisitorId {
    VisitorId::parse("web_1").expect("the form is right")
}

fn answer() -> InitAnswer {
    InitAnswer {
        session_id: "session-1".into(),
        ws_url: "wss://ws.example/os/ws?wsId=ws%3A1&authBody=x".into(),
        avatar_name: "Mira".into(),
        opening: Some("Hello!".into()),
        visitor_user_id: None,
        heartbeat: None,
        starters: Vec::new(),
        avatar_image: None,
    }
}

fn frame(index: i64, text: &str) -> Frame {
    let part = Part { modal: Modal { answer: Some(text.into()) } };
    Frame { sender: Some("umm".into()), index: Some(index), multiple_data: vec![part], ..Frame::default() }
}

fn refused(status: u16, code: &str) -> RequestFault {
    RequestFault::Refused { status, code: code.into(), retry_after: None }
}

#[test]
fn nothing_is_asked_for_before_the_chat_is_opened() {
    let mut chat = Chat::new();
    chat.take(Input::Woke);
    chat.take(Input::Reconnected);
    assert_eq!((chat.effects.len(), chat.session.connection()), (0, Connection::Idle));
}

#[test]
fn the_first_opening_asks_for_a_session_and_a_second_for_nothing() {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    chat.take(Input::Opened(visitor()));
    let [Effect::Init { request, .. }] = chat.effects.as_slice() else { panic!("{:?}", chat.effects) };
    assert_eq!((&request.visitor_id, request.visitor_name.as_deref()), (&visitor(), Some("Ada")));
    assert_eq!(chat.session.connection(), Connection::Connecting);
}

#[test]
fn the_answer_brings_name_opening_and_socket() {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    let attempt = chat.attempt();
    let effects = chat.take(Input::Initialised(attempt, Ok(answer())));
    assert!(matches!(&effects[0], Effect::Connect { url, .. } if *url == answer().ws_url), "{effects:?}");
    assert_eq!(chat.session.profile().map(|profile| profile.name.as_str()), Some("Mira"));
    assert_eq!(chat.shown(), [(Author::Avatar, "Hello!", &Status::Complete)]);
}

#[test]
fn what_is_typed_early_waits_in_order_and_is_posted_one_at_a_time() {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    chat.say("one");
    chat.say(" two ");
    assert_eq!(chat.posted(), []);
    chat.connect();
    assert_eq!(chat.posted(), [(Turn(1), "one".into())]);
    let drawn: Vec<_> = chat.shown().into_iter().map(|(_, text, status)| (text, status.clone())).collect();
    assert_eq!(drawn, [("Hello!", Status::Complete), ("one", Status::Sending), ("two", Status::Sending)]);
    chat.answer_last(Ok(()));
    assert_eq!(chat.posted()[1], (Turn(2), "two".into()));
    chat.answer_last(Ok(()));
    assert_eq!(chat.shown()[1..], [(Author::Visitor, "one", &Status::Sent), (Author::Visitor, "two", &Status::Sent)]);
}

#[test]
fn a_message_has_one_to_ten_thousand_characters() {
    let check = |text: &str, posted: usize| {
        let mut chat = Chat::open();
        chat.say(text);
        assert_eq!(chat.posted().len(), posted, "{} bytes", text.len());
    };
    check("", 0);
    check(" \n\t", 0);
    check("a", 1);
    check(&"你".repeat(10_000), 1);
    check(&"你".repeat(10_001), 0);
    check(&format!("  {}  ", "a".repeat(10_000)), 1);
}

#[test]
fn a_reply_grows_chunk_by_chunk_and_ends() {
    let mut chat = Chat::open();
    chat.say("hi");
    assert_eq!(chat.session.waiting(), Waiting::No);
    chat.answer_last(Ok(()));
    assert_eq!(chat.session.waiting(), Waiting::Typing);
    chat.chunk(0, "Hel");
    assert_eq!((chat.last(), chat.session.waiting()), (("Hel", &Status::Streaming), Waiting::No));
    chat.chunk(1, "lo 👩‍");
    chat.chunk(2, "👧");
    chat.chunk(-1, "");
    assert_eq!(chat.last(), ("Hello 👩‍👧", &Status::Complete));
    let reply = chat.session.transcript().messages().last().unwrap().id;
    let growth = [Change::Extended(reply, "lo 👩‍".into()), Change::Extended(reply, "👧".into()), Change::Status(reply)];
    assert!(chat.changes.ends_with(&growth), "{:?}", chat.changes);
}

#[test]
fn the_last_frame_s_text_counts_and_a_reply_may_be_one_frame() {
    let mut chat = Chat::open();
    chat.chunk(0, "a");
    chat.chunk(-1, "b");
    assert_eq!(chat.last(), ("ab", &Status::Complete));
    chat.chunk(-1, "whole");
    assert_eq!(chat.last(), ("whole", &Status::Complete));
}

#[test]
fn a_reply_that_overtakes_the_answer_to_its_message_is_not_waited_for() {
    let mut chat = Chat::open();
    chat.say("hi");
    chat.chunk(0, "Hello");
    chat.chunk(-1, "");
    chat.answer_last(Ok(()));
    assert_eq!(chat.session.waiting(), Waiting::No);
    chat.say("again");
    chat.answer_last(Ok(()));
    assert_eq!(chat.session.waiting(), Waiting::Typing);
}

#[test]
fn a_second_reply_is_a_second_message() {
    let mut chat = Chat::open();
    chat.chunk(0, "first");
    chat.chunk(0, "second");
    chat.chunk(-1, "");
    let replies = [(Author::Avatar, "first", &Status::Complete), (Author::Avatar, "second", &Status::Complete)];
    assert_eq!(chat.shown()[1..], replies);
}

#[test]
fn what_is_not_understood_is_counted_and_the_conversation_goes_on() {
    let mut chat = Chat::open();
    let attempt = chat.attempt();
    chat.chunk(0, "a");
    chat.take(Input::Received(attempt, None));
    chat.take(Input::Received(attempt, Some(Frame { sender: Some("client".into()), ..frame(1, "echo") })));
    chat.take(Input::Received(attempt, Some(Frame { kind: Some("hint".into()), ..frame(1, "thinking") })));
    chat.chunk(1, "b");
    assert_eq!((chat.last().0, chat.session.skipped()), ("ab", 3));
}

#[test]
fn an_empty_end_without_a_reply_shows_nothing() {
    let mut chat = Chat::open();
    chat.say("hi");
    chat.answer_last(Ok(()));
    chat.chunk(-1, "");
    assert_eq!((chat.last().0, chat.session.waiting()), ("hi", Waiting::Typing));
}

#[test]
fn pings_go_out_every_fifteen_seconds_and_silence_ends_the_socket() {
    let mut chat = Chat::open();
    chat.pass(Duration::from_secs(14));
    assert_eq!(chat.pings(), 0);
    chat.pass(Duration::from_secs(2));
    assert_eq!(chat.pings(), 1);
    let attempt = chat.attempt();
    chat.take(Input::Received(attempt, Some(Frame { kind: Some("pong".into()), ..Frame::default() })));
    chat.pass(Duration::from_secs(30));
    assert_eq!((chat.pings(), chat.session.connection()), (3, Connection::Open));
    chat.pass(Duration::from_secs(15));
    assert!(chat.effects.contains(&Effect::Disconnect));
    assert!(matches!(chat.session.connection(), Connection::Reconnecting(Failure::Unreachable, _)));
}

#[test]
fn the_answer_s_heartbeat_wins_over_the_address() {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    let attempt = chat.attempt();
    let heartbeat = Some(crate::wire::Heartbeat { ws_id: "ws:other".into(), interval_ms: 5_000 });
    chat.take(Input::Initialised(attempt, Ok(InitAnswer { heartbeat, ..answer() })));
    chat.take(Input::SocketOpened(attempt));
    chat.pass(Duration::from_secs(5));
    assert!(chat.effects.contains(&Effect::Ping { ws_id: "ws:other".into() }));
}

#[test]
fn a_lost_socket_cuts_the_reply_and_comes_back_by_itself() {
    let mut chat = Chat::open();
    chat.chunk(0, "half a");
    let lost = chat.attempt();
    chat.take(Input::SocketClosed(lost));
    assert_eq!(chat.last(), ("half a", &Status::Interrupted));
    chat.pass(Duration::from_secs(1));
    assert_ne!(chat.attempt(), lost);
    let Some(Effect::Init { request, .. }) = chat.effects.iter().rfind(|effect| matches!(effect, Effect::Init { .. }))
    else {
        panic!("no init")
    };
    assert_eq!(request.session_id.as_deref(), Some("session-1"));
    chat.connect();
    assert_eq!(chat.session.connection(), Connection::Open);
    chat.say("still there?");
    assert_eq!(chat.posted().last().unwrap().1, "still there?");
    assert_eq!(chat.shown().iter().filter(|(_, text, _)| *text == "Hello!").count(), 1);
}

#[test]
fn events_of_an_older_attempt_change_nothing() {
    let mut chat = Chat::open();
    let old = chat.attempt();
    chat.take(Input::SocketClosed(old));
    chat.pass(Duration::from_secs(1));
    chat.connect();
    chat.take(Input::SocketClosed(old));
    chat.take(Input::Received(old, Some(frame(0, "ghost"))));
    chat.take(Input::Initialised(old, Err(RequestFault::NoAnswer)));
    assert_eq!((chat.session.connection(), chat.last().0), (Connection::Open, "Hello!"));
}

#[test]
fn a_failed_first_attempt_is_tried_again_and_says_why() {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    let first = chat.attempt();
    chat.take(Input::Initialised(first, Err(refused(502, "proxy.upstream_unavailable"))));
    assert!(matches!(chat.session.connection(), Connection::Reconnecting(Failure::Unavailable, Some(_))));
    chat.pass(Duration::from_secs(1));
    assert!(matches!(chat.session.connection(), Connection::Reconnecting(Failure::Unavailable, None)));
    chat.connect();
    assert_eq!(chat.session.connection(), Connection::Open);
}

#[test]
fn a_wait_that_the_other_side_asks_for_is_kept() {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    let first = chat.attempt();
    let fault = RequestFault::Refused { status: 429, code: String::new(), retry_after: Some(Duration::from_secs(20)) };
    chat.take(Input::Initialised(first, Err(fault)));
    chat.pass(Duration::from_secs(19));
    chat.say("impatient");
    assert_eq!(chat.attempt(), first);
    chat.pass(Duration::from_secs(2));
    assert_ne!(chat.attempt(), first);
}

#[test]
fn a_wrong_set_up_is_not_tried_again_by_itself_and_hands_the_messages_back() {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    chat.say("hello?");
    let first = chat.attempt();
    chat.take(Input::Initialised(first, Err(refused(401, "open.api.key.not.found"))));
    chat.pass(Duration::from_secs(600));
    assert_eq!(chat.session.connection(), Connection::Failed(Failure::Misconfigured));
    assert_eq!((chat.attempt(), chat.last()), (first, ("hello?", &Status::Failed(Failure::Misconfigured))));
    let message = chat.session.transcript().messages()[0].id;
    chat.take(Input::Retried(message));
    chat.connect();
    assert_eq!(chat.posted(), [(Turn(1), "hello?".into())]);
}

#[test]
fn a_socket_that_never_opens_is_given_up() {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    let first = chat.attempt();
    chat.take(Input::Initialised(first, Ok(answer())));
    chat.pass(Duration::from_secs(20));
    assert_ne!(chat.attempt(), first);
}

#[test]
fn a_failed_message_is_shown_and_sent_again_on_demand_in_its_place() {
    let mut chat = Chat::open();
    chat.say("one");
    chat.answer_last(Err(refused(500, "internal.error")));
    assert_eq!(chat.last(), ("one", &Status::Failed(Failure::Unavailable)));
    let message = chat.session.transcript().messages().last().unwrap().id;
    chat.say("two");
    chat.answer_last(Ok(()));
    chat.take(Input::Retried(message));
    chat.take(Input::Retried(message));
    assert_eq!(chat.posted().len(), 3);
    chat.answer_last(Ok(()));
    assert_eq!(chat.shown()[1..], [(Author::Visitor, "one", &Status::Sent), (Author::Visitor, "two", &Status::Sent)]);
}

#[test]
fn a_late_answer_to_an_older_posting_changes_nothing() {
    let mut chat = Chat::open();
    chat.say("one");
    chat.answer_last(Err(RequestFault::TimedOut));
    let message = chat.session.transcript().messages().last().unwrap().id;
    chat.take(Input::Retried(message));
    chat.take(Input::Answered(Turn(1), Ok(())));
    assert_eq!(chat.last(), ("one", &Status::Sending));
}

#[test]
fn a_session_that_ended_is_renewed_once_and_the_message_drawn_once() {
    let mut chat = Chat::open();
    chat.say("one");
    let first = chat.attempt();
    chat.answer_last(Err(refused(400, "visitor_chat.session_expired")));
    assert_ne!(chat.attempt(), first);
    chat.connect();
    assert_eq!(chat.posted(), [(Turn(1), "one".into()), (Turn(2), "one".into())]);
    chat.answer_last(Err(refused(400, "visitor_chat.session_expired")));
    assert_eq!(chat.shown()[1..], [(Author::Visitor, "one", &Status::Failed(Failure::SessionEnded))]);
}

#[test]
fn a_reply_that_takes_long_says_so_and_is_shown_when_it_comes() {
    let mut chat = Chat::open();
    chat.say("hi");
    chat.answer_last(Ok(()));
    let attempt = chat.attempt();
    for _ in 0..4 {
        chat.pass(Duration::from_secs(15));
        chat.take(Input::Received(attempt, Some(Frame { kind: Some("pong".into()), ..Frame::default() })));
    }
    assert_eq!(chat.session.waiting(), Waiting::Long);
    chat.chunk(0, "Sorry!");
    assert_eq!((chat.last(), chat.session.waiting()), (("Sorry!", &Status::Streaming), Waiting::No));
    for _ in 0..2 {
        chat.pass(Duration::from_secs(15));
        chat.take(Input::Received(attempt, Some(Frame { kind: Some("pong".into()), ..Frame::default() })));
    }
    assert_eq!(chat.session.waiting(), Waiting::Long);
    chat.chunk(-1, " Here.");
    assert_eq!((chat.last(), chat.session.waiting()), (("Sorry! Here.", &Status::Complete), Waiting::No));
}

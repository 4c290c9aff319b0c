//! The socket: its heartbeat, its loss, and the way back.

use core::time::Duration;

use super::chat::{Chat, answer, frame, visitor};
use crate::wire::{Frame, InitAnswer};
use crate::{Connection, Effect, Failure, Input, RequestFault, Session, Settings, Status};

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

/// 10,000 widgets lose one server in the same instant.
#[test]
fn widgets_that_lose_the_server_at_once_spread_their_first_attempts() {
    let mut buckets = [0_u32; 10];
    for seed in 0..10_000 {
        let mut chat = Chat::of(Session::new(Settings { seed, ..Settings::default() }), crate::Moment(1_000_000));
        chat.take(Input::Opened(visitor()));
        chat.connect();
        let lost = chat.attempt();
        chat.take(Input::SocketClosed(lost));
        let Connection::Reconnecting(_, Some(at)) = chat.session.connection() else { panic!("no attempt is due") };
        let wait = chat.now.until(at);
        assert!(wait <= Duration::from_secs(1));
        buckets[usize::try_from(wait.as_millis() / 100).unwrap().min(9)] += 1;
        chat.pass(wait + Duration::from_millis(1));
        assert_ne!(chat.attempt(), lost);
    }
    assert!(buckets.iter().all(|count| (850..1150).contains(count)), "{buckets:?}");
}

#[test]
fn attempts_go_on_for_as_long_as_somebody_looks() {
    let mut chat = Chat::open();
    let attempt = chat.attempt();
    chat.take(Input::SocketClosed(attempt));
    for _ in 0..200 {
        chat.pass(Duration::from_secs(31));
        let attempt = chat.attempt();
        chat.take(Input::Initialised(attempt, Err(RequestFault::NoAnswer)));
    }
    assert!(chat.inits() > 200, "{}", chat.inits());
    chat.pass(Duration::from_secs(31));
    chat.connect();
    assert_eq!(chat.session.connection(), Connection::Open);
}

#[test]
fn nothing_is_tried_while_nobody_looks_and_at_once_when_somebody_does() {
    let mut chat = Chat::open();
    chat.take(Input::Visible(false));
    let lost = chat.attempt();
    chat.take(Input::SocketClosed(lost));
    chat.pass(Duration::from_secs(3_600));
    assert_eq!(chat.attempt(), lost);
    chat.take(Input::Visible(true));
    assert_ne!(chat.attempt(), lost);
}

#[test]
fn an_attempt_that_waits_when_the_page_is_hidden_waits_on() {
    let mut chat = Chat::open();
    let lost = chat.attempt();
    chat.take(Input::SocketClosed(lost));
    chat.take(Input::Visible(false));
    chat.pass(Duration::from_secs(3_600));
    assert_eq!(chat.attempt(), lost);
}

#[test]
fn nothing_is_tried_without_a_network_and_at_once_with_one() {
    let mut chat = Chat::open();
    chat.chunk(0, "half");
    chat.take(Input::Online(false));
    assert_eq!((chat.session.connection(), chat.last().1), (Connection::Offline, &Status::Interrupted));
    chat.pass(Duration::from_secs(3_600));
    let inits = chat.inits();
    chat.take(Input::Online(true));
    assert_eq!(chat.inits(), inits + 1);
    chat.connect();
    assert_eq!(chat.session.connection(), Connection::Open);
}

#[test]
fn a_chat_opened_without_a_network_begins_when_there_is_one() {
    let mut chat = Chat::new();
    chat.take(Input::Online(false));
    chat.take(Input::Opened(visitor()));
    assert_eq!((chat.inits(), chat.session.connection()), (0, Connection::Offline));
    chat.take(Input::Online(true));
    assert_eq!(chat.inits(), 1);
}

/// The laptop is closed for an hour: no timer runs, the socket is long gone, and nobody has told the page.
#[test]
fn a_computer_that_slept_for_an_hour_connects_at_once() {
    let hour = Duration::from_secs(3_600);
    let wakings: [(&str, &[Input]); 3] = [
        ("the alarm rings late", &[Input::Woke]),
        ("the page is shown", &[Input::Visible(false), Input::Visible(true)]),
        ("a visitor writes", &[Input::Submitted("hello?".into())]),
    ];
    for (what, inputs) in wakings {
        let mut chat = Chat::open();
        chat.pass_alive(Duration::from_secs(60));
        let slept = chat.attempt();
        chat.now = chat.now + hour;
        for input in inputs {
            chat.take(input.clone());
        }
        assert_ne!(chat.attempt(), slept, "{what}");
        assert!(chat.effects.contains(&Effect::Disconnect), "{what}");
        chat.connect();
        assert_eq!(chat.session.connection(), Connection::Open, "{what}");
    }
}

#[test]
fn a_hidden_page_whose_timers_are_held_back_is_not_taken_for_asleep() {
    let mut chat = Chat::open();
    chat.take(Input::Visible(false));
    let attempt = chat.attempt();
    for _ in 0..10 {
        chat.now = chat.now + Duration::from_secs(60);
        chat.take(Input::Woke);
        chat.pong();
    }
    chat.take(Input::Visible(true));
    assert_eq!((chat.attempt(), chat.session.connection()), (attempt, Connection::Open));
}

#[test]
fn a_server_that_never_answers_pings_is_not_left_again_and_again() {
    let mut chat = Chat::open();
    chat.pass(Duration::from_secs(60));
    assert_eq!(chat.inits(), 2);
    chat.connect();
    chat.pass(Duration::from_secs(3_600));
    assert_eq!((chat.inits(), chat.session.connection()), (2, Connection::Open));
    assert!(chat.pings() > 200);
}

#[test]
fn a_clock_that_is_set_back_stops_nothing() {
    let mut chat = Chat::open();
    chat.pass_alive(Duration::from_secs(60));
    chat.now = chat.now - Duration::from_secs(86_400);
    let pings = chat.pings();
    chat.take(Input::Woke);
    chat.pass_alive(Duration::from_secs(60));
    assert!(chat.pings() > pings + 2, "{} after {pings}", chat.pings());
    chat.say("on time");
    assert_eq!(chat.session.transcript().messages().last().unwrap().at, chat.now);
}

#[test]
fn an_init_that_is_never_answered_is_given_up() {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    chat.pass(Duration::from_secs(60));
    assert!(chat.inits() >= 2);
    assert!(matches!(chat.session.connection(), Connection::Reconnecting(Failure::Unknown, _)));
}

//! What is kept: within bounds, over pages, over tabs, and not at all when it is to be forgotten.

use core::time::Duration;

use serde_json::{Value, json};

use super::chat::{Chat, frame, visitor};
use crate::json::Portable;
use crate::wire::Frame;
use crate::{Author, Change, Connection, Failure, Input, Saved, Session, Settings, Status, Transcript, Waiting};

/// Through the form that storage keeps.
fn stored(chat: &Chat, bytes: usize) -> Saved {
    let text = serde_json::to_string(&chat.session.save(bytes).to_json()).expect("a conversation can be written");
    Saved::from_json(serde_json::from_str(&text).expect("and read")).expect("and taken up")
}

fn next_page(chat: &Chat) -> Chat {
    Chat::of(Session::resume(Settings::default(), stored(chat, Saved::STORED)), chat.now)
}

#[test]
fn the_oldest_messages_go_first() {
    let mut chat = Chat::open();
    for number in 0..Transcript::LIVE + 10 {
        chat.receive(Frame { message_id: Some(number.to_string()), ..frame(-1, "a reply") });
    }
    assert_eq!(chat.session.transcript().messages().len(), Transcript::LIVE);
    assert!(chat.session.transcript().is_shortened());
    let removed = chat.changes.iter().filter(|change| matches!(change, Change::Removed(_))).count();
    assert_eq!(removed, 11, "with the greeting");
}

#[test]
fn the_next_page_shows_the_same_and_asks_for_nothing_by_itself() {
    let mut chat = Chat::open();
    chat.say("hi");
    chat.answer_last(Ok(()));
    chat.chunk(0, "Hello");
    chat.chunk(-1, "");
    let mut next = next_page(&chat);
    assert_eq!(next.shown(), chat.shown());
    assert_eq!(next.session.profile(), chat.session.profile());
    next.take(Input::Woke);
    assert_eq!((next.effects.len(), next.session.connection()), (0, Connection::Idle));
    next.take(Input::Opened(visitor()));
    assert_eq!(next.init().session_id.as_deref(), Some("session-1"));
    next.connect();
    assert_eq!(next.shown(), chat.shown(), "the greeting does not come again");
}

#[test]
fn a_reply_cut_off_by_a_reload_goes_on_where_it_was() {
    for name in [Some("AE_1"), None] {
        let mut chat = Chat::open();
        let frame = |index, text| Frame { message_id: name.map(str::to_owned), ..frame(index, text) };
        chat.receive(frame(0, "one "));
        chat.receive(frame(1, "two "));
        let mut next = next_page(&chat);
        assert_eq!(next.last(), ("one two ", &Status::Interrupted));
        next.take(Input::Opened(visitor()));
        next.connect();
        if name.is_some() {
            next.receive(frame(1, "two "));
        }
        next.receive(frame(2, "three"));
        next.receive(frame(-1, ""));
        next.pass_alive(Duration::from_secs(1));
        assert_eq!(next.last(), ("one two three", &Status::Complete), "{name:?}");
    }
}

#[test]
fn what_was_under_way_at_a_reload_is_in_doubt_and_what_waited_is_sent() {
    let mut chat = Chat::open();
    chat.say("under way");
    chat.say("waiting");
    let mut next = next_page(&chat);
    assert_eq!(next.shown()[1].2, &Status::Failed(Failure::Unknown));
    assert_eq!(next.shown()[2].2, &Status::Sending);
    next.take(Input::Opened(visitor()));
    next.connect();
    assert_eq!(next.posted().into_iter().map(|(_, text)| text).collect::<Vec<_>>(), ["waiting"]);
}

#[test]
fn storage_is_bounded() {
    let mut chat = Chat::open();
    for number in 0..500 {
        chat.receive(Frame { message_id: Some(number.to_string()), ..frame(-1, &"x".repeat(1_000)) });
    }
    chat.pass_alive(Duration::from_secs(3));
    let text = serde_json::to_string(&chat.session.save(Saved::STORED).to_json()).unwrap();
    assert!(text.len() < Saved::STORED + 20_000, "{}", text.len());
    let next = next_page(&chat);
    assert!(next.session.transcript().is_shortened());
    assert_eq!(next.last(), chat.last());
}

#[test]
fn what_another_version_or_a_fault_has_left_is_no_conversation() {
    let value = serde_json::to_value(Chat::open().session.save(Saved::STORED).to_json()).unwrap();
    let taken_up = |value: &Value| Saved::from_json(serde_json::from_value(value.clone()).unwrap()).is_some();
    assert!(taken_up(&value));
    let check = |what: &str, spoil: fn(&mut Value)| {
        let mut value = value.clone();
        spoil(&mut value);
        assert!(!taken_up(&value), "{what}: {value}");
    };
    check("another version", |value| value[0] = (value[0].as_f64().unwrap() + 1.0).into());
    check("a damaged transcript", |value| value[1] = "damaged".into());
    check("a field too many", |value| value.as_array_mut().unwrap().push(1.into()));
    check("a field too few", |value| drop(value.as_array_mut().unwrap().pop()));
    check("what older versions put by", |value| *value = json!({"version": 2}));
}

/// A tab that follows takes the leader's inputs and carries out nothing.
#[test]
fn a_tab_that_follows_shows_the_same_and_goes_on_when_the_leader_is_gone() {
    let mut leader = Chat::open();
    leader.say("before");
    let all = 10_000_000;
    let mut follower =
        Chat::of(Session::follow(Settings { seed: 99, ..Settings::default() }, stored(&leader, all)), leader.now);
    let attempt = leader.attempt();
    let inputs = [
        Input::Answered(crate::Turn(1), Ok(())),
        Input::Received(attempt, Some(frame(0, "Hel"))),
        Input::Received(attempt, Some(frame(1, "lo"))),
        Input::Submitted("under way".into()),
        Input::Submitted("waiting".into()),
    ];
    for input in inputs {
        leader.take(input.clone());
        follower.take(input);
        assert_eq!(follower.shown(), leader.shown());
        assert_eq!(follower.session.waiting(), leader.session.waiting());
        assert_eq!(follower.session.connection(), leader.session.connection());
    }
    follower.effects.clear();
    follower.take(Input::TakenOver);
    let shown: Vec<_> = follower.shown().into_iter().skip(1).map(|(_, text, status)| (text, status.clone())).collect();
    assert_eq!(
        shown,
        [
            ("before", Status::Sent),
            ("Hello", Status::Interrupted),
            ("under way", Status::Failed(Failure::Unknown)),
            ("waiting", Status::Sending),
        ]
    );
    follower.connect();
    assert_eq!(follower.posted().into_iter().map(|(_, text)| text).collect::<Vec<_>>(), ["waiting"]);
    follower.chunk(2, "!");
    follower.chunk(-1, "");
    assert_eq!(follower.shown()[2], (Author::Avatar, "Hello!", &Status::Complete));
}

#[test]
fn nothing_is_left_of_a_visitor_who_is_forgotten() {
    let mut chat = Chat::open();
    chat.say("a secret");
    chat.answer_last(Ok(()));
    chat.chunk(0, "between us");
    let (attempt, posted) = (chat.attempt(), chat.posted().len());
    chat.say("on its way");
    chat.take(Input::Forgotten);
    assert!(chat.effects.contains(&crate::Effect::Disconnect));
    assert!(chat.session.transcript().messages().is_empty());
    assert_eq!((chat.session.connection(), chat.session.waiting()), (Connection::Idle, Waiting::No));
    let saved = serde_json::to_string(&chat.session.save(Saved::STORED).to_json()).unwrap();
    for trace in ["secret", "between us", "on its way", "web_1", "session-1", "Mira"] {
        assert!(!saved.contains(trace), "{trace} is left in {saved}");
    }
    chat.take(Input::Received(attempt, Some(frame(1, "late"))));
    chat.take(Input::Answered(crate::Turn(2), Ok(())));
    chat.take(Input::SocketClosed(attempt));
    chat.pass(Duration::from_secs(60));
    assert!(chat.session.transcript().messages().is_empty());
    let next = crate::wire::VisitorId::parse("web_2").unwrap();
    chat.take(Input::Opened(next.clone()));
    assert_eq!((&chat.init().visitor_id, chat.init().session_id.as_deref()), (&next, None));
    chat.connect();
    chat.say("hello");
    assert_eq!(chat.posted().len(), posted + 2);
    chat.take(Input::Answered(crate::Turn(2), Ok(())));
    assert_eq!(chat.last(), ("hello", &Status::Sending), "an answer to the last visitor's message is not this one's");
}

//! The visitor's messages on their way.

use core::time::Duration;

use super::chat::{Chat, refused, visitor};
use crate::session::Turn;
use crate::wire::Frame;
use crate::{Author, Change, Connection, Failure, Input, Moment, RequestFault, Status, Waiting};

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
fn a_failed_message_is_shown_and_sent_again_on_demand_in_its_place() {
    let mut chat = Chat::open();
    chat.say("one");
    chat.answer_last(Err(refused(500, "internal.error")));
    assert_eq!(chat.last(), ("one", &Status::Failed(Failure::Unknown)));
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
    assert_eq!(chat.init().session_id, None, "what is gone is not asked for again");
    chat.connect();
    assert_eq!(chat.posted(), [(Turn(1), "one".into()), (Turn(2), "one".into())]);
    chat.answer_last(Err(refused(400, "visitor_chat.session_expired")));
    assert_eq!(chat.shown()[1..], [(Author::Visitor, "one", &Status::Failed(Failure::SessionEnded))]);
}

fn busy(status: u16, retry_after: Option<u64>) -> RequestFault {
    RequestFault::Refused { status, code: String::new(), retry_after: retry_after.map(Duration::from_secs) }
}

#[test]
fn a_server_that_asks_for_time_gets_it_and_then_the_message() {
    for status in [429, 503] {
        let mut chat = Chat::open();
        chat.say("one");
        chat.say("two");
        let start = chat.now;
        chat.answer_last(Err(busy(status, Some(12))));
        assert_eq!(chat.session.held_until(), Some(Moment(start.0 + 12_000)));
        assert_eq!(chat.shown()[1].2, &Status::Sending);
        chat.pass_alive(Duration::from_secs(11));
        assert_eq!(chat.posted().len(), 1);
        chat.pass_alive(Duration::from_secs(1));
        assert_eq!(chat.posted()[1], (Turn(2), "one".into()));
        assert_eq!(chat.session.held_until(), None);
        chat.answer_last(Ok(()));
        assert_eq!(chat.posted()[2].1, "two");
    }
}

#[test]
fn a_server_that_only_says_busy_is_asked_again_with_more_and_more_time() {
    let mut chat = Chat::open();
    chat.say("one");
    for _ in 0..6 {
        chat.answer_last(Err(busy(429, None)));
        let posted = chat.posted().len();
        chat.pass_alive(Duration::from_millis(900));
        assert_eq!(chat.posted().len(), posted);
        chat.pass_alive(Duration::from_secs(30));
        assert_eq!(chat.posted().len(), posted + 1);
    }
    chat.answer_last(Ok(()));
    assert_eq!(chat.last(), ("one", &Status::Sent));
}

#[test]
fn what_may_have_arrived_is_never_sent_again_by_itself() {
    for fault in
        [RequestFault::TimedOut, RequestFault::NoAnswer, RequestFault::Unreadable, refused(502, ""), refused(504, "")]
    {
        let mut chat = Chat::open();
        chat.say("one");
        chat.answer_last(Err(fault.clone()));
        assert_eq!(chat.last(), ("one", &Status::Failed(Failure::Unknown)), "{fault:?}");
        chat.pass_alive(Duration::from_secs(300));
        assert_eq!(chat.posted().len(), 1, "{fault:?}");
    }
}

#[test]
fn an_adapter_that_never_answers_does_not_block_the_next_message() {
    let mut chat = Chat::open();
    chat.say("one");
    chat.say("two");
    chat.pass_alive(Duration::from_secs(60));
    assert_eq!(chat.shown()[1].2, &Status::Failed(Failure::Unknown));
    assert_eq!(chat.posted()[1].1, "two");
}

#[test]
fn a_failed_message_can_be_deleted_and_so_can_one_that_waits() {
    let mut chat = Chat::open();
    chat.say("one");
    chat.say("two");
    chat.say("three");
    let [one, two] = [1, 2].map(|place| chat.session.transcript().messages()[place].id);
    chat.take(Input::Deleted(one));
    assert_eq!(chat.shown().len(), 4, "what is under way cannot be taken back");
    chat.take(Input::Deleted(two));
    chat.answer_last(Err(refused(400, "proxy.invalid_request")));
    chat.take(Input::Deleted(one));
    assert_eq!(chat.posted().last().map(|(_, text)| text.clone()).as_deref(), Some("three"));
    chat.answer_last(Ok(()));
    assert_eq!(chat.shown()[1..], [(Author::Visitor, "three", &Status::Sent)]);
    let removed = |id| chat.changes.contains(&Change::Removed(id));
    assert!(removed(one) && removed(two));
    let three = chat.session.transcript().messages()[1].id;
    chat.take(Input::Deleted(three));
    assert_eq!(chat.shown().len(), 2, "what was sent stays");
}

#[test]
fn an_echo_shows_that_a_doubtful_message_arrived() {
    let mut chat = Chat::open();
    chat.say("one");
    chat.answer_last(Err(RequestFault::TimedOut));
    let echo = Frame {
        sender: Some("client".into()),
        send_user_id: Some("del3p".into()),
        index: None,
        ..super::chat::frame(0, "one")
    };
    chat.receive(echo);
    assert_eq!(chat.shown()[1..], [(Author::Visitor, "one", &Status::Sent)]);
}

#[test]
fn nothing_is_posted_while_there_is_no_socket() {
    let mut chat = Chat::open();
    chat.take(Input::Online(false));
    chat.say("one");
    chat.pass(Duration::from_secs(600));
    assert_eq!((chat.posted().len(), chat.session.connection()), (0, Connection::Offline));
    chat.take(Input::Online(true));
    chat.connect();
    assert_eq!(chat.posted().len(), 1);
    assert_eq!(chat.session.waiting(), Waiting::No);
}

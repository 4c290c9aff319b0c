//! The first opening: what is asked for, what comes, and what goes wrong.

use core::time::Duration;

use super::chat::{Chat, answer, refused, visitor};
use crate::session::Turn;
use crate::{Author, Connection, Effect, Failure, Input, RequestFault, Status};

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
    assert_eq!(chat.inits(), 1);
    let request = chat.init();
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

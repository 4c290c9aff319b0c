//! Who speaks: the avatar, its owner, or the visitor's own echo.

use core::time::Duration;

use super::chat::{Chat, answer, frame, visitor};
use crate::wire::{Frame, InitAnswer};
use crate::{Author, Change, Input, Status, Waiting};

/// A person's frame, as the Avatar Hub document shows it: no index.
fn person(user: Option<&str>, text: &str) -> Frame {
    Frame { sender: Some("client".into()), send_user_id: user.map(str::to_owned), index: None, ..frame(0, text) }
}

/// A chat whose proxy says who the visitor is.
fn known_visitor() -> Chat {
    let mut chat = Chat::new();
    chat.take(Input::Opened(visitor()));
    let attempt = chat.attempt();
    chat.take(Input::Initialised(attempt, Ok(InitAnswer { visitor_user_id: Some("del3p".into()), ..answer() })));
    chat.take(Input::SocketOpened(attempt));
    chat
}

fn others(chat: &Chat) -> Vec<(Author, &str, &Status)> {
    chat.shown().into_iter().skip(1).filter(|(author, ..)| *author != Author::Visitor).collect()
}

#[test]
fn the_owner_speaks_in_a_message_of_their_own() {
    let mut chat = known_visitor();
    chat.receive(person(Some("de4fh"), "Hi, this is the real me."));
    chat.receive(person(Some("de4fh"), "Ask me anything."));
    assert_eq!(
        others(&chat),
        [
            (Author::Owner, "Hi, this is the real me.", &Status::Complete),
            (Author::Owner, "Ask me anything.", &Status::Complete),
        ]
    );
    let takeovers = chat.changes.iter().filter(|change| matches!(change, Change::TakenOver(_))).count();
    assert_eq!(takeovers, 1);
}

#[test]
fn an_owner_s_frame_with_an_index_grows_as_a_reply_does() {
    let mut chat = known_visitor();
    let frame = |index, text: &str| Frame {
        index: Some(index),
        message_id: Some("OW_1".into()),
        ..person(Some("de4fh"), text)
    };
    chat.receive(frame(0, "Hi, "));
    chat.receive(frame(1, "me."));
    assert_eq!(others(&chat), [(Author::Owner, "Hi, me.", &Status::Streaming)]);
    chat.receive(frame(-1, ""));
    chat.pass_alive(Duration::from_secs(1));
    assert_eq!(others(&chat), [(Author::Owner, "Hi, me.", &Status::Complete)]);
}

#[test]
fn an_owner_who_takes_over_ends_what_the_avatar_was_saying() {
    for name in [Some("AE_1"), None] {
        let mut chat = known_visitor();
        let avatar = |index, text| Frame { message_id: name.map(str::to_owned), ..frame(index, text) };
        chat.say("hi");
        chat.answer_last(Ok(()));
        chat.receive(avatar(0, "As an AI "));
        chat.receive(person(Some("de4fh"), "I take it from here."));
        chat.receive(avatar(1, "I must say "));
        chat.receive(avatar(-1, "much more."));
        chat.pass_alive(Duration::from_secs(5));
        assert_eq!(
            others(&chat),
            [
                (Author::Avatar, "As an AI ", &Status::Stopped),
                (Author::Owner, "I take it from here.", &Status::Complete),
            ],
            "{name:?}"
        );
        assert_eq!((chat.session.waiting(), chat.session.thinking()), (Waiting::No, None));
        chat.receive(Frame { message_id: name.map(|_| "AE_2".into()), ..avatar(0, "Back again.") });
        assert_eq!(chat.last().0, "Back again.", "{name:?}");
    }
}

#[test]
fn an_owner_who_takes_over_ends_the_thinking() {
    let mut chat = known_visitor();
    chat.say("hi");
    chat.answer_last(Ok(()));
    chat.receive(Frame {
        kind: Some("hint".into()),
        hint: Some(crate::wire::frame::Hint { status: Some("RUNNING".into()), text: Some("Reading".into()) }),
        ..frame(0, "{}")
    });
    chat.receive(person(Some("de4fh"), "Me."));
    assert_eq!((chat.session.waiting(), chat.session.thinking()), (Waiting::No, None));
}

#[test]
fn the_visitor_s_echo_by_name_is_not_shown() {
    let mut chat = known_visitor();
    chat.say("hello");
    chat.answer_last(Ok(()));
    chat.receive(person(Some("del3p"), "hello"));
    chat.receive(person(Some("del3p"), "said on another device"));
    assert_eq!(others(&chat), []);
}

#[test]
fn the_visitor_s_echo_is_known_by_its_text_and_from_then_on_by_its_name() {
    let mut chat = Chat::open();
    chat.say("hello");
    chat.answer_last(Ok(()));
    chat.receive(person(Some("del3p"), "hello "));
    assert_eq!(others(&chat), []);
    chat.receive(person(Some("del3p"), "something else"));
    assert_eq!(others(&chat), [], "the name is known now");
    chat.receive(person(Some("de4fh"), "hello"));
    assert_eq!(others(&chat), [(Author::Owner, "hello", &Status::Complete)]);
}

#[test]
fn one_message_has_one_echo() {
    let mut chat = Chat::open();
    chat.say("yes");
    chat.answer_last(Ok(()));
    chat.receive(person(None, "yes"));
    assert_eq!(others(&chat), []);
    chat.receive(person(None, "yes"));
    assert_eq!(others(&chat), [(Author::Owner, "yes", &Status::Complete)], "the owner agrees");
}

#[test]
fn a_person_nobody_knows_is_the_owner() {
    let mut chat = Chat::open();
    chat.receive(person(Some("de4fh"), "Hi"));
    chat.receive(person(None, "Me again"));
    assert_eq!(others(&chat).len(), 2);
}

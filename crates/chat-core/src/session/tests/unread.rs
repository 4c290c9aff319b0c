//! Which messages count as unread.

use core::time::Duration;

use super::chat::{Chat, visitor};
use crate::session::{Session, Settings};
use crate::{Change, Input};

fn tellings(chat: &Chat) -> usize {
    chat.changes.iter().filter(|change| matches!(change, Change::Unread)).count()
}

#[test]
fn what_comes_while_nobody_looks_counts_once_each() {
    let mut chat = Chat::open();
    assert_eq!(chat.session.unread(), 0, "the greeting is there when the chat is opened");
    chat.say("hello");
    assert_eq!(chat.session.unread(), 0, "what the visitor writes is nothing new to them");
    for (index, text) in [(0, "One "), (1, "reply"), (-1, "")] {
        chat.chunk(index, text);
    }
    chat.pass_alive(Duration::from_secs(1));
    assert_eq!((chat.session.unread(), tellings(&chat)), (1, 1));
    chat.chunk(0, "Another.");
    assert_eq!((chat.session.unread(), tellings(&chat)), (2, 2));
    chat.take(Input::Read(true));
    assert_eq!((chat.session.unread(), tellings(&chat)), (0, 3));
    chat.take(Input::Read(true));
    assert_eq!(tellings(&chat), 3);
}

#[test]
fn what_is_read_as_it_comes_does_not_count() {
    let mut chat = Chat::open();
    chat.take(Input::Read(true));
    chat.chunk(0, "A reply.");
    assert_eq!((chat.session.unread(), tellings(&chat)), (0, 0));
    chat.chunk(-1, "");
    chat.pass_alive(Duration::from_secs(1));
    chat.take(Input::Read(false));
    chat.chunk(0, "Another.");
    assert_eq!(chat.session.unread(), 1);
}

#[test]
fn the_count_is_the_same_in_each_tab_and_ends_with_the_visitor() {
    let mut chat = Chat::open();
    chat.chunk(0, "A reply.");
    let follower = Session::follow(Settings::default(), chat.session.save(usize::MAX));
    assert_eq!(follower.unread(), 1);
    chat.take(Input::Forgotten);
    assert_eq!(chat.session.unread(), 0);
    chat.take(Input::Opened(visitor()));
    assert_eq!(chat.session.unread(), 0);
}

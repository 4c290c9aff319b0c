//! Chunks become messages, whichever way they come.

use core::time::Duration;

use super::chat::{Chat, frame};
use crate::wire::Frame;
use crate::{Author, Change, Failure, Input, Status, Waiting};

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
    chat.take(Input::Received(attempt, Some(Frame { sender: Some("system".into()), ..frame(1, "other") })));
    chat.take(Input::Received(attempt, Some(Frame { kind: Some("notice".into()), ..frame(1, "other") })));
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
fn a_reply_that_takes_long_says_so_and_is_shown_when_it_comes() {
    let mut chat = Chat::open();
    chat.say("hi");
    chat.answer_last(Ok(()));
    chat.pass_alive(Duration::from_secs(60));
    assert_eq!(chat.session.waiting(), Waiting::Long);
    chat.chunk(0, "Sorry!");
    assert_eq!((chat.last(), chat.session.waiting()), (("Sorry!", &Status::Streaming), Waiting::No));
    chat.pass_alive(Duration::from_secs(30));
    assert_eq!(chat.session.waiting(), Waiting::Long);
    chat.chunk(-1, " Here.");
    assert_eq!((chat.last(), chat.session.waiting()), (("Sorry! Here.", &Status::Complete), Waiting::No));
}

/// A frame as the published SDK sends and reads it: with names.
fn named(message_id: &str, seq_id: &str, index: i64, text: &str) -> Frame {
    Frame {
        kind: Some("msg".into()),
        message_id: Some(message_id.into()),
        seq_id: Some(seq_id.into()),
        ..frame(index, text)
    }
}

fn replies(chat: &Chat) -> Vec<(&str, &Status)> {
    let replies = chat.shown().into_iter().skip(1).filter(|(author, ..)| *author == Author::Avatar);
    replies.map(|(_, text, status)| (text, status)).collect()
}

#[test]
fn a_frame_that_comes_twice_counts_once() {
    let mut chat = Chat::open();
    for (seq, index, text) in
        [("1", 0, "a"), ("2", 1, "b"), ("1", 0, "a"), ("2", 1, "b"), ("3", -1, "c"), ("3", -1, "c")]
    {
        chat.receive(named("AE_1", seq, index, text));
    }
    chat.pass_alive(Duration::from_secs(1));
    assert_eq!(replies(&chat), [("abc", &Status::Complete)]);
}

#[test]
fn a_chunk_that_comes_twice_under_two_names_counts_once() {
    let mut chat = Chat::open();
    for (seq, index, text) in [("1", 0, "a"), ("2", 1, "b"), ("3", 1, "b"), ("4", -1, "")] {
        chat.receive(named("AE_1", seq, index, text));
    }
    chat.pass_alive(Duration::from_secs(1));
    assert_eq!(replies(&chat), [("ab", &Status::Complete)]);
}

#[test]
fn chunks_out_of_order_are_put_in_order() {
    let mut chat = Chat::open();
    for (seq, index, text) in [("2", 1, "b"), ("1", 0, "a"), ("4", 3, "d"), ("5", -1, "!"), ("3", 2, "c")] {
        chat.receive(named("AE_1", seq, index, text));
    }
    assert_eq!(chat.last().0, "abcd!");
    chat.pass_alive(Duration::from_secs(3));
    assert_eq!(chat.last(), ("abcd!", &Status::Complete));
    assert!(chat.changes.iter().any(|change| matches!(change, Change::Rewritten(_))));
}

#[test]
fn a_gap_that_is_never_filled_is_not_passed_off_as_whole() {
    let mut chat = Chat::open();
    for (seq, index, text) in [("1", 0, "a"), ("3", 2, "c"), ("4", -1, "")] {
        chat.receive(named("AE_1", seq, index, text));
    }
    chat.pass_alive(Duration::from_secs(3));
    assert_eq!(chat.last(), ("ac", &Status::Interrupted));
    chat.receive(named("AE_1", "2", 1, "b"));
    chat.pass_alive(Duration::from_secs(1));
    assert_eq!(chat.last(), ("abc", &Status::Complete));
}

#[test]
fn an_end_told_before_the_content_does_not_lose_it() {
    for name in [Some("AE_1"), None] {
        let mut chat = Chat::open();
        let frame = |index, text| Frame { message_id: name.map(str::to_owned), ..frame(index, text) };
        chat.receive(frame(-1, ""));
        for (index, text) in [(0, "a"), (1, "b"), (2, "c")] {
            chat.pass_alive(Duration::from_secs(1));
            chat.receive(frame(index, text));
        }
        assert_eq!(chat.last(), ("abc", &Status::Streaming));
        chat.pass_alive(Duration::from_secs(2));
        assert_eq!(chat.last(), ("abc", &Status::Complete), "{name:?}");
    }
}

#[test]
fn several_messages_of_one_turn_may_come_mixed() {
    let mut chat = Chat::open();
    for (message, index, text) in [("A", 0, "a"), ("B", 0, "x"), ("A", 1, "b"), ("B", -1, "y"), ("A", -1, "")] {
        chat.receive(named(message, &format!("{message}{index}"), index, text));
    }
    chat.pass_alive(Duration::from_secs(1));
    assert_eq!(replies(&chat), [("ab", &Status::Complete), ("xy", &Status::Complete)]);
}

#[test]
fn a_frame_without_an_index_is_shown_and_ends_with_silence() {
    let mut chat = Chat::open();
    let bare = |text: &str| Frame { index: None, ..frame(0, text) };
    chat.receive(bare("Hello! "));
    chat.receive(bare("I'm Mira."));
    assert_eq!(chat.last(), ("Hello! I'm Mira.", &Status::Streaming));
    chat.pass_alive(Duration::from_secs(30));
    assert_eq!((chat.last().1, chat.session.waiting()), (&Status::Complete, Waiting::No));
}

#[test]
fn a_hint_is_a_line_while_it_runs_and_goes_with_the_first_word() {
    let hint = |status: &str| Frame {
        kind: Some("hint".into()),
        hint: Some(crate::wire::frame::Hint { status: Some(status.into()), text: Some("Reading".into()) }),
        ..frame(0, "{}")
    };
    let mut chat = Chat::open();
    chat.say("hi");
    chat.answer_last(Ok(()));
    chat.receive(hint("RUNNING"));
    assert_eq!((chat.session.thinking(), chat.last().0), (Some("Reading"), "hi"));
    chat.receive(hint("FINISH"));
    assert_eq!((chat.session.thinking(), chat.session.waiting()), (None, Waiting::Typing));
    chat.receive(hint("RUNNING"));
    chat.chunk(0, "Hello");
    assert_eq!((chat.session.thinking(), chat.last().0), (None, "Hello"));
}

#[test]
fn a_code_fails_the_turn_and_the_conversation_goes_on() {
    let fault = |code: &str| Frame { kind: Some("sys".into()), sub_code: Some(code.into()), ..Frame::default() };
    let mut chat = Chat::open();
    chat.say("hi");
    chat.answer_last(Ok(()));
    chat.receive(fault("session.openai.error"));
    chat.receive(fault("session.openai.error"));
    assert_eq!(replies(&chat), [("", &Status::Failed(Failure::Unavailable))]);
    assert_eq!(chat.session.waiting(), Waiting::No);
    chat.say("again");
    chat.answer_last(Ok(()));
    chat.chunk(0, "half");
    chat.receive(fault("package.turn.exhaustion"));
    assert_eq!(chat.last(), ("half", &Status::Failed(Failure::Exhausted)));
    chat.say("and again");
    chat.answer_last(Ok(()));
    chat.chunk(0, "Fine.");
    chat.chunk(-1, "");
    assert_eq!(chat.last(), ("Fine.", &Status::Complete));
}

#[test]
fn a_session_closed_by_the_server_is_begun_again() {
    let mut chat = Chat::open();
    let before = chat.inits();
    chat.receive(Frame {
        kind: Some("sys".into()),
        sub_code: Some("session.status.closed".into()),
        ..Frame::default()
    });
    assert!(chat.effects.contains(&crate::Effect::Disconnect));
    chat.pass(Duration::from_secs(1));
    assert_eq!(chat.inits(), before + 1);
    assert_eq!(chat.init().session_id, None, "what is gone is not asked for again");
}

#[test]
fn stop_ends_what_is_shown_and_drops_what_still_comes() {
    for name in [Some("AE_1"), None] {
        let mut chat = Chat::open();
        let frame = |index, text| Frame { message_id: name.map(str::to_owned), ..frame(index, text) };
        chat.receive(frame(0, "one "));
        chat.take(Input::Stopped);
        chat.receive(frame(1, "two"));
        chat.receive(frame(-1, "three"));
        assert_eq!(replies(&chat), [("one ", &Status::Stopped)], "{name:?}");
        chat.receive(Frame { message_id: name.map(|_| "AE_2".into()), ..frame(0, "next") });
        assert_eq!(chat.last(), ("next", &Status::Streaming), "{name:?}");
    }
}

#[test]
fn what_comes_for_a_cut_reply_on_the_next_socket_lands_in_it() {
    for name in [Some("AE_1"), None] {
        let mut chat = Chat::open();
        let frame = |index, text| Frame { message_id: name.map(str::to_owned), ..frame(index, text) };
        chat.receive(frame(0, "one "));
        let attempt = chat.attempt();
        chat.take(Input::SocketClosed(attempt));
        assert_eq!(chat.last().1, &Status::Interrupted);
        chat.pass(Duration::from_secs(1));
        chat.connect();
        chat.receive(frame(1, "two "));
        assert_eq!(chat.last(), ("one two ", &Status::Interrupted));
        chat.receive(frame(2, "three"));
        chat.receive(frame(-1, ""));
        chat.pass_alive(Duration::from_secs(1));
        assert_eq!(replies(&chat), [("one two three", &Status::Complete)], "{name:?}");
    }
}

#[test]
fn what_is_missing_of_a_cut_reply_is_not_made_up() {
    let mut chat = Chat::open();
    chat.receive(named("AE_1", "1", 0, "one "));
    let attempt = chat.attempt();
    chat.take(Input::SocketClosed(attempt));
    chat.pass(Duration::from_secs(1));
    chat.connect();
    chat.receive(named("AE_1", "3", 2, "three"));
    chat.receive(named("AE_1", "4", -1, ""));
    chat.pass_alive(Duration::from_secs(5));
    assert_eq!(chat.last(), ("one three", &Status::Interrupted));
}

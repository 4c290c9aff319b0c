//! Transcripts of conversations whose frames come in every order.

use super::*;

const EMPTY_END: (Option<&str>, i64, &str) = (None, -1, "");

/// What the avatar is taken to have said, and how far each message is.
fn heard(chunks: &[(Option<&str>, i64, &str)]) -> Vec<(String, State)> {
    let mut transcripts = Transcripts::default();
    for (message, index, text) in chunks {
        let message = message.map(str::to_owned);
        transcripts.hear("s", Remark::Chunk { message, index: *index, text: (*text).into() });
    }
    said(&transcripts)
}

fn said(transcripts: &Transcripts) -> Vec<(String, State)> {
    let transcript = transcripts.of("s").unwrap();
    transcript.since(0).map(|utterance| (utterance.text(), utterance.state.clone())).collect()
}

fn check(chunks: &[(Option<&str>, i64, &str)], expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|text| ((*text).to_owned(), State::Complete)).collect();
    assert_eq!(heard(chunks), expected, "{chunks:?}");
}

#[test]
fn chunks_come_together_in_every_form() {
    check(&[(None, 0, "a"), (None, 1, "b"), EMPTY_END], &["ab"]);
    check(&[(None, 0, "a"), (None, -1, "b")], &["ab"]);
    check(&[(None, -1, "all")], &["all"]);
    check(&[EMPTY_END, (None, 0, "a"), EMPTY_END], &["a"]);
    check(&[(None, 0, "a"), EMPTY_END, (None, 0, "a"), EMPTY_END], &["a", "a"]);
    check(&[(None, 1, "b"), (None, 0, "a"), EMPTY_END], &["ab"]);
    check(&[(None, 0, "a"), (None, 0, "a"), (None, 1, "b"), (None, 1, "b"), EMPTY_END, EMPTY_END], &["ab"]);
    check(&[(None, 0, "a"), (None, 2, "c"), EMPTY_END, (None, 1, "b")], &["abc"]);
    let (x, y) = (Some("x"), Some("y"));
    check(&[(x, 0, "a"), (y, 0, "c"), (x, 1, "b"), (y, -1, "d"), (x, -1, ""), (x, 1, "b")], &["ab", "cd"]);
    check(&[(x, -1, ""), (x, 0, "a"), (x, -1, "")], &["a"]);
}

#[test]
fn a_lost_socket_interrupts_and_the_next_one_may_go_on() {
    let chunk = |index, text: &str| Remark::Chunk { message: None, index, text: text.into() };
    let mut transcripts = Transcripts::default();
    transcripts.hear("s", chunk(0, "a"));
    transcripts.interrupt("s");
    assert_eq!(said(&transcripts), [("a".to_owned(), State::Interrupted)]);
    transcripts.hear("s", chunk(1, "b"));
    assert_eq!(said(&transcripts), [("ab".to_owned(), State::Streaming)]);
    transcripts.interrupt("s");
    transcripts.hear("s", chunk(0, "new"));
    assert_eq!(said(&transcripts), [("ab".to_owned(), State::Interrupted), ("new".to_owned(), State::Streaming)]);
    transcripts.hear("s", Remark::Failure("no".into()));
    transcripts.hear("s", Remark::Failure("never".into()));
    assert_eq!(
        said(&transcripts)[1..],
        [("new".to_owned(), State::Failed("no".into())), (String::new(), State::Failed("never".into()))]
    );
}

#[test]
fn only_what_changed_is_told_and_only_so_much_is_kept() {
    let mut transcripts = Transcripts::default();
    for number in 0..=KEPT {
        transcripts.visitor_says("s", &number.to_string());
    }
    let transcript = transcripts.of("s").unwrap();
    let texts: Vec<_> = transcript.since(0).map(Utterance::text).collect();
    assert_eq!((texts.len(), texts[0].as_str()), (KEPT, "1"));
    let revision = transcript.revision();
    assert_eq!(transcript.since(revision).count(), 0);
    transcripts.hear("s", Remark::Message { user: "u".into(), text: "語".repeat(100_000) });
    transcripts.owner_says("s", "Hi!");
    let transcript = transcripts.of("s").unwrap();
    let changed: Vec<_> = transcript.since(revision).collect();
    assert!(changed.iter().all(|utterance| utterance.author == Author::Owner));
    assert_eq!(changed[0].text(), "語".repeat(33_333), "as many characters as 100 kB hold");
    assert_eq!(changed[1].text(), "Hi!");
}

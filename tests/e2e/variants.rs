//! However SecondMe tells a reply, the visitor reads what it said, in order, once, and knows who says it.

use secondme_sim::reply_to;

use crate::markdown::letters;
use crate::page::AVATAR;
use crate::snapshot::Snapshot;
use crate::world::{Setup, test};

const QUESTION: &str = "How long does shipping take?";

/// All of these are the same words to the visitor.
const TOLD_ALIKE: [&[&str]; 25] = [
    &["bare"],
    &["ids"],
    &["end-text"],
    &["ids", "end-text"],
    &["end-first"],
    &["ids", "end-first"],
    &["one-frame"],
    &["ids", "one-frame"],
    &["entries"],
    &["ids", "resend"],
    &["ids", "resend-one"],
    &["ids", "swap"],
    &["swap"],
    &["ids", "gap"],
    &["ids", "gap-late"],
    &["echo"],
    &["ids", "echo"],
    &["echo-nameless"],
    &["hint=100"],
    &["ids", "hint-fail=100"],
    &["unknown-fields", "unknown-types"],
    &["ids", "unknown-fields", "unknown-types"],
    &["garbage", "huge"],
    &["ids", "garbage", "swap", "resend", "echo", "hint=100", "entries=2"],
    &["slow-start=500"],
];

#[test]
fn every_way_of_telling_a_reply_reads_the_same() {
    test(quick(), async |world| {
        world.begin().await;
        let reply = reply_to(QUESTION, AVATAR);
        let mut expected = 3;
        for variants in TOLD_ALIKE {
            world.next_reply(variants);
            world.page.say(QUESTION).await;
            expected += 2;
            let told = format!("{variants:?} is told");
            let whole = |chat: &Snapshot| chat.messages.len() >= expected && chat.ends_with_reply(&reply);
            let chat = world.page.until(&told, whole).await;
            let said = chat.said();
            let read = chat.messages.last().unwrap().read(&reply);
            assert_eq!(said[expected - 2..], [("visitor", QUESTION), ("avatar", read.as_str())], "{variants:?}");
            assert_eq!(chat.messages.last().unwrap().note, "", "{variants:?}");
        }
        // What came late has come before this.
        let chat = world.page.ask("hello").await;
        let mut questions = vec!["hello"];
        questions.extend([QUESTION; TOLD_ALIKE.len()]);
        questions.push("hello");
        world.check_dialogue(&chat, &questions);
        assert_eq!((world.observed().sockets_opened, chat.alert.as_str()), (1, ""), "no frame costs the socket");
    });
}

#[test]
fn frames_of_the_wrong_types_are_skipped() {
    for variants in [["bare", "wrong-types"], ["ids", "noise"]] {
        test(quick(), async |world| {
            world.begin().await;
            world.next_reply(&variants);
            world.page.say(QUESTION).await;
            let reply = reply_to(QUESTION, AVATAR);
            world.page.until("the reply is there", |chat| chat.ends_with_reply(&reply)).await;
            let chat = world.page.ask("hello").await;
            world.check_dialogue(&chat, &["hello", QUESTION, "hello"]);
        });
    }
}

#[test]
fn a_reply_of_several_messages_is_drawn_as_several() {
    test(quick(), async |world| {
        world.begin().await;
        for variants in [["messages=3", "bare"], ["messages=3", "ids"]] {
            let before = world.page.snapshot().await.unwrap().messages.len();
            world.next_reply(&variants);
            world.page.say(QUESTION).await;
            let done = |chat: &Snapshot| {
                chat.messages.len() == before + 4 && chat.messages.iter().all(|it| it.status != "streaming")
            };
            let chat = world.page.until("three messages are there", done).await;
            let replies: Vec<_> = chat.messages[before + 1..].iter().collect();
            assert!(replies.iter().all(|it| (&*it.author, &*it.status) == ("avatar", "complete")), "{replies:#?}");
            let together: String = replies.iter().map(|it| letters(&it.text)).collect();
            assert_eq!(together, letters(&reply_to(QUESTION, AVATAR)), "{variants:?}");
        }
    });
}

#[test]
fn a_hint_is_a_line_that_goes_and_never_text() {
    test(quick(), async |world| {
        world.begin().await;
        world.next_reply(&["ids", "hint=1200"]);
        let chat = world.page.ask(QUESTION).await;
        world.check_dialogue(&chat, &["hello", QUESTION]);
        assert_eq!(chat.waiting, "");
        let history = world.page.history().await;
        let usual = format!("\u{2068}{AVATAR}\u{2069} is writing…");
        let hints: Vec<_> = history.iter().map(|it| &it.waiting).filter(|it| !it.is_empty() && **it != usual).collect();
        let hint = hints.first().unwrap_or_else(|| panic!("no hint was shown: {history:#?}"));
        assert!(!history.iter().any(|chat| chat.messages.iter().any(|it| it.text.contains(hint.as_str()))), "{hint}");
    });
}

#[test]
fn a_reply_that_fails_says_so_and_the_next_one_works() {
    test(quick(), async |world| {
        world.begin().await;
        for (variant, note) in [
            ("fail", "This reply could not be written. Please ask again."),
            ("fail-mid", "This reply could not be written. Please ask again."),
            ("fail=session.message.exceedQPSLimit", "Too many questions at once. Please wait a moment and ask again."),
            ("fail=package.turn.exhaustion", "The chat has reached its limit for now. Please come back later."),
            ("fail=message.length.limit", "This question was too long to be answered. Please ask in fewer words."),
        ] {
            world.next_reply(&[variant]);
            world.page.say(QUESTION).await;
            let failed = |chat: &Snapshot| chat.newest_reply("failed").is_some_and(|reply| reply.note == note);
            let chat = world.page.until(&format!("{variant} is shown"), failed).await;
            let reply = chat.messages.last().unwrap();
            assert_eq!(reply.text.is_empty(), variant != "fail-mid", "{variant}: {}", reply.text);
            assert!(
                letters(&reply_to(QUESTION, AVATAR)).starts_with(&letters(&reply.text)),
                "{variant}: {}",
                reply.text
            );
            assert_eq!(chat.waiting, "", "{variant}");
            world.page.ask("hello").await;
        }
        assert_eq!(world.observed().sockets_opened, 1);
    });
}

#[test]
fn the_owner_takes_over_in_the_middle_of_a_reply() {
    test(quick(), async |world| {
        world.begin().await;
        for variants in [["bare", "takeover"], ["ids", "takeover"]] {
            let before = world.page.snapshot().await.unwrap().messages.len();
            world.next_reply(&variants);
            world.page.say(QUESTION).await;
            let owner = |chat: &Snapshot| chat.messages.last().is_some_and(|it| it.author == "owner");
            let chat = world.page.until("the owner speaks", owner).await;
            let [question, avatar, owner] = &chat.messages[before..] else { panic!("{variants:?}: {chat:#?}") };
            assert_eq!((&*question.author, &*avatar.author, &*avatar.status), ("visitor", "avatar", "complete"));
            let begun = letters(&avatar.text);
            assert!(!begun.is_empty() && letters(&reply_to(QUESTION, AVATAR)).starts_with(&begun), "{avatar:?}");
            assert_eq!(owner.text, "This is the owner. I'll take it from here.");
            assert_eq!((&*owner.status, &*owner.note), ("complete", "\u{2068}Mira\u{2069}, in person"));
            assert_eq!(chat.waiting, "");
            let (spoken, length) = (avatar.clone(), chat.messages.len());
            // What the avatar still says is the owner's to have stopped.
            world.secondme().owner_says(None, "Yes?").unwrap();
            let chat = world.page.until("the owner goes on", |chat| chat.messages.len() > length).await;
            assert_eq!(chat.messages[before + 1], spoken, "{variants:?}");
            assert_eq!(chat.messages.last().unwrap().text, "Yes?");
            world.page.ask("hello").await;
            let chat = world.page.snapshot().await.unwrap();
            assert_eq!(chat.messages[before + 1], spoken, "{variants:?}");
        }
        let takeovers = world.page.events().await.into_iter().filter(|(name, _)| name == "takeover").count();
        assert_eq!(takeovers, 2);
    });
}

#[test]
fn a_chunk_that_never_comes_is_told() {
    test(quick(), async |world| {
        world.begin().await;
        world.next_reply(&["ids", "gap-open"]);
        world.page.say(QUESTION).await;
        let cut = |chat: &Snapshot| chat.newest_reply("interrupted").is_some();
        world.page.until("the visitor is told", cut).await;
        world.page.ask("hello").await;
    });
}

/// A quick avatar: how a reply is told is another matter than how slowly.
fn quick() -> Setup {
    let chunk_interval = std::time::Duration::from_millis(10);
    Setup { secondme: secondme_sim::Settings { chunk_interval, ..Default::default() }, ..Setup::default() }
}

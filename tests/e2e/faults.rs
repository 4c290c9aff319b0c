//! SecondMe has its troubles: the visitor is told in a sentence where something failed, and the next message works.

use std::time::Duration;

use crate::snapshot::Snapshot;
use crate::world::{Setup, test};

#[test]
fn an_expired_token_is_not_the_visitors_trouble() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.secondme().expire_tokens();
        world.page.ask("a gift").await;
        assert_eq!(world.observed().token_requests, 2);
        let troubled = |chat: &Snapshot| !chat.alert.is_empty() || chat.messages.iter().any(|it| it.status == "failed");
        assert!(!world.page.history().await.iter().any(troubled), "nothing failed");
    });
}

#[test]
fn a_session_that_has_ended_is_not_the_visitors_trouble() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.secondme().expire_sessions();
        world.page.ask("a gift").await;
        world.secondme().forget_sessions();
        let chat = world.page.ask("shipping").await;
        let asked: Vec<_> = chat.of("visitor").iter().map(|message| message.text.clone()).collect();
        assert_eq!(asked, ["hello", "a gift", "shipping"], "each is drawn once");
        assert_eq!(world.observed().sessions[0].messages, ["shipping"], "sent once to the session that replaced it");
    });
}

#[test]
fn a_message_that_failed_says_so_and_can_be_sent_again() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.secondme().fail_next(1, 500);
        world.page.say("a gift").await;
        let chat = world.page.until("the message has failed", |chat| chat.status_of("a gift") == "failed").await;
        let note = &chat.question("a gift").unwrap().note;
        assert_eq!(note, "It is not certain that this message arrived. Try again Delete");

        world.page.ask("shipping").await;
        world.page.click("[part~=message][data-status=failed] button").await;
        let chat = world.page.until_answered("a gift").await;
        let asked: Vec<_> = chat.of("visitor").iter().map(|it| (it.text.clone(), it.status.clone())).collect();
        let expected = ["hello", "a gift", "shipping"].map(|text| (text.to_owned(), "sent".to_owned()));
        assert_eq!(asked, expected, "drawn once, where it was first said");
        assert_eq!(world.observed().sessions[0].messages, ["hello", "shipping", "a gift"]);
    });
}

#[test]
fn a_slow_answer_is_waited_for() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.secondme().delay_answers(Duration::from_secs(2));
        world.page.say("a gift").await;
        let note =
            |chat: &Snapshot| chat.question("a gift").is_some_and(|it| it.status == "sending" && it.note == "Sending…");
        world.page.until("the message says that it is under way", note).await;
        world.page.until_answered("a gift").await;
        world.secondme().reset_faults();
        world.page.ask("shipping").await;
    });
}

#[test]
fn an_answer_that_takes_too_long_is_not_waited_for() {
    let proxy = chat_proxy::Settings { upstream_timeout: Some("1".into()), ..Default::default() };
    test(Setup { proxy, ..Setup::default() }, async |world| {
        world.begin().await;
        world.secondme().delay_answers(Duration::from_secs(60));
        world.page.say("a gift").await;
        let chat = world.page.until("the message has failed", |chat| chat.status_of("a gift") == "failed").await;
        let note = &chat.question("a gift").unwrap().note;
        assert!(note.starts_with("It is not certain that this message arrived."), "{note}");
        world.secondme().reset_faults();
        world.page.ask("shipping").await;
    });
}

#[test]
fn a_socket_that_closes_between_messages_is_replaced() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.secondme().close_sockets();
        let chat = world.page.until_seen("the visitor is told", |chat| !chat.alert.is_empty()).await;
        assert!(chat.alert.starts_with("The connection was lost."), "{}", chat.alert);
        let chat = world.page.ask("a gift").await;
        assert_eq!(chat.alert, "", "the sentence goes with its reason");
        assert!(chat.messages.iter().all(|message| message.status != "interrupted"), "{chat:#?}");
        let observed = world.observed();
        assert_eq!((observed.sockets_opened, observed.sessions.len()), (2, 1), "the same conversation on a new socket");
    });
}

#[test]
fn a_reply_that_was_cut_off_says_so() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.secondme().close_mid_reply(3);
        world.page.say("shipping").await;
        let cut = |chat: &Snapshot| chat.messages.last().is_some_and(|message| message.status == "interrupted");
        let chat = world.page.until("the reply is interrupted", cut).await;
        let reply = chat.messages.last().unwrap();
        assert!(!reply.text.is_empty() && reply.note.starts_with("The connection was lost, so"), "{reply:#?}");
        let chat = world.page.ask("a gift").await;
        assert!(chat.messages.contains(reply), "what was said stays: {chat:#?}");
        assert_eq!(chat.status_of("shipping"), "sent");
    });
}

//! The way to SecondMe and back: found late, lost, found again, kept alive.

use std::time::Duration;

use crate::page::{AVATAR, ENTER};
use crate::snapshot::Snapshot;
use crate::until::until_within;
use crate::world::{Setup, test};

/// Lets a test stop the page's timers: what still happens then was the visitor's doing.
const STOPPABLE_TIMERS: &str = "const set = window.setTimeout;
window.setTimeout = (...call) => (window.timersAreStopped ? 0 : set(...call));";

#[test]
fn a_proxy_that_is_down_is_tried_again_when_the_visitor_says() {
    test(Setup::default(), async |world| {
        world.page.browser.run_before_pages(STOPPABLE_TIMERS).await;
        world.visit_shop().await;
        let load = "window.SecondMeChat.push((chat) => chat.prefill('hello'))";
        world.page.browser.act(load).await;
        world.page.until("the chat is loaded", |chat| chat.draft == "hello").await;

        world.proxy.stop().await;
        world.page.browser.act("window.timersAreStopped = true").await;
        world.page.open().await;
        let chat = world.page.until("the visitor is told", |chat| !chat.alert.is_empty()).await;
        assert!(
            chat.alert.starts_with("The connection was lost.") && chat.alert.ends_with("Try again"),
            "{}",
            chat.alert
        );
        assert_eq!((chat.draft.as_str(), chat.messages.len()), ("hello", 0), "nothing is lost, nothing made up");

        world.proxy.start_again().await;
        world.page.click(".notice button").await;
        let chat = world.page.until("the avatar is there", |chat| chat.title == AVATAR && chat.alert.is_empty()).await;
        assert_eq!(chat.draft, "hello");
        world.page.click("[part~=input]").await;
        world.page.browser.type_keys(&ENTER.to_string()).await;
        world.page.until_answered("hello").await;
    });
}

#[test]
fn a_proxy_that_comes_back_is_found_without_the_visitor() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.secondme().fail_next(2, 500);
        world.page.open().await;
        world.page.until_seen("the visitor is told", |chat| chat.alert.starts_with("The chat is not available")).await;
        world.page.until("the avatar is there", |chat| chat.title == AVATAR && chat.alert.is_empty()).await;
        world.page.ask("hello").await;
    });
}

#[test]
fn what_is_written_before_the_socket_is_open_waits_in_order() {
    let questions = ["hello", "a gift", "shipping"];
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.wire.hold(world.socket_server());
        world.secondme().delay_answers(Duration::from_secs(1));
        world.page.open().await;
        world.page.say(questions[0]).await;
        let chat = world.page.until("the avatar's name is known", |chat| chat.title == AVATAR).await;
        assert_eq!(chat.status_of(questions[0]), "sending");
        world.secondme().reset_faults();
        for question in &questions[1..] {
            world.page.say(question).await;
        }
        let waiting = |chat: &Snapshot| questions.iter().all(|question| chat.status_of(question) == "sending");
        world.page.until("all are drawn and wait", waiting).await;
        // What the chat had asked for before this, it would have asked for by now.
        let status: u16 = world.page.browser.run("return fetch('/healthz').then((answer) => answer.status)").await;
        let posted = world.wire.requests().into_iter().filter(|request| request.ends_with("/chat/send")).count();
        assert_eq!((status, posted), (200, 0), "nothing is sent without a socket");
        world.wire.release(world.socket_server());

        let chat = world.page.until_answered("shipping").await;
        assert_eq!(world.observed().sessions[0].messages, questions);
        let asked: Vec<_> = chat.of("visitor").iter().map(|message| message.text.clone()).collect();
        assert_eq!(asked, questions);
        let replies = chat.of("avatar").into_iter().skip(1);
        assert!(
            replies
                .zip(&questions)
                .all(|(reply, question)| { reply.text == reply.read(&secondme_sim::reply_to(question, AVATAR)) }),
            "{chat:#?}"
        );
        assert_eq!(chat.of("avatar").len(), questions.len() + 1);
        assert_eq!(world.observed().replies_without_socket, 0);
    });
}

/// The document's 15 seconds, as they are.
#[test]
fn an_idle_socket_is_kept_alive() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.page.open().await;
        let bound = Duration::from_secs(60);
        until_within(bound, "a heartbeat", async || (world.observed().pings > 0).then_some(())).await;
        world.page.ask("hello").await;
        let observed = world.observed();
        assert_eq!((observed.frames_ignored, observed.sockets_opened), (0, 1), "it names the socket by its id");
    });
}

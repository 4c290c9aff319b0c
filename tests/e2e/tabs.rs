//! Two tabs of one browser: one conversation and one socket for both, whichever of them is closed or stands still.

use std::mem::replace;
use std::time::Duration;

use fantoccini::wd::WindowHandle;
use serde_json::json;
use tokio::time::sleep;

use crate::page::AVATAR;
use crate::snapshot::Snapshot;
use crate::until::until;
use crate::world::{Setup, World, test};

#[test]
fn two_tabs_share_a_conversation_and_a_socket() {
    two_tabs(async |world, [leader, follower]| {
        world.page.ask("a gift").await;
        for (tab, before, question) in [(&leader, "a gift", "shipping"), (&follower, "shipping", "hello again")] {
            world.page.browser.look_at(tab).await;
            world.page.until_answered(before).await;
            let growing = |chat: &Snapshot| chat.newest_reply("streaming").is_some();
            world.page.until_seen("the reply grows in this tab", growing).await;
            world.page.ask(question).await;
        }
        let questions = ["hello", "a gift", "shipping", "hello again"];
        for tab in [&leader, &follower] {
            world.page.browser.look_at(tab).await;
            let chat = world.page.until_answered("hello again").await;
            world.check_dialogue(&chat, &questions);
        }
        let observed = world.observed();
        assert_eq!((observed.init_requests, observed.sockets_opened, observed.sockets_open), (1, 1, 1));
    });
}

#[test]
fn when_the_leaders_tab_is_closed_the_other_takes_over() {
    two_tabs(async |world, [leader, follower]| {
        world.page.browser.go_to(&leader).await;
        world.page.browser.close_tab(&follower).await;
        until("the other tab has a socket", async || (world.observed().sockets_opened == 2).then_some(())).await;
        world.page.ask("a gift").await;
        let chat = world.page.ask("shipping").await;
        world.check_dialogue(&chat, &["hello", "a gift", "shipping"]);
        until("it is the only one", async || (world.observed().sockets_open == 1).then_some(())).await;
    });
}

#[test]
fn a_reply_goes_on_in_the_other_tab_when_the_leaders_is_closed() {
    two_tabs(async |world, [leader, follower]| {
        world.next_reply(&["ids", "pause=3000", "resume-replies"]);
        world.page.say("shipping").await;
        until_paused(world).await;
        world.page.browser.go_to(&leader).await;
        world.page.browser.close_tab(&follower).await;
        let chat = world.page.until_answered("shipping").await;
        world.check_dialogue(&chat, &["hello", "shipping"]);
        let chat = world.page.ask("a gift").await;
        world.check_dialogue(&chat, &["hello", "shipping", "a gift"]);
        assert_eq!(world.observed().sockets_opened, 2);
    });
}

/// What a following tab's visitor says while nobody leads is not lost.
#[test]
fn what_is_said_while_the_leader_goes_is_sent_once() {
    two_tabs(async |world, [leader, follower]| {
        world.page.browser.act("window.SecondMeChat.push((chat) => chat.prefill('a gift'))").await;
        world.page.until("there is something to send", |chat| chat.sendable).await;
        let send = "setTimeout(() => document.querySelector('secondme-chat').shadowRoot
            .querySelector('[part~=send]').click(), 0)";
        world.page.browser.act(send).await;
        world.page.browser.go_to(&leader).await;
        world.page.browser.close_tab(&follower).await;
        let settled = |chat: &Snapshot| ["sent", "failed"].contains(&chat.status_of("a gift"));
        let chat = world.page.until("the message is settled", settled).await;
        // Where the leader had posted it and was gone before the answer came, nobody can know, and the visitor is told.
        let said: Vec<_> = chat.of("visitor").iter().map(|message| message.text.clone()).collect();
        assert_eq!(said, ["hello", "a gift"]);
        until("it came once", async || {
            let heard = world.observed().sessions[0].messages.clone();
            (heard == ["hello", "a gift"]).then_some(())
        })
        .await;
    });
}

/// The browser lets a page that nobody looks at stand still: it still hears the other tabs, and can do nothing.
#[test]
fn a_leader_that_stands_still_is_replaced() {
    two_tabs(async |world, [leader, follower]| {
        world.page.browser.go_to(&leader).await;
        world.page.browser.devtools("Page.setWebLifecycleState", json!({ "state": "frozen" })).await;
        world.page.browser.look_at(&follower).await;
        let chat = world.page.ask("a gift").await;
        world.check_dialogue(&chat, &["hello", "a gift"]);
        assert_eq!(world.observed().sockets_opened, 2, "the other tab leads");

        world.page.browser.go_to(&leader).await;
        world.page.browser.devtools("Page.setWebLifecycleState", json!({ "state": "active" })).await;
        world.page.browser.look_at(&leader).await;
        let chat = world.page.until_answered("a gift").await;
        world.check_dialogue(&chat, &["hello", "a gift"]);
        let chat = world.page.ask("shipping").await;
        world.check_dialogue(&chat, &["hello", "a gift", "shipping"]);
        until("there is one socket", async || (world.observed().sockets_open == 1).then_some(())).await;
        assert_eq!(world.observed().sockets_opened, 2);
    });
}

/// However many tabs there are, a message is new once, and whoever reads it in one has read it in all.
#[test]
fn what_is_unread_is_counted_once_for_all_tabs() {
    two_tabs(async |world, [leader, follower]| {
        for tab in [&leader, &follower] {
            world.page.browser.look_at(tab).await;
            world.page.browser.act("window.SecondMeChat.push((chat) => chat.close())").await;
            world.page.until("the panel is closed", |chat| !chat.open).await;
        }
        for number in 1..=2 {
            world.secondme().owner_says(None, "Are you still there?").unwrap();
            for tab in [&leader, &follower] {
                world.page.browser.go_to(tab).await;
                let name = format!("Open chat ({number} unread message{})", if number == 1 { "" } else { "s" });
                world.page.until(&name, |chat| chat.launcher == name).await;
            }
        }
        world.page.browser.look_at(&leader).await;
        world.page.open().await;
        for tab in [&leader, &follower] {
            world.page.browser.go_to(tab).await;
            let name = if tab == &leader { "Close chat" } else { "Open chat" };
            world.page.until(name, |chat| chat.launcher == name).await;
            let counts = world.page.events().await.into_iter().filter(|(name, _)| name == "unread").count();
            assert_eq!(counts, 3, "one, two, none");
        }
    });
}

/// A tab that leads a conversation, and then one that follows and is looked at.
fn two_tabs(then: impl AsyncFnOnce(&mut World, [WindowHandle; 2])) {
    test(Setup::default(), async |world| {
        let leader = world.page.browser.tab().await;
        world.begin().await;
        let follower = world.page.open_tab().await;
        world.visit_shop().await;
        world.page.open().await;
        let chat = world.page.until_answered("hello").await;
        world.check_dialogue(&chat, &["hello"]);
        assert_eq!(chat.title, AVATAR);
        then(world, [leader, follower]).await;
    });
}

/// Waits until as much of the reply as comes before its pause is here.
pub(crate) async fn until_paused(world: &World) {
    let mut before = 0;
    until("the reply pauses", async || {
        let chat = world.page.snapshot().await?;
        let length = chat.newest_reply("streaming")?.text.len();
        // Many times what lies between two chunks.
        sleep(Duration::from_millis(400)).await;
        (replace(&mut before, length) == length).then_some(())
    })
    .await;
}

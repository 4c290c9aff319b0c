//! The page is loaded again: the conversation is back before the network answers, and what was under way goes on.

use std::time::Duration;

use secondme_sim::reply_to;
use serde_json::Value;

use crate::markdown::letters;
use crate::page::AVATAR;
use crate::snapshot::Snapshot;
use crate::tabs::until_paused;
use crate::until::until;
use crate::world::{Setup, World, test};

#[test]
fn the_conversation_is_back_before_the_network_answers() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.page.browser.type_keys("half a thought").await;
        world.secondme().delay_answers(Duration::from_secs(1));
        world.page.reload().await;
        world.page.open().await;
        let first = world.page.until_seen("it is back", |chat| chat.open && !chat.messages.is_empty()).await;
        assert_eq!((first.status.as_str(), first.title.as_str()), ("Connecting…", AVATAR));
        world.check_dialogue(&first, &["hello"]);
        let chat = world.page.until("the socket is open", |chat| chat.status == "AI avatar").await;
        assert_eq!(chat.draft, "half a thought", "what was not sent is there");
        world.secondme().reset_faults();
        world.page.say("").await;
        world.page.until("it is sent", |chat| chat.status_of("half a thought") == "sent").await;
        let chat = world.page.until_answered("half a thought").await;
        world.check_dialogue(&chat, &["hello", "half a thought"]);
        assert_eq!(world.observed().sessions.len(), 1, "the session goes on");
    });
}

#[test]
fn a_reply_goes_on_after_a_reload() {
    test(Setup::default(), async |world| {
        let begun = reload_mid_reply(world, &["ids", "pause=4000", "resume-replies"]).await;
        let chat = world.page.until_answered("shipping").await;
        assert!(letters(&chat.messages.last().unwrap().text).len() > begun.len());
        world.check_dialogue(&chat, &["hello", "shipping"]);
    });
}

#[test]
fn a_reply_whose_rest_never_comes_says_so_after_a_reload() {
    test(Setup::default(), async |world| {
        let begun = reload_mid_reply(world, &["pause=4000"]).await;
        let chat = world.page.until("the socket is open", |chat| chat.status == "AI avatar").await;
        let reply = chat.messages.last().unwrap();
        assert_eq!((reply.status.as_str(), letters(&reply.text)), ("interrupted", begun.clone()));
        assert_eq!(reply.note, "The connection was lost, so this reply may be incomplete.");
        let chat = world.page.ask("a gift").await;
        assert_eq!(letters(&chat.messages[4].text), begun, "what was said stays: {chat:#?}");
    });
}

#[test]
fn a_message_that_waited_is_sent_once_after_a_reload() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.wire.hold(world.socket_server());
        world.page.open().await;
        world.page.until("the avatar's name is known", |chat| chat.title == AVATAR).await;
        world.page.say("a gift").await;
        world.page.until("it waits", |chat| chat.status_of("a gift") == "sending").await;
        world.page.reload().await;
        world.page.open().await;
        world.page.until("it still waits", |chat| chat.status_of("a gift") == "sending").await;
        world.wire.release(world.socket_server());
        let chat = world.page.until_answered("a gift").await;
        world.check_dialogue(&chat, &["a gift"]);
    });
}

/// Whatever else stands in the storage, the chat works and keeps nothing it can't.
#[test]
fn a_full_storage_costs_the_memory_alone() {
    const FILL: &str = "for (let length = 2 ** 23; length >= 1; length /= 2) {
        for (let part = 0; ; part++) {
            try { localStorage.setItem(`filler ${length} ${part}`, 'x'.repeat(length)); } catch { break; }
        }
    }
    for (const key of ['a', 'b']) { try { localStorage.setItem(key, ''); } catch { } }
    try { localStorage.setItem('secondme', ''); return false } catch { return true }";
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        let full: bool = world.page.browser.run(FILL).await;
        assert!(full);
        world.page.open().await;
        world.page.ask("hello").await;
        let chat = world.page.ask("a gift").await;
        world.check_dialogue(&chat, &["hello", "a gift"]);
        let kept: Vec<String> = world.page.browser.run("return Object.keys(localStorage)").await;
        assert!(!kept.iter().any(|key| key.starts_with("secondme-chat")), "{kept:?}");
    });
}

#[test]
fn a_conversation_that_cannot_be_read_is_dropped() {
    type Spoil = fn(Value) -> String;
    let spoil: [(&str, Spoil); 4] = [
        ("no JSON", |_| "[1,".to_owned()),
        ("another form", |_| "{\"version\":2}".to_owned()),
        ("a newer version", |mut saved| {
            saved[0] = (saved[0].as_u64().unwrap() + 1).into();
            saved.to_string()
        }),
        ("a damaged message", |mut saved| {
            // Behind the version and the count of messages, six values of the first; of the second, who says it.
            saved[9] = 7.into();
            saved.to_string()
        }),
    ];
    test(Setup::default(), async |world| {
        world.begin().await;
        for (what, spoil) in spoil {
            let key = until_kept(world).await;
            // The page that is left puts its conversation by once more, so another one does the damage.
            world.page.visit(&world.url("/plain")).await;
            let read = format!("return JSON.parse(localStorage.getItem({key:?}))");
            let spoilt = spoil(world.page.browser.run(&read).await);
            world.page.browser.act(&format!("localStorage.setItem({key:?}, {spoilt:?})")).await;
            world.visit_shop().await;
            world.page.open().await;
            world.page.until("the avatar is there", |chat| chat.status == "AI avatar").await;
            let chat = world.page.ask("a gift").await;
            let said = chat.said();
            assert_eq!(said.len(), 3, "{what}: {said:?}");
            assert_eq!((said[1], chat.alert.as_str()), (("visitor", "a gift"), ""), "{what}");
        }
        // On the Avatar Hub the session is lost with the conversation; the visitor never is.
        let mut visitors: Vec<_> = world.observed().sessions.into_iter().map(|session| session.visitor_id).collect();
        visitors.dedup();
        assert_eq!(visitors.len(), 1, "the visitor is the same: {visitors:?}");
    });
}

/// Reloads the page in the middle of the reply to `shipping`, and gives the letters that are back before the network
/// answers.
async fn reload_mid_reply(world: &World, variants: &[&str]) -> String {
    world.begin().await;
    world.next_reply(variants);
    world.page.say("shipping").await;
    until_paused(world).await;
    world.secondme().delay_answers(Duration::from_millis(500));
    world.page.reload().await;
    world.page.open().await;
    let back = |chat: &Snapshot| chat.status == "Connecting…" && chat.newest_reply("interrupted").is_some();
    let chat = world.page.until_seen("the reply is back as far as it had come", back).await;
    let begun = letters(&chat.messages.last().unwrap().text);
    assert!(!begun.is_empty() && letters(&reply_to("shipping", AVATAR)).starts_with(&begun), "{begun}");
    assert_eq!(chat.messages.len(), 5);
    begun
}

/// The key of the conversation, once all three messages are in the storage. Behind the version stands how many they are.
async fn until_kept(world: &World) -> String {
    const FIND: &str = "return Object.keys(localStorage).find((key) => key.startsWith('secondme-chat:conversation:')
        && JSON.parse(localStorage.getItem(key))[1] === 3) ?? null";
    until("the conversation is kept", async || world.page.browser.run(FIND).await).await
}

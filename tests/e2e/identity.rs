//! Whose conversation it is, and for how long: forgotten in every tab at once, kept where the site owner says.

use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};

use crate::until::until;
use crate::world::{Setup, World, test};

const RESET: &str = "window.SecondMeChat.push((chat) => chat.reset())";

/// Everything that the page's storages hold, as one text.
const STORED: &str = "return { local: { ...localStorage }, session: { ...sessionStorage } }";

#[test]
fn the_next_person_at_the_computer_sees_nothing() {
    test(Setup::default(), async |world| {
        let first = world.page.browser.tab().await;
        world.begin().await;
        let second = world.page.open_tab().await;
        world.visit_shop().await;
        world.page.open().await;
        world.page.until_answered("hello").await;
        world.page.browser.type_keys("a secret thought").await;
        let old = world.observed().sessions[0].clone();
        // What the proxy gave for the session differs each time it is given: the one that is stored is the one to look for.
        let session = until("the session is put by", async || sealed_session(&stored(world).await)).await;
        let traces = [old.visitor_id.as_str(), &session, "hello", "a secret thought"];
        until("all is put by", async || {
            let stored = stored(world).await.to_string();
            traces.iter().all(|trace| stored.contains(*trace)).then_some(())
        })
        .await;

        world.page.browser.look_at(&first).await;
        world.page.browser.act(RESET).await;
        for tab in [&first, &second] {
            world.page.browser.go_to(tab).await;
            let chat =
                world.page.until("nothing is left", |chat| chat.draft.is_empty() && chat.messages.len() < 2).await;
            assert!(chat.of("visitor").is_empty(), "{chat:#?}");
            let stored = stored(world).await.to_string();
            assert!(!traces.iter().any(|trace| stored.contains(*trace)), "{stored}");
        }
        until("there is another visitor", async || (world.observed().sessions.len() == 2).then_some(())).await;

        for (tab, question) in [(&second, "a gift"), (&first, "shipping")] {
            world.page.browser.look_at(tab).await;
            world.page.ask(question).await;
        }
        check_alone(world, [&first, &second]).await;
        let observed = world.observed();
        let heard: Vec<_> = observed.sessions.iter().map(|session| session.messages.clone()).collect();
        assert_eq!(heard, [vec!["hello"], vec!["a gift", "shipping"]]);
        assert_ne!(observed.sessions[1].visitor_id, old.visitor_id);
    });
}

/// In no tab and no storage is there more than the new visitor's conversation.
async fn check_alone(world: &World, tabs: [&WindowHandle; 2]) {
    let observed = world.observed();
    let [old, new] = observed.sessions.as_slice() else { panic!("two visitors: {observed:#?}") };
    for tab in tabs {
        world.page.browser.look_at(tab).await;
        let chat = world.page.until_answered("shipping").await;
        world.check_said(&chat, &["a gift", "shipping"]);
        until("the new visitor is kept", async || {
            let stored = stored(world).await.to_string();
            assert!(!stored.contains(&old.visitor_id), "{stored}");
            stored.contains(&new.visitor_id).then_some(())
        })
        .await;
    }
    until("there is one socket", async || (world.observed().sockets_open == 1).then_some(())).await;
}

#[test]
fn a_conversation_of_the_tab_is_its_own() {
    test(Setup::default(), async |world| {
        let first = world.page.browser.tab().await;
        begin(world, "session").await;
        world.page.browser.type_keys("half a thought").await;
        let kept = until("it is put by", async || {
            Some(stored(world).await).filter(|stored| stored.to_string().contains("half a thought"))
        })
        .await;
        assert_eq!(kept["local"], json!({}));
        let names: Vec<_> =
            kept["session"].as_object().unwrap().keys().map(|key| key.split(':').nth(1).unwrap()).collect();
        assert_eq!(names, ["conversation", "draft", "visitorId"]);

        world.page.reload().await;
        world.page.open().await;
        let chat = world.page.until("all is back", |chat| chat.draft == "half a thought").await;
        world.check_dialogue(&chat, &["hello"]);
        world.page.open_tab().await;
        begin(world, "session").await;
        assert_eq!(world.observed().sessions.len(), 2, "another tab is another visitor's");
        world.page.browser.look_at(&first).await;
        let chat = world.page.until("it is open again", |chat| chat.status == "AI avatar").await;
        assert_eq!(chat.of("visitor").len(), 1, "each tab has its own conversation");
        assert_eq!(world.observed().sockets_open, 2);
    });
}

#[test]
fn a_conversation_that_is_not_kept_leaves_nothing() {
    test(Setup::default(), async |world| {
        begin(world, "none").await;
        world.page.browser.type_keys("half a thought").await;
        world.page.until("it is written", |chat| chat.draft == "half a thought").await;
        world.page.reload().await;
        let nothing = json!({ "local": {}, "session": {} });
        assert_eq!(stored(world).await, nothing, "leaving the page has put nothing by");
        world.page.open().await;
        let chat = world.page.ask("hello").await;
        assert_eq!((chat.messages.len(), stored(world).await), (3, nothing));
        assert_eq!(world.observed().sessions.len(), 2, "each page is another visitor's");
    });
}

/// A conversation on a page that keeps it like this.
async fn begin(world: &World, persist: &str) {
    world.page.visit(&world.url(&format!("/plain?persist={persist}"))).await;
    world.page.open().await;
    world.page.ask("hello").await;
}

/// The newest `sessionId` that the conversation was put by with: longer than any id, and neither words nor an address.
fn sealed_session(stored: &Value) -> Option<String> {
    let mut kept = stored["local"].as_object()?.iter();
    let (_, text) = kept.find(|(key, _)| key.starts_with("secondme-chat:conversation:"))?;
    let saved: Vec<Value> = serde_json::from_str(text.as_str()?).ok()?;
    let is_sealed = |text: &&str| text.len() > 60 && !text.contains([' ', ':']);
    saved.iter().filter_map(Value::as_str).find(is_sealed).map(str::to_owned)
}

async fn stored(world: &World) -> Value {
    world.page.browser.run(STORED).await
}

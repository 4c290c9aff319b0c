//! What the visitor agrees to first, and what is left when they want everything gone.

use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlAnchorElement, StorageEvent};

use super::page::Page;
use super::world::{World, settle, storage, until};

fn asking(world: &World, more: &Value) -> Page {
    let mut options = json!({"base": world.base(), "consent": "true"});
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Page::with(&options)
}

/// Nothing has left the page, and nothing lies in the browser.
fn check_untouched(world: &World, when: &str) {
    assert!(world.asked("init").is_empty() && world.asked("send").is_empty(), "{when}: the proxy was asked");
    assert!(world.sockets().is_empty() && world.loads().is_empty(), "{when}: something was loaded");
    assert_eq!(storage().length(), Ok(0), "{when}: something was stored");
}

#[wasm_bindgen_test]
async fn nothing_happens_before_the_visitor_agrees() {
    let world = World::new();
    let page = asking(&world, &json!({}));
    page.chat.identify(&super::page::object(&json!({"id": "ada", "siteToken": "t"}))).ok().unwrap();
    page.chat.prefill("half a thought".into());
    page.chat.send("Hi".into());
    settle().await;
    assert_eq!(page.text(".heading"), "Before you write");
    assert!(page.text(".aside .lines").starts_with("Your messages are sent to SecondMe"));
    for part in ["transcript", "composer", "menu", "status"] {
        assert!(!page.is_shown(&format!("[part={part}]")), "{part}");
    }
    page.chat.reset();
    world.pass(600.0).await;
    settle().await;
    check_untouched(&world, "while it asks");

    page.click("[part=decline]");
    settle().await;
    assert!(!page.chat.is_open());
    page.chat.open();
    settle().await;
    assert!(page.is_shown("[part=agree]"), "the next opening asks again");
    check_untouched(&world, "after a no");

    page.chat.prefill("another thought".into());
    page.chat.send("Hello".into());
    page.click("[part=agree]");
    page.connected(&world).await;
    page.newest("visitor sent: Hello").await;
    assert_eq!(world.posted(), ["Hello"], "what waited goes out, what was declined with the rest does not");
    assert!(page.is_shown("[part=composer]") && page.seek("[part=agree]").is_none());
    assert_eq!(page.input().value(), "another thought");
    assert_eq!(storage().get_item("secondme-chat:consent"), Ok(Some("agreed".into())));
}

#[wasm_bindgen_test]
async fn consent_is_remembered_where_something_is_kept() {
    for (persist, asked_again) in [("local", false), ("none", true)] {
        let world = World::new();
        let options = json!({ "persist": persist });
        let page = asking(&world, &options);
        page.chat.open();
        settle().await;
        page.click("[part=agree]");
        page.connected(&world).await;
        page.chat.close();
        page.chat.open();
        settle().await;
        assert!(!page.is_shown("[part=agree]"), "{persist}: the same page does not ask twice");
        drop(page);
        let page = asking(&world, &options);
        page.chat.open();
        settle().await;
        assert_eq!(page.is_shown("[part=agree]"), asked_again, "{persist}");
    }
}

#[wasm_bindgen_test]
async fn who_agrees_in_another_tab_has_agreed_here() {
    let world = World::new();
    let page = asking(&world, &json!({}));
    page.chat.open();
    settle().await;
    storage().set_item("secondme-chat:consent", "agreed").unwrap();
    web_sys::window().unwrap().dispatch_event(&StorageEvent::new("storage").unwrap()).unwrap();
    page.connected(&world).await;
    assert!(page.is_shown("[part=composer]"));
}

#[wasm_bindgen_test]
async fn the_next_person_is_asked_again() {
    let world = World::new();
    let page = asking(&world, &json!({}));
    page.chat.open();
    settle().await;
    page.click("[part=agree]");
    page.connected(&world).await;
    page.chat.reset();
    until("it asks", || page.is_shown("[part=agree]")).await;
    world.pass(60.0).await;
    settle().await;
    assert_eq!((storage().length(), world.live_sockets()), (Ok(0), 0));
    assert_eq!(world.asked("init").len(), 1);
}

#[wasm_bindgen_test]
async fn the_sites_own_words_are_text_and_its_link_a_page() {
    let world = World::new();
    let page = asking(&world, &json!({"consent": "We <b>keep</b> it\nfor a week.", "consentHref": "/privacy"}));
    page.chat.open();
    settle().await;
    assert_eq!(page.text(".aside .lines"), "We <b>keep</b> it\nfor a week.");
    let link: HtmlAnchorElement = page.find(".aside a").unchecked_into();
    assert!(link.href().ends_with("/privacy") && link.rel() == "noopener noreferrer", "{}", link.href());
    assert_eq!(link.text_content().unwrap().trim(), "Privacy policy");
}

#[wasm_bindgen_test]
async fn deleting_leaves_nothing_and_begins_nothing() {
    for consent in ["none", "true"] {
        let world = World::new();
        let page = asking(&world, &json!({"consent": consent, "sound": true}));
        page.chat.identify(&super::page::object(&json!({"id": "ada", "siteToken": "t"}))).ok().unwrap();
        page.chat.open();
        settle().await;
        if consent == "true" {
            page.click("[part=agree]");
        }
        page.connected(&world).await;
        page.say("my secret");
        page.newest("visitor sent: my secret").await;
        page.choose("Turn sound off").await;
        page.write("half a thought");
        storage().set_item("secondme-chat:teaser", "1").unwrap();
        storage().set_item("of-the-site", "stays").unwrap();
        world.pass(5.0).await;
        assert!(storage().length().unwrap() > 4, "there is something to delete");

        page.choose("Delete my data").await;
        assert!(page.text(".aside p").contains("You cannot undo it."));
        page.press_in_aside("Cancel").await;
        page.shows(&["avatar complete: Hello, I am Mira.", "visitor sent: my secret"]).await;
        page.choose("Delete my data").await;
        page.press_in_aside("Delete").await;
        assert!(!page.chat.is_open());
        world.pass(60.0).await;
        settle().await;
        assert_eq!((storage().key(0), storage().length()), (Ok(Some("of-the-site".into())), Ok(1)));
        assert_eq!((world.live_sockets(), world.asked("init").len()), (0, 1));
        assert!(page.messages().is_empty() && page.input().value().is_empty());

        page.chat.open();
        settle().await;
        if consent == "true" {
            assert!(page.is_shown("[part=agree]"), "consent is gone with the rest");
        } else {
            page.connected(&world).await;
            page.shows(&["avatar complete: Hello, I am Mira."]).await;
            let [first, second] = [0, 1].map(|init| world.bodies("init")[init]["visitorId"].clone());
            assert_ne!(first, second, "another visitor");
        }
    }
}

//! The visitor's messages: drawn at once, sent in order once there is a way, one at a time.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::Page;
use super::world::{World, settle, storage, until};

const GREETING: &str = "avatar complete: Hello, I am Mira.";

#[wasm_bindgen_test]
async fn a_message_is_drawn_at_once_and_sent_when_the_proxy_has_taken_it() {
    let world = World::new();
    let page = Page::talking(&world).await;
    world.hold("send");
    page.say("Do you bind books?");
    page.shows(&[GREETING, "visitor sending: Do you bind books?"]).await;
    until("the proxy was asked", || world.posted().len() == 1).await;
    settle().await;
    assert_eq!(page.messages()[1], "visitor sending: Do you bind books?");

    world.release();
    page.shows(&[GREETING, "visitor sent: Do you bind books?"]).await;
    let visitor = storage().get_item("secondme-chat:visitorId").unwrap().unwrap();
    let body = json!({"sessionId": "session-first", "visitorId": visitor, "message": "Do you bind books?"});
    assert_eq!(world.bodies("send"), [body]);
    let request = world.asked("send").remove(0);
    assert_eq!((&*request.method, &*request.url), ("POST", &*format!("{}/send", world.base())));
    assert_eq!(request.headers.into_iter().collect::<Vec<_>>(), [("content-type".into(), "application/json".into())]);
}

#[wasm_bindgen_test]
async fn what_was_said_before_the_socket_is_open_waits_for_it_in_order() {
    let world = World::new();
    world.hold("init");
    world.hold_sockets();
    let page = Page::closed(&world);
    page.chat.open();
    page.say("one");
    until("init was asked for", || world.asked("init").len() == 1).await;
    page.say("two");
    world.release();
    until("the socket was asked for", || world.sockets().len() == 1).await;
    page.say("three");
    // The greeting opens the conversation although the visitor was quicker.
    page.shows(&[GREETING, "visitor sending: one", "visitor sending: two", "visitor sending: three"]).await;
    settle().await;
    assert!(world.posted().is_empty());

    world.socket().open();
    page.shows(&[GREETING, "visitor sent: one", "visitor sent: two", "visitor sent: three"]).await;
    assert_eq!(world.posted(), ["one", "two", "three"]);
}

#[wasm_bindgen_test]
async fn one_message_is_under_way_at_a_time() {
    let world = World::new();
    let page = Page::talking(&world).await;
    for _ in 0..3 {
        world.hold("send");
    }
    for text in ["one", "two", "three"] {
        page.say(text);
    }
    for taken in 1..=3 {
        until("the next is posted", || world.posted().len() == taken).await;
        settle().await;
        assert_eq!(world.posted().len(), taken);
        let sent = || page.messages().iter().filter(|message| message.starts_with("visitor sent")).count();
        assert_eq!(sent(), taken - 1);
        world.release();
        until("it counts as sent", || sent() == taken).await;
    }
    assert_eq!(world.posted(), ["one", "two", "three"]);
}

#[wasm_bindgen_test]
async fn a_page_can_speak_for_the_visitor() {
    let world = World::new();
    let page = Page::closed(&world);
    page.chat.send("Is it in stock?".into());
    assert!(page.chat.is_open());
    page.shows(&[GREETING, "visitor sent: Is it in stock?"]).await;
    for blank in ["", "  \n "] {
        page.chat.send(blank.into());
    }
    page.chat.send("x".repeat(10_001));
    settle().await;
    assert_eq!(world.posted(), ["Is it in stock?"]);
    assert_eq!(page.messages().len(), 2);
}

#[wasm_bindgen_test]
async fn a_message_is_sent_as_it_was_written_but_for_blanks_around_it() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let text = "a \"quote\", a \\, a tab\t, <b>&amp;\n\nتجربة 👩‍👩‍👧 \u{202e}x";
    page.say(&format!("  {text}\n\n"));
    page.newest(&format!("visitor sent: {text}")).await;
    assert_eq!(world.posted(), [text]);
}

#[wasm_bindgen_test]
async fn a_conversation_goes_on_while_the_panel_is_closed() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    page.chat.close();
    world.socket().chunk(0, "Good ");
    world.socket().chunk(1, "day");
    world.socket().end_reply();
    page.newest("avatar complete: Good day").await;
    assert_eq!(world.live_sockets(), 1);
}

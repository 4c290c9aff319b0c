//! What a screen reader is told: what is finished, once, in order, and nothing that grows.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::Page;
use super::world::{Listener, World, settle, until};

/// The one region of the panel that is read out by itself and waits its turn.
const REGION: &str = "[part=panel] > [role=status]";

/// A chat that can be talked to, and who listens from then on.
async fn begin(world: &World) -> (Page, Listener) {
    let page = Page::talking(world).await;
    let listener = Listener::new(&page.find(REGION));
    (page, listener)
}

async fn hears(listener: &Listener, expected: &[&str]) {
    until(&format!("{expected:?} is told"), || listener.heard() == expected).await;
    settle().await;
    assert_eq!(listener.heard(), expected, "and nothing else");
}

#[wasm_bindgen_test]
async fn a_whole_reply_is_told_once_and_no_chunk() {
    let world = World::new();
    let (page, listener) = begin(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    world.socket().chunk(0, "Good ");
    page.newest("avatar streaming: Good ").await;
    world.socket().chunk(1, "d");
    page.newest("avatar streaming: Good d").await;
    settle().await;
    assert_eq!(listener.heard(), [""; 0]);
    world.socket().chunk(-1, "ay");
    hears(&listener, &["Good day"]).await;
}

#[wasm_bindgen_test]
async fn the_same_words_are_told_again() {
    let world = World::new();
    let (_page, listener) = begin(&world).await;
    world.socket().chunk(-1, "Yes.");
    hears(&listener, &["Yes."]).await;
    world.socket().chunk(-1, "Yes.");
    hears(&listener, &["Yes.", "Yes."]).await;
    // Also when the first ones have been taken away.
    world.pass(6.0).await;
    world.socket().chunk(-1, "Yes.");
    hears(&listener, &["Yes.", "Yes.", "Yes."]).await;
}

#[wasm_bindgen_test]
async fn what_was_heard_does_not_stay() {
    let world = World::new();
    let (page, listener) = begin(&world).await;
    world.socket().chunk(-1, "Yes.");
    hears(&listener, &["Yes."]).await;
    world.pass(4.0).await;
    world.socket().chunk(-1, "No.");
    hears(&listener, &["Yes.", "No."]).await;
    assert_eq!(page.text(REGION), "Yes.No.", "neither takes the other's place");
    world.pass(6.0).await;
    until("the region is empty", || page.text(REGION).is_empty()).await;
    assert_eq!(page.messages().len(), 3);
}

#[wasm_bindgen_test]
async fn the_owners_joining_is_told_and_then_what_they_say() {
    let world = World::new();
    let (_page, listener) = begin(&world).await;
    let says = |text: &str| {
        let data = json!([{"singleDataType": "text", "modal": {"answer": text}}]);
        world.socket().push(&json!({"sender": "client", "sendUserId": "owner", "multipleData": data}));
    };
    let joined = "\u{2068}Mira\u{2069} has joined in person.";
    says("Hello there.");
    hears(&listener, &[joined, "Hello there."]).await;
    says("How can I help?");
    hears(&listener, &[joined, "Hello there.", "How can I help?"]).await;
}

#[wasm_bindgen_test]
async fn a_reply_that_was_cut_off_is_told_as_far_as_it_came() {
    let world = World::new();
    let (page, listener) = begin(&world).await;
    world.socket().chunk(0, "I was just about to say");
    page.newest("avatar streaming: I was just about to say").await;
    world.socket().close();
    page.newest("avatar interrupted: I was just about to say").await;
    let why = "The connection was lost, so this reply may be incomplete.";
    hears(&listener, &["I was just about to say", why]).await;
}

#[wasm_bindgen_test]
async fn a_message_that_gets_too_long_is_told_once() {
    let world = World::new();
    let (page, listener) = begin(&world).await;
    for length in [9_999, 10_001, 10_002, 10_003] {
        page.write(&"x".repeat(length));
        settle().await;
    }
    assert_eq!(page.input().get_attribute("aria-invalid").as_deref(), Some("true"));
    hears(&listener, &["1 character too many"]).await;
    page.write("short");
    settle().await;
    assert_eq!(page.input().get_attribute("aria-invalid"), None);
    page.write(&"x".repeat(10_002));
    hears(&listener, &["1 character too many", "2 characters too many"]).await;
}

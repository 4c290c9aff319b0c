//! How a visitor who looks elsewhere notices a message: the page's title, and the sound that the site or they want.

use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::{Page, document};
use super::world::{World, settle, until};

#[wasm_bindgen(module = "/tests/web/browser.js")]
extern "C" {
    /// A loudspeaker that counts tones.
    type Speaker;
    #[wasm_bindgen(constructor)]
    fn new() -> Speaker;
    #[wasm_bindgen(method)]
    fn tones(this: &Speaker) -> u32;
    #[wasm_bindgen(method)]
    fn touch(this: &Speaker);
    #[wasm_bindgen(method)]
    fn end(this: &Speaker);
}

/// A whole reply.
fn reply(world: &World, text: &str) {
    world.socket().chunk(0, text);
    world.socket().end_reply();
}

async fn titled(world: &World, title: &str) {
    settle().await;
    world.pass(1.0).await;
    until(&format!("the title is {title}, not {}", document().title()), || document().title() == title).await;
}

#[wasm_bindgen_test]
async fn the_title_counts_what_is_unread_and_is_given_back() {
    let world = World::new();
    let before = document().title();
    document().set_title("A shop");
    let page = Page::talking(&world).await;
    page.chat.close();
    reply(&world, "One");
    titled(&world, "(1)\u{a0}A shop").await;
    reply(&world, "Two");
    titled(&world, "(2)\u{a0}A shop").await;

    // A page without page loads goes on to another of its views, or shows a number of its own.
    for title in ["Another view", "(2) of its own"] {
        document().set_title(title);
        titled(&world, &format!("(2)\u{a0}{title}")).await;
    }
    let other = Page::with(&json!({"base": world.base(), "avatar": "sales"}));
    other.open(&world).await;
    other.chat.close();
    reply(&world, "Three");
    titled(&world, "(3)\u{a0}(2) of its own").await;
    drop(other);
    titled(&world, "(2)\u{a0}(2) of its own").await;
    page.chat.open();
    titled(&world, "(2) of its own").await;

    page.chat.close();
    let first = world.sockets().remove(0);
    first.chunk(0, "Four");
    first.end_reply();
    titled(&world, "(1)\u{a0}(2) of its own").await;
    page.chat.destroy();
    titled(&world, "(2) of its own").await;
    document().set_title(&before);
}

/// A chat whose panel is closed, on a page that its visitor has touched.
async fn closed_chat(world: &World, speaker: &Speaker, options: &Value) -> Page {
    let mut all = json!({"base": world.base()});
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let page = Page::with(&all);
    page.open(world).await;
    speaker.touch();
    page.chat.close();
    settle().await;
    page
}

#[wasm_bindgen_test]
async fn a_message_that_nobody_looks_at_sounds_once_in_a_while() {
    let world = World::new();
    let speaker = Speaker::new();
    let page = closed_chat(&world, &speaker, &json!({"sound": true})).await;
    let check = async |tones: u32, what: &str| {
        settle().await;
        assert_eq!(speaker.tones(), tones, "{what}");
    };
    check(0, "nothing has come").await;
    reply(&world, "One");
    check(1, "one has come").await;
    reply(&world, "Two");
    check(1, "another right after it").await;
    world.pass(10.0).await;
    reply(&world, "Three");
    check(2, "another some time later").await;
    world.pass(10.0).await;
    page.chat.open();
    reply(&world, "Four");
    check(2, "one that is looked at, and read out").await;
    page.chat.destroy();
    speaker.end();
}

#[wasm_bindgen_test]
async fn the_visitor_s_choice_stands_above_the_site_s() {
    for (site, choice, tones) in
        [(false, None, 0), (false, Some("Turn sound on"), 1), (true, Some("Turn sound off"), 0)]
    {
        let world = World::new();
        let speaker = Speaker::new();
        let page = closed_chat(&world, &speaker, &json!({ "sound": site })).await;
        if let Some(choice) = choice {
            page.chat.open();
            settle().await;
            page.choose(choice).await;
        }
        drop(page);
        // The next page remembers.
        let page = closed_chat(&world, &speaker, &json!({ "sound": site })).await;
        world.pass(10.0).await;
        reply(&world, "One");
        settle().await;
        assert_eq!(speaker.tones(), tones, "{site} {choice:?}");
        drop(page);
        speaker.end();
    }
}

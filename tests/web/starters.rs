//! What a visitor may ask first.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::Page;
use super::phone::Phone;
use super::world::{World, settle, until};

/// The proxy suggests these.
fn suggest(world: &World, starters: &[&str]) {
    let data = json!({
        "sessionId": "session-first",
        "wsUrl": "wss://socket.example/os/ws?wsId=1",
        "avatarName": "Mira",
        "opening": "Hello, I am Mira.",
        "starters": starters,
    });
    world.answer("init", 200, &json!({"code": 0, "data": data}));
}

fn offered(page: &Page) -> Vec<String> {
    page.all("[part=starter]").iter().map(|starter| starter.text_content().unwrap()).collect()
}

#[wasm_bindgen_test]
async fn a_starter_is_sent_with_a_click_and_then_all_are_gone() {
    let world = World::new();
    suggest(&world, &["Which paper?", "Who are <b>you</b>?"]);
    let page = Page::talking(&world).await;
    until("they are offered", || offered(&page) == ["Which paper?", "Who are <b>you</b>?"]).await;
    let group = page.find(".starters");
    assert_eq!(group.get_attribute("role").as_deref(), Some("group"));
    assert_eq!(group.get_attribute("aria-label").as_deref(), Some("Suggestions"));
    page.all("[part=starter]")[1].click();
    page.newest("visitor sent: Who are <b>you</b>?").await;
    assert_eq!(world.posted(), ["Who are <b>you</b>?"]);
    assert!(!page.is_shown(".starters"));
    assert!(page.shadow().active_element().is_some_and(|element| element.is_same_node(Some(&page.input()))));
    drop(page);

    suggest(&world, &["Which paper?"]);
    let page = Page::talking(&world).await;
    settle().await;
    assert!(!page.is_shown(".starters"), "the conversation has begun long ago");
}

#[wasm_bindgen_test]
async fn a_starter_brings_up_no_keyboard_that_covers_the_screen() {
    let (world, phone) = (World::new(), Phone::new().await);
    phone.touch();
    suggest(&world, &["Which paper?"]);
    let page = Page::talking(&world).await;
    until("it is offered", || !offered(&page).is_empty()).await;
    page.all("[part=starter]")[0].click();
    page.newest("visitor sent: Which paper?").await;
    let focused = page.shadow().active_element();
    assert!(focused.is_some_and(|element| element.is_same_node(Some(&page.find("[part=transcript]")))));
}

#[wasm_bindgen_test]
async fn the_pages_own_starters_stand_above_the_proxys_and_there_are_not_too_many() {
    let many: Vec<_> = (1..=9).map(|number| format!("Question {number}?")).collect();
    let too_long = "x".repeat(10_001);
    for (own, expected) in [
        (json!(["Mine?"]), vec!["Mine?"]),
        (json!("One?\n  Two?  \n"), vec!["One?", "Two?"]),
        (json!([too_long, " ", "Short?"]), vec!["Short?"]),
        (json!(many), many.iter().take(6).map(String::as_str).collect()),
        (Value::Null, vec!["The proxy's?"]),
    ] {
        let world = World::new();
        suggest(&world, &["The proxy's?"]);
        let page = Page::with(&json!({"base": world.base(), "starters": own}));
        page.open(&world).await;
        until("they are offered", || offered(&page) == expected).await;
    }
}

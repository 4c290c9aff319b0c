//! Where the visitor writes: which keys send, what cannot be sent, and what the page may put there.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::KeyboardEventInit;

use super::page::Page;
use super::world::{World, settle, until};

#[wasm_bindgen_test]
async fn enter_sends_and_empties() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.write("Hi");
    assert!(page.press("Enter", |_| {}), "the browser must not break the line");
    page.newest("visitor sent: Hi").await;
    until("the composer is empty", || page.input().value().is_empty()).await;
    page.press("Enter", |_| {});
    settle().await;
    assert_eq!(world.posted(), ["Hi"]);
}

#[wasm_bindgen_test]
async fn no_other_key_sends() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.write("draft");
    let check = |name: &str, key: &str, change: &dyn Fn(&KeyboardEventInit)| {
        assert!(!page.press(key, change), "{name}: the browser does what it always does");
    };
    check("Shift+Enter breaks the line", "Enter", &|init| init.set_shift_key(true));
    check("Enter of an input method that composes", "Enter", &|init| init.set_is_composing(true));
    check("Enter that has just ended a composition", "Enter", &|init| init.set_key_code(229));
    check("a letter", "a", &|_| {});
    check("Tab", "Tab", &|_| {});
    check("an input method's own key", "Process", &|init| init.set_key_code(229));
    settle().await;
    assert!(world.posted().is_empty());
    assert_eq!(page.input().value(), "draft");
    assert_eq!(page.messages().len(), 1);
}

#[wasm_bindgen_test]
async fn the_button_sends_what_enter_would() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.write("Hi");
    until("there is something to send", || !page.find("[part=send]").has_attribute("disabled")).await;
    page.click("[part=send]");
    page.newest("visitor sent: Hi").await;
    until("the composer is empty", || page.input().value().is_empty()).await;
    assert_eq!(world.posted(), ["Hi"]);
}

#[wasm_bindgen_test]
async fn blanks_alone_are_nothing_to_send() {
    let world = World::new();
    let page = Page::talking(&world).await;
    assert!(page.find("[part=send]").has_attribute("disabled"));
    for blank in ["", " ", "\n\n", "\t \u{a0}\u{2003}"] {
        page.write(blank);
        assert!(page.press("Enter", |_| {}), "{blank:?}");
        page.click("[part=send]");
        settle().await;
        assert!(page.find("[part=send]").has_attribute("disabled"), "{blank:?}");
    }
    assert!(world.posted().is_empty());
    assert_eq!(page.messages().len(), 1);
}

#[wasm_bindgen_test]
async fn a_counter_stands_near_the_end_of_what_may_be_said() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let check = async |text: &str, counter: Option<&str>, sendable: bool| {
        page.write(text);
        settle().await;
        assert_eq!(page.find("[part=send]").has_attribute("disabled"), !sendable, "{} bytes", text.len());
        assert_eq!(page.is_shown(".counter"), counter.is_some(), "{} bytes", text.len());
        assert_eq!(page.text(".counter"), counter.unwrap_or_default());
    };
    check("short", None, true).await;
    check(&"x".repeat(9_499), None, true).await;
    check(&"x".repeat(9_500), Some("9,500 / 10,000"), true).await;
    check(&"x".repeat(10_000), Some("10,000 / 10,000"), true).await;
    check(&"x".repeat(10_002), Some("2 characters too many"), false).await;
    check(&"x".repeat(10_001), Some("1 character too many"), false).await;

    // What is too long is not sent, and not lost either.
    page.press("Enter", |_| {});
    settle().await;
    assert!(world.posted().is_empty());
    assert_eq!(page.input().value().len(), 10_001);

    // Characters count, neither bytes nor UTF-16 units.
    check(&"👍".repeat(10_000), Some("10,000 / 10,000"), true).await;
    page.press("Enter", |_| {});
    page.newest(&format!("visitor sent: {}", "👍".repeat(10_000))).await;
    assert_eq!(world.posted(), ["👍".repeat(10_000)]);
}

#[wasm_bindgen_test]
async fn a_page_can_begin_a_message_for_the_visitor() {
    let world = World::new();
    let page = Page::closed(&world);
    page.chat.prefill("About order 7: ".into());
    page.open(&world).await;
    until("the text stands there", || page.input().value() == "About order 7: ").await;
    settle().await;
    assert!(world.posted().is_empty());
    page.chat.prefill("Another text".into());
    until("the newer text stands there", || page.input().value() == "Another text").await;
    page.press("Enter", |_| {});
    page.newest("visitor sent: Another text").await;
}

#[wasm_bindgen_test]
async fn escape_closes_and_keeps_the_draft() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.write("not yet");
    page.press("Escape", |init| init.set_is_composing(true));
    settle().await;
    assert!(page.chat.is_open(), "an input method's Escape is its own");
    page.press("Escape", |_| {});
    until("the panel is closed", || !page.is_shown("[part=panel]")).await;
    page.chat.open();
    until("the panel is open", || page.is_shown("[part=panel]")).await;
    assert_eq!(page.input().value(), "not yet");
}

#[wasm_bindgen_test]
async fn the_focus_goes_into_the_composer_when_the_visitor_wants_it() {
    let world = World::new();
    let page = Page::talking(&world).await;
    assert!(page.shadow().active_element().is_none());
    page.chat.focus();
    until("the composer has the focus", || {
        page.shadow().active_element().is_some_and(|active| active.is_same_node(Some(&page.input())))
    })
    .await;
}

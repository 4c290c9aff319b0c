//! What is there before the visitor wants anything, and that the first opening alone begins a conversation.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{ShadowRootInit, ShadowRootMode};

use super::page::{Page, place};
use super::world::{World, settle, storage};

#[wasm_bindgen_test]
fn a_mounted_chat_is_a_closed_dialog_with_the_contracts_parts() {
    let world = World::new();
    let page = Page::closed(&world);
    assert!(!page.chat.is_open());
    assert!(!page.is_shown("[part=panel]"));
    for (part, role) in [
        ("panel", Some("dialog")),
        ("transcript", Some("log")),
        ("header", None),
        ("title", None),
        ("status", None),
        ("composer", None),
        ("input", None),
        ("send", None),
    ] {
        assert_eq!(page.find(&format!("[part={part}]")).get_attribute("role").as_deref(), role, "{part}");
    }
    assert!(page.find("[role=dialog]").has_attribute("aria-label"));
}

#[wasm_bindgen_test]
async fn nothing_is_asked_for_and_nothing_stored_before_the_first_opening() {
    let world = World::new();
    let page = Page::closed(&world);
    page.chat.prefill("I was wondering…".into());
    page.chat.close();
    settle().await;
    world.pass(3_600.0).await;
    settle().await;
    assert!(world.asked("init").is_empty());
    assert!(world.sockets().is_empty());
    assert_eq!(world.loads(), Vec::<String>::new());
    assert_eq!(world.timers(), 0);
    assert_eq!(storage().length(), Ok(0));
}

#[wasm_bindgen_test]
async fn opening_shows_the_panel_and_begins_one_conversation_however_often() {
    let world = World::new();
    let page = Page::closed(&world);
    page.chat.open();
    page.chat.open();
    assert!(page.chat.is_open());
    page.open(&world).await;
    assert!(page.is_shown("[part=panel]"));
    page.chat.close();
    settle().await;
    assert!(!page.chat.is_open());
    assert!(!page.is_shown("[part=panel]"));
    page.chat.toggle();
    settle().await;
    assert!(page.is_shown("[part=panel]"));
    assert_eq!(world.asked("init").len(), 1);
    assert_eq!(world.live_sockets(), 1);
    assert_eq!(page.text("[part=title]"), "Mira");
    assert_eq!(page.messages(), ["avatar complete: Hello, I am Mira."]);
}

#[wasm_bindgen_test]
fn an_element_keeps_its_shadow_root_and_what_is_in_it() {
    let world = World::new();
    let element = place();
    let shadow = element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
    let launcher = super::page::document().create_element("button").unwrap();
    shadow.append_child(&launcher).unwrap();
    let page = Page::at(element, &json!({"base": world.base()}));
    assert!(page.shadow() == shadow);
    assert!(page.find("button").is_same_node(Some(&launcher)));
    assert!(page.seek("[part=panel]").is_some());
}

#[wasm_bindgen_test]
fn an_element_without_a_shadow_root_gets_an_open_one() {
    let world = World::new();
    let element = place();
    assert!(element.shadow_root().is_none());
    let page = Page::at(element, &json!({"base": world.base()}));
    assert_eq!(page.shadow().mode(), ShadowRootMode::Open);
}

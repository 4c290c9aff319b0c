//! The shop in a browser: the chat is one of its components, and goes with it.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use leptos::mount::mount_to_body;
use leptos::prelude::*;
use leptos::task::tick;
use leptos_shop::Shop;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).unwrap()
}

fn in_chat(selector: &str) -> HtmlElement {
    let shadow = find("secondme-chat").unwrap().shadow_root().unwrap();
    shadow.query_selector(selector).unwrap().unwrap().unchecked_into()
}

#[wasm_bindgen_test]
async fn the_shop_has_the_chat() {
    let shop = mount_to_body(Shop);
    tick().await;
    let launcher = in_chat("[part=launcher]");
    assert_eq!(launcher.get_attribute("aria-label").as_deref(), Some("Open chat"));
    launcher.click();
    tick().await;
    assert!(in_chat("[part=panel]").has_attribute("open"));
    assert_eq!(launcher.get_attribute("aria-expanded").as_deref(), Some("true"));

    find("body > button").unwrap().unchecked_into::<HtmlElement>().click();
    tick().await;
    assert_eq!(in_chat("[data-author=visitor] [part=bubble]").text_content().as_deref(), Some("Where is my parcel?"));

    drop(shop);
    assert!(find("secondme-chat").is_none());
}

//! The shop in a browser: the chat is one of its components, and goes with it.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as the test does")]

use js_sys::Promise;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos_shop::Shop;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
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

/// Waits until it is so, for as long as a busy machine may need.
async fn until(so: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if so() {
            return;
        }
        let mut pause = |done, _| drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, 10));
        JsFuture::from(Promise::new(&mut pause)).await.unwrap();
    }
    panic!("it never came to this");
}

#[wasm_bindgen_test]
async fn the_shop_has_the_chat() {
    let shop = mount_to(document().body().unwrap(), Shop);
    until(|| find("secondme-chat").is_some_and(|chat| chat.shadow_root().is_some())).await;
    let launcher = in_chat("[part=launcher]");
    assert_eq!(launcher.get_attribute("aria-label").as_deref(), Some("Open chat"));
    launcher.click();
    until(|| in_chat("[part=panel]").offset_height() > 0).await;
    assert_eq!(launcher.get_attribute("aria-expanded").as_deref(), Some("true"));

    find("body > button").unwrap().unchecked_into::<HtmlElement>().click();
    until(|| in_chat("[part=transcript]").text_content().is_some_and(|text| text.contains("Where is my parcel?")))
        .await;

    drop(shop);
    assert!(find("secondme-chat").is_none());
}

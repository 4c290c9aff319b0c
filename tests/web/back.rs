//! The browser's back button on a small screen: it closes the panel, and a page with a router of its own notices nothing.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::{Page, object};
use super::phone::Phone;
use super::world::{World, settle, until};

/// A name, and what is done.
type Way = (&'static str, fn(&Page));

#[wasm_bindgen_test]
async fn back_closes_the_panel_and_forward_does_nothing() {
    let (world, phone) = (World::new(), Phone::new().await);
    let state = object(&serde_json::json!({"router": {"key": "a", "position": 3}}));
    history().replace_state(&state, "").unwrap();
    let (address, index) = (address(), phone.index());
    let page = open(&world).await;
    assert_eq!(phone.index(), index + 1.0, "one entry is the panel's");
    assert_eq!((self::address(), text(&history().state().unwrap())), (address.clone(), text(&state)));
    for steps in [-1, 1, -1] {
        phone.go(steps).await;
        settle().await;
        assert!(!page.chat.is_open());
        assert!(!page.is_shown("[part=panel]"));
        assert_eq!((self::address(), text(&history().state().unwrap())), (address.clone(), text(&state)));
    }
    assert_eq!(phone.index(), index);
    page.chat.open();
    until("it opens again", || phone.index() == index + 1.0).await;
    phone.go(-1).await;
    until("and closes again", || !page.chat.is_open()).await;
}

#[wasm_bindgen_test]
async fn closing_leaves_no_dead_entry() {
    let ways: [Way; 3] = [
        ("the button", |page| page.click("[part=close]")),
        ("Escape", |page| {
            page.press("Escape", |_| {});
        }),
        ("the page", |page| page.chat.close()),
    ];
    for (name, close) in ways {
        let (world, phone) = (World::new(), Phone::new().await);
        let index = phone.index();
        let page = open(&world).await;
        close(&page);
        until(name, || phone.index() == index).await;
        assert!(!page.chat.is_open());
    }
}

#[wasm_bindgen_test]
async fn a_visitor_in_a_hurry_ends_with_the_panel_as_they_last_wanted_it() {
    let (world, phone) = (World::new(), Phone::new().await);
    let index = phone.index();
    let page = open(&world).await;
    for _ in 0..3 {
        page.chat.close();
        settle().await;
        page.chat.open();
    }
    until("there is one entry", || phone.index() == index + 1.0).await;
    for _ in 0..5 {
        settle().await;
    }
    assert!(page.chat.is_open());
    assert_eq!(phone.index(), index + 1.0);
    page.chat.close();
    page.chat.open();
    page.chat.close();
    until("there is none", || phone.index() == index).await;
    assert!(!page.chat.is_open());
}

#[wasm_bindgen_test]
async fn a_router_that_goes_on_is_not_called_back() {
    let (world, phone) = (World::new(), Phone::new().await);
    let index = phone.index();
    let page = open(&world).await;
    phone.push("?second");
    page.chat.close();
    for _ in 0..5 {
        settle().await;
    }
    assert!(address().ends_with("?second"), "{}", address());
    assert_eq!(phone.index(), index + 2.0);

    // Also one that goes on because the chat is closed, at once or in a listener.
    page.chat.open();
    settle().await;
    page.chat.close();
    phone.push("?third");
    for _ in 0..5 {
        settle().await;
    }
    assert!(address().ends_with("?third"), "{}", address());
    let phone = Rc::new(phone);
    let _listener = EventListener::new(&page.element, "secondme-chat:close", {
        let phone = Rc::clone(&phone);
        move |_| phone.push("?fourth")
    });
    page.chat.open();
    settle().await;
    page.press("Escape", |_| {});
    for _ in 0..5 {
        settle().await;
    }
    assert!(address().ends_with("?fourth"), "{}", address());
}

#[wasm_bindgen_test]
async fn the_pages_own_entries_come_before_the_panels() {
    let (world, phone) = (World::new(), Phone::new().await);
    let page = open(&world).await;
    phone.push("?second");
    web_sys::window().unwrap().location().set_hash("#below").unwrap();
    settle().await;
    assert!(page.chat.is_open(), "a page that goes on leaves the chat open");
    for _ in 0..2 {
        phone.go(-1).await;
        settle().await;
        assert!(page.chat.is_open(), "the page's own step back");
    }
    phone.go(-1).await;
    until("the panel's", || !page.chat.is_open()).await;
}

/// A page whose panel covers the screen.
async fn open(world: &World) -> Page {
    let page = Page::talking(world).await;
    until("the panel is modal", || page.find("[part=panel]").matches(":modal").unwrap()).await;
    page
}

fn history() -> web_sys::History {
    web_sys::window().unwrap().history().unwrap()
}

fn address() -> String {
    web_sys::window().unwrap().location().href().unwrap()
}

fn text(value: &JsValue) -> String {
    js_sys::JSON::stringify(value).unwrap().into()
}

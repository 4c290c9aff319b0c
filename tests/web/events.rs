//! What the page is told: events that bubble from the element, across shadow roots.

use std::rc::Rc;

use serde_json::json;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AddEventListenerOptions, HtmlElement, ShadowRootInit, ShadowRootMode};

use super::listener::Listener;
use super::page::{Page, document, place};
use super::world::World;

#[wasm_bindgen_test]
async fn the_page_hears_what_happens_from_within_a_shadow_root() {
    let world = World::new();
    let listener = Listener::new();
    let outer = place().attach_shadow(&ShadowRootInit::new(ShadowRootMode::Closed)).unwrap();
    let element = document().create_element("div").unwrap().unchecked_into::<HtmlElement>();
    outer.append_child(&element).unwrap();

    let page = Page::at(element, &json!({"base": world.base()}));
    listener.hears(&["ready None"]).await;
    page.open(&world).await;
    listener.hears(&["open None"]).await;
    page.chat.open();
    page.say("Hi");
    listener.hears(&[r#"sent Some("Hi")"#]).await;
    world.socket().chunk(0, "Good ");
    world.socket().chunk(1, "day");
    page.newest("avatar streaming: Good day").await;
    listener.hears(&[]).await;
    world.socket().end_reply();
    listener.hears(&[r#"reply Some("Good day")"#]).await;
    page.chat.close();
    page.chat.close();
    listener.hears(&["close None"]).await;
    world.socket().close();
    listener.hears(&[r#"error Some("unreachable")"#]).await;
}

#[wasm_bindgen_test]
async fn the_page_hears_of_a_message_that_failed() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let listener = Listener::new();
    world.answer("send", 413, &json!({"code": 413, "subCode": "proxy.message_too_long", "message": "m"}));
    page.say("Hi");
    listener.hears(&[r#"error Some("rejected")"#]).await;
    page.click("[part=message] [role=alert] button");
    listener.hears(&[r#"sent Some("Hi")"#]).await;
}

#[wasm_bindgen_test]
async fn a_listener_may_answer_at_once() {
    let world = World::new();
    let page = Page::closed(&world);
    let chat = Rc::new(page);
    let answer = Closure::<dyn FnMut(JsValue)>::new({
        let chat = Rc::downgrade(&chat);
        move |_| chat.upgrade().unwrap().chat.send("And what does it cost?".into())
    });
    chat.element
        .add_event_listener_with_callback_and_add_event_listener_options(
            "secondme-chat:reply",
            answer.as_ref().unchecked_ref(),
            &once(),
        )
        .unwrap();
    chat.open(&world).await;
    world.socket().chunk(-1, "We have it.");
    chat.newest("visitor sent: And what does it cost?").await;
    assert_eq!(world.posted(), ["And what does it cost?"]);
}

fn once() -> AddEventListenerOptions {
    let options = AddEventListenerOptions::new();
    options.set_once(true);
    options
}

//! The end of a chat: it leaves the page as it was, and nothing that was under way comes back to it.

use std::cell::RefCell;
use std::rc::Rc;

use secondme_chat::mount;
use serde_json::json;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, KeyboardEvent, KeyboardEventInit};

use super::listener::Listener;
use super::page::{Page, object, place};
use super::world::{World, settle, storage, until};

#[wasm_bindgen_test]
async fn a_destroyed_chat_leaves_the_element_as_it_was() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let shadow = page.shadow();
    assert_eq!((shadow.child_element_count(), shadow.adopted_style_sheets().length()), (1, 1));
    page.chat.destroy();
    assert_eq!((shadow.child_element_count(), shadow.adopted_style_sheets().length()), (0, 0));
    until("its socket is closed", || world.live_sockets() == 0).await;
    settle().await;
    assert_eq!(world.timers(), 0);
    world.pass(600.0).await;
    settle().await;
    assert_eq!(world.asked("init").len(), 1);
    page.chat.destroy();
}

#[wasm_bindgen_test]
async fn nothing_that_was_under_way_draws_or_throws_afterwards() {
    type Stage = fn(&World, &Page);
    let stages: [(&str, Stage); 6] = [
        ("init is under way", |world, page| {
            world.hold("init");
            page.chat.open();
        }),
        ("the socket is about to open", |world, page| {
            world.hold_sockets();
            page.chat.open();
        }),
        ("a message is under way", |world, page| {
            world.hold("send");
            page.chat.send("Hi".into());
        }),
        ("a message is under way, and never comes back", |world, page| {
            world.stall("send");
            page.chat.send("Hi".into());
        }),
        ("the proxy is down", |world, page| {
            world.refuse("init");
            page.chat.open();
        }),
        ("it is open", |_, page| page.chat.open()),
    ];
    for (name, arrange) in stages {
        let world = World::new();
        let page = Page::closed(&world);
        arrange(&world, &page);
        until(&format!("{name}: the proxy was asked"), || world.asked("init").len() == 1).await;
        settle().await;
        // Frames that wait to be painted, and events on their way.
        for socket in world.sockets() {
            socket.chunk(0, "too ");
        }
        page.chat.destroy();
        for socket in world.sockets() {
            socket.open();
            socket.chunk(1, "late");
            socket.close();
        }
        if name.starts_with("init is") || name.ends_with("under way") {
            world.release();
        }
        settle().await;
        world.pass(120.0).await;
        settle().await;
        assert_eq!(page.shadow().child_element_count(), 0, "{name}");
        assert_eq!(world.asked("init").len(), 1, "{name}");
        assert_eq!(world.live_sockets(), 0, "{name}");
        assert_eq!(world.timers(), 0, "{name}");
        assert_eq!(world.thrown(), Vec::<String>::new(), "{name}");
    }
}

#[wasm_bindgen_test]
async fn a_page_that_still_holds_the_handle_can_do_no_harm() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.chat.close();
    let listener = Listener::new();
    page.chat.destroy();
    // At once, and when all of it is gone.
    for _ in 0..2 {
        page.chat.open();
        assert!(!page.chat.is_open());
        page.chat.focus();
        page.chat.prefill("Hi".into());
        page.chat.send("Hi".into());
        page.chat.toggle();
        page.chat.close();
        page.chat.destroy();
        assert!(!page.chat.is_open());
        settle().await;
    }
    listener.hears(&[]).await;
    assert_eq!(world.asked("init").len(), 1);
    assert!(world.posted().is_empty());
    assert_eq!(page.shadow().child_element_count(), 0);
}

#[wasm_bindgen_test]
async fn a_listener_of_the_page_may_end_the_chat() {
    for (name, by) in [
        ("open", "a call"),
        ("sent", "a call"),
        ("reply", "a frame"),
        ("error", "the loss of the socket"),
        ("error", "an answer"),
        ("close", "a call"),
        ("close", "the panel's button"),
        ("close", "the panel's key"),
    ] {
        let world = World::new();
        let element = place();
        let chat = JsValue::from(
            mount(element.clone(), object(&json!({"base": world.base()}))).map_err(JsValue::from).unwrap(),
        );
        let find = |selector: &str| element.shadow_root().unwrap().query_selector(selector).unwrap();
        if name != "open" {
            call(&chat, "open", &[]).unwrap();
            until("the chat is connected", || world.sockets().len() == 1 && world.socket().ready_state() == 1).await;
        }
        let outcome = Rc::new(RefCell::new(None));
        let listen = Closure::<dyn FnMut()>::new({
            let (chat, outcome) = (chat.clone(), Rc::clone(&outcome));
            move || *outcome.borrow_mut() = Some(call(&chat, "destroy", &[]))
        });
        let event = format!("secondme-chat:{name}");
        element.add_event_listener_with_callback(&event, listen.as_ref().unchecked_ref()).unwrap();

        match (name, by) {
            ("open", _) => call(&chat, "open", &[]).unwrap(),
            ("sent", _) => call(&chat, "send", &["Hi".into()]).unwrap(),
            ("reply", _) => {
                world.socket().chunk(0, "Good");
                world.socket().chunk(-1, " day");
            }
            ("error", "an answer") => {
                world.refuse("send");
                call(&chat, "send", &["one".into()]).unwrap();
                call(&chat, "send", &["two".into()]).unwrap();
            }
            ("error", _) => world.socket().close(),
            ("close", "the panel's button") => {
                find("[part=close]").unwrap().unchecked_into::<HtmlElement>().click();
            }
            ("close", "the panel's key") => escape(&find("[part=input]").unwrap()),
            _ => call(&chat, "close", &[]).unwrap(),
        }
        until(&format!("{name} by {by}: the page hears of it"), || outcome.borrow().is_some()).await;
        assert_eq!(outcome.take(), Some(Ok(())), "{name} by {by}");
        assert!(find("*").is_none(), "{name} by {by}");
        settle().await;
        assert_eq!((world.live_sockets(), world.timers()), (0, 0), "{name} by {by}");
        let asked = (world.asked("init").len(), world.posted());
        world.pass(120.0).await;
        settle().await;
        assert_eq!((world.asked("init").len(), world.posted()), asked, "{name} by {by}");
        assert_eq!(world.thrown(), Vec::<String>::new(), "{name} by {by}");
        if name == "open" {
            assert_eq!(storage().length(), Ok(0));
        }
        element.remove();
    }
}

#[wasm_bindgen_test]
async fn an_element_can_hold_one_chat_after_the_other_and_no_socket_stays() {
    let world = World::new();
    let element = place();
    for round in 1..=20 {
        let page = Page::at(element.clone(), &json!({"base": world.base()}));
        page.open(&world).await;
        page.say(&format!("Hi {round}"));
        page.newest(&format!("visitor sent: Hi {round}")).await;
        assert_eq!(world.live_sockets(), 1, "round {round}");
        // The conversation goes on: nothing of it is drawn twice.
        assert_eq!(page.messages().len(), 1 + round, "round {round}");
        page.chat.destroy();
        assert_eq!(page.shadow().child_element_count(), 0, "round {round}");
        web_sys::window().unwrap().document().unwrap().body().unwrap().append_child(&element).unwrap();
    }
    until("all sockets are closed", || world.live_sockets() == 0).await;
    assert_eq!(world.sockets().len(), 20);
    settle().await;
    assert_eq!(world.timers(), 0);
}

/// Calls a method of the handle as JavaScript does.
fn call(chat: &JsValue, method: &str, values: &[JsValue]) -> Result<(), JsValue> {
    let function = js_sys::Reflect::get(chat, &method.into())?.unchecked_into::<js_sys::Function>();
    function.apply(chat, &values.iter().collect()).map(drop)
}

fn escape(input: &Element) {
    let init = KeyboardEventInit::new();
    init.set_key("Escape");
    init.set_bubbles(true);
    input.dispatch_event(&KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap()).unwrap();
}

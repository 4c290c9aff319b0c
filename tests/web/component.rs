//! The chat as a component of another Leptos app: its launcher, its options, and its end with the component.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::mount::mount_to;
use leptos::prelude::*;
use secondme_chat::{ChatHandle, ChatOptions, ChatWidget, Mode, Persist, Side, Theme, Wording};
use serde_json::json;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::page::place;
use super::world::{World, settle, storage, until};

/// An app with the chat in it.
struct App {
    place: HtmlElement,
    chat: Rc<RefCell<Option<Rc<ChatHandle>>>>,
    mounted: Box<dyn std::any::Any>,
}

impl App {
    async fn with(options: ChatOptions) -> Self {
        let place = place();
        let chat = Rc::new(RefCell::new(None));
        let keep = Rc::clone(&chat);
        let mounted = mount_to(place.clone(), move || {
            let keep = Rc::clone(&keep);
            view! { <ChatWidget options=options on_chat=move |chat| *keep.borrow_mut() = Some(chat)/> }
        });
        settle().await;
        Self { place, chat, mounted: Box::new(mounted) }
    }

    fn element(&self) -> HtmlElement {
        self.place.query_selector("secondme-chat").unwrap().unwrap().unchecked_into()
    }

    fn seek(&self, selector: &str) -> Option<HtmlElement> {
        self.element().shadow_root().unwrap().query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    fn find(&self, selector: &str) -> HtmlElement {
        self.seek(selector).unwrap_or_else(|| panic!("there is no {selector}"))
    }

    fn shows(&self, text: &str) -> bool {
        self.find("[part=transcript]").text_content().is_some_and(|shown| shown.contains(text))
    }
}

#[wasm_bindgen_test]
async fn a_component_is_a_launcher_and_then_a_chat_and_goes_without_a_trace() {
    let world = World::new();
    let options = ChatOptions { base: world.base().into(), avatar: Some("repairs".into()), ..ChatOptions::default() };
    let app = App::with(options).await;
    let launcher = app.find("[part=launcher]");
    assert_eq!(launcher.get_attribute("aria-label").as_deref(), Some("Open chat"));
    assert!(launcher.get_client_rects().length() > 0);
    assert_eq!((world.asked("init").len(), storage().length()), (0, Ok(0)), "nothing before it is opened");

    launcher.click();
    until("the avatar has greeted", || app.shows("Hello, I am Mira.")).await;
    assert_eq!(world.bodies("init")[0]["avatar"], json!("repairs"));
    assert_eq!(launcher.get_attribute("aria-label").as_deref(), Some("Close chat"));
    assert_eq!(launcher.get_attribute("aria-expanded").as_deref(), Some("true"));
    let chat = app.chat.borrow().clone().unwrap();
    chat.send("Hi".into());
    until("the proxy has it", || world.posted() == ["Hi"]).await;
    launcher.click();
    settle().await;
    assert!(!chat.is_open());
    assert_eq!(launcher.get_attribute("aria-expanded").as_deref(), Some("false"));

    let App { place, mounted, .. } = app;
    drop(mounted);
    until("its socket is closed", || world.live_sockets() == 0).await;
    settle().await;
    assert_eq!((world.timers(), place.child_element_count()), (0, 0));
    // Who has kept the chat can do no harm with it.
    chat.open();
    chat.destroy();
    place.remove();
}

#[wasm_bindgen_test]
async fn each_option_comes_to_the_chat() {
    let world = World::new();
    let options = ChatOptions {
        base: world.base().into(),
        visitor_name: Some("Zoë".into()),
        persist: Persist::None,
        strings: vec![("placeholder".into(), "Ask us".into())],
        mode: Mode::Inline,
        side: Some(Side::Left),
        theme: Theme::Dark,
        notice: Some(Wording::Own("A machine speaks.".into())),
        starters: vec!["Where is my parcel?".into()],
        ..ChatOptions::default()
    };
    let app = App::with(options).await;
    assert_eq!(app.element().get_attribute("data-mode").as_deref(), Some("inline"));
    app.find("[part=launcher]").click();
    until("the avatar has greeted", || app.shows("Hello, I am Mira.")).await;
    assert_eq!(world.bodies("init")[0]["visitorName"], json!("Zoë"));
    assert_eq!(storage().length(), Ok(0));
    assert_eq!(app.find(".chat").get_attribute("data-theme").as_deref(), Some("dark"));
    assert_eq!(app.find("[part=panel]").get_attribute("role").as_deref(), Some("region"));
    assert_eq!(app.find("[part=input]").get_attribute("placeholder").as_deref(), Some("Ask us"));
    assert!(app.shows("A machine speaks.") && app.shows("Where is my parcel?"));
    drop(app.mounted);
    app.place.remove();
}

#[wasm_bindgen_test]
async fn options_that_cannot_be_used_draw_nothing() {
    let world = World::new();
    let app = App::with(ChatOptions { base: "javascript:alert(1)".into(), ..ChatOptions::default() }).await;
    assert!(app.seek("[part=launcher]").is_none() && app.chat.borrow().is_none());
    assert!(world.asked("init").is_empty());
    drop(app.mounted);
    app.place.remove();
}

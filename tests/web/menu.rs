//! The menu of the conversation: how it is used, a new conversation, what is stored, and the conversation as a file.

use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{KeyboardEvent, KeyboardEventInit};

use super::page::{Page, document, object};
use super::world::{World, settle, storage, until};

#[wasm_bindgen(module = "/tests/web/browser.js")]
extern "C" {
    /// Keeps files from the disk, to be read here: each as `[name, type, text]`.
    type Files;
    #[wasm_bindgen(constructor)]
    fn new() -> Files;
    #[wasm_bindgen(method)]
    async fn saved(this: &Files) -> JsValue;
    #[wasm_bindgen(method)]
    fn end(this: &Files);
}

#[wasm_bindgen_test]
async fn the_button_shows_and_hides_the_list() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let expanded = || page.find("[part=menu]").get_attribute("aria-expanded").unwrap();
    let check = |open: bool, how: &str| {
        assert_eq!((page.is_shown("[part=menu-list]"), expanded()), (open, open.to_string()), "{how}");
    };
    check(false, "at first");
    let outside = document().body().unwrap();
    type Way<'a> = &'a dyn Fn();
    let ways: [(&str, Way<'_>); 4] = [
        ("the button again", &|| page.click("[part=menu]")),
        ("Escape", &|| press(&page.find(".item"), "Escape")),
        ("a press elsewhere in the panel", &|| point(&page.find("[part=transcript]"))),
        ("a press on the page", &|| point(&outside)),
    ];
    for (how, close) in ways {
        page.click("[part=menu]");
        settle().await;
        check(true, how);
        close();
        settle().await;
        check(false, how);
        assert!(page.chat.is_open(), "{how}: the panel stays");
    }
    page.click("[part=menu]");
    settle().await;
    page.find(".item").focus().unwrap();
    press(&page.find(".item"), "Escape");
    settle().await;
    assert_eq!(page.shadow().active_element().unwrap().get_attribute("part").as_deref(), Some("menu"));
    page.click("[part=menu]");
    settle().await;
    page.find(".item").focus().unwrap();
    page.input().focus().unwrap();
    settle().await;
    check(false, "the focus goes elsewhere");
}

#[wasm_bindgen_test]
async fn a_new_conversation_is_another_visitors() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    page.write("half a thought");
    page.choose("New conversation").await;
    assert!(page.text(".aside p").contains("forgets what was said"));
    assert_eq!(page.all(".aside p").len(), 1);
    assert_eq!(page.shadow().active_element().unwrap().text_content().unwrap(), "New conversation");
    press(&page.find(".heading"), "Escape");
    settle().await;
    assert!(page.is_shown("[part=composer]") && world.asked("init").len() == 1, "Escape changes nothing");

    page.choose("New conversation").await;
    page.press_in_aside("New conversation").await;
    until("the proxy is asked anew", || world.asked("init").len() == 2).await;
    page.connected(&world).await;
    page.shows(&["avatar complete: Hello, I am Mira."]).await;
    assert_eq!(page.input().value(), "half a thought");
    let inits = world.bodies("init");
    assert_ne!(inits[0]["visitorId"], inits[1]["visitorId"]);
    assert_eq!((inits[1].get("sessionId"), world.live_sockets()), (None, 1));
    page.say("Again");
    page.newest("visitor sent: Again").await;
    world.pass(5.0).await;
    assert!(!stored().contains("\"Hi\""), "{}", stored());
    drop(page);

    // The next page goes on with it; another avatar's chat is the visitor's that it was.
    let page = Page::talking(&world).await;
    page.shows(&["avatar complete: Hello, I am Mira.", "visitor sent: Again"]).await;
    let other = Page::with(&json!({"base": world.base(), "avatar": "sales"}));
    other.open(&world).await;
    let inits = world.bodies("init");
    let ids: Vec<_> = inits.iter().map(|init| init["visitorId"].as_str().unwrap()).collect();
    assert_eq!((ids[2], ids[3]), (ids[1], ids[0]));
}

#[wasm_bindgen_test]
async fn nothing_said_is_nothing_asked() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.choose("New conversation").await;
    until("the proxy is asked anew", || world.asked("init").len() == 2).await;
    assert!(page.is_shown("[part=composer]"));
}

#[wasm_bindgen_test]
async fn a_known_visitor_is_told_that_they_stay_known() {
    let world = World::new();
    let page = Page::closed(&world);
    page.chat.identify(&object(&json!({"id": "ada", "siteToken": "t"}))).ok().unwrap();
    page.open(&world).await;
    page.choose("New conversation").await;
    let words: Vec<_> = page.all(".aside p").iter().map(|words| words.text_content().unwrap()).collect();
    assert!(words[1].contains("knows you on this site"), "{words:?}");
}

#[wasm_bindgen_test]
async fn what_is_stored_is_said_as_it_is() {
    for (persist, words) in [
        ("local", "This browser keeps a random visitor id"),
        ("session", "Until you close this tab"),
        ("none", "This browser keeps nothing"),
    ] {
        let world = World::new();
        let page = Page::with(&json!({"base": world.base(), "persist": persist}));
        page.open(&world).await;
        page.choose("What is stored").await;
        assert!(page.text(".aside").contains(words), "{persist}");
        assert!(page.text(".aside").contains("the owner of \u{2068}Mira\u{2069} can read them"));
        page.press_in_aside("Back").await;
        assert!(page.is_shown("[part=composer]"));
    }
}

#[wasm_bindgen_test]
async fn a_conversation_can_be_saved() {
    let world = World::new();
    let page = Page::talking(&world).await;
    world.refuse("send");
    page.say("Hi\nthere");
    page.newest("visitor failed: Hi\nthere").await;
    let files = Files::new();
    page.choose("Save as text").await;
    page.choose("Save as JSON").await;
    let saved: Vec<(String, String, String)> = serde_wasm_bindgen::from_value(files.saved().await).unwrap();
    files.end();
    let [(name, kind, text), (json_name, json_kind, data)] = saved.as_slice() else { panic!("{saved:?}") };
    assert_eq!((name.as_str(), kind.as_str()), ("chat-Mira.txt", "text/plain;charset=utf-8"));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((lines[0], lines[1], lines[3]), ("Chat with Mira", "", ""));
    assert!(lines[2].contains("2025"), "a date in full: {text}");
    assert!(lines[4].starts_with("Mira, ") && lines[4].ends_with(": Hello, I am Mira."), "{text}");
    assert!(lines[5].starts_with("You, ") && lines[5].ends_with(": Hi") && lines[6] == "there", "{text}");
    assert!(lines[7].starts_with("  ["), "what failed is said to have: {text}");

    assert_eq!((json_name.as_str(), json_kind.as_str()), ("chat-Mira.json", "application/json"));
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["avatar"], json!("Mira"));
    for at in [&data["exportedAt"], &data["messages"][0]["at"]] {
        assert!(at.as_str().unwrap().starts_with("2025-10-09T"), "{at}");
    }
    assert_eq!(data["messages"][1]["author"], json!("visitor"));
    assert_eq!(data["messages"][1]["text"], json!("Hi\nthere"));
    assert_eq!(data["messages"][1]["status"], json!("failed"));
    assert_eq!(data["messages"].as_array().unwrap().len(), 2);
}

fn stored() -> String {
    let storage = storage();
    (0..storage.length().unwrap())
        .filter_map(|place| storage.key(place).unwrap())
        .map(|key| format!("{key} = {}\n", storage.get_item(&key).unwrap().unwrap_or_default()))
        .collect()
}

fn press(target: &web_sys::Element, key: &str) {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_composed(true);
    target.dispatch_event(&KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap()).unwrap();
}

fn point(target: &web_sys::Element) {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    target.dispatch_event(&web_sys::Event::new_with_event_init_dict("pointerdown", &init).unwrap()).unwrap();
}

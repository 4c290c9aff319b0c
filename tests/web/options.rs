//! What a site owner may set: what is refused, what is understood, and what never leaves the page.

use secondme_chat::mount;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::{Page, document, object, place};
use super::world::{World, settle, storage, until};

#[wasm_bindgen_test]
fn unusable_options_are_refused_with_a_sentence_and_nothing_is_drawn() {
    let world = World::new();
    let check = |options: Value, word: &str| {
        let element = place();
        let refusal = mount(element.clone(), object(&options)).err().unwrap_or_else(|| panic!("{options} was taken"));
        let sentence = JsValue::from(refusal).unchecked_into::<js_sys::Error>().message();
        let sentence = String::from(sentence);
        assert!(sentence.starts_with("SecondMe Chat: ") && sentence.contains(word), "{options}: {sentence}");
        assert!(element.shadow_root().is_none(), "{options}");
    };
    check(json!({}), "`base` is missing");
    check(json!({"base": ""}), "`base` is missing");
    check(json!({"base": null}), "`base` is missing");
    check(json!({"Base": world.base()}), "`base` is missing");
    for address in
        ["ftp://shop.example/chat", "javascript:alert(1)", "file:///chat", "data:text/plain,x", "http://", "//"]
    {
        check(json!({"base": address}), "`base` must be an http or https address");
    }
    for address in ["javascript:alert(1)", "data:text/html,x", "http://"] {
        check(json!({"base": world.base(), "consentHref": address}), "`consentHref` must be an http or https address");
    }
    check(json!({"base": 5}), "`base` is no text");
    check(json!({"base": world.base(), "visitorName": {"a": 1}}), "`visitorName` is no text");
    check(json!("https://shop.example/chat"), "no object");
    check(json!(null), "no object");
}

#[wasm_bindgen_test]
async fn the_proxy_is_where_base_says() {
    let origin = document().location().unwrap().origin().unwrap();
    for (base, asked) in [
        ("https://shop.example/chat", "https://shop.example/chat/init"),
        ("https://shop.example/chat/", "https://shop.example/chat/init"),
        ("http://127.0.0.1:9/a/b/?c=d#e", "http://127.0.0.1:9/a/b/init"),
        ("https://shop.example", "https://shop.example/init"),
        ("/chat/", &format!("{origin}/chat/init")),
    ] {
        let world = World::new();
        let page = Page::with(&json!({"base": base}));
        page.chat.open();
        until("the proxy was asked", || !world.asked("init").is_empty()).await;
        assert_eq!(world.asked("init")[0].url, asked, "{base}");
    }
}

#[wasm_bindgen_test]
async fn a_secret_that_someone_puts_into_the_options_goes_nowhere() {
    let world = World::new();
    let page = Page::with(&json!({
        "base": world.base(),
        "apiKey": "sk-sesame",
        "clientSecret": "sesame-secret",
        "token": "lba_at_sesame",
        "visitorId": "sesame-visitor",
        "sessionId": "sesame-session",
    }));
    page.open(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    world.socket().close();
    world.pass(1.5).await;
    until("there is a second socket", || world.live_sockets() == 1).await;
    world.pass(20.0).await;
    settle().await;

    let mut seen = format!("{:?} {:?} {}", world.asked("init"), world.asked("send"), page.shadow().inner_html());
    for socket in world.sockets() {
        seen += &format!("{} {:?}", socket.url(), socket.sent());
    }
    seen += &String::from(js_sys::JSON::stringify(&storage()).unwrap());
    assert!(seen.contains("session-first"), "the requests were looked at: {seen}");
    assert!(!seen.contains("sesame"), "{seen}");
    assert_eq!(world.loads(), Vec::<String>::new());
}

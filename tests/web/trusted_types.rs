//! A page may require Trusted Types and have no policy for the chat. Every test watches whether markup is made of a text;
//! this one goes through all that the panel can show, and makes sure that the watch sees.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::{Page, document, point_at};
use super::world::{World, release_sinks, settle, until, watch_sinks};

#[wasm_bindgen_test]
async fn nothing_that_the_panel_shows_is_made_of_markup() {
    let world = World::new();
    let privacy = "https://shop.example/privacy";
    let options = json!({"base": world.base(), "consent": "on", "consentHref": privacy, "signIn": true});
    let page = Page::with(&options);
    page.chat.open();
    settle().await;
    page.click("[part=agree]");
    page.connected(&world).await;

    page.say("One");
    page.newest("visitor sent: One").await;
    let image = json!({"singleDataType": "image", "modal": {"image": "https://shop.example/a.png"}});
    world.socket().push(&json!({"sender": "umm", "sessionId": "session-first", "index": 0, "multipleData": [image]}));
    world.socket().chunk(1, "**Bold**\n\n<b>markup</b>");
    world.socket().end_reply();
    world.socket().owner("Here I am.");
    page.newest("owner complete: Here I am.").await;
    for (code, text) in [(404, "Two"), (429, "Three")] {
        world.answer("send", code, &json!({"code": code, "subCode": "proxy.any", "message": "no"}));
        page.say(text);
    }
    settle().await;

    let message = page.find("[part=message]");
    point_at(&message, "pointerover", "mouse");
    page.click("[part=copy]");
    until("it is copied", || !world.copied().is_empty()).await;
    for item in ["What is stored", "Delete my data"] {
        page.choose(item).await;
        page.click(".ways .button:last-child");
        settle().await;
    }
    page.choose("New conversation").await;
    page.press_in_aside("New conversation").await;
    settle().await;
    world.answer("init", 403, &json!({"code": 403, "subCode": "proxy.origin_not_allowed", "message": "no"}));
    world.socket().close();
    world.pass(5.0).await;
    until("the notice is there", || page.is_shown("[part=notice]")).await;
    assert!(page.all("svg > path").iter().all(|path| path.get_attribute("d").is_some()));
    assert_eq!(page.all(".dots > i").len(), 3);
    assert!(page.all("svg > path").len() >= 5, "the icons are there");
}

#[wasm_bindgen_test]
fn the_watch_sees_who_makes_markup() {
    let _world = World::new();
    let template = document().create_element("template").unwrap();
    for (name, make) in [
        ("innerHTML", js_sys::Function::new_with_args("e", "e.innerHTML = '<i></i>'")),
        ("insertAdjacentHTML", js_sys::Function::new_with_args("e", "e.insertAdjacentHTML('beforeend', '<i></i>')")),
        ("write", js_sys::Function::new_with_args("", "document.implementation.createHTMLDocument().write('')")),
    ] {
        make.call1(&template, &template).unwrap();
        assert_eq!(release_sinks(), [name]);
        watch_sinks();
    }
}

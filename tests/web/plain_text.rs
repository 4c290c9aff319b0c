//! Whatever others write is text: no reply, name or greeting becomes an element, a style or a request.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::{Page, bubble_of};
use super::world::{World, settle, until};

/// Each would set `harmed` on the window, or load something, if it were more than text.
const HOSTILE: &[&str] = &[
    "<img src=x onerror=\"window.harmed=1\">",
    "<script>window.harmed=1</script>",
    "</div></section><svg onload=window.harmed=1><iframe src='javascript:parent.harmed=1'></iframe>",
    "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/x.css>",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "[link](javascript:window.harmed=1) ![](https://evil.example/x.png)",
    "{{constructor.constructor('window.harmed=1')()}} ${window.harmed=1}",
    "\u{202e}desrever\u{2066}\u{2069}\u{200f}",
    "\u{0}\u{1}\u{7f}\u{feff}\u{fffe}",
];

#[wasm_bindgen_test]
async fn replies_stay_text() {
    let world = World::new();
    let page = Page::talking(&world).await;
    for (count, text) in HOSTILE.iter().enumerate() {
        // Character by character, so that markup is cut everywhere.
        for (index, character) in text.chars().enumerate() {
            world.socket().chunk(i64::try_from(index).unwrap(), &character.to_string());
        }
        world.socket().end_reply();
        page.newest(&format!("avatar complete: {text}")).await;
        world.socket().chunk(-1, text);
        until("both stand there", || page.messages().len() == 3 + 2 * count).await;
        page.newest(&format!("avatar complete: {text}")).await;
    }
    assert_harmless(&world, &page).await;
}

#[wasm_bindgen_test]
async fn what_the_visitor_writes_stays_text() {
    let world = World::new();
    let page = Page::talking(&world).await;
    for text in &HOSTILE[..HOSTILE.len() - 1] {
        page.chat.send((*text).to_owned());
        page.newest(&format!("visitor sent: {text}")).await;
    }
    assert_harmless(&world, &page).await;
}

#[wasm_bindgen_test]
async fn names_and_greetings_stay_text() {
    for text in HOSTILE {
        let world = World::new();
        world.answer("init", 200, &init_answer(&json!({"avatarName": text, "opening": text})));
        let page = Page::talking(&world).await;
        page.shows(&[&format!("avatar complete: {text}")]).await;
        assert_eq!(page.find("[part=title]").text_content().as_deref(), Some(*text));
        assert_eq!(
            page.find("[part=panel]").get_attribute("aria-label"),
            Some(format!("Chat with \u{2068}{text}\u{2069}"))
        );
        page.chat.send("Hi".into());
        until("the waiting line names the avatar", || page.text(".waiting").contains(text.trim())).await;
        assert_eq!(page.find("[part=title]").child_element_count(), 0);
        assert_eq!(page.find(".waiting").query_selector_all("*:not(i, span)").unwrap().length(), 0);
        assert_harmless(&world, &page).await;
    }
}

#[wasm_bindgen_test]
async fn a_text_that_runs_the_other_way_turns_nothing_around_it() {
    let world = World::new();
    world.answer("init", 200, &init_answer(&json!({"avatarName": "\u{202e}ariM", "opening": "\u{202e}olleH"})));
    let page = Page::talking(&world).await;
    let bubble = bubble_of(&page.find("[part=message]"));
    let style = web_sys::window().unwrap().get_computed_style(&bubble).unwrap().unwrap();
    let isolation = style.get_property_value("unicode-bidi").unwrap();
    assert!(matches!(&*isolation, "isolate" | "plaintext" | "isolate-override"), "{isolation}");
}

#[wasm_bindgen_test]
async fn only_a_picture_by_https_is_shown() {
    for address in [
        "javascript:window.harmed=1",
        "http://images.example/mira.png",
        "data:image/svg+xml,<svg onload='window.harmed=1'/>",
        "//images.example/mira.png",
        "HTTPS:javascript",
        "blob:https://shop.example/1",
        "",
    ] {
        let world = World::new();
        world.answer("init", 200, &init_answer(&json!({"avatarImage": address})));
        let page = Page::talking(&world).await;
        settle().await;
        assert_eq!(page.all("img, image, object, embed").len(), 0, "{address}");
        assert_eq!(page.text("[part=header] .portrait"), "M", "{address}");
        assert_harmless(&world, &page).await;
    }
    let world = World::new();
    let address = "https://127.0.0.1:9/mira.png?\" onerror=\"window.harmed=1";
    world.answer("init", 200, &init_answer(&json!({"avatarImage": address})));
    let page = Page::talking(&world).await;
    until("the picture is shown", || page.seek("img.portrait").is_some()).await;
    let picture = page.find("img.portrait");
    assert_eq!(picture.get_attribute("src").as_deref(), Some(address));
    assert!(!picture.has_attribute("onerror"));
}

#[wasm_bindgen_test]
async fn a_hundred_kilobytes_are_a_reply_like_any_other() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let text: String = "<b>Zürich 東京</b>\n".chars().cycle().take(100_000).collect();
    world.socket().chunk(-1, &text);
    page.newest(&format!("avatar complete: {text}")).await;
    let characters: Vec<char> = text.chars().collect();
    for (index, part) in characters.chunks(997).enumerate() {
        world.socket().chunk(i64::try_from(index).unwrap(), &part.iter().collect::<String>());
    }
    page.newest(&format!("avatar streaming: {text}")).await;
    assert_harmless(&world, &page).await;
}

fn init_answer(change: &Value) -> Value {
    let mut data = json!({"sessionId": "session-first", "wsUrl": "wss://socket.example/os/ws?wsId=1", "avatarName": "Mira", "opening": null});
    data.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    json!({"code": 0, "data": data})
}

/// No bubble holds anything but text, nothing ran and nothing was loaded.
async fn assert_harmless(world: &World, page: &Page) {
    settle().await;
    for message in page.all("[part=message]") {
        assert_eq!(bubble_of(&message).child_element_count(), 0);
        assert_eq!(bubble_of(&message).child_nodes().length(), 1);
    }
    assert_eq!(page.all("img, script, style, link, iframe, a, b, i:not(.dots i), svg:not(button svg)").len(), 0);
    assert_eq!(world.loads(), Vec::<String>::new());
    assert!(js_sys::Reflect::get(&js_sys::global(), &"harmed".into()).unwrap().is_undefined());
}

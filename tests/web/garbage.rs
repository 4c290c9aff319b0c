//! Frames that are none: whatever comes on the socket, the conversation goes on.

use js_sys::{JsString, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::Page;
use super::world::World;

#[wasm_bindgen_test]
async fn garbage_does_no_harm() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let socket = world.socket();
    socket.chunk(0, "before");
    let mut text = "before".to_owned();
    for (index, garbage) in (1..).zip(garbage()) {
        socket.push_data(&garbage);
        socket.chunk(index, " after");
        text += " after";
        page.newest(&format!("avatar streaming: {text}")).await;
    }
    socket.end_reply();
    page.shows(&["avatar complete: Hello, I am Mira.", &format!("avatar complete: {text}")]).await;
    assert_eq!(world.live_sockets(), 1);
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
}

#[wasm_bindgen_test]
async fn a_chunk_without_readable_text_adds_none() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let socket = world.socket();
    socket.chunk(0, "before");
    let push = |index: i32, data: &str| {
        socket.push_data(&JsValue::from_str(&format!(r#"{{"sender":"umm","index":{index},"multipleData":{data}}}"#)));
    };
    // What is empty is a chunk like any other.
    push(1, "null");
    push(2, "[]");
    // What can't be read is none, and leaves its place to the one that can.
    for data in [
        r#""text""#,
        "7",
        r#"{"0":{"modal":{"answer":"x"}}}"#,
        r#"[null,5,"x",[],{"modal":[]},{"modal":{"answer":null}},{"modal":{"answer":{"a":"x"}}}]"#,
        &deep("[", "]"),
        &format!(r#"[{{"modal":{{"answer":{}}}}}]"#, deep("[", "]")),
    ] {
        push(3, data);
    }
    socket.chunk(3, " after");
    socket.end_reply();
    page.shows(&["avatar complete: Hello, I am Mira.", "avatar complete: before after"]).await;
}

fn deep(open: &str, close: &str) -> String {
    format!("{}{}", open.repeat(20_000), close.repeat(20_000))
}

fn garbage() -> Vec<JsValue> {
    let mut all: Vec<JsValue> = [
        "",
        " ",
        "{",
        "}",
        "null",
        "true",
        "5",
        "-1",
        "1e999",
        "\"text\"",
        "[]",
        "[1,2,3]",
        r#"["msg","umm",0,[{"modal":{"answer":"x"}}],null]"#,
        "{}",
        r#"{"sender":"umm"}"#,
        r#"{"sender":"umm","index":null}"#,
        r#"{"sender":"umm","index":"zero","multipleData":[]}"#,
        r#"{"sender":{"umm":1},"index":0,"multipleData":[{"modal":{"answer":"x"}}]}"#,
        r#"{"__proto__":{"sender":"umm","index":0},"constructor":null,"multipleData":[{"modal":{"answer":"x"}}]}"#,
        r#"{"type":"pong"}"#,
        "<html>502</html>",
        "not JSON \u{0}\u{202e}",
    ]
    .map(JsValue::from_str)
    .into();
    all.push(JsValue::from_str(&"x".repeat(1 << 20)));
    all.push(JsValue::from_str(&format!(r#"{{"sender":"client","index":0,"padding":"{}"}}"#, "x".repeat(1 << 20))));
    all.push(JsValue::from_str(&deep("[", "]")));
    all.push(JsValue::from_str(&deep(r#"{"a":"#, "}").replace(":}", ":1}")));
    all.push(JsValue::from_str(&format!(r#"{{"sender":{},"index":1,"type":{}}}"#, deep("[", "]"), deep("[", "]"))));
    all.push(Uint8Array::new_with_length(1 << 10).buffer().into());
    all.push(web_sys::Blob::new().unwrap().into());
    // Half a pair of surrogates is a text of the browser's, and none of Unicode.
    all.push(JsString::from_char_code1(0xd800).into());
    all.push(JsValue::UNDEFINED);
    all
}

//! The button of a code block.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::dom::{first, shown};

fn run(code: &str) -> JsValue {
    Function::new_no_args(code).call0(&JsValue::NULL).unwrap()
}

/// Waits until the button says something.
async fn says(button: &HtmlElement, words: &str) {
    for _ in 0..500 {
        if button.text_content().as_deref() == Some(words) {
            return;
        }
        JsFuture::from(run("return new Promise((resolve) => setTimeout(resolve, 10))").unchecked_into::<Promise>())
            .await
            .unwrap();
    }
    panic!("the button says {:?}", button.text_content());
}

#[wasm_bindgen_test]
async fn code_is_copied_as_it_is_and_the_button_says_so_for_a_while() {
    run("globalThis.copied = []; Object.defineProperty(navigator, 'clipboard', { configurable: true, value: {
        writeText: async (text) => { copied.push(text) } } })");
    let place = shown("```\na <b>\n\n  c\n```");
    let button: HtmlElement = first(&place, "button").unchecked_into();
    button.click();
    button.click();
    says(&button, "Copied").await;
    button.click();
    says(&button, "Copy").await;
    let copied = js_sys::Array::from(&Reflect::get(&js_sys::global(), &"copied".into()).unwrap());
    assert_eq!(copied.get(0).as_string().unwrap(), "a <b>\n\n  c\n");
    assert_eq!(copied.length(), 1);
    place.remove();
}

#[wasm_bindgen_test]
async fn without_a_clipboard_the_old_way_is_taken() {
    run("globalThis.commands = []; document.execCommand = (name) => commands.push(name + ':' + getSelection());
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined })");
    let place = shown("```\nold code\n```");
    let button: HtmlElement = first(&place, "button").unchecked_into();
    button.click();
    says(&button, "Copied").await;
    let commands = js_sys::Array::from(&Reflect::get(&js_sys::global(), &"commands".into()).unwrap());
    assert_eq!(commands.get(0).as_string().unwrap().trim_end(), "copy:old code");
    place.remove();
}

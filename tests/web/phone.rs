//! A phone, by script: see `phone.js` beside this file. It ends with the test.

use std::ops::Deref;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/tests/web/phone.js")]
extern "C" {
    #[wasm_bindgen(js_name = Phone)]
    pub(crate) type Script;
    #[wasm_bindgen(constructor, js_class = Phone)]
    fn new() -> Script;
    #[wasm_bindgen(method)]
    fn end(this: &Script);
    #[wasm_bindgen(method)]
    pub(crate) fn turn(this: &Script, small: bool);
    #[wasm_bindgen(method)]
    pub(crate) fn leave(this: &Script, height: f64, top: f64, scale: f64);
    #[wasm_bindgen(method)]
    pub(crate) fn touch(this: &Script);
    #[wasm_bindgen(method)]
    pub(crate) fn old(this: &Script);
    #[wasm_bindgen(method)]
    pub(crate) fn vague(this: &Script);
    #[wasm_bindgen(method)]
    pub(crate) fn page(this: &Script) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn style(this: &Script, root: &str, body: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn scroll(this: &Script, top: f64);
    #[wasm_bindgen(method)]
    pub(crate) fn scrolls(this: &Script) -> bool;
    #[wasm_bindgen(method)]
    pub(crate) async fn go(this: &Script, steps: i32);
    #[wasm_bindgen(method)]
    pub(crate) fn push(this: &Script, address: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn index(this: &Script) -> f64;

    async fn rest();
}

/// Holds the phone for one test.
pub(crate) struct Phone(Script);

impl Phone {
    /// A small screen with a long page, in a tab whose history stands still.
    pub(crate) async fn new() -> Self {
        rest().await;
        Self(Script::new())
    }
}

impl Deref for Phone {
    type Target = Script;

    fn deref(&self) -> &Script {
        &self.0
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.0.end();
    }
}

//! The browser's clipboard. It does not know what is copied.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/src/clipboard.js")]
extern "C" {
    #[wasm_bindgen(js_name = copy)]
    fn write(text: &str) -> Promise;
}

/// Copies a text; false where the browser does not let it.
pub(crate) async fn copy(text: &str) -> bool {
    JsFuture::from(write(text)).await.is_ok_and(|done| done.is_truthy())
}

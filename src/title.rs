//! The number of unread messages in the page's title. It does not know what a message is.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/title.js")]
extern "C" {
    /// One chat's part in the number that stands before the page's title.
    pub(crate) type TitleMark;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> TitleMark;

    /// So many are unread in this chat; with zero everywhere the title is the page's own again.
    #[wasm_bindgen(method)]
    pub(crate) fn show(this: &TitleMark, count: u32);
}

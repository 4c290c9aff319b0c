//! Files for the visitor to keep. It does not know what is in one.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/download.js")]
extern "C" {
    /// Hands the visitor a file of that name and media type; nothing leaves the browser.
    pub(crate) fn download(name: &str, media_type: &str, text: &str);
}

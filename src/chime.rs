//! The soft sound that says that a message has come. It does not know when one has.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/chime.js")]
extern "C" {
    /// Made by the browser itself: no file is fetched.
    pub(crate) type Chime;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Chime;

    /// Waits for the visitor's next gesture, without which browsers keep a page silent.
    #[wasm_bindgen(method)]
    pub(crate) fn prepare(this: &Chime);

    /// Sounds once, unless it has just done so or the browser does not want it to.
    #[wasm_bindgen(method)]
    pub(crate) fn ring(this: &Chime);

    /// Gives everything back.
    #[wasm_bindgen(method)]
    pub(crate) fn end(this: &Chime);
}

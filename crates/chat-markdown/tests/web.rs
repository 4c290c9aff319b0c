//! Rich text in a real browser. One module per subject.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as the test does")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod web {
    mod blocks;
    mod copying;
    mod dom;
    mod growing;
    mod links;
    mod safety;
    mod spec;
    mod vectors;
}

//! The mounted widget in a real browser, against a scripted proxy, socket and clock. One module per subject.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test's helpers fail as the test does")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod web {
    mod composer;
    mod destroying;
    mod events;
    mod failures;
    mod garbage;
    mod identity;
    mod listener;
    mod menu;
    mod mounting;
    mod neighbours;
    mod noticing;
    mod options;
    mod page;
    mod plain_text;
    mod privacy;
    mod reconnecting;
    mod reply;
    mod sending;
    mod unread;
    mod visitor;
    mod world;
}

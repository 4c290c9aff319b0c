//! The mounted widget in a real browser, against a scripted proxy, socket and clock. One module per subject.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test's helpers fail as the test does")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod web {
    mod actions;
    mod announcing;
    mod back;
    mod color;
    #[cfg(feature = "leptos")]
    mod component;
    mod composer;
    mod dates;
    mod days;
    mod destroying;
    mod events;
    mod failures;
    mod garbage;
    mod identity;
    mod language;
    mod listener;
    mod long;
    mod looks;
    mod menu;
    mod mounting;
    mod neighbours;
    mod noticing;
    mod options;
    mod page;
    mod phone;
    mod phones;
    mod plain_text;
    mod privacy;
    mod reading;
    mod reconnecting;
    mod reply;
    mod rich_text;
    mod sending;
    mod starters;
    mod trusted_types;
    mod unread;
    mod visitor;
    mod world;
    mod writing;
}

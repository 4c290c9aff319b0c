//! A text that grows, natively: however it is cut, it ends as the same tree; finished blocks stay; the work is linear.

#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as the test does")]

mod stream {
    mod amount;
    mod growing;
    mod page;
    mod spec;
    mod splits;
}

//! What the widget costs a page, beside a hand-written floor and deep-chat: the same words over the same wire in the same
//! browser, in turns. `cargo xtask bench widget` builds and runs this; the figures go to stdout as JSON.
#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "the figures are all that this is for")
)]

#[cfg(not(target_arch = "wasm32"))]
#[path = "side_by_side/chromium.rs"]
mod chromium;
#[cfg(not(target_arch = "wasm32"))]
#[path = "side_by_side/content.rs"]
mod content;
#[cfg(not(target_arch = "wasm32"))]
#[path = "side_by_side/devtools.rs"]
mod devtools;
#[cfg(not(target_arch = "wasm32"))]
#[path = "side_by_side/round.rs"]
mod round;
#[cfg(not(target_arch = "wasm32"))]
#[path = "side_by_side/site.rs"]
mod site;
#[cfg(not(target_arch = "wasm32"))]
#[path = "side_by_side/tab.rs"]
mod tab;

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    round::run();
}

#[cfg(target_arch = "wasm32")]
fn main() {}

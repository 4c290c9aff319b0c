//! How smooth the widget is with a long conversation, against a short one in the same run: the built widget in a headless
//! browser, opened, scrolled, typed into, and with a reply that streams. `cargo xtask bench frames` builds and runs this.
#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "the table is all that this is for")
)]

#[cfg(not(target_arch = "wasm32"))]
#[path = "../tests/e2e/browser.rs"]
#[expect(dead_code, reason = "the tests do more with it")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
#[path = "../tests/e2e/driver.rs"]
mod driver;
#[cfg(not(target_arch = "wasm32"))]
#[path = "frames/run.rs"]
mod run;

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    run::run();
}

#[cfg(target_arch = "wasm32")]
fn main() {}

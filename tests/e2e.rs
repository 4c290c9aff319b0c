//! The built widget, end to end: a real browser on real pages, the site's own proxy, and a simulated SecondMe, all over
//! real sockets. One module per subject; the harness below them knows the widget only as a visitor and a site owner do.
//!
//! `cargo xtask test end-to-end` builds the widget and runs this. With `SECONDME_CHAT_SCREENSHOTS=<folder>` set, pictures
//! of the chat in all of its states are written there as well; with `SECONDME_CHAT_WRITE_SNAPSHOTS=1`, what screen readers
//! are given becomes what is expected of the next run.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as the test does")]

#[path = "e2e/accessibility.rs"]
mod accessibility;
#[path = "e2e/appearance.rs"]
mod appearance;
#[path = "e2e/composer.rs"]
mod composer;
#[path = "e2e/connection.rs"]
mod connection;
#[path = "e2e/conversation.rs"]
mod conversation;
#[path = "e2e/documented.rs"]
mod documented;
#[path = "e2e/faults.rs"]
mod faults;
#[path = "e2e/framed.rs"]
mod framed;
#[path = "e2e/identity.rs"]
mod identity;
#[path = "e2e/keyboard.rs"]
mod keyboard;
#[path = "e2e/known.rs"]
mod known;
#[path = "e2e/leaks.rs"]
mod leaks;
#[path = "e2e/loader.rs"]
mod loader;
#[path = "e2e/loading.rs"]
mod loading;
#[path = "e2e/looks.rs"]
mod looks;
#[path = "e2e/noticing.rs"]
mod noticing;
#[path = "e2e/npm.rs"]
mod npm;
#[path = "e2e/origins.rs"]
mod origins;
#[path = "e2e/parts.rs"]
mod parts;
#[path = "e2e/placed.rs"]
mod placed;
#[path = "e2e/reloading.rs"]
mod reloading;
#[path = "e2e/rich_text.rs"]
mod rich_text;
#[path = "e2e/secrets.rs"]
mod secrets;
#[path = "e2e/sending.rs"]
mod sending;
#[path = "e2e/sign_in.rs"]
mod sign_in;
#[path = "e2e/strict.rs"]
mod strict;
#[path = "e2e/survival.rs"]
mod survival;
#[path = "e2e/tabs.rs"]
mod tabs;
#[path = "e2e/tags.rs"]
mod tags;
#[path = "e2e/variants.rs"]
mod variants;
#[path = "e2e/visitor.rs"]
mod visitor;

#[path = "e2e/browser.rs"]
mod browser;
#[path = "e2e/driver.rs"]
mod driver;
#[path = "e2e/log.rs"]
mod log;
#[path = "e2e/markdown.rs"]
mod markdown;
#[path = "e2e/page.rs"]
mod page;
#[path = "e2e/pictures.rs"]
mod pictures;
#[path = "e2e/site.rs"]
mod site;
#[path = "e2e/snapshot.rs"]
mod snapshot;
#[path = "e2e/until.rs"]
mod until;
#[path = "e2e/wire.rs"]
mod wire;
#[path = "e2e/world.rs"]
mod world;

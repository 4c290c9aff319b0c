//! The widget: a SecondMe avatar to talk to, in the shadow root of an element of any page.
//!
//! The core decides, this shell does. `view` reads the signals of `model` and hands the visitor's wishes to `runtime`,
//! which owns the `Session` of chat-core and carries out its effects, each by one adapter: `transport` (the proxy),
//! `socket` (SecondMe's), `timer`, `animation`, `storage`, `tabs` (the browser's other ones), `page`,
//! `screen` (small ones), `host` (the element), `login` (the sign-in window), `title` (the page's), `chime`, `clipboard`,
//! `download`, and `json`. `component` (a feature) is `mount` for other Leptos apps.
//! `signal` carries the news of what has changed to whoever follows it.
//! `strings` says which text is read when, `language` what it is in the visitor's own, `rich_text` shows more than plain
//! text, `options` holds what a site owner may set, `identity` who the page says is there.
//! Nothing here can hold a secret.
#![cfg(target_arch = "wasm32")]

mod animation;
mod chime;
mod clipboard;
#[cfg(feature = "leptos")]
#[expect(unreachable_pub, reason = "the macro makes a second function, which nobody is to call")]
mod component;
mod download;
mod handle;
mod host;
mod identity;
mod json;
mod language;
mod login;
mod model;
mod options;
mod page;
mod rich_text;
mod runtime;
mod screen;
mod signal;
mod socket;
mod storage;
mod strings;
mod tabs;
mod timer;
mod title;
mod transport;
mod view;

#[cfg(feature = "leptos")]
pub use component::{ChatOptions, ChatWidget};
pub use handle::{ChatHandle, mount};
pub use options::{Mode, Persist, Scroll, Side, Theme, Wording};

// The units need a browser, whoever runs them.
#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

//! The rich text of replies: Markdown to DOM nodes while it streams. It knows neither the conversation nor the widget.

pub mod links;
pub mod patch;
pub mod stream;
pub mod tree;

mod autolink;
mod definitions;
mod mend;
mod parse;

#[cfg(target_arch = "wasm32")]
mod element;
#[cfg(target_arch = "wasm32")]
mod place;
#[cfg(target_arch = "wasm32")]
pub mod rich_text;

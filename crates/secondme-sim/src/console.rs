//! The owner's console: the avatar's conversations as they happen, and a way to speak in them. It stands in for the part of
//! SecondMe's own app that the documents only mention.

mod conversations;
mod overheard;
mod page;
mod takeover;

use std::sync::Arc;

use axum::{Router, routing};

use crate::world::World;

pub(crate) use self::overheard::overhear;

/// Where the console is, outside of the API's base path.
pub(crate) const PATH: &str = "/console";

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route(PATH, routing::get(page::page))
        .route("/console/console.js", routing::get(page::program))
        .route("/console/console.css", routing::get(page::style))
        .route("/console/conversations", routing::get(conversations::all))
        .route("/console/conversations/{session_id}", routing::get(conversations::one))
        .route("/console/takeover", routing::post(takeover::take_over))
}

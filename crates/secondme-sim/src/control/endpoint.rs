//! The test instrument over HTTP, for tests that are not written in Rust and for people with curl.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing,
};
use serde_json::json;

use super::{Command, Control};
use crate::{Observed, world::World};

/// Where the test instrument answers, outside of the API's base path.
pub(crate) const PATH: &str = "/control";

/// What a person needs to know to use the control endpoint.
pub const CONTROL_HELP: &str = r#"The control endpoint is a test instrument. SecondMe itself has nothing like it, and it asks for no
credentials: keep the simulator on loopback.

  GET  /control    what was seen so far, as JSON: requests, sockets, sessions with their messages,
                   and the application tokens that were issued
  POST /control    one command as JSON (Content-Type: application/json); answers the same JSON

Commands:
  {"command":"expire_tokens"}                         every access token ends now
  {"command":"expire_sessions"}                       send answers session_expired until init is called again
  {"command":"forget_sessions"}                       send answers session_not_found; init begins a new session
  {"command":"close_sockets"}                         every open socket is closed with code 1001
  {"command":"fail_next","count":2,"status":500}      the next API requests answer this HTTP error
  {"command":"delay_answers","ms":3000}               every API request waits this long
  {"command":"set_chunk_interval","ms":40}            the pause before each frame of a reply
  {"command":"close_mid_reply","after_chunks":5}      the next reply's connection breaks after so many chunks
  {"command":"set_token_refusal","shape":"detail"}    a refused token answers {"detail":"…"} ("envelope": as usual)
  {"command":"set_owner_gone","gone":true}            the avatars' owner does not exist (open.api.user.not.found)
  {"command":"add_avatar","api_key":"sk-second","avatar_name":"Noor","opening":"Hello!"}
                                                      one more avatar; the opening may be left out
  {"command":"reset_faults"}                          no failures, no delay, no cut, usual refusals, owner back

Example:
  curl -H 'Content-Type: application/json' -d '{"command":"close_sockets"}' http://127.0.0.1:PORT/control"#;

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new().route(PATH, routing::get(observe).post(command))
}

async fn observe(State(world): State<Arc<World>>) -> Json<Observed> {
    Json(Observed::of(&world))
}

/// Only `application/json` is taken, which no foreign page can send without asking first: a visitor's browser cannot be
/// led to break a demo.
async fn command(State(world): State<Arc<World>>, body: Result<Json<Command>, JsonRejection>) -> Response {
    let outcome = match body {
        Err(JsonRejection::MissingJsonContentType(rejection)) => {
            return refuse(rejection.status(), "A command must come with Content-Type: application/json.");
        }
        Err(rejection) => Err(format!("The command was not understood. {}.", rejection.body_text())),
        Ok(Json(command)) => Control::new(Arc::clone(&world)).apply(command).map_err(|error| error.to_string()),
    };
    match outcome {
        Ok(()) => Json(Observed::of(&world)).into_response(),
        Err(message) => refuse(StatusCode::BAD_REQUEST, &message),
    }
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_shows_every_command_and_nothing_else() {
        let shown: Vec<Command> = CONTROL_HELP
            .lines()
            .filter_map(|line| line.trim().strip_prefix(r#"{"command""#))
            .map(|rest| {
                let line = format!(r#"{{"command"{rest}"#);
                let mut values = serde_json::Deserializer::from_str(&line).into_iter::<Command>();
                values.next().unwrap().unwrap()
            })
            .collect();
        let unknown = serde_json::from_str::<Command>(r#"{"command":"?"}"#).unwrap_err().to_string();
        let (_, names) = unknown.split_once("expected one of ").unwrap();
        let names: Vec<&str> = names.split('`').skip(1).step_by(2).collect();
        let shown_names: Vec<String> = shown
            .iter()
            .map(|command| serde_json::to_value(command).unwrap()["command"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(shown_names, names);
    }
}

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
                   and the tokens that were issued
  POST /control    one command as JSON (Content-Type: application/json); answers the same JSON

Commands:
  {"command":"expire_tokens"}                         the application's and the Avatar Hub's tokens end now
  {"command":"expire_sessions"}                       send answers session_expired until init is called again;
                                                      on the Avatar Hub session.status.closed until there is a new one
  {"command":"forget_sessions"}                       send answers session_not_found; init begins a new session
  {"command":"close_sockets"}                         every open socket is closed with code 1001
  {"command":"fail_next","count":2,"status":500}      the next API requests answer this HTTP error
  {"command":"delay_answers","ms":3000}               every API request waits this long
  {"command":"delay","endpoint":"ws_create","ms":300}  the requests of one endpoint wait so much longer: token, code,
                                                      refresh, init, send, auth, chat_init, ws_create, session_create,
                                                      avatar_public, chat_start, message_send
  {"command":"set_chunk_interval","ms":40}            the pause before each frame of a reply
  {"command":"close_mid_reply","after_chunks":5}      the next reply's connection breaks after so many chunks
  {"command":"set_token_refusal","shape":"detail"}    a refused token answers {"detail":"…"} ("envelope": as usual)
  {"command":"set_owner_gone","gone":true}            the avatars' owner does not exist (open.api.user.not.found)
  {"command":"add_avatar","api_key":"sk-second","avatar_name":"Noor","opening":"Hello!"}
                                                      one more avatar; the opening may be left out, and there may be
                                                      "starters":["…"] and "owner_image":"https://…"
  {"command":"disable_key","api_key":"sk-second"}     open.api.key.disabled until the avatar is added again
  {"command":"remove_avatar","api_key":"sk-second"}   open.api.avatar.not.found until it is added again
  {"command":"set_variants","variants":["ids","hint"]}  all replies from now on; [] is the document to the letter
  {"command":"next_reply","variants":["fail=package.turn.exhaustion"],"count":1}
                                                      the next replies only, each over the plain script
  {"command":"owner_says","to":"web_1","text":"Hi!"}  the owner speaks at once; "to" is a sessionId or a visitorId, and
                                                      may be left out: the newest conversation with a socket
  {"command":"refuse_next","operation":"send","count":2,"status":429,"retry_after":5}
                                                      the next token, code, refresh, init or send requests
                                                      are refused; also
                                                      "status":400,"sub_code":"visitor_chat.session_expired". On the
                                                      Avatar Hub a token is auth, an init is auth or ws/create,
                                                      whichever comes first, and a send is message/send
  {"command":"spoil_answers","count":1,"answer":{"late":{"ms":5000}}}
                                                      the next messages are accepted and replied to, but send
                                                      answers late, or "never", or the connection breaks: "cut"
  {"command":"answer_heartbeats","on":false}          no pongs until it is true again
  {"command":"refuse_sockets","count":2,"status":503}  the next sockets are refused before the upgrade
  {"command":"cut_sockets","ms":0}                    every open connection breaks after so long
  {"command":"cut_next_sockets","count":1,"ms":3000}  the next sockets break so long after they were opened
  {"command":"register_redirect","uri":"https://shop.example/callback"}
                                                      sign-ins may lead there
  {"command":"sign_in","user":"ada"}                  a user's tokens without any page; users are ada and bo
  {"command":"expire_codes"}                          every authorization code ends now
  {"command":"expire_user_tokens"}                    users' access tokens end now
  {"command":"expire_refresh_tokens"}                 users' refresh tokens end now
  {"command":"revoke_user","user":"ada"}              the user takes everything back
  {"command":"set_user_token_lifetime","seconds":60}  for users' access tokens that are issued from now on
  {"command":"reset_faults"}                          no faults, usual refusals, owner back, replies as at the start

Counts may be left out, which is 1. What is planned for the next replies or requests waits behind what was planned before.

Where variants are not enough, set_variants and next_reply take a "script" that the variants then change. Any of its
members may be left out:
  {"text":"Whatever you asked.", "frames":"ids", "ending":"with_text", "messages":2, "entries":2,
   "order":{"gap":{"chunk":2,"filled_after":4}}, "resend":{"one":{"frame":2,"later":3}}, "hint":{"outcome":"finish","ms":1500},
   "failure":{"sub_code":"session.openai.error","after_chunks":9}, "parts":["audio"], "noise":["garbage"],
   "echo":"with_user", "takeover":{"after_chunks":5,"further_chunks":3,"text":"Hi!"}, "silent":false,
   "first_chunk_delay_ms":500, "pause":{"after_chunks":2,"ms":35000}, "cut_after_chunks":8, "resume":true}

  frames     bare, least, ids
  ending     empty, with_text, empty_first, one_frame
  order      straight, swapped, gap; without filled_after the gap is never filled
  resend     nothing, everything, one
  outcome    finish, fail
  sub_code   session.status.closed, session.openai.error, session.response.timeout,
             session.message.exceedRequestLimit, session.message.exceedQPSLimit, service.status.unavailable,
             umm.msg.exceedQPSLimit, package.turn.exhaustion, message.length.limit
  parts      audio, speech, image, video, link, template, html, unsafe_link
  noise      unknown_fields, unknown_types, wrong_types, garbage, huge
  echo       nothing, with_user, without_user
  takeover   without further_chunks the avatar speaks to its end
  resume     what a lost socket did not get comes over one that is opened within ten seconds

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
    use crate::Script;
    use serde_json::Value;

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

    #[test]
    fn the_help_shows_a_script_with_every_member() {
        let (_, json) = CONTROL_HELP.split_once("left out:\n").unwrap();
        let (json, words) = json.split_once("\n\n").unwrap();
        let script: Script = serde_json::from_str(json).unwrap();
        let shown: Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_value(&script).unwrap(), shown, "nothing is left out");

        for (member, wrong) in
            [("frames", json!("?")), ("ending", json!("?")), ("parts", json!(["?"])), ("noise", json!(["?"]))]
        {
            let refusal = serde_json::from_value::<Script>(json!({ member: wrong })).unwrap_err().to_string();
            let (_, expected) = refusal.split_once("expected one of ").unwrap();
            for name in expected.split('`').skip(1).step_by(2) {
                let shown = words.lines().any(|line| line.trim_start().starts_with(member) && line.contains(name));
                assert!(shown, "{member}: {name}");
            }
        }
    }
}

//! `GET` and `POST /oauth/`: a user is asked, and the site hears what the user said.

use std::{sync::Arc, time::Instant};

use axum::{
    Form,
    extract::{
        Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, LOCATION, ORIGIN},
    },
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    authorization::{AuthorizationRequest, Objection},
    page,
};
use crate::{
    origin,
    world::{User, World},
};

const UNREADABLE: &str = "The address that you came by is not a complete request to sign in.";

pub(super) async fn ask(
    State(world): State<Arc<World>>,
    request: Result<Query<AuthorizationRequest>, QueryRejection>,
) -> Response {
    let Ok(Query(request)) = request else { return page::complaint(StatusCode::BAD_REQUEST, UNREADABLE) };
    match request.check(&world) {
        Ok(()) => page::question(&request, &world.settings.app_name),
        Err(objection) => object(&request, objection),
    }
}

/// What the form says.
#[derive(Deserialize)]
pub(super) struct Decision {
    #[serde(flatten)]
    request: AuthorizationRequest,
    #[serde(default)]
    user: String,
    #[serde(default)]
    decision: String,
}

/// Another site's page cannot agree in the user's place. A program that is no browser says no origin, and may.
pub(super) async fn decide(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    decision: Result<Form<Decision>, FormRejection>,
) -> Response {
    if headers.contains_key(ORIGIN) && !origin::is_own(&headers) {
        return page::complaint(StatusCode::FORBIDDEN, "Only SecondMe's own page can be used to sign in.");
    }
    let Ok(Form(Decision { request, user, decision })) = decision else {
        return page::complaint(StatusCode::BAD_REQUEST, UNREADABLE);
    };
    if let Err(objection) = request.check(&world) {
        return object(&request, objection);
    }
    match (decision.as_str(), User::find(&user)) {
        ("approve", Some(user)) => {
            let code = world.lock().grants.consent(request.consent(user), Instant::now());
            redirect(&request.redirect_to(&[("code", &code)]))
        }
        ("decline", _) => {
            let description = "The user denied access";
            redirect(&request.redirect_to(&[("error", "access_denied"), ("error_description", description)]))
        }
        _ => page::complaint(StatusCode::BAD_REQUEST, "Choose who you are, and whether you agree."),
    }
}

fn object(request: &AuthorizationRequest, objection: Objection) -> Response {
    match objection {
        Objection::Untrusted(sentence) => page::complaint(StatusCode::BAD_REQUEST, sentence),
        Objection::Refused { error, description } => {
            redirect(&request.redirect_to(&[("error", error), ("error_description", description)]))
        }
    }
}

/// The address may hold a code, so nobody is to keep it.
fn redirect(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, address), (CACHE_CONTROL, "no-store")]).into_response()
}

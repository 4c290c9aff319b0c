//! How the sign-in pages look. Every text goes through the template's escaping; there is no script.

use axum::{
    http::{
        HeaderName, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use super::{PATH, authorization::AuthorizationRequest};
use crate::world::USERS;

/// Where the pages' looks are.
pub(super) const STYLE_PATH: &str = "/oauth/page.css";

/// What protects the pages. There is no `form-action`: browsers apply it to where the answer to a form leads as well, and
/// that is another site, which may lead on to a third. The referrer stays here, because the page's address holds the
/// site's state; the form's own origin must be said, which `no-referrer` would suppress.
const PROTECTION: [(HeaderName, &str); 4] = [
    (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"),
    (REFERRER_POLICY, "same-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "no-store"),
];

/// Asks who the user is, and whether the application may act for that user.
pub(super) fn question(request: &AuthorizationRequest, app_name: &str) -> Response {
    let carried = [
        ("client_id", &request.client_id),
        ("redirect_uri", &request.redirect_uri),
        ("response_type", &request.response_type),
        ("state", &request.state),
        ("scope", &request.scope),
        ("code_challenge", &request.code_challenge),
        ("code_challenge_method", &request.code_challenge_method),
    ];
    let content = html! {
        h1 { "Sign in to " strong { (app_name) } }
        form method="post" action=(PATH) {
            @for (name, value) in carried {
                @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
            }
            fieldset {
                legend { "Continue as" }
                @for (place, user) in USERS.iter().enumerate() {
                    label.person {
                        input type="radio" name="user" value=(user.id) checked[place == 0];
                        span.portrait aria-hidden="true" { (user.name.chars().take(1).collect::<String>()) }
                        span.name { (user.name) }
                    }
                }
            }
            p { (app_name) " will be able to:" }
            ul { @for scope in request.scopes() { li { (meaning(scope)) } } }
            div.decision {
                button type="submit" name="decision" value="decline" { "Decline" }
                button.approve type="submit" name="decision" value="approve" { "Approve" }
            }
        }
    };
    respond(StatusCode::OK, &layout(&format!("Sign in to {app_name}"), &content))
}

/// Says why nobody is asked.
pub(super) fn complaint(status: StatusCode, sentence: &str) -> Response {
    let content = html! {
        h1 { "This sign-in cannot go on" }
        p role="alert" { (sentence) }
        p { "Nothing was shared. You can close this page." }
    };
    respond(status, &layout("This sign-in cannot go on", &content))
}

pub(super) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page.css")).into_response()
}

/// What a scope allows, in a user's words.
fn meaning(scope: &str) -> &str {
    match scope {
        "userinfo" => "see your name",
        "chat.write" => "chat with avatars in your name",
        other => other,
    }
}

fn layout(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href=(STYLE_PATH);
            }
            body {
                main {
                    p.brand { "SecondMe" span { "simulator" } }
                    (content)
                }
            }
        }
    }
}

fn respond(status: StatusCode, page: &Markup) -> Response {
    (status, PROTECTION, [(CONTENT_TYPE, "text/html; charset=utf-8")], page.0.clone()).into_response()
}

//! What another site can make a signed-in visitor's browser do: nothing. A cookie alone changes nothing here.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::browser::{LOGIN, SITE, Site};
use crate::support::Answer;

/// A call and what would be its body.
fn calls(session: &Value) -> [(&'static str, Value); 3] {
    [
        ("/chat/init", json!({"visitorId": "web_1"})),
        ("/chat/send", json!({"sessionId": session, "visitorId": "web_1", "message": "hello"})),
        ("/chat/logout", json!({})),
    ]
}

/// Sends requests that a visitor's browser might be led to send, each with the visitor's cookie, and finds that they come
/// to nothing.
async fn check(
    attempt: impl Fn(RequestBuilder, &Value) -> RequestBuilder,
    method: Method,
    status: u16,
    sub_code: &str,
) {
    let site = Site::start().await;
    let mut browser = site.signed_in("ada").await;
    let session = browser.init().await.data()["sessionId"].clone();
    let before = site.simulator.control().observed();
    for (path, body) in calls(&session) {
        let request = site.proxy.request(method.clone(), path).header("host", "shop.example");
        let request = request.header("cookie", format!("{LOGIN}={}", browser.cookies[LOGIN]));
        let answer = Answer::of(attempt(request, &body)).await;
        answer.assert_failure(status, sub_code);
        assert_eq!(answer.header("set-cookie"), None, "{path}");
        assert!(!answer.headers.keys().any(|name| name.as_str() == "access-control-allow-origin"), "{path}");
    }
    assert_eq!(site.simulator.control().observed(), before);

    // What the site's own page does with the same cookie works.
    for (path, body) in calls(&session) {
        let request = site.proxy.request(Method::POST, path).header("host", "shop.example").header("origin", SITE);
        let request = request.header("cookie", format!("{LOGIN}={}", browser.cookies[LOGIN]));
        Answer::of(request.json(&body)).await.data();
    }
}

#[tokio::test]
async fn another_sites_script_does_nothing() {
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let attempt = |request: RequestBuilder, body: &Value| request.header(name, value).json(body);
        check(attempt, Method::POST, 403, "proxy.origin_not_allowed").await;
    }
}

#[tokio::test]
async fn another_sites_form_does_nothing() {
    let form = |request: RequestBuilder, body: &Value| {
        request.header("origin", "https://evil.example").form(body.as_object().unwrap())
    };
    check(form, Method::POST, 403, "proxy.origin_not_allowed").await;
}

#[tokio::test]
async fn a_form_of_the_site_itself_does_nothing() {
    let form = |request: RequestBuilder, body: &Value| request.header("origin", SITE).form(body.as_object().unwrap());
    check(form, Method::POST, 415, "proxy.invalid_request").await;
}

#[tokio::test]
async fn json_that_is_said_to_be_something_else_does_nothing() {
    for kind in ["text/plain", "text/plain; application/json", "multipart/form-data; boundary=x"] {
        let attempt = |request: RequestBuilder, body: &Value| {
            request.header("origin", SITE).header("content-type", kind).body(body.to_string())
        };
        check(attempt, Method::POST, 415, "proxy.invalid_request").await;
    }
}

#[tokio::test]
async fn a_mere_link_does_nothing() {
    let attempt = |request: RequestBuilder, _: &Value| request.header("sec-fetch-site", "cross-site");
    check(attempt, Method::GET, 405, "proxy.invalid_request").await;
}

#[tokio::test]
async fn a_request_without_any_origin_does_nothing() {
    let attempt = |request: RequestBuilder, body: &Value| request.json(body);
    check(attempt, Method::POST, 403, "proxy.origin_not_allowed").await;
}

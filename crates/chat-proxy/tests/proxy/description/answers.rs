//! Every status that is described comes, and in the form that is described.

use std::net::SocketAddr;
use std::time::Duration;

use chat_proxy::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Described, request, sign_in};
use crate::browser::Site;
use crate::support::{Answer, HandMade, Proxy, Reaction};

/// What visitors' browsers ask for.
const OPERATIONS: [&str; 5] =
    ["post /chat/init", "post /chat/send", "post /chat/logout", "get /chat/login", "get /chat/callback"];

#[tokio::test]
async fn each_description_of_an_answer_is_true() {
    let site = Site::start().await;
    let session = json!(site.proxy.session("web_1").await);
    let mut described = Described::of(&site.proxy).await;
    operators_answers(&mut described, &site.proxy).await;
    calls(&mut described, &site.proxy, &session).await;
    sign_in::pages(&mut described, &site).await;
    sign_in::calls(&mut described, &site).await;
    sign_in::nobody_known(&mut described, &session).await;
    sign_in::not_enabled(&mut described).await;
    secondmes_failures(&mut described, &session).await;
    too_many_calls(&mut described).await;
    too_many_at_once(&mut described).await;

    // It lasts for the moment before Redis was first tried.
    let starting = ["get /readyz 503", "get /readyz 503 application/json", "get /readyz 503 retry-after"];
    assert_eq!(described.unseen(), starting);
}

async fn operators_answers(described: &mut Described, proxy: &Proxy) {
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
        described.check(&format!("get {path}"), &Answer::of(proxy.request(Method::GET, path)).await);
    }
    let forwarded = proxy.request(Method::GET, "/metrics").header("x-forwarded-for", "203.0.113.9");
    described.check("get /metrics", &Answer::of(forwarded).await);
}

/// Calls that the proxy takes, and calls that it refuses by itself.
async fn calls(described: &mut Described, proxy: &Proxy, session: &Value) {
    for (operation, body) in [
        ("post /chat/init", json!({"visitorId": "web_1"})),
        ("post /chat/send", json!({"visitorId": "web_1", "sessionId": session, "message": "hello"})),
        ("post /chat/logout", json!({})),
    ] {
        let json = || request(proxy, operation).header("content-type", "application/json");
        for attempt in [
            json().body(body.to_string()),
            json().body("{"),
            json().body(json!({"visitorId": "web_1", "message": "x".repeat(70_000)}).to_string()),
            json().body(body.to_string()).header("origin", "https://evil.example"),
            request(proxy, operation).body(body.to_string()),
        ] {
            described.check(operation, &Answer::of(attempt).await);
        }
    }
    let unknown = request(proxy, "post /chat/init").json(&json!({"visitorId": "web_1", "avatar": "nobody"}));
    described.check("post /chat/init", &Answer::of(unknown).await);
}

/// What becomes of a call, and of a visitor who comes back from SecondMe's page, where SecondMe fails.
async fn secondmes_failures(described: &mut Described, session: &Value) {
    let limited = json!({"code": 429, "subCode": "open.api.rate.limited", "message": "x"}).to_string();
    let broken = HandMade::start(Reaction::Answer(500, "{}".into())).await;
    let silent = HandMade::start(Reaction::Silence).await;
    let limited = HandMade::start(Reaction::Answer(429, limited)).await;
    for (address, timeout) in [
        (broken.address, "15"),
        (silent.address, "1"),
        (limited.address, "15"),
        // Nobody listens there.
        (([127, 0, 0, 1], 1).into(), "15"),
    ] {
        let timeout = Some(timeout.into());
        let site = Site::with(|settings| Settings { upstream_timeout: timeout, ..asking(address, settings) }).await;
        let mut browser = site.browser();
        described.check("post /chat/init", &browser.init().await);
        described.check("post /chat/send", &browser.send(session).await);
        let back = browser.sign_in("/chat/login?popup=1", "ada", "approve").await;
        described.check("get /chat/callback", &back);
    }
}

async fn too_many_calls(described: &mut Described) {
    let site = Site::with(|settings| Settings { address_limit: Some("1".into()), ..settings }).await;
    site.proxy.init("web_1").await.data();
    for operation in OPERATIONS {
        let answer = Answer::of(request(&site.proxy, operation)).await;
        answer.assert_failure(429, "proxy.rate_limited");
        described.check(operation, &answer);
    }
}

async fn too_many_at_once(described: &mut Described) {
    let silent = HandMade::start(Reaction::Silence).await;
    let one = Some("1".into());
    let site = Site::with(|settings| Settings { max_requests: one, ..asking(silent.address, settings) }).await;
    let others = async {
        while silent.count() < 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        for operation in OPERATIONS {
            let answer = Answer::of(request(&site.proxy, operation)).await;
            answer.assert_failure(503, "proxy.overloaded");
            described.check(operation, &answer);
        }
    };
    tokio::select! {
        _ = site.proxy.init("web_1") => panic!("SecondMe says nothing"),
        () = others => {}
    }
}

/// The same settings with a SecondMe at this address.
fn asking(address: SocketAddr, settings: Settings) -> Settings {
    Settings { secondme_base_url: Some(format!("http://{address}/base")), ..settings }
}

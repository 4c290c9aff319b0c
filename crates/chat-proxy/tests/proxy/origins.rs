//! Which pages may use the chat, and what the others get: 403 and no CORS header.

use chat_proxy::Settings;
use reqwest::{Method, RequestBuilder};
use secondme_sim::Simulator;
use serde_json::json;

use crate::support::{Answer, Proxy, quick, settings_for};

const LISTED: &str = "https://shop.example";

async fn site() -> (Proxy, Simulator) {
    let simulator = Simulator::start(quick()).await.unwrap();
    let allowed_origins = Some(vec![LISTED.into(), "http://localhost:3000".into()]);
    (Proxy::start(Settings { allowed_origins, ..settings_for(&simulator) }).await, simulator)
}

fn with(request: RequestBuilder, headers: &[(&str, &str)]) -> RequestBuilder {
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}

#[tokio::test]
async fn a_call_needs_an_allowed_origin() {
    let (proxy, simulator) = site().await;
    let own = format!("http://{}", proxy.address);
    let other_port = format!("http://127.0.0.1:{}", proxy.address.port() ^ 1);
    let check = async |headers: &[(&str, &str)], allowed: bool| {
        let request = with(proxy.request(Method::POST, "/chat/init"), headers).json(&json!({"visitorId": "v"}));
        let answer = Answer::of(request).await;
        if allowed {
            assert_eq!(answer.status, 200, "{headers:?} {}", answer.text);
        } else {
            answer.assert_failure(403, "proxy.origin_not_allowed");
            assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{headers:?}");
            assert_eq!(answer.header("vary"), Some("origin"));
        }
    };
    check(&[("origin", &own)], true).await;
    check(&[("origin", LISTED)], true).await;
    check(&[("origin", "http://localhost:3000")], true).await;
    check(&[("sec-fetch-site", "same-origin")], true).await;
    check(&[("host", "Chat.Example"), ("origin", "https://chat.example")], true).await;
    check(&[("host", "chat.example:443"), ("origin", "https://chat.example")], true).await;
    check(&[("host", "chat.example:8443"), ("origin", "https://chat.example:8443")], true).await;
    let passed = simulator.control().observed().init_requests;

    check(&[], false).await;
    check(&[("sec-fetch-site", "cross-site")], false).await;
    check(&[("sec-fetch-site", "same-site")], false).await;
    check(&[("sec-fetch-site", "none")], false).await;
    check(&[("origin", "null")], false).await;
    check(&[("origin", "null"), ("sec-fetch-site", "same-origin")], false).await;
    check(&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false).await;
    check(&[("origin", "https://evil.example")], false).await;
    check(&[("origin", "https://shop.example.evil.example")], false).await;
    check(&[("origin", "https://evilshop.example")], false).await;
    check(&[("origin", "https://www.shop.example")], false).await;
    check(&[("origin", "http://shop.example")], false).await;
    check(&[("origin", "https://shop.example:8443")], false).await;
    check(&[("origin", "https://shop.example/")], false).await;
    check(&[("origin", "https://shop.example https://evil.example")], false).await;
    check(&[("origin", LISTED), ("origin", "https://evil.example")], false).await;
    check(&[("origin", &other_port)], false).await;
    check(&[("origin", "")], false).await;
    check(&[("host", "chat.example"), ("origin", "https://chat.example:8443")], false).await;
    check(&[("host", "chat.example:80"), ("origin", "https://chat.example")], false).await;
    check(&[("host", "evil.example/@chat.example"), ("origin", "https://chat.example")], false).await;
    assert_eq!(simulator.control().observed().init_requests, passed);
}

fn preflight(proxy: &Proxy, origin: &str) -> RequestBuilder {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    with(proxy.request(Method::OPTIONS, "/chat/send"), &headers)
}

#[tokio::test]
async fn a_listed_origin_gets_cors_headers() {
    let (proxy, _simulator) = site().await;
    let answer = Answer::of(preflight(&proxy, LISTED)).await;
    assert!(answer.status.is_success());
    assert_eq!(answer.header("access-control-allow-origin"), Some(LISTED));
    assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("content-type"));
    assert_eq!(answer.header("access-control-max-age"), Some("7200"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);

    // A failure needs them as much as a success, or the widget can't read it.
    for body in [json!({"visitorId": "v"}), json!({})] {
        let answer = Answer::of(proxy.request(Method::POST, "/chat/init").header("origin", LISTED).json(&body)).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some(LISTED));
        assert_eq!(answer.header("access-control-expose-headers"), Some("retry-after"));
        assert!(answer.header("vary").is_some_and(|vary| vary.contains("origin")));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
}

#[tokio::test]
async fn a_foreign_preflight_is_refused() {
    let (proxy, _simulator) = site().await;
    for origin in ["https://evil.example", "null"] {
        let answer = Answer::of(preflight(&proxy, origin)).await;
        answer.assert_failure(403, "proxy.origin_not_allowed");
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{origin}");
    }
}

#[tokio::test]
async fn the_own_origin_needs_no_cors_headers() {
    let (proxy, _simulator) = site().await;
    let answer = proxy.init("web_1").await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, None));
}

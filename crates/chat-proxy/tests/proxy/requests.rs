//! What a client may ask: the documents' limits at their edges, and every way to ask wrongly. Nothing wrong reaches SecondMe.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Proxy};

async fn check(proxy: &Proxy, path: &str, body: Value, expected: Option<(u16, &str)>) {
    let answer = proxy.post(path, &body).await;
    match expected {
        None => assert_eq!(answer.status, 200, "{body} -> {}", answer.text),
        Some((status, sub_code)) => answer.assert_failure(status, sub_code),
    }
}

const INVALID: Option<(u16, &str)> = Some((400, "proxy.invalid_request"));

#[tokio::test]
async fn an_init_is_held_to_the_limits() {
    let (proxy, simulator) = Proxy::simulated().await;
    let check = async |body: Value, expected| check(&proxy, "/chat/init", body, expected).await;
    check(json!({"visitorId": "web_6ba7b810-9dad-11d1-80b4-00c04fd430c8"}), None).await;
    check(json!({"visitorId": "x".repeat(128)}), None).await;
    check(json!({"visitorId": "v", "visitorName": "名".repeat(200)}), None).await;
    check(json!({"visitorId": "v", "visitorName": null, "avatar": null, "sessionId": null}), None).await;
    check(json!({"visitorId": "v", "unknown": [1, 2, 3]}), None).await;
    let passed = simulator.control().observed().init_requests;

    check(json!({}), INVALID).await;
    check(json!([]), INVALID).await;
    check(json!("visitorId"), INVALID).await;
    check(json!({"visitorId": null}), INVALID).await;
    check(json!({"visitorId": 7}), INVALID).await;
    check(json!({"visitorId": ""}), INVALID).await;
    check(json!({"visitorId": "a b"}), INVALID).await;
    check(json!({"visitorId": "a.b"}), INVALID).await;
    check(json!({"visitorId": "naïve"}), INVALID).await;
    check(json!({"visitorId": "x".repeat(129)}), INVALID).await;
    check(json!({"visitorId": "v", "visitorName": "n".repeat(201)}), INVALID).await;
    check(json!({"visitorId": "v", "visitorName": 7}), INVALID).await;
    check(json!({"visitorId": "v", "sessionId": ""}), INVALID).await;
    check(json!({"visitorId": "v", "sessionId": "s".repeat(4097)}), INVALID).await;
    let foreign = Some((400, "proxy.session_invalid"));
    check(json!({"visitorId": "v", "sessionId": "6ff56704-0000-4000-8000-000000000000"}), foreign).await;
    let unknown = Some((404, "proxy.avatar_unknown"));
    check(json!({"visitorId": "v", "avatar": "sales"}), unknown).await;
    check(json!({"visitorId": "v", "avatar": ""}), unknown).await;
    assert_eq!(simulator.control().observed().init_requests, passed);
}

#[tokio::test]
async fn a_send_is_held_to_the_limits() {
    let (proxy, simulator) = Proxy::simulated().await;
    let session = proxy.init("web_1").await.data()["sessionId"].clone();
    let check = async |change: Value, expected| {
        let mut body = json!({"sessionId": session, "visitorId": "web_1", "message": "hello"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        check(&proxy, "/chat/send", body, expected).await;
    };
    check(json!({}), None).await;
    check(json!({"message": "x"}), None).await;
    check(json!({"message": " "}), None).await;
    check(json!({"message": "x".repeat(10_000)}), None).await;
    check(json!({"message": "😀".repeat(10_000)}), None).await;
    check(json!({"turn": 1}), None).await;
    let passed = simulator.control().observed().send_requests;

    check(json!({"message": "x".repeat(10_001)}), Some((400, "proxy.message_too_long"))).await;
    check(json!({"message": "名".repeat(10_001)}), Some((400, "proxy.message_too_long"))).await;
    check(json!({"message": ""}), INVALID).await;
    check(json!({"message": null}), INVALID).await;
    check(json!({"message": 7}), INVALID).await;
    check(json!({"sessionId": ""}), INVALID).await;
    check(json!({"sessionId": null}), INVALID).await;
    check(json!({"sessionId": "a\nb"}), INVALID).await;
    check(json!({"sessionId": "s".repeat(4097)}), INVALID).await;
    check(json!({"visitorId": ""}), INVALID).await;
    check(json!({"visitorId": "a b"}), INVALID).await;
    check(json!({"visitorId": null}), INVALID).await;
    assert_eq!(simulator.control().observed().send_requests, passed);
}

#[tokio::test]
async fn a_body_is_json_of_at_most_64_kib() {
    let (proxy, simulator) = Proxy::simulated().await;
    let check = async |kind: Option<&str>, body: String, status: u16| {
        let mut request = proxy.request(Method::POST, "/chat/init").header("sec-fetch-site", "same-origin").body(body);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        Answer::of(request).await.assert_failure(status, "proxy.invalid_request");
    };
    let valid = || json!({"visitorId": "v"}).to_string();
    check(None, valid(), 415).await;
    check(Some("text/plain"), valid(), 415).await;
    check(Some("application/x-www-form-urlencoded"), "visitorId=v".into(), 415).await;
    check(Some("application/json"), String::new(), 400).await;
    check(Some("application/json"), "{".into(), 400).await;
    check(Some("application/json"), "[".repeat(10_000), 400).await;
    check(Some("application/json"), json!({"visitorId": "v", "x": "x".repeat(65_536)}).to_string(), 413).await;
    assert_eq!(simulator.control().observed().init_requests, 0);
}

#[tokio::test]
async fn other_addresses_and_methods_fail_in_the_same_form() {
    let (proxy, _simulator) = Proxy::simulated().await;
    let check = async |method: Method, path: &str, status: u16| {
        let request = proxy.request(method, path).header("sec-fetch-site", "same-origin");
        Answer::of(request).await.assert_failure(status, "proxy.invalid_request");
    };
    check(Method::GET, "/chat/init", 405).await;
    check(Method::DELETE, "/chat/send", 405).await;
    check(Method::GET, "/chat", 404).await;
    check(Method::GET, "/chat/", 404).await;
    check(Method::GET, "/chat/nothing", 404).await;
    check(Method::POST, "/chat/nothing", 404).await;
    check(Method::POST, "/chat/init/", 404).await;
    check(Method::GET, "/", 404).await;
    check(Method::GET, "/api/secondme/visitor-chat/init", 404).await;
}

#[tokio::test]
async fn each_answer_has_an_id_of_the_proxys_own() {
    let (proxy, _simulator) = Proxy::simulated().await;
    let ask = async || {
        let request = proxy.request(Method::GET, "/healthz").header("x-request-id", "chosen-by-the-client");
        Answer::of(request).await.header("x-request-id").unwrap().to_owned()
    };
    let (first, second) = (ask().await, ask().await);
    assert_ne!(first, second);
    assert!(!format!("{first}{second}").contains("chosen"));
}

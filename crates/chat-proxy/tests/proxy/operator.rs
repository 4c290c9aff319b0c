//! What the operator's own programs are told, and that nobody else is told it.

use chat_proxy::{Server, Settings};
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, HandMade, Proxy, Reaction, settings_at};

async fn get(proxy: &Proxy, path: &str) -> Answer {
    Answer::of(proxy.request(Method::GET, path)).await
}

#[tokio::test]
async fn a_proxy_that_lives_is_ready() {
    let (proxy, _simulator) = Proxy::simulated().await;
    assert_eq!(get(&proxy, "/healthz").await.body(), json!({"status": "ok"}));
    let answer = get(&proxy, "/readyz").await;
    assert_eq!((answer.status.as_u16(), answer.body()), (200, json!({"status": "ready", "budget": "alone"})));
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
        Answer::of(proxy.request(Method::POST, path)).await.assert_failure(405, "proxy.invalid_request");
    }
}

#[tokio::test]
async fn metrics_tell_what_was_asked_and_nothing_of_who_asked() {
    let (proxy, _simulator) = Proxy::simulated().await;
    let session = proxy.session("web_private").await;
    let send = json!({"sessionId": session, "visitorId": "web_private", "message": "private"});
    assert_eq!(proxy.post("/chat/send", &send).await.status, 200);
    proxy.post("/chat/send", &json!({"sessionId": session})).await.assert_failure(400, "proxy.invalid_request");
    proxy.send(&session, "from another visitor").await.assert_failure(400, "proxy.session_invalid");
    proxy.post("/chat/private", &json!({})).await.assert_failure(404, "proxy.invalid_request");
    get(&proxy, "/private").await.assert_failure(404, "proxy.invalid_request");

    let answer = get(&proxy, "/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    for line in [
        r#"chat_proxy_requests_total{route="/chat/init",status="200"} 1"#,
        r#"chat_proxy_requests_total{route="/chat/send",status="200"} 1"#,
        r#"chat_proxy_requests_total{route="/chat/send",status="400"} 2"#,
        r#"chat_proxy_requests_total{route="none",status="404"} 2"#,
        r#"chat_proxy_refusals_total{reason="invalid_request"} 1"#,
        r#"chat_proxy_refusals_total{reason="session_invalid"} 1"#,
        r#"chat_proxy_refusals_total{reason="not_found"} 2"#,
        "chat_proxy_requests_in_flight 1",
        r#"chat_proxy_budget_left{avatar=""} 60"#,
        "chat_proxy_budget_shared 0.0",
        "# EOF",
    ] {
        assert!(answer.text.lines().any(|found| found == line), "{line} is not in\n{}", answer.text);
    }
    assert!(!answer.text.contains("private") && !answer.text.contains("sk-"), "{}", answer.text);
}

#[tokio::test]
async fn a_request_that_is_given_up_is_no_longer_under_way() {
    let secondme = HandMade::start(Reaction::Silence).await;
    let proxy = Proxy::start(settings_at(secondme.address)).await;
    let under_way = async || {
        let text = get(&proxy, "/metrics").await.text;
        let line =
            text.lines().find_map(|line| line.strip_prefix("chat_proxy_requests_in_flight ")).unwrap().to_owned();
        line.parse::<u32>().unwrap()
    };
    let both_under_way = async {
        while under_way().await < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = proxy.init("web_1") => panic!("SecondMe says nothing"),
        () = both_under_way => {}
    }
    while under_way().await > 1 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn metrics_are_not_for_what_comes_through_another_server() {
    let (proxy, _simulator) = Proxy::simulated().await;
    for (name, value) in
        [("x-forwarded-for", "127.0.0.1"), ("x-real-ip", "::1"), ("forwarded", "for=127.0.0.1"), ("via", "1.1 shop")]
    {
        let request = proxy.request(Method::GET, "/metrics").header(name, value);
        Answer::of(request).await.assert_failure(404, "proxy.invalid_request");
    }
}

#[tokio::test]
async fn metrics_can_have_an_address_of_their_own() {
    let settings = Settings { metrics_listen: Some("127.0.0.1:0".into()), ..settings_at(([127, 0, 0, 1], 1).into()) };
    let server = Server::bind(settings.into_config().unwrap()).await.unwrap();
    let apart = server.metrics_address().unwrap();
    let proxy = Proxy::run(server);
    get(&proxy, "/metrics").await.assert_failure(404, "proxy.invalid_request");
    let ask = async |path: &str| proxy.client.get(format!("http://{apart}{path}")).send().await.unwrap();
    assert_eq!(ask("/metrics").await.status(), 200);
    assert_eq!(ask("/healthz").await.status(), 404);
    assert_eq!(ask("/chat/init").await.status(), 404);
    let taken = Settings { metrics_listen: Some(apart.to_string()), ..settings_at(([127, 0, 0, 1], 1).into()) };
    let error = Server::bind(taken.into_config().unwrap()).await.err().unwrap().to_string();
    assert!(error.starts_with("CHAT_PROXY_METRICS_LISTEN names 127.0.0.1:"), "{error}");
}

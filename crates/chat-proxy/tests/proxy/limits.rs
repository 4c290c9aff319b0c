//! What one client may do: limits by address and by visitor, requests at once, and a client that takes its time.

use std::time::Duration;

use chat_proxy::{Server, Settings};
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Answer, HandMade, Proxy, Reaction, quick, settings_at, settings_for};

async fn limited(change: impl FnOnce(Settings) -> Settings) -> (Proxy, secondme_sim::Simulator) {
    let simulator = secondme_sim::Simulator::start(quick()).await.unwrap();
    (Proxy::start(change(settings_for(&simulator))).await, simulator)
}

/// An init as it comes through the site's own servers, with what they say of the client.
async fn init_from(proxy: &Proxy, forwarded: &str, visitor: &str) -> Answer {
    let request = proxy.request(Method::POST, "/chat/init").header("sec-fetch-site", "same-origin");
    Answer::of(request.header("x-forwarded-for", forwarded).json(&json!({"visitorId": visitor}))).await
}

fn assert_limited(answer: &Answer, reason: &str) {
    answer.assert_failure(429, "proxy.rate_limited");
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert!(answer.text.contains(reason), "{}", answer.text);
}

#[tokio::test]
async fn an_address_may_make_so_many_calls() {
    let (proxy, simulator) = limited(|all| Settings { address_limit: Some("3".into()), ..all }).await;
    for visitor in ["web_1", "web_2", "web_3"] {
        assert_eq!(proxy.init(visitor).await.status, 200);
    }
    assert_limited(&proxy.init("web_4").await, "from this address");
    // Without trust in the peer, nobody becomes somebody else by a header.
    assert_limited(&init_from(&proxy, "203.0.113.9", "web_5").await, "from this address");
    assert_eq!(simulator.control().observed().init_requests, 3);
    assert_eq!(Answer::of(proxy.request(Method::GET, "/healthz")).await.status, 200);
}

#[tokio::test]
async fn behind_the_sites_own_server_each_client_counts() {
    let trusted = |all| Settings {
        address_limit: Some("1".into()),
        trusted_proxies: Some(vec!["127.0.0.0/8".into(), "10.0.0.1".into()]),
        ..all
    };
    let (proxy, _simulator) = limited(trusted).await;
    assert_eq!(init_from(&proxy, "203.0.113.9", "web_1").await.status, 200);
    assert_limited(&init_from(&proxy, "203.0.113.9", "web_2").await, "from this address");
    assert_limited(&init_from(&proxy, "198.51.100.1, 203.0.113.9, 10.0.0.1", "web_3").await, "from this address");
    assert_eq!(init_from(&proxy, "203.0.113.10", "web_4").await.status, 200);
    assert_eq!(init_from(&proxy, "2001:db8::1", "web_5").await.status, 200);
    assert_limited(&init_from(&proxy, "2001:db8::2", "web_6").await, "from this address");
    assert_eq!(init_from(&proxy, "nonsense", "web_7").await.status, 200);
    assert_limited(&proxy.init("web_8").await, "from this address");
}

#[tokio::test]
async fn a_visitor_may_make_so_many_calls() {
    let (proxy, _simulator) = limited(|all| Settings { visitor_limit: Some("2".into()), ..all }).await;
    let session = proxy.session("web_1").await;
    assert_eq!(proxy.send(&session, "hello").await.status, 200);
    assert_limited(&proxy.send(&session, "hello").await, "This visitor");
    assert_limited(&proxy.init("web_1").await, "This visitor");
    assert_eq!(proxy.init("web_2").await.status, 200);
}

#[tokio::test]
async fn zero_is_no_limit() {
    let none = |all| Settings { address_limit: Some("0".into()), visitor_limit: Some("0".into()), ..all };
    let (proxy, _simulator) = limited(none).await;
    // More than the default for a visitor.
    for _ in 0..70 {
        assert_eq!(proxy.init("web_1").await.status, 200);
    }
}

#[tokio::test]
async fn another_sites_page_can_read_that_it_is_limited() {
    let origin = "https://shop.example";
    let (proxy, _simulator) =
        limited(|all| Settings { address_limit: Some("1".into()), allowed_origins: Some(vec![origin.into()]), ..all })
            .await;
    assert_eq!(proxy.init("web_1").await.status, 200);
    let request =
        proxy.request(Method::POST, "/chat/init").header("origin", origin).json(&json!({"visitorId": "web_1"}));
    let answer = Answer::of(request).await;
    assert_limited(&answer, "from this address");
    assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
    assert_eq!(answer.header("access-control-expose-headers"), Some("retry-after"));
}

#[tokio::test]
async fn so_many_requests_are_under_way_at_once() {
    let secondme = HandMade::start(Reaction::Silence).await;
    let proxy = Proxy::start(Settings { max_requests: Some("1".into()), ..settings_at(secondme.address) }).await;
    let under_way = proxy.init("web_1");
    let others = async {
        while secondme.count() < 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        proxy.init("web_2").await.assert_failure(503, "proxy.overloaded");
        assert_eq!(Answer::of(proxy.request(Method::GET, "/healthz")).await.status, 200);
    };
    tokio::select! {
        _ = under_way => panic!("SecondMe says nothing"),
        () = others => {}
    }
    // The first client has hung up, and its place is free again.
    loop {
        let second = tokio::time::timeout(Duration::from_millis(200), proxy.init("web_3")).await;
        if second.is_err() {
            break;
        }
    }
    assert_eq!(secondme.count(), 2);
}

#[tokio::test]
async fn a_client_that_never_ends_its_headers_is_hung_up_on() {
    let mut config = settings_at(([127, 0, 0, 1], 1).into()).into_config().unwrap();
    config.limits.header_timeout = Duration::from_millis(100);
    let proxy = Proxy::run(Server::bind(config).await.unwrap());
    let mut client = TcpStream::connect(proxy.address).await.unwrap();
    client.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.unwrap();
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
    assert_eq!(Answer::of(proxy.request(Method::GET, "/healthz")).await.status, 200);
}

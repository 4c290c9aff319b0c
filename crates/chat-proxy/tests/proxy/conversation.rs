//! The main job: a visitor opens the chat, sends, and the avatar's words arrive on the socket the proxy named.

use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;

use crate::support::Proxy;

#[tokio::test]
async fn a_message_is_answered_over_the_socket() {
    let (proxy, simulator) = Proxy::simulated().await;
    let answer =
        proxy.post("/chat/init", &json!({"visitorId": "web_1", "visitorName": "Zoë", "later": {"field": 1}})).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let session = answer.data();
    assert_eq!(session["avatarName"], simulator.settings().avatar_name);
    assert_eq!(session["opening"].as_str(), simulator.settings().opening.as_deref());

    let (mut socket, _) = connect_async(session["wsUrl"].as_str().unwrap()).await.unwrap();
    let sent = proxy.send(session["sessionId"].as_str().unwrap(), "Hello, 你好?").await;
    assert_eq!(sent.data(), json!({"sent": true}));

    let mut reply = String::new();
    loop {
        let frame: Value = serde_json::from_str(socket.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
        reply.push_str(frame["multipleData"][0]["modal"]["answer"].as_str().unwrap_or_default());
        if frame["index"] == -1 {
            break;
        }
    }
    assert_eq!(reply, secondme_sim::reply_to("Hello, 你好?", &simulator.settings().avatar_name));

    let observed = simulator.control().observed();
    assert_eq!(observed.sessions[0].messages, ["Hello, 你好?"]);
    assert_eq!(observed.sessions[0].visitor_name.as_deref(), Some("Zoë"));
    assert_eq!(observed.token_requests, 1);
}

#[tokio::test]
async fn the_same_visitor_finds_the_same_session() {
    let (proxy, simulator) = Proxy::simulated().await;
    for (visitor, sessions) in [("web_1", 1), ("web_1", 1), ("web_2", 2)] {
        proxy.session(visitor).await;
        assert_eq!(simulator.control().observed().sessions.len(), sessions);
    }
}

#[tokio::test]
async fn an_avatar_without_a_greeting_is_passed_on_as_null() {
    let simulator = secondme_sim::Simulator::start(secondme_sim::Settings { opening: None, ..crate::support::quick() });
    let simulator = simulator.await.unwrap();
    let proxy = Proxy::start(crate::support::settings_for(&simulator)).await;
    let data = proxy.init("web_1").await.data();
    assert_eq!(data.get("opening"), Some(&Value::Null));
}

#[tokio::test]
async fn the_proxy_says_that_it_lives_without_secondme() {
    let nobody = crate::support::settings_at(([127, 0, 0, 1], 1).into());
    let proxy = Proxy::start(nobody).await;
    let answer = crate::support::Answer::of(proxy.request(reqwest::Method::GET, "/healthz")).await;
    assert_eq!((answer.status.as_u16(), answer.body()), (200, json!({"status": "ok"})));
}

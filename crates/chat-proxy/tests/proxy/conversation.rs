//! The main job: a visitor opens the chat, sends, and the avatar's words arrive on the socket the proxy named.

use secondme_sim::Simulator;
use serde_json::{Value, json};

use crate::support::{APIS, Answer, Api, Proxy, Socket, quick, settings_at, settings_by};

#[tokio::test]
async fn a_message_is_answered_over_the_socket() {
    for api in APIS {
        check_conversation(api).await;
    }
}

async fn check_conversation(api: Api) {
    let (proxy, simulator) = Proxy::simulated_by(api).await;
    let answer =
        proxy.post("/chat/init", &json!({"visitorId": "web_1", "visitorName": "Zoë", "later": {"field": 1}})).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let session = answer.data();
    assert_eq!(session["avatarName"], simulator.settings().avatar_name);
    assert_eq!(session["opening"].as_str(), simulator.settings().opening.as_deref());

    let mut socket = Socket::open(&session).await;
    let sent = proxy.send(session["sessionId"].as_str().unwrap(), "Hello, 你好?").await;
    assert_eq!(sent.data(), json!({"sent": true}));

    assert_eq!(socket.reply().await, secondme_sim::reply_to("Hello, 你好?", &simulator.settings().avatar_name));

    let observed = simulator.control().observed();
    assert_eq!(observed.sessions[0].messages, ["Hello, 你好?"]);
    assert_eq!(observed.sessions[0].visitor_name.as_deref(), Some("Zoë"));
    assert_eq!(observed.token_requests, 1);
}

#[tokio::test]
async fn the_same_visitor_goes_on_with_the_same_session() {
    for api in APIS {
        let (proxy, simulator) = Proxy::simulated_by(api).await;
        let first = proxy.session("web_1").await;
        for (visitor, session, sessions) in [("web_1", Some(first), 1), ("web_2", None, 2)] {
            let body = json!({"visitorId": visitor, "sessionId": session});
            proxy.post("/chat/init", &body).await.data();
            assert_eq!(simulator.control().observed().sessions.len(), sessions, "{api:?}");
        }
    }
}

/// An init without a session begins one where a visitor can have several.
#[tokio::test]
async fn a_new_conversation_is_asked_for() {
    for (api, sessions) in [(Api::VisitorChat, 1), (Api::AvatarHub, 2)] {
        let (proxy, simulator) = Proxy::simulated_by(api).await;
        proxy.session("web_1").await;
        proxy.session("web_1").await;
        assert_eq!(simulator.control().observed().sessions.len(), sessions, "{api:?}");
    }
}

#[tokio::test]
async fn an_avatar_without_a_greeting_is_passed_on_as_null() {
    for api in APIS {
        let simulator = Simulator::start(secondme_sim::Settings { opening: None, ..quick() }).await.unwrap();
        let proxy = Proxy::start(settings_by(api, &simulator)).await;
        let data = proxy.init("web_1").await.data();
        assert_eq!(data.get("opening"), Some(&Value::Null), "{api:?}");
    }
}

#[tokio::test]
async fn the_proxy_says_that_it_lives_without_secondme() {
    let nobody = settings_at(([127, 0, 0, 1], 1).into());
    let proxy = Proxy::start(nobody).await;
    let answer = Answer::of(proxy.request(reqwest::Method::GET, "/healthz")).await;
    assert_eq!((answer.status.as_u16(), answer.body()), (200, json!({"status": "ok"})));
}

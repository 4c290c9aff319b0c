//! The widget's `sessionId`: whatever is not this visitor's, this API's and as it was sealed is refused, by both calls.

use chat_proxy::Settings;
use secondme_sim::Simulator;
use serde_json::json;

use crate::support::{APIS, Answer, Api, Proxy, quick, settings_by};

/// Has both calls meet the session.
async fn check(proxy: &Proxy, visitor: &str, session: &str) {
    let init: Answer = proxy.post("/chat/init", &json!({"visitorId": visitor, "sessionId": session})).await;
    init.assert_failure(400, "proxy.session_invalid");
    let message = json!({"sessionId": session, "visitorId": visitor, "message": "hello"});
    proxy.post("/chat/send", &message).await.assert_failure(400, "proxy.session_invalid");
}

#[tokio::test]
async fn a_session_that_is_not_the_visitors_own_is_refused() {
    for api in APIS {
        let (proxy, simulator) = Proxy::simulated_by(api).await;
        let session = proxy.session("web_1").await;
        let observed = simulator.control().observed();

        check(&proxy, "web_2", &session).await;
        check(&proxy, "web_1", &session[..session.len() - 1]).await;
        check(&proxy, "web_1", &format!("{session}A")).await;
        check(&proxy, "web_1", &observed.sessions[0].session_id).await;
        check(&proxy, "web_1", "x").await;
        for place in [0, 1, session.len() / 2, session.len() - 2] {
            let other = if &session[place..=place] == "A" { "B" } else { "A" };
            check(&proxy, "web_1", &format!("{}{other}{}", &session[..place], &session[place + 1..])).await;
        }
        assert_eq!(simulator.control().observed(), observed, "{api:?}: nothing of it reaches SecondMe");
        proxy.send(&session, "hello").await.data();
    }
}

#[tokio::test]
async fn a_session_sealed_with_another_key_is_refused() {
    for api in APIS {
        let simulator = Simulator::start(quick()).await.unwrap();
        let other = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
        let settings = Settings { session_key: Some(other.to_owned().into()), ..settings_by(api, &simulator) };
        let session = Proxy::start(settings).await.session("web_1").await;
        check(&Proxy::start(settings_by(api, &simulator)).await, "web_1", &session).await;
    }
}

#[tokio::test]
async fn a_session_of_the_other_api_is_refused() {
    for (from, to) in [(Api::VisitorChat, Api::AvatarHub), (Api::AvatarHub, Api::VisitorChat)] {
        let simulator = Simulator::start(quick()).await.unwrap();
        let session = Proxy::start(settings_by(from, &simulator)).await.session("web_1").await;
        check(&Proxy::start(settings_by(to, &simulator)).await, "web_1", &session).await;
    }
}

#[tokio::test]
async fn nothing_of_a_session_can_be_read() {
    use base64::Engine;
    for api in APIS {
        let (proxy, simulator) = Proxy::simulated_by(api).await;
        let session = proxy.session("web_1").await;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&session).unwrap();
        let observed = simulator.control().observed();
        let inside = [&observed.sessions[0].session_id, &observed.app_tokens_issued[0], "web_1"];
        for text in inside {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
        }
    }
}

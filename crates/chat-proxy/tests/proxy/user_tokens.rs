//! A page that has its visitor's token of SecondMe: the proxy passes it on, and keeps it nowhere.

use axum::http::HeaderMap;
use chat_proxy::Settings;
use secondme_sim::{Simulator, TokenRefusal};
use serde_json::{Value, json};

use crate::support::{Answer, HandMade, Proxy, Reaction, quick, settings_at, settings_for};

async fn init(proxy: &Proxy, token: &str) -> Answer {
    proxy.post("/chat/init", &json!({"visitorId": "web_1", "visitorName": "Page", "userToken": token})).await
}

async fn send(proxy: &Proxy, session: &Value, token: &str) -> Answer {
    let body = json!({"sessionId": session, "visitorId": "web_1", "message": "hello", "userToken": token});
    proxy.post("/chat/send", &body).await
}

#[tokio::test]
async fn a_user_talks_in_their_own_name() {
    let (proxy, simulator) = Proxy::simulated().await;
    let token = simulator.control().sign_in("ada").unwrap();
    let data = init(&proxy, &token).await.data();
    assert_eq!(data.get("signedIn"), None, "the proxy has nothing to sign out of");
    assert_eq!(send(&proxy, &data["sessionId"], &token).await.data(), json!({"sent": true}));
    let observed = simulator.control().observed();
    let session = &observed.sessions[0];
    assert_eq!((session.user_id.as_deref(), session.messages.as_slice()), (Some("ada"), &["hello".to_owned()][..]));
    assert_eq!(observed.token_requests, 0, "the app has no part in it");
}

#[tokio::test]
async fn secondme_is_told_nothing_else_of_a_user() {
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let secondme = axum::Router::new().fallback(async move |headers: HeaderMap, body: String| {
        told.send((headers["authorization"].clone(), body)).unwrap();
        json!({"code": 0, "data": {"sessionId": "s", "wsUrl": "wss://x.example/ws", "avatarName": "Mira"}}).to_string()
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = Proxy::start(settings_at(listener.local_addr().unwrap())).await;
    tokio::spawn(axum::serve(listener, secondme).into_future());

    init(&proxy, "lba_at_user").await.data();
    let (authorization, body) = heard.recv().await.unwrap();
    assert_eq!(authorization, "Bearer lba_at_user");
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), json!({"apiKey": "sk-a-key"}));
}

#[tokio::test]
async fn the_token_is_needed_for_each_message() {
    let (proxy, simulator) = Proxy::simulated().await;
    let token = simulator.control().sign_in("ada").unwrap();
    let session = init(&proxy, &token).await.data()["sessionId"].clone();
    proxy.send(session.as_str().unwrap(), "hello").await.assert_failure(401, "proxy.login_required");
    assert_eq!(simulator.control().observed().send_requests, 0);
}

#[tokio::test]
async fn a_token_that_secondme_refuses_is_refused_and_the_app_does_not_step_in() {
    for refusal in [TokenRefusal::Envelope, TokenRefusal::Detail] {
        let (proxy, simulator) = Proxy::simulated().await;
        let control = simulator.control();
        control.set_token_refusal(refusal);
        let forged = init(&proxy, "lba_at_forged").await;
        forged.assert_failure(401, "proxy.identity_invalid");
        assert!(!forged.text.contains("lba_at_forged"), "{}", forged.text);

        let token = control.sign_in("ada").unwrap();
        let session = init(&proxy, &token).await.data()["sessionId"].clone();
        control.expire_user_tokens();
        init(&proxy, &token).await.assert_failure(401, "proxy.identity_invalid");
        send(&proxy, &session, &token).await.assert_failure(401, "proxy.identity_invalid");

        let token = control.sign_in("bo").unwrap();
        control.revoke_user("bo").unwrap();
        init(&proxy, &token).await.assert_failure(401, "proxy.identity_invalid");

        let observed = control.observed();
        assert_eq!((observed.token_requests, observed.init_requests, observed.send_requests), (0, 4, 1));
    }
}

#[tokio::test]
async fn what_can_not_be_a_token_does_not_reach_secondme() {
    let (proxy, simulator) = Proxy::simulated().await;
    for token in ["", " ", "a b", "a\r\nX-Header: b", "ä", "a\u{0}", &"a".repeat(4097)] {
        init(&proxy, token).await.assert_failure(401, "proxy.identity_invalid");
    }
    init(&proxy, &"a".repeat(4096)).await.assert_failure(401, "proxy.identity_invalid");
    assert_eq!(simulator.control().observed().init_requests, 1, "only the last one might have been a token");
}

#[tokio::test]
async fn a_conversation_of_one_kind_is_of_no_use_to_another() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let proxy = Proxy::start(settings_for(&simulator)).await;
    let (ada, bo) = (simulator.control().sign_in("ada").unwrap(), simulator.control().sign_in("bo").unwrap());
    let anonymous = json!(proxy.session("web_1").await);
    let adas = init(&proxy, &ada).await.data()["sessionId"].clone();

    send(&proxy, &anonymous, &ada).await.assert_failure(400, "proxy.session_invalid");
    // SecondMe itself knows which user a conversation belongs to.
    send(&proxy, &adas, &bo).await.assert_failure(400, "visitor_chat.session_not_found");
    let sessions = simulator.control().observed().sessions;
    assert!(sessions.iter().all(|session| session.messages.is_empty()), "{sessions:?}");

    // To open one's own with the other's in hand is no mistake: that is how one signs in.
    let body = json!({"visitorId": "web_1", "sessionId": anonymous, "userToken": ada});
    let opened = proxy.post("/chat/init", &body).await.data()["sessionId"].clone();
    send(&proxy, &opened, &ada).await.data();
    assert_eq!(simulator.control().observed().sessions[1].messages, ["hello"]);
}

#[tokio::test]
async fn a_user_is_known_where_identity_is_required() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let settings = Settings { require_identity: Some("true".into()), ..settings_for(&simulator) };
    let proxy = Proxy::start(settings).await;
    proxy.init("web_1").await.assert_failure(401, "proxy.login_required");
    let token = simulator.control().sign_in("ada").unwrap();
    let session = init(&proxy, &token).await.data()["sessionId"].clone();
    send(&proxy, &session, &token).await.data();
}

#[tokio::test]
async fn a_refusal_that_is_not_about_the_token_says_so() {
    let refused = json!({"code": 401, "message": "m", "subCode": "open.api.key.not.found"}).to_string();
    let hand_made = HandMade::start(Reaction::Answer(401, refused)).await;
    let proxy = Proxy::start(settings_at(hand_made.address)).await;
    init(&proxy, "lba_at_user").await.assert_failure(401, "open.api.key.not.found");
    assert_eq!(hand_made.count(), 1);
}

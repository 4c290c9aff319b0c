//! What a conversation takes later: another socket, another token, or a conversation of its own.

use chat_proxy::Settings;
use reqwest::Method;
use secondme_sim::{AvatarAddition, HubObserved, Operation, PlannedRefusal, Simulator, TokenRefusal};
use serde_json::{Value, json};

use super::{AUTH, MESSAGE_SEND, WS_CREATE, documented, step, steps_of};
use crate::hand_made::{HandMade, Reaction};
use crate::support::{Answer, Api, Proxy, a_session_by, quick, settings_at_by, settings_by};

/// How often `auth`, the four steps of a new conversation, `ws/create` and `message/send` were asked.
fn counts(simulator: &Simulator) -> (u64, [u64; 4], u64, u64) {
    let HubObserved { auth, chat_init, session_create, avatar_public, chat_start, ws_create, message_send, .. } =
        simulator.control().observed().hub;
    (auth, [chat_init, session_create, avatar_public, chat_start], ws_create, message_send)
}

async fn init_again(proxy: &Proxy, session: &Value) -> Value {
    proxy.post("/chat/init", &json!({"visitorId": "web_1", "sessionId": session})).await.data()
}

async fn send(proxy: &Proxy, session: &Value, message: &str) -> Answer {
    proxy.send(session.as_str().unwrap(), message).await
}

#[tokio::test]
async fn a_conversation_that_goes_on_costs_one_request() {
    let settings = secondme_sim::Settings {
        starters: vec!["Prices?".into()],
        owner_image: Some("https://cdn.example/owner.png".into()),
        ..quick()
    };
    let simulator = Simulator::start(settings).await.unwrap();
    let proxy = Proxy::start(settings_by(Api::AvatarHub, &simulator)).await;
    let first = proxy.init("web_1").await.data();
    assert_eq!(counts(&simulator), (1, [1; 4], 1, 0));
    let second = init_again(&proxy, &first["sessionId"]).await;
    let third = init_again(&proxy, &second["sessionId"]).await;
    assert_eq!(counts(&simulator), (1, [1; 4], 3, 0));
    assert_eq!(first["opening"].as_str(), simulator.settings().opening.as_deref());
    for later in [&second, &third] {
        assert_ne!(later["wsUrl"], first["wsUrl"]);
        assert_ne!(later["heartbeat"]["wsId"], first["heartbeat"]["wsId"]);
        assert_eq!(later["opening"], Value::Null, "the greeting came already");
        for same in ["avatarName", "visitorUserId", "starters", "avatarImage"] {
            assert!(!first[same].is_null());
            assert_eq!(later[same], first[same], "{same}");
        }
    }
    send(&proxy, &third["sessionId"], "hello").await.data();
    let sessions = simulator.control().observed().sessions;
    assert_eq!((sessions.len(), &sessions[0].messages[..]), (1, &["hello".to_owned()][..]));
    assert!(sessions[0].owner_is_member && sessions[0].visible_to_owner && !sessions[0].persona_lost);
}

#[tokio::test]
async fn a_refused_token_is_replaced() {
    for refusal in [TokenRefusal::Envelope, TokenRefusal::Detail] {
        let (proxy, simulator) = Proxy::simulated_by(Api::AvatarHub).await;
        let control = simulator.control();
        control.set_token_refusal(refusal);
        let session = proxy.init("web_1").await.data()["sessionId"].clone();
        control.expire_tokens();
        send(&proxy, &session, "one").await.data();
        assert_eq!(counts(&simulator), (2, [1; 4], 1, 2), "the message is sent once more, with a new token");
        // The sealed token is the old one still, until an init brings another.
        let session = init_again(&proxy, &session).await["sessionId"].clone();
        assert_eq!(counts(&simulator), (3, [1; 4], 3, 2));
        send(&proxy, &session, "two").await.data();
        assert_eq!(counts(&simulator), (3, [1; 4], 3, 3));
        let sessions = control.observed().sessions;
        assert_eq!((sessions.len(), &sessions[0].messages[..]), (1, &["one".to_owned(), "two".to_owned()][..]));
    }
}

/// The same ids, so that a message which was taken after all can be known as the same.
#[tokio::test]
async fn a_message_with_a_new_token_is_the_same_message() {
    let refused = |request: &crate::hand_made::Request| request.header("token") == Some("bb857435f640c8b2");
    let secondme = HandMade::reacting(move |request| match step(request) {
        MESSAGE_SEND if !refused(request) => Reaction::Answer(401, json!({"detail": "no"}).to_string()),
        _ => documented(request),
    });
    let secondme = secondme.await;
    let proxy = Proxy::start(settings_at_by(Api::AvatarHub, secondme.address)).await;
    // The session is another SecondMe's, and so is its token; its visitor is not known here.
    let foreign = a_session_by(Api::AvatarHub).await;
    proxy.send(&foreign, "hello").await.assert_failure(400, "proxy.session_invalid");
    assert_eq!(steps_of(&secondme), [MESSAGE_SEND, AUTH], "a message is not sent in another visitor's name");

    let session = proxy.session("web_1").await;
    let refusing = HandMade::reacting(move |request| match step(request) {
        MESSAGE_SEND if refused(request) => Reaction::Answer(401, json!({"detail": "no"}).to_string()),
        AUTH => {
            let Reaction::Answer(status, body) = documented(request) else { panic!("auth has an answer") };
            Reaction::Answer(status, body.replace("bb857435f640c8b2", "another-token"))
        }
        _ => documented(request),
    });
    let refusing = refusing.await;
    let proxy = Proxy::start(settings_at_by(Api::AvatarHub, refusing.address)).await;
    proxy.send(&session, "hello").await.data();
    assert_eq!(steps_of(&refusing), [MESSAGE_SEND, AUTH, MESSAGE_SEND]);
    let requests = refusing.requests();
    assert_eq!(requests[0].json(), requests[2].json());
    assert_eq!(requests[2].header("token"), Some("another-token"));
}

#[tokio::test]
async fn a_conversation_that_is_gone_is_said_in_the_widgets_words() {
    let (proxy, simulator) = Proxy::simulated_by(Api::AvatarHub).await;
    let control = simulator.control();
    for round in 1..=2 {
        let session = proxy.init("web_1").await.data()["sessionId"].clone();
        send(&proxy, &session, "hello").await.data();
        if round == 1 {
            control.expire_sessions();
        } else {
            control.forget_sessions();
        }
        send(&proxy, &session, "again").await.assert_failure(400, "proxy.session_invalid");
    }
    let session = proxy.init("web_1").await.data()["sessionId"].clone();
    let refusal = PlannedRefusal { status: 403, sub_code: Some("session.not.member".into()), retry_after: None };
    control.refuse_next(Operation::Send, 1, refusal);
    send(&proxy, &session, "hello").await.assert_failure(400, "proxy.session_invalid");
    let session = proxy.init("web_1").await.data()["sessionId"].clone();
    send(&proxy, &session, "hello").await.data();
    assert_eq!(counts(&simulator).1, [4; 4], "each new conversation has a context of its own");
}

#[tokio::test]
async fn an_init_that_is_refused_as_no_member_says_so() {
    let body = json!({"code": 403, "subCode": "session.not.member", "message": "no"}).to_string();
    for status in [403, 200] {
        let body = body.clone();
        let secondme = HandMade::reacting(move |request| match step(request) {
            super::CHAT_START => Reaction::Answer(status, body.clone()),
            _ => documented(request),
        });
        let proxy = Proxy::start(settings_at_by(Api::AvatarHub, secondme.await.address)).await;
        proxy.init("web_1").await.assert_failure(403, "session.not.member");
    }
}

#[tokio::test]
async fn an_unauthorized_message_is_tried_with_a_new_token_and_then_told() {
    let body = json!({"code": 401, "subCode": "open.api.unauthorized", "message": "no"}).to_string();
    let secondme = HandMade::start(Reaction::Answer(200, body)).await;
    let proxy = Proxy::start(settings_at_by(Api::AvatarHub, secondme.address)).await;
    proxy.init("web_1").await.assert_failure(401, "open.api.unauthorized");
    assert_eq!(steps_of(&secondme), [AUTH]);
    proxy.send(&a_session_by(Api::AvatarHub).await, "hello").await.assert_failure(401, "open.api.unauthorized");
    assert_eq!(steps_of(&secondme), [AUTH, MESSAGE_SEND, AUTH]);
}

#[tokio::test]
async fn a_refused_key_is_not_asked_with_for_ever() {
    let (proxy, simulator) = Proxy::simulated_by(Api::AvatarHub).await;
    let session = proxy.init("web_1").await.data()["sessionId"].clone();
    let check = async |status: u16, sub_code: &str| {
        proxy.init("web_2").await.assert_failure(status, sub_code);
        send(&proxy, &session, "hello").await.assert_failure(status, sub_code);
        let again = json!({"visitorId": "web_1", "sessionId": session});
        proxy.post("/chat/init", &again).await.assert_failure(status, sub_code);
    };
    simulator.control().disable_key(&simulator.settings().api_key).unwrap();
    check(403, "open.api.key.disabled").await;
    simulator.control().remove_avatar(&simulator.settings().api_key).unwrap();
    check(404, "open.api.avatar.not.found").await;
    assert!(counts(&simulator).0 < 10);
}

#[tokio::test]
async fn the_keys_limit_is_passed_on_with_its_wait() {
    let simulator = Simulator::start(secondme_sim::Settings { rate_limit: 6, ..quick() }).await.unwrap();
    let proxy = Proxy::start(settings_by(Api::AvatarHub, &simulator)).await;
    let session = proxy.session("web_1").await;
    proxy.send(&session, "hello").await.assert_failure(429, "open.api.rate.limited");
    // From then on the proxy knows, and does not ask.
    proxy.init("web_2").await.assert_failure(429, "proxy.rate_limited");
    assert_eq!(simulator.control().observed().hub.rate_limited, 1);
}

/// A key may be exchanged for another one of the same avatar, or for another avatar's.
#[tokio::test]
async fn another_key_is_another_conversation_only_if_it_is_another_avatars() {
    let secondme = HandMade::reacting(documented).await;
    let with_key = |key: &str| Settings {
        secondme_api_key: Some(key.to_owned().into()),
        ..settings_at_by(Api::AvatarHub, secondme.address)
    };
    let proxy = Proxy::start(with_key("sk-old")).await;
    let session = proxy.init("web_1").await.data()["sessionId"].clone();
    let proxy = Proxy::start(with_key("sk-new")).await;
    send(&proxy, &session, "hello").await.data();
    assert_eq!(steps_of(&secondme)[6..], [AUTH, MESSAGE_SEND], "the same visitor, the same conversation");
    let renewed = init_again(&proxy, &session).await["sessionId"].clone();
    send(&proxy, &renewed, "hello").await.data();
    assert_eq!(steps_of(&secondme)[8..], [AUTH, WS_CREATE, MESSAGE_SEND]);

    let simulator = Simulator::start(quick()).await.unwrap();
    let proxy = Proxy::start(settings_by(Api::AvatarHub, &simulator)).await;
    let session = proxy.init("web_1").await.data()["sessionId"].clone();
    simulator.control().add_avatar(AvatarAddition {
        api_key: "sk-another".into(),
        avatar_name: "Noa".into(),
        opening: Some("I'm Noa.".into()),
        starters: Vec::new(),
        owner_image: None,
    });
    let settings = settings_by(Api::AvatarHub, &simulator);
    let proxy = Proxy::start(Settings { secondme_api_key: Some("sk-another".to_owned().into()), ..settings }).await;
    send(&proxy, &session, "hello").await.assert_failure(400, "proxy.session_invalid");
    let opened = init_again(&proxy, &session).await;
    assert_eq!((&opened["avatarName"], &opened["opening"]), (&json!("Noa"), &json!("I'm Noa.")));
    assert_eq!(counts(&simulator), (3, [2; 4], 2, 0));
}

/// The budget is really asked before SecondMe is, and the operator sees what was asked and what is left.
#[tokio::test]
async fn the_proxy_keeps_within_the_budget_of_a_key() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let (budget, budget_wait) = (Some("10".into()), Some("0".into()));
    let proxy = Proxy::start(Settings { budget, budget_wait, ..settings_by(Api::AvatarHub, &simulator) }).await;
    let session = proxy.session("web_1").await;
    proxy.init("web_2").await.assert_failure(429, "proxy.rate_limited");
    for _ in 0..4 {
        assert_eq!(proxy.send(&session, "hello").await.status, 200);
    }
    proxy.send(&session, "hello").await.assert_failure(429, "proxy.rate_limited");
    let hub = simulator.control().observed().hub;
    assert_eq!((hub.auth, hub.session_create, hub.message_send, hub.rate_limited), (1, 1, 4, 0));

    let metrics = Answer::of(proxy.request(Method::GET, "/metrics")).await.text;
    for line in [
        r#"chat_proxy_budget_left{avatar=""} 0"#,
        r#"chat_proxy_upstream_seconds_count{call="auth",outcome="success"} 1"#,
        r#"chat_proxy_upstream_seconds_count{call="general/message/send",outcome="success"} 4"#,
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is not in\n{metrics}");
    }
}

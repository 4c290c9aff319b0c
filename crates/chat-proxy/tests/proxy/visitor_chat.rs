//! Visitor Chat as SecondMe sees it: method, address, headers and every parameter of each request, and what becomes of each
//! field of the answers.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::hand_made::{HandMade, Reaction, Request};
use crate::support::{Api, Proxy, settings_at_by};

const TOKEN: &str = "/base/api/oauth/token/client";
const INIT: &str = "/base/api/secondme/visitor-chat/init";
const SEND: &str = "/base/api/secondme/visitor-chat/send";

const WS_URL: &str = "wss://ws.example/os/ws?wsId=ws%3A1&authBody=a%2Bb%3D%3D";

/// What the document answers to each request.
fn documented(request: &Request) -> Reaction {
    Reaction::data(&match request.path.as_str() {
        TOKEN => {
            json!({"accessToken": "lba_at_1", "tokenType": "Bearer", "expiresIn": 604_800, "scope": ["chat.write"]})
        }
        INIT => json!({"sessionId": "6ff56704", "wsUrl": WS_URL, "avatarName": "My Avatar", "opening": "Hello!"}),
        SEND => json!({"sent": true}),
        other => panic!("{other} is in no document"),
    })
}

/// Grants a token of its own each time, which says this of itself as well.
fn granting(further: Value) -> impl Fn(&Request) -> Reaction {
    let granted = AtomicUsize::new(0);
    move |request| {
        if request.path != TOKEN {
            return documented(request);
        }
        let mut token = further.clone();
        token["accessToken"] = format!("lba_at_{}", granted.fetch_add(1, Ordering::SeqCst) + 1).into();
        Reaction::data(&token)
    }
}

async fn proxy_of(secondme: &HandMade) -> Proxy {
    Proxy::start(settings_at_by(Api::VisitorChat, secondme.address)).await
}

/// A conversation with one message: the widget's answer, and the three requests that it took.
async fn converse(init: Value) -> (Value, [Request; 3]) {
    let secondme = HandMade::reacting(documented).await;
    let proxy = proxy_of(&secondme).await;
    let opened = proxy.post("/chat/init", &init).await.data();
    proxy.send(opened["sessionId"].as_str().unwrap(), "Hello, 你好?").await.data();
    (opened, secondme.requests().try_into().unwrap())
}

fn paths_of(secondme: &HandMade) -> Vec<String> {
    secondme.requests().into_iter().map(|request| request.path).collect()
}

fn assert_request(request: &Request, path: &str, token: &str, body: &Value) {
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", path));
    assert_eq!(request.header("authorization"), Some(format!("Bearer {token}").as_str()), "{path}");
    assert_eq!(request.header("content-type"), Some("application/json"), "{path}");
    assert_eq!(request.json(), *body, "{path}");
}

#[tokio::test]
async fn the_token_is_asked_for_with_the_apps_credentials() {
    let (_, [token, ..]) = converse(json!({"visitorId": "web_1"})).await;
    assert_eq!((token.method.as_str(), token.path.as_str()), ("POST", TOKEN));
    assert_eq!(token.header("content-type"), Some("application/x-www-form-urlencoded"));
    // A query is written as a form is.
    let form = reqwest::Url::parse(&format!("form:?{}", token.body)).unwrap();
    let mut fields: Vec<_> = form.query_pairs().into_owned().collect();
    fields.sort();
    let expected = [
        ("client_id", "an-app"),
        ("client_secret", "a-secret"),
        ("grant_type", "client_credentials"),
        ("scope", "chat.write"),
    ];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn init_tells_who_the_visitor_is() {
    let (_, [_, init, _]) = converse(json!({"visitorId": "web_1", "visitorName": "张三"})).await;
    let expected = json!({"apiKey": "sk-a-key", "visitorId": "web_1", "visitorName": "张三"});
    assert_request(&init, INIT, "lba_at_1", &expected);
    for name in [Value::Null, json!(" ")] {
        let (_, [_, init, _]) = converse(json!({"visitorId": "web_1", "visitorName": name})).await;
        assert_eq!(init.json(), json!({"apiKey": "sk-a-key", "visitorId": "web_1"}));
    }
}

#[tokio::test]
async fn a_message_goes_to_the_session_with_the_same_key_and_token() {
    let (_, [.., send]) = converse(json!({"visitorId": "web_1"})).await;
    let expected = json!({"sessionId": "6ff56704", "apiKey": "sk-a-key", "message": "Hello, 你好?"});
    assert_request(&send, SEND, "lba_at_1", &expected);
}

#[tokio::test]
async fn the_widget_learns_what_init_answers() {
    let (mut opened, _) = converse(json!({"visitorId": "web_1"})).await;
    assert!(opened.as_object_mut().unwrap().remove("sessionId").is_some_and(|session| session != "6ff56704"));
    assert_eq!(opened, json!({"wsUrl": WS_URL, "avatarName": "My Avatar", "opening": "Hello!"}));
}

#[tokio::test]
async fn a_token_is_kept_for_as_long_as_it_says() {
    let check = async |further: Value, tokens: &[&str]| {
        let secondme = HandMade::reacting(granting(further)).await;
        let proxy = proxy_of(&secondme).await;
        let session = proxy.session("web_1").await;
        proxy.send(&session, "one").await.data();
        proxy.send(&session, "two").await.data();
        let mut used: Vec<_> = secondme.requests();
        used.retain(|request| request.path != TOKEN);
        let used: Vec<_> = used.iter().map(|request| request.header("authorization").unwrap()).collect();
        assert_eq!(used, tokens);
    };
    check(json!({"expiresIn": 604_800}), &["Bearer lba_at_1"; 3]).await;
    check(json!({"expiresIn": 0}), &["Bearer lba_at_1", "Bearer lba_at_2", "Bearer lba_at_3"]).await;
}

#[tokio::test]
async fn what_else_a_token_says_of_itself_decides_nothing() {
    for further in [json!({}), json!({"expiresIn": 60, "tokenType": 7, "scope": "another"})] {
        let secondme = HandMade::reacting(granting(further)).await;
        proxy_of(&secondme).await.init("web_1").await.data();
        assert_eq!(secondme.requests()[1].header("authorization"), Some("Bearer lba_at_1"));
    }
}

#[tokio::test]
async fn a_message_with_a_new_token_needs_no_init() {
    let grant = granting(json!({"expiresIn": 604_800}));
    let refused = |request: &Request| request.header("authorization") == Some("Bearer lba_at_1");
    let secondme = HandMade::reacting(move |request| match request.path.as_str() {
        SEND if refused(request) => Reaction::Answer(401, json!({"detail": "no"}).to_string()),
        _ => grant(request),
    });
    let secondme = secondme.await;
    let proxy = proxy_of(&secondme).await;
    let session = proxy.session("web_1").await;
    proxy.send(&session, "hello").await.data();
    assert_eq!(paths_of(&secondme), [TOKEN, INIT, SEND, TOKEN, SEND]);
    let requests = secondme.requests();
    assert_request(&requests[4], SEND, "lba_at_2", &requests[2].json());
}

#[tokio::test]
async fn another_socket_is_the_same_init_once_more() {
    let secondme = HandMade::reacting(documented).await;
    let proxy = proxy_of(&secondme).await;
    let session = proxy.session("web_1").await;
    let again = json!({"visitorId": "web_1", "sessionId": session});
    proxy.post("/chat/init", &again).await.data();
    assert_eq!(paths_of(&secondme), [TOKEN, INIT, INIT]);
    assert_eq!(secondme.requests()[1].json(), secondme.requests()[2].json());

    let (proxy, simulator) = Proxy::simulated().await;
    let first = proxy.init("web_1").await.data();
    let again = json!({"visitorId": "web_1", "sessionId": first["sessionId"]});
    let second = proxy.post("/chat/init", &again).await.data();
    assert_ne!(first["wsUrl"], second["wsUrl"], "an address opens one socket");
    assert_eq!(simulator.control().observed().sessions.len(), 1);
}

/// The document knows no other word than true, but one that says no must not be taken for yes.
#[tokio::test]
async fn a_message_that_was_not_sent_is_not_said_to_be() {
    for (sent, taken) in [
        (json!({"sent": true}), true),
        (json!(null), true),
        (json!({}), true),
        (json!([1]), true),
        (json!({"sent": false}), false),
    ] {
        let answer = sent.clone();
        let secondme = HandMade::reacting(move |request| match request.path.as_str() {
            SEND => Reaction::data(&answer),
            _ => documented(request),
        })
        .await;
        let proxy = proxy_of(&secondme).await;
        let session = proxy.session("web_1").await;
        let answer = proxy.send(&session, "hello").await;
        assert_eq!(answer.status.as_u16(), if taken { 200 } else { 502 }, "{sent}");
    }
}

//! Each step as SecondMe sees it: method, address, headers, and every parameter of the document.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{
    AUTH, AVATAR_ID, AVATAR_PUBLIC, CHAT_INIT, CHAT_START, MESSAGE_SEND, MIND_ID, SESSION_CREATE, VISITOR, WS_CREATE,
    documented, step,
};
use crate::hand_made::{HandMade, Request};
use crate::support::{Answer, Api, Proxy, settings_at_by};

/// A conversation with one message: the widget's answer, and the requests that it took.
async fn converse(init: Value) -> (Value, HandMade) {
    let secondme = HandMade::reacting(documented).await;
    let proxy = Proxy::start(settings_at_by(Api::AvatarHub, secondme.address)).await;
    let opened = proxy.post("/chat/init", &init).await.data();
    let message = json!({"sessionId": opened["sessionId"], "visitorId": init["visitorId"], "message": "Hello, 你好?"});
    let sent: Answer = proxy.post("/chat/send", &message).await;
    assert_eq!(sent.data(), json!({"sent": true}));
    (opened, secondme)
}

fn find(secondme: &HandMade, wanted: &str) -> Request {
    let found: Vec<_> = secondme.requests().into_iter().filter(|request| step(request) == wanted).collect();
    assert_eq!(found.len(), 1, "{wanted} is asked once");
    found.into_iter().next().unwrap()
}

#[tokio::test]
async fn auth_tells_who_the_visitor_is() {
    let (_, secondme) = converse(json!({"visitorId": VISITOR, "visitorName": "张三"})).await;
    let auth = find(&secondme, AUTH);
    assert_eq!((auth.method.as_str(), auth.header("authorization")), ("POST", Some("Bearer sk-a-key")));
    assert_eq!(auth.header("content-type"), Some("application/json"));
    assert_eq!(auth.json(), json!({"visitorId": VISITOR, "visitorName": "张三", "channel": "web"}));
    for name in [Value::Null, json!(" ")] {
        let (_, secondme) = converse(json!({"visitorId": VISITOR, "visitorName": name})).await;
        assert_eq!(find(&secondme, AUTH).json(), json!({"visitorId": VISITOR, "channel": "web"}));
    }
}

#[tokio::test]
async fn all_requests_after_auth_have_the_two_headers() {
    let (_, secondme) = converse(json!({"visitorId": VISITOR})).await;
    let requests = secondme.requests();
    assert_eq!(requests.len(), 7);
    for request in requests.iter().filter(|request| step(request) != AUTH) {
        assert_eq!(request.header("token"), Some("bb857435f640c8b2"), "{request:?}");
        assert_eq!(request.header("fp"), Some(VISITOR), "{request:?}");
        assert_eq!(request.header("authorization"), None, "the API key is for auth alone");
    }
}

#[tokio::test]
async fn an_id_of_another_form_becomes_one_of_the_documents() {
    let mut seen = Vec::new();
    for visitor in ["customer-42", "customer-42", "customer-43"] {
        let (_, secondme) = converse(json!({"visitorId": visitor})).await;
        let id = find(&secondme, AUTH).json()["visitorId"].as_str().unwrap().to_owned();
        let uuid = id.strip_prefix("web_").unwrap();
        assert_eq!(uuid::Uuid::try_parse(uuid).unwrap().hyphenated().to_string(), uuid);
        assert_eq!(find(&secondme, MESSAGE_SEND).header("fp"), Some(id.as_str()));
        seen.push(id);
    }
    assert!(seen[0] == seen[1] && seen[1] != seen[2], "{seen:?}");
}

#[tokio::test]
async fn the_steps_say_what_the_document_wants() {
    let (_, secondme) = converse(json!({"visitorId": VISITOR})).await;
    let check = |wanted: &str, method: &str, body: Value| {
        let request = find(&secondme, wanted);
        assert_eq!((request.method.as_str(), request.json()), (method, body), "{wanted}");
        assert_eq!(request.header("content-type"), Some("application/json"), "{wanted}");
    };
    check(CHAT_INIT, "POST", json!({"shareCode": "share-1"}));
    check(
        WS_CREATE,
        "POST",
        json!({"userId": "del3p", "channel": ["ALL"], "apiVersion": "1.3.0", "sdkVersion": "1.0.0"}),
    );
    check(
        SESSION_CREATE,
        "POST",
        json!({
            "mindId": MIND_ID, "mindType": "shadow", "mode": "PERSONAL", "sessionType": "SHARE",
            "memberUserIds": ["de4fh"]
        }),
    );
    check(CHAT_START, "POST", json!({"avatarId": AVATAR_ID, "sessionId": "5f0c"}));
    let public = find(&secondme, AVATAR_PUBLIC);
    assert_eq!((public.method.as_str(), public.body.as_str()), ("GET", ""));
}

/// As text: another reader of JSON might take the number for a double.
#[tokio::test]
async fn numeric_ids_keep_all_their_digits() {
    let (_, secondme) = converse(json!({"visitorId": VISITOR})).await;
    let session = find(&secondme, SESSION_CREATE).body;
    assert!(session.contains("\"mindId\":487569763543990273,"), "{session}");
    let start = find(&secondme, CHAT_START).body;
    assert!(start.contains("\"avatarId\":9007199254740993,"), "{start}");
}

#[tokio::test]
async fn a_message_has_every_parameter_of_the_table() {
    let now = || u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
    let before = now();
    let (_, secondme) = converse(json!({"visitorId": VISITOR})).await;
    let request = find(&secondme, MESSAGE_SEND);
    assert_eq!((request.method.as_str(), request.header("content-type")), ("POST", Some("application/json")));
    let mut message = request.json();

    let timestamp = message["timestamp"].as_u64().unwrap();
    assert!((before..=now()).contains(&timestamp));
    let sequence = message["seqId"].as_str().unwrap().to_owned();
    let (random, moment) = sequence.split_once("_____").unwrap();
    assert!(random.parse::<u64>().is_ok() && moment == timestamp.to_string(), "{sequence}");

    for field in ["timestamp", "seqId"] {
        message.as_object_mut().unwrap().remove(field);
    }
    let expected = json!({
        "sessionId": "5f0c", "userId": "del3p", "messageId": sequence, "mindId": "3m24e99h3mbp", "index": 0,
        "sendUserId": "del3p", "dataType": "text", "sender": "client", "type": "msg", "wsId": "ws:260327",
        "data": {"content": "Hello, 你好?"}
    });
    assert_eq!(message, expected);
}

#[tokio::test]
async fn each_message_has_an_id_of_its_own() {
    let secondme = HandMade::reacting(documented).await;
    let proxy = Proxy::start(settings_at_by(Api::AvatarHub, secondme.address)).await;
    let session = proxy.session("web_1").await;
    for _ in 0..20 {
        proxy.send(&session, "the same").await.data();
    }
    let messages = secondme.requests().into_iter().filter(|request| step(request) == MESSAGE_SEND);
    let mut ids: Vec<_> = messages.map(|message| message.json()["seqId"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

#[tokio::test]
async fn the_widget_learns_what_it_needs() {
    let (opened, _) = converse(json!({"visitorId": VISITOR})).await;
    let mut opened = opened;
    let session = opened.as_object_mut().unwrap().remove("sessionId").unwrap();
    let expected = json!({
        "wsUrl": "wss://ws.example/os/ws?wsId=ws%3A260327",
        "avatarName": "My Assistant",
        "opening": "Hello! 👋",
        "visitorUserId": "del3p",
        "heartbeat": {"wsId": "ws:260327", "intervalMs": 15_000},
        "starters": ["What do you sell?", "Are you open?"],
        "avatarImage": "https://cdn.example/owner.png"
    });
    assert_eq!(opened, expected);
    assert!(session.as_str().unwrap().len() < 600, "it travels with each message");
}

/// Ids that a document names are needed; all else may be missing.
#[tokio::test]
async fn an_answer_that_lacks_an_id_is_the_upstreams_fault() {
    let check = async |wanted: &'static str, data: Value| {
        let answer = data.clone();
        let secondme = HandMade::reacting(move |request| match step(request) {
            it if it == wanted => crate::hand_made::Reaction::data(&answer),
            _ => documented(request),
        });
        let secondme = secondme.await;
        let proxy = Proxy::start(settings_at_by(Api::AvatarHub, secondme.address)).await;
        (proxy.init("web_1").await, data)
    };
    let who = json!({
        "visitorToken": "t", "visitorUserId": "u", "visitorMindId": "1", "avatarShareCode": "share-1", "ownerUserId": "o"
    });
    let mut wrong = vec![
        (AUTH, Value::Null),
        (CHAT_INIT, json!({"opening": "Hello"})),
        (CHAT_INIT, json!({"mindId": ""})),
        (SESSION_CREATE, json!({"sessionId": ""})),
        (SESSION_CREATE, json!({})),
        (AVATAR_PUBLIC, json!({"id": "abc"})),
        (AVATAR_PUBLIC, json!({})),
        (WS_CREATE, json!({"wsId": "", "address": "wss://ws.example/"})),
        (WS_CREATE, json!({"wsId": "1", "address": "https://ws.example/"})),
        (WS_CREATE, json!({"wsId": "1"})),
    ];
    for (field, value) in [
        ("visitorToken", json!("")),
        ("visitorToken", json!("a\nb")),
        ("visitorUserId", json!("")),
        ("visitorMindId", json!("3m24e99h3mbp")),
        ("avatarShareCode", json!("")),
        ("ownerUserId", Value::Null),
    ] {
        let mut who = who.clone();
        who[field] = value;
        wrong.push((AUTH, who));
    }
    for (step, data) in wrong {
        let (answer, data) = check(step, data).await;
        assert_eq!(answer.status, 502, "{step} {data}");
        answer.assert_failure(502, "proxy.upstream_unavailable");
    }
    for (step, data) in [
        (AUTH, who),
        (CHAT_INIT, json!({"mindId": "m"})),
        (SESSION_CREATE, json!({"sessionId": "s", "sentence": null})),
        (AVATAR_PUBLIC, json!({"id": 1})),
        (CHAT_START, json!({"later": 1})),
    ] {
        check(step, data).await.0.data();
    }
}

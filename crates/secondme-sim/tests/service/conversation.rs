//! The document's main road: token, init, socket, send, and the reply in chunks.

use secondme_sim::{Settings, Simulator, StartError, reply_to};
use serde_json::json;

use crate::caller::{Caller, Socket, answer_text};

#[tokio::test]
async fn the_token_answers_as_the_document_shows() {
    let caller = Caller::new().await;
    let settings = caller.simulator.settings();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &settings.client_id),
        ("client_secret", &settings.client_secret),
    ];
    let (status, body) = caller.request_token(&form).await;
    let token = body["data"]["accessToken"].as_str().unwrap();
    assert!(token.starts_with("lba_at_"), "{token}");
    let data = json!({ "accessToken": token, "tokenType": "Bearer", "expiresIn": 604_800, "scope": ["chat.write"] });
    assert_eq!((status.as_u16(), &body), (200, &json!({ "code": 0, "data": data })));
    assert_ne!(caller.token().await, token, "every request makes a new token");
    assert_eq!(caller.control().observed().app_tokens_issued.len(), 2);
}

#[tokio::test]
async fn init_answers_as_the_document_shows() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    let data = caller.init(&token, "web_1").await;
    assert_eq!(data["avatarName"], "Mira");
    assert!(data["opening"].as_str().unwrap().contains("Mira"));
    assert_eq!(data["sessionId"].as_str().unwrap().split('-').count(), 5, "a UUID: {data}");
    let url = data["wsUrl"].as_str().unwrap();
    let start = format!("ws://{}/os/ws?wsId=ws%3A", caller.simulator.address());
    assert!(url.starts_with(&start) && url.contains("&authBody="), "{url}");
    assert!(!url.contains(&token) && !url.contains(caller.api_key()), "{url}");
    assert_eq!(data.as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn an_avatar_without_opening_answers_null() {
    let caller = Caller::with(Settings { opening: None, ..Settings::default() }).await;
    let data = caller.init(&caller.token().await, "web_1").await;
    assert_eq!(data.get("opening"), Some(&json!(null)));
}

#[tokio::test]
async fn a_reply_comes_in_the_documents_frames() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let (status, body) = caller.send(&token, &session, "Hello, who are you?").await;
    assert_eq!((status.as_u16(), body), (200, json!({ "code": 0, "data": { "sent": true } })));

    let frames = socket.reply().await;
    let last = frames.len() - 1;
    assert!(last >= 5, "a reply of several chunks");
    for (place, frame) in frames.iter().enumerate() {
        let index = if place == last { -1 } else { place as i64 };
        let modal = json!({ "answer": answer_text(frame) });
        let expected = json!({
            "sender": "umm",
            "sessionId": session["sessionId"],
            "index": index,
            "multipleData": [{ "singleDataType": "text", "modal": modal }],
        });
        assert_eq!(frame, &expected);
    }
    assert_eq!(answer_text(&frames[last]), "", "the last frame only says that the reply is complete");
    let text: String = frames.iter().map(answer_text).collect();
    assert_eq!(text, reply_to("Hello, who are you?", "Mira"));
}

#[tokio::test]
async fn every_language_arrives_whole_and_replies_do_not_mix() {
    let caller = Caller::new().await;
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let messages = ["long", "你好", "こんにちは", "مرحبا", "Guten Tag", "emoji", "a notebook", "shipping", "xyz"];
    for message in messages {
        let (status, body) = caller.send(&token, &session, message).await;
        assert_eq!(status, 200, "{body}");
    }
    for message in messages {
        assert_eq!(socket.reply_text().await, reply_to(message, "Mira"), "{message}");
    }
    assert_eq!(caller.control().observed().sessions[0].messages, messages);
}

#[tokio::test]
async fn the_same_visitor_finds_the_same_session_and_gets_a_new_socket() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    let first = caller.init(&token, "web_1").await;
    let again = caller.init(&caller.token().await, "web_1").await;
    let other = caller.init(&token, "web_2").await;
    assert_eq!(first["sessionId"], again["sessionId"]);
    assert_ne!(first["wsUrl"], again["wsUrl"]);
    assert_ne!(first["sessionId"], other["sessionId"]);

    let mut older = Socket::open(&first).await;
    let mut newer = Socket::open(&again).await;
    caller.send(&token, &first, "hello").await;
    assert_eq!(newer.reply_text().await, reply_to("hello", "Mira"), "the newest socket gets the reply");
    older.0.close(None).await.unwrap();

    let observed = caller.control().observed();
    assert_eq!(observed.sessions.len(), 2);
    assert_eq!(observed.sessions[0].visitor_id, "web_1");
    assert_eq!(observed.sessions[0].display_name, "John(Paper Shop)");
    assert_eq!((observed.token_requests, observed.init_requests, observed.send_requests), (2, 3, 1));
}

#[tokio::test]
async fn the_name_is_the_one_the_visitor_came_with_last() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    let mut names = Vec::new();
    for name in [json!(null), json!("Ada"), json!(null), json!("张三"), json!("")] {
        let body = json!({ "apiKey": caller.api_key(), "visitorId": "web_1", "visitorName": name });
        assert_eq!(caller.post("init", &token, &body).await.0, 200);
        names.push(caller.control().observed().sessions[0].display_name.clone());
    }
    let expected = ["Visitor", "Ada", "Ada", "张三", "张三"].map(|name| format!("{name}(Paper Shop)"));
    assert_eq!(names, expected);
}

#[tokio::test]
async fn the_limits_themselves_are_allowed() {
    let caller = Caller::new().await;
    let token = caller.token().await;
    let id = "aZ9_-".repeat(26)[..128].to_owned();
    let body = json!({ "apiKey": caller.api_key(), "visitorId": id, "visitorName": "張".repeat(200) });
    let (status, body) = caller.post("init", &token, &body).await;
    assert_eq!(status, 200, "{body}");
    let (status, body) = caller.send(&token, &body["data"], &"語".repeat(10_000)).await;
    assert_eq!(status, 200, "{body}");
    let (status, body) = caller.send(&token, &caller.init(&token, &id).await, "x").await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(caller.control().observed().replies_without_socket, 2, "nobody listened");
}

#[tokio::test]
async fn stop_frees_the_address_and_closes_the_sockets() {
    let caller = Caller::new().await;
    let (_, _, mut socket) = caller.conversation("web_1").await;
    let listen = caller.simulator.address();
    let taken = Simulator::start(Settings { listen, ..Settings::default() }).await.err().unwrap();
    assert!(matches!(taken, StartError::Listen { address, .. } if address == listen), "{taken}");
    caller.simulator.stop().await;
    assert!(socket.next().await.is_err());
    let again = Simulator::start(Settings { listen, ..Settings::default() }).await.unwrap();
    assert_eq!(again.address(), listen);
}

#[tokio::test]
async fn a_setting_that_cannot_work_stops_the_start() {
    let settings = Settings { api_key: String::new(), ..Settings::default() };
    let error = Simulator::start(settings).await.err().unwrap();
    assert_eq!(error.to_string(), "The simulator cannot start: the API key must not be empty.");
    let settings = Settings { chunk_chars: 0, ..Settings::default() };
    assert!(matches!(Simulator::start(settings).await, Err(StartError::Setting(_))));
}

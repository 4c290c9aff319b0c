//! The owner's console over HTTP: what it shows of a conversation, and how the owner speaks in it.

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode, header::CONTENT_TYPE};
use secondme_sim::reply_to;
use serde_json::{Value, json};
use tokio::time;

use crate::caller::{Answer, Caller, Socket, answer, answer_text};

impl Caller {
    /// What the console's page asks for below its own address.
    async fn console(&self, path: &str) -> Answer {
        answer(self.http.get(format!("{}{path}", self.simulator.console_url()))).await
    }

    async fn conversations(&self) -> Vec<Value> {
        let (status, body) = self.console("/conversations").await;
        assert_eq!(status, 200, "{body}");
        body["conversations"].as_array().unwrap().clone()
    }

    async fn conversation_of(&self, session: &Value) -> Value {
        let (status, body) = self.console(&format!("/conversations/{}", session["sessionId"].as_str().unwrap())).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Author, text and state of each message.
    async fn said(&self, session: &Value) -> Vec<[String; 3]> {
        let conversation = self.conversation_of(session).await;
        let member = |message: &Value, name: &str| message[name].as_str().unwrap().to_owned();
        let messages = conversation["messages"].as_array().unwrap().iter();
        messages.map(|message| ["author", "text", "state"].map(|name| member(message, name))).collect()
    }

    /// Waits until the console shows exactly this: a frame is sent first and heard then.
    async fn until_said(&self, session: &Value, expected: &[[String; 3]]) {
        let mut shown = Vec::new();
        let wait = async {
            while shown != expected {
                time::sleep(Duration::from_millis(5)).await;
                shown = self.said(session).await;
            }
        };
        let outcome = time::timeout(Duration::from_secs(10), wait).await;
        assert!(outcome.is_ok(), "expected {expected:?}, but the console shows {shown:?}");
    }

    /// A takeover that comes from the console's own page.
    fn take_over(&self, body: &Value) -> RequestBuilder {
        let url = format!("{}/takeover", self.simulator.console_url());
        let origin = format!("http://{}", self.simulator.address());
        self.http.post(url).header("origin", origin).json(body)
    }

    /// The owner speaks to this session's visitor, which must work.
    async fn speak(&self, session: &Value, text: &str) {
        let body = json!({ "sessionId": session["sessionId"], "text": text });
        assert_eq!(
            answer(self.take_over(&body)).await,
            (StatusCode::OK, json!({ "code": 0, "data": { "sent": true } }))
        );
    }
}

fn check((status, body): &Answer, expected: u16, sub_code: &str) {
    assert_eq!((status.as_u16(), body["subCode"].as_str().unwrap_or_default()), (expected, sub_code), "{body}");
    assert!(!body["message"].as_str().unwrap().is_empty());
}

fn complete(author: &str, text: &str) -> [String; 3] {
    [author, text, "complete"].map(str::to_owned)
}

#[tokio::test]
async fn the_page_and_its_files_are_strict() {
    let caller = Caller::new().await;
    for (path, content_type) in [
        ("", "text/html; charset=utf-8"),
        ("/console.js", "text/javascript; charset=utf-8"),
        ("/console.css", "text/css; charset=utf-8"),
    ] {
        let response = caller.http.get(format!("{}{path}", caller.simulator.console_url())).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), response.headers()["content-type"].to_str().unwrap()),
            (200, content_type)
        );
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let text = response.text().await.unwrap();
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "<style", "onclick", " style=", "eval("] {
            assert!(!text.contains(forbidden), "{path} has {forbidden}");
        }
    }
}

#[tokio::test]
async fn a_conversation_is_shown_as_it_happens() {
    let caller = Caller::new().await;
    assert_eq!(caller.conversations().await, [] as [Value; 0]);
    let (token, session, mut socket) = caller.conversation("web_1").await;
    let listed = caller.conversations().await;
    assert_eq!(
        listed,
        [json!({
            "sessionId": session["sessionId"], "name": "John(Paper Shop)", "avatarName": "Mira", "connected": true,
            "at": null, "lastMessage": null,
        })]
    );
    assert_eq!(caller.conversation_of(&session).await["opening"], session["opening"]);

    caller.send(&token, &session, "hello").await;
    socket.reply().await;
    let reply = reply_to("hello", "Mira");
    caller.until_said(&session, &[complete("visitor", "hello"), complete("avatar", &reply)]).await;

    // A reply that is under way is shown as far as it was told.
    caller.command(json!({ "command": "next_reply", "variants": ["pause=3600000"] })).await;
    caller.send(&token, &session, "long").await;
    let mut heard = String::new();
    while heard.len() < 10 {
        heard.push_str(answer_text(&socket.next().await.unwrap()));
    }
    let listed = wait_for(&caller, "streaming").await;
    assert_eq!(listed["lastMessage"]["author"], "avatar");
    assert!(reply_to("long", "Mira").starts_with(listed["lastMessage"]["text"].as_str().unwrap()));

    drop(socket);
    let listed = wait_for(&caller, "interrupted").await;
    assert_eq!(listed["connected"], false);
}

/// The only conversation, once its last message is in this state.
async fn wait_for(caller: &Caller, state: &str) -> Value {
    let wait = async {
        loop {
            let listed = caller.conversations().await.remove(0);
            if listed["lastMessage"]["state"] == state {
                return listed;
            }
            time::sleep(Duration::from_millis(5)).await;
        }
    };
    time::timeout(Duration::from_secs(10), wait).await.unwrap()
}

#[tokio::test]
async fn the_owner_speaks_in_the_visitors_chat() {
    let caller = Caller::new().await;
    let (_token, first, mut socket) = caller.conversation("web_1").await;
    let (_other_token, second, mut other) = caller.conversation("web_2").await;
    caller.speak(&first, "It is me, Noor.").await;
    let frame = socket.next().await.unwrap();
    assert_eq!((frame["sender"].as_str(), answer_text(&frame)), (Some("client"), "It is me, Noor."));
    assert!(frame["sendUserId"].is_string());
    caller.control().owner_says(Some("web_2"), "And you?").unwrap();
    assert_eq!(answer_text(&other.next().await.unwrap()), "And you?");
    assert_eq!(caller.said(&first).await, [complete("owner", "It is me, Noor.")]);
    assert_eq!(caller.said(&second).await, [complete("owner", "And you?")]);

    caller.speak(&first, "Still here?").await;
    let listed = caller.conversations().await;
    assert_eq!(listed[0]["sessionId"], first["sessionId"], "the latest stands first");
}

#[tokio::test]
async fn a_takeover_is_refused() {
    let caller = Caller::new().await;
    let (token, session, _socket) = caller.conversation("web_1").await;
    let away = caller.init(&token, "web_2").await;
    let id = &session["sessionId"];
    for (body, status, sub_code) in [
        (json!({ "sessionId": id }), 400, "invalid.param"),
        (json!({ "sessionId": id, "text": " \n" }), 400, "invalid.param"),
        (json!({ "sessionId": id, "text": "語".repeat(10_001) }), 400, "invalid.param"),
        (json!({ "sessionId": id, "text": 1 }), 400, "invalid.param"),
        (json!({ "text": "Hi!" }), 400, "invalid.param"),
        (json!({ "sessionId": "", "text": "Hi!" }), 400, "invalid.param"),
        (json!({ "sessionId": "web_1", "text": "Hi!" }), 403, "session.not.member"),
        (json!({ "sessionId": away["sessionId"], "text": "Hi!" }), 409, "console.visitor_away"),
    ] {
        check(&answer(caller.take_over(&body)).await, status, sub_code);
    }

    let url = format!("{}/takeover", caller.simulator.console_url());
    let good = json!({ "sessionId": id, "text": "Hi!" });
    for origin in [None, Some("null"), Some("https://evil.example"), Some("http://127.0.0.1:1")] {
        let request = caller.http.post(&url).json(&good);
        let request = match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        };
        check(&answer(request).await, 403, "console.origin_not_allowed");
    }
    for content_type in ["text/plain", "application/x-www-form-urlencoded"] {
        let origin = format!("http://{}", caller.simulator.address());
        let request = caller.http.post(&url).header("origin", origin);
        let request = request.header(CONTENT_TYPE, content_type).body(good.to_string());
        check(&answer(request).await, 415, "invalid.param");
    }
    assert_eq!(caller.said(&session).await, [] as [[String; 3]; 0], "nothing was said");
    assert_eq!(caller.said(&away).await, [] as [[String; 3]; 0]);
}

#[tokio::test]
async fn every_way_of_telling_a_reply_reads_the_same() {
    let caller = Caller::new().await;
    let (token, session, _socket) = caller.conversation("web_1").await;
    let mut expected = Vec::new();
    for variants in [
        &["ids"][..],
        &["end-text"],
        &["end-first"],
        &["one-frame"],
        &["entries"],
        &["swap"],
        &["gap-late"],
        &["resend"],
        &["ids", "swap", "resend", "end-first"],
        &["ids", "noise"],
        &["ids", "echo", "hint=0"],
        &["echo"],
        &["echo-nameless"],
    ] {
        caller.command(json!({ "command": "next_reply", "variants": variants })).await;
        caller.send(&token, &session, "hello").await;
        expected.extend([complete("visitor", "hello"), complete("avatar", &reply_to("hello", "Mira"))]);
        caller.until_said(&session, &expected).await;
    }
}

#[tokio::test]
async fn what_else_happens_to_a_reply_is_shown() {
    let caller = Caller::new().await;
    let (token, session, _socket) = caller.conversation("web_1").await;
    caller.command(json!({ "command": "next_reply", "variants": ["fail=package.turn.exhaustion"] })).await;
    caller.send(&token, &session, "hello").await;
    wait_for(&caller, "failed").await;
    let messages = caller.conversation_of(&session).await["messages"].clone();
    assert_eq!(messages[1]["subCode"], "package.turn.exhaustion");

    // The owner breaks in, and the avatar comes to no end before its next reply begins.
    caller.command(json!({ "command": "next_reply", "variants": ["ids", "takeover"] })).await;
    caller.send(&token, &session, "hello").await;
    let mut expected = vec!["visitor complete", "avatar streaming", "owner complete"];
    until_in_state(&caller, &session, &expected).await;
    caller.send(&token, &session, "hello").await;
    expected[1] = "avatar interrupted";
    expected.extend(["visitor complete", "avatar complete"]);
    until_in_state(&caller, &session, &expected).await;
}

/// Waits until these are the authors and states of the newest messages.
async fn until_in_state(caller: &Caller, session: &Value, expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|text| (*text).to_owned()).collect();
    let mut shown = Vec::new();
    let wait = async {
        while !shown.ends_with(&expected) {
            time::sleep(Duration::from_millis(5)).await;
            let said = caller.said(session).await.into_iter();
            shown = said.map(|[author, _, state]| format!("{author} {state}")).collect();
        }
    };
    let outcome = time::timeout(Duration::from_secs(10), wait).await;
    assert!(outcome.is_ok(), "expected {expected:?}, but the console shows {shown:?}");
}

#[tokio::test]
async fn only_what_has_changed_is_asked_for() {
    let caller = Caller::new().await;
    let (_token, session, _socket) = caller.conversation("web_1").await;
    for text in ["one", "two"] {
        caller.speak(&session, text).await;
    }
    let id = session["sessionId"].as_str().unwrap();
    let conversation = caller.conversation_of(&session).await;
    let revision = conversation["revision"].as_u64().unwrap();
    let since = async |since: u64| caller.console(&format!("/conversations/{id}?since={since}")).await.1;
    assert_eq!(since(revision).await["messages"], json!([]));
    assert_eq!(since(revision - 1).await["messages"][0]["text"], "two");
    check(&caller.console(&format!("/conversations/{id}?since=x")).await, 400, "invalid.param");
    check(&caller.console("/conversations/unknown").await, 404, "resource.fetch.not_found");

    caller.control().forget_sessions();
    assert_eq!(caller.conversations().await, [] as [Value; 0]);
    check(&caller.console(&format!("/conversations/{id}")).await, 404, "resource.fetch.not_found");
}

#[tokio::test]
async fn a_user_is_listed_under_their_own_name() {
    let caller = Caller::new().await;
    let token = caller.control().sign_in("bo").unwrap();
    let (_, body) = caller.post("init", &token, &json!({ "apiKey": caller.api_key() })).await;
    let _socket = Socket::open(&body["data"]).await;
    let listed = caller.conversations().await;
    assert_eq!((&listed[0]["name"], &listed[0]["connected"]), (&json!("Bo Marchetti"), &json!(true)));
}

//! The Avatar Hub from outside: a site's back end that walks the document's steps, one by one or all at once.

mod auth;
mod control;
mod headers;
mod limits;
mod message_send;
mod road;
mod steps;

use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::{Method, StatusCode};
use secondme_sim::{ObservedSession, Settings};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, Socket, answer};

/// A visitorId in the document's form.
pub(crate) const VISITOR: &str = "web_6ba7b810-9dad-11d1-80b4-00c04fd430c8";
/// Another visitor's.
pub(crate) const OTHER: &str = "feishu_550e8400-e29b-41d4-a716-446655440000";

impl Caller {
    /// Calls `auth` with this key and a body of the test's own.
    pub(crate) async fn auth(&self, api_key: &str, body: &Value) -> Answer {
        let url = format!("{}/rest/open/avatar/auth", self.simulator.hub_base_url());
        answer(self.http.post(url).bearer_auth(api_key).json(body)).await
    }

    /// A visitor with a good token.
    pub(crate) async fn hub_visitor(&self, visitor_id: &str) -> Visitor<'_> {
        self.hub_visitor_of(self.api_key(), visitor_id).await
    }

    pub(crate) async fn hub_visitor_of(&self, api_key: &str, visitor_id: &str) -> Visitor<'_> {
        let body = json!({ "visitorId": visitor_id, "visitorName": "John", "channel": "web" });
        let identity = data(self.auth(api_key, &body).await);
        Visitor { caller: self, visitor_id: visitor_id.into(), identity }
    }

    /// The newest session as the simulator knows it.
    pub(crate) fn newest_session(&self) -> ObservedSession {
        self.control().observed().sessions.last().unwrap().clone()
    }
}

/// A visitor after `auth`.
pub(crate) struct Visitor<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) visitor_id: String,
    /// What `auth` answered.
    pub(crate) identity: Value,
}

/// What a conversation of the Avatar Hub consists of.
pub(crate) struct Conversation<'a> {
    pub(crate) visitor: Visitor<'a>,
    pub(crate) session_id: String,
    pub(crate) mind_id: String,
    pub(crate) ws_id: String,
    pub(crate) socket: Socket,
}

impl<'a> Visitor<'a> {
    /// A text of the identity.
    pub(crate) fn id(&self, name: &str) -> &str {
        self.identity[name].as_str().unwrap()
    }

    /// The visitor's mind as the number the document shows.
    pub(crate) fn mind_number(&self) -> u64 {
        self.id("visitorMindId").parse().unwrap()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.caller.http.request(method, format!("{}{path}", self.caller.simulator.hub_base_url()))
    }

    /// Asks with both headers.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header("token", self.id("visitorToken"));
        answer(request.header("Fp", &self.visitor_id).json(body)).await
    }

    pub(crate) fn chat_init_body(&self) -> Value {
        json!({ "shareCode": self.identity["avatarShareCode"] })
    }

    pub(crate) async fn chat_init(&self) -> Value {
        data(self.post(CHAT_INIT, &self.chat_init_body()).await)
    }

    pub(crate) fn ws_body(&self) -> Value {
        json!({
            "userId": self.identity["visitorUserId"],
            "channel": ["ALL"],
            "apiVersion": "1.3.0",
            "sdkVersion": "1.0.0",
        })
    }

    pub(crate) async fn create_ws(&self) -> Value {
        data(self.post(WS_CREATE, &self.ws_body()).await)
    }

    pub(crate) fn session_body(&self) -> Value {
        json!({
            "mindId": self.mind_number(),
            "mindType": "shadow",
            "mode": "PERSONAL",
            "sessionType": "SHARE",
            "memberUserIds": [self.identity["ownerUserId"]],
        })
    }

    pub(crate) async fn create_session(&self) -> String {
        data(self.post(SESSION_CREATE, &self.session_body()).await)["sessionId"].as_str().unwrap().to_owned()
    }

    /// What everybody may know of the avatar, asked for without `Fp` as in the document.
    pub(crate) async fn public(&self) -> Value {
        let path = format!("/rest/os/avatar/public/{}", self.id("avatarShareCode"));
        data(answer(self.request(Method::GET, &path).header("token", self.id("visitorToken"))).await)
    }

    pub(crate) async fn start(&self, session_id: &str) -> Answer {
        let body = json!({ "avatarId": self.public().await["id"], "sessionId": session_id });
        self.post(CHAT_START, &body).await
    }

    /// All of the document's steps up to the first message.
    pub(crate) async fn converse(self) -> Conversation<'a> {
        let mind_id = self.chat_init().await["mindId"].as_str().unwrap().to_owned();
        let session_id = self.create_session().await;
        let (status, body) = self.start(&session_id).await;
        assert_eq!(status, 200, "{body}");
        let ws = self.create_ws().await;
        let socket = Socket::connect(ws["address"].as_str().unwrap()).await;
        Conversation { visitor: self, session_id, mind_id, ws_id: ws["wsId"].as_str().unwrap().to_owned(), socket }
    }
}

impl Conversation<'_> {
    /// A good message, whose ids are its own.
    pub(crate) fn message(&self, content: &str) -> Value {
        let timestamp = now();
        let id = format!("{}_____{timestamp}", self.visitor.caller.control().observed().hub.message_send + 10_000);
        json!({
            "timestamp": timestamp,
            "seqId": id,
            "sessionId": self.session_id,
            "userId": self.visitor.identity["visitorUserId"],
            "messageId": id,
            "mindId": self.mind_id,
            "index": 0,
            "sendUserId": self.visitor.identity["visitorUserId"],
            "dataType": "text",
            "sender": "client",
            "type": "msg",
            "wsId": self.ws_id,
            "data": { "content": content },
        })
    }

    pub(crate) async fn send(&self, content: &str) -> Answer {
        self.visitor.post(MESSAGE_SEND, &self.message(content)).await
    }

    /// Sends something that must be accepted, and reads the reply.
    pub(crate) async fn ask(&mut self, content: &str) -> String {
        let (status, body) = self.send(content).await;
        assert_eq!(status, 200, "{body}");
        self.socket.reply_text().await
    }
}

pub(crate) const CHAT_INIT: &str = "/rest/os/avatar/chat/init";
pub(crate) const WS_CREATE: &str = "/rest/general/ws/create";
pub(crate) const SESSION_CREATE: &str = "/rest/general/session/create";
pub(crate) const CHAT_START: &str = "/rest/os/avatar/chat/start";
pub(crate) const MESSAGE_SEND: &str = "/rest/general/message/send";

/// Replies as fast as can be, and otherwise the document's limits.
pub(crate) fn quick() -> Settings {
    Settings { chunk_interval: std::time::Duration::ZERO, ..Settings::default() }
}

/// The milliseconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}

/// The data of a good answer.
pub(crate) fn data((status, body): Answer) -> Value {
    assert_eq!((status, &body["code"]), (StatusCode::OK, &json!(0)), "{body}");
    body["data"].clone()
}

/// A refusal is the envelope, the whole envelope, and the same status in it as on it.
pub(crate) fn check_refused((status, body): &Answer, expected: u16, sub_code: &str, what: &str) {
    assert_eq!(status.as_u16(), expected, "{what}: {body}");
    let message = body["message"].as_str().unwrap_or_default();
    assert!(!message.is_empty(), "{what}: {body}");
    assert_eq!(body, &json!({ "code": expected, "message": message, "subCode": sub_code }), "{what}");
}

/// The body with some members replaced; those that are to be `null` are left out.
pub(crate) fn changed(mut body: Value, change: &Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => drop(body.as_object_mut().unwrap().remove(name)),
            value => body[name] = value.clone(),
        }
    }
    body
}

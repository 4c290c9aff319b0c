//! What crosses a process boundary: the contract between widget and proxy. It knows nothing of transcripts or signals.
//!
//! A site's own proxy that only adds credentials and passes SecondMe's answer through speaks this contract too, so
//! whatever Visitor Chat itself does not answer is optional here.

mod credential;
pub mod frame;
pub mod limits;
pub mod part;
pub mod visitor_id;

use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::portable_struct;

pub use credential::Credential;
pub use frame::Frame;
pub use visitor_id::{InvalidVisitorId, VisitorId};

/// `POST {base}/init`: open a conversation, or go on with one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitRequest {
    /// Who asks; the same visitor finds the same conversation again.
    pub visitor_id: VisitorId,
    /// What the avatar's owner sees as the visitor's name; at most [`limits::VISITOR_NAME`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_name: Option<String>,
    /// Which of the site's avatars, by the alias the proxy knows; the proxy's first where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// The `sessionId` of the last answer, so that the conversation goes on. Without it a new one may begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The site's own word for who the visitor is: a JWT signed by its backend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_token: Option<Credential>,
    /// The visitor's own access token of SecondMe, where the page has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_token: Option<Credential>,
}

impl InitRequest {
    /// The request's body.
    #[must_use]
    pub fn to_json(&self) -> Json {
        Json::object([
            ("visitorId", self.visitor_id.as_str().into()),
            ("visitorName", self.visitor_name.as_deref().into()),
            ("avatar", self.avatar.as_deref().into()),
            ("sessionId", self.session_id.as_deref().into()),
            ("siteToken", self.site_token.as_ref().map(Credential::expose).into()),
            ("userToken", self.user_token.as_ref().map(Credential::expose).into()),
        ])
    }
}

/// What `init` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitAnswer {
    /// Opaque to the widget; goes back in every `send` and in the next `init`.
    pub session_id: String,
    /// Where replies are pushed: a complete WebSocket address.
    pub ws_url: String,
    /// The avatar's display name.
    pub avatar_name: String,
    /// The avatar's greeting.
    #[serde(default)]
    pub opening: Option<String>,
    /// The visitor as SecondMe knows them: frames that carry it as `sendUserId` are echoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_user_id: Option<String>,
    /// How to keep the socket alive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<Heartbeat>,
    /// Questions a visitor may start with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starters: Vec<String>,
    /// A picture of the avatar, by https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_image: Option<String>,
    /// True where the visitor is signed in with SecondMe through the proxy, and so can sign out again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub signed_in: bool,
}

portable_struct!(InitAnswer {
    session_id,
    ws_url,
    avatar_name,
    opening,
    visitor_user_id,
    heartbeat,
    starters,
    avatar_image,
    signed_in,
});

impl InitAnswer {
    /// The answer that this is the JSON of; `None` where it is not what the contract says.
    #[must_use]
    pub fn of(mut json: Json) -> Option<Self> {
        Some(Self {
            session_id: text(json.take("sessionId"))?,
            ws_url: text(json.take("wsUrl"))?,
            avatar_name: text(json.take("avatarName"))?,
            opening: optional(json.take("opening"), text)?,
            visitor_user_id: optional(json.take("visitorUserId"), text)?,
            heartbeat: optional(json.take("heartbeat"), Heartbeat::of)?,
            starters: optional(json.take("starters"), texts)?.unwrap_or_default(),
            avatar_image: optional(json.take("avatarImage"), text)?,
            signed_in: optional(json.take("signedIn"), Json::into_bool)?.unwrap_or_default(),
        })
    }
}

/// What may be missing; where it is there, it has its type.
fn optional<T>(json: Json, read: impl FnOnce(Json) -> Option<T>) -> Option<Option<T>> {
    if json == Json::Null { Some(None) } else { read(json).map(Some) }
}

fn text(json: Json) -> Option<String> {
    if let Json::Text(text) = json { Some(text) } else { None }
}

fn texts(json: Json) -> Option<Vec<String>> {
    if let Json::List(items) = json { items.into_iter().map(text).collect() } else { None }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The ping that keeps a socket open (Avatar Hub, step 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    /// The socket's id, which each ping names.
    pub ws_id: String,
    /// Time between two pings, in milliseconds.
    #[serde(default = "default_interval")]
    pub interval_ms: u64,
}

portable_struct!(Heartbeat { ws_id, interval_ms });

impl Heartbeat {
    fn of(mut json: Json) -> Option<Self> {
        let interval_ms = optional(json.take("intervalMs"), Json::into_count)?.unwrap_or_else(default_interval);
        Some(Self { ws_id: text(json.take("wsId"))?, interval_ms })
    }
}

fn default_interval() -> u64 {
    limits::HEARTBEAT_MS
}

/// `POST {base}/send`: one message of the visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendRequest {
    /// From [`InitAnswer::session_id`].
    pub session_id: String,
    /// The same visitor that `init` named.
    pub visitor_id: VisitorId,
    /// 1 to [`limits::MESSAGE`] characters.
    pub message: String,
    /// As in [`InitRequest::user_token`]: SecondMe wants to see it with each message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_token: Option<Credential>,
}

impl SendRequest {
    /// The request's body.
    #[must_use]
    pub fn to_json(&self) -> Json {
        Json::object([
            ("sessionId", self.session_id.as_str().into()),
            ("visitorId", self.visitor_id.as_str().into()),
            ("message", self.message.as_str().into()),
            ("userToken", self.user_token.as_ref().map(Credential::expose).into()),
        ])
    }
}

/// What `send` answers. The reply itself comes over the socket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendAnswer {
    /// True where SecondMe took the message.
    #[serde(default)]
    pub sent: bool,
}

/// What every answer is wrapped in: `code` 0 with `data`, or a failure, whatever the HTTP status says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope<T> {
    /// 0 for success, otherwise the HTTP status.
    pub code: i64,
    /// The answer; SecondMe leaves it out or null where there is nothing to say.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub data: Option<T>,
    /// The failure's stable code, such as `visitor_chat.session_expired` or `proxy.rate_limited`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_code: Option<String>,
    /// For a developer; never shown to a visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Envelope<Json> {
    /// The envelope that this is the JSON of; what is in it is not looked at.
    #[must_use]
    pub fn of(mut json: Json) -> Option<Self> {
        Some(Self {
            code: json.take("code").into_whole()?,
            data: Some(json.take("data")).filter(|data| *data != Json::Null),
            sub_code: optional(json.take("subCode"), text)?,
            message: optional(json.take("message"), text)?,
        })
    }
}

/// What the widget sends on the socket, every [`Heartbeat::interval_ms`], for the socket with this id.
#[must_use]
pub fn ping(ws_id: &str) -> Json {
    Json::object([("type", "ping".into()), ("wsId", ws_id.into())])
}

/// The socket's id as Visitor Chat gives it: the `wsId` of the address's query, percent-decoded.
#[must_use]
pub fn ws_id_of(ws_url: &str) -> Option<String> {
    let query = ws_url.split_once('?')?.1.split('#').next()?;
    let encoded = query.split('&').find_map(|pair| pair.strip_prefix("wsId="))?;
    let decoded = percent_decoded(encoded)?;
    (!decoded.is_empty()).then_some(decoded)
}

/// `None` where the escapes are malformed or do not spell UTF-8: a wrong id would be worse than no heartbeat.
fn percent_decoded(encoded: &str) -> Option<String> {
    let mut bytes = encoded.bytes();
    let mut decoded = Vec::with_capacity(encoded.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hexadecimal(bytes.next()?)? << 4 | hexadecimal(bytes.next()?)?,
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, from_value, json, to_value};

    /// As the widget reads an answer.
    fn read(answer: &Value) -> Option<InitAnswer> {
        InitAnswer::of(Envelope::of(from_value(answer.clone()).unwrap())?.data?)
    }

    #[test]
    fn what_is_not_the_contract_s_is_no_answer() {
        let whole = json!({"sessionId": "s", "wsUrl": "wss://x", "avatarName": "Mira"});
        let check = |name: &str, value: Value| {
            let mut data = whole.clone();
            data[name] = value.clone();
            assert_eq!(read(&json!({"code": 0, "data": data})), None, "{name}: {value}");
        };
        assert!(read(&json!({"code": 0, "data": whole})).is_some());
        check("sessionId", json!(null));
        check("wsUrl", json!(5));
        check("avatarName", json!(["Mira"]));
        check("opening", json!(true));
        check("starters", json!("Who are you?"));
        check("starters", json!([1]));
        check("heartbeat", json!({"intervalMs": 5}));
        check("heartbeat", json!({"wsId": "1", "intervalMs": -5}));
        check("signedIn", json!("yes"));
        for envelope in [json!([]), json!({"data": whole}), json!({"code": "0", "data": whole})] {
            assert_eq!(read(&envelope), None, "{envelope}");
        }
    }

    #[test]
    fn an_init_request_leaves_out_what_it_does_not_say() {
        let request = InitRequest {
            visitor_id: VisitorId::parse("web_1").unwrap(),
            visitor_name: None,
            avatar: None,
            session_id: None,
            site_token: None,
            user_token: None,
        };
        assert_eq!(to_value(&request).unwrap(), json!({"visitorId": "web_1"}));
        assert_eq!(to_value(request.to_json()).unwrap(), json!({"visitorId": "web_1"}));
    }

    #[test]
    fn a_send_request_has_the_contract_s_names() {
        let request = SendRequest {
            session_id: "s".into(),
            visitor_id: VisitorId::parse("web_1").unwrap(),
            message: "hello".into(),
            user_token: None,
        };
        let expected = json!({"sessionId": "s", "visitorId": "web_1", "message": "hello"});
        assert_eq!(to_value(&request).unwrap(), expected);
        assert_eq!(to_value(request.to_json()).unwrap(), expected);
    }

    #[test]
    fn the_bare_answer_of_visitor_chat_is_enough() {
        let data = read(&json!({"code": 0, "data": {
            "sessionId": "s", "wsUrl": "wss://x/ws?wsId=1", "avatarName": "Mira", "opening": null, "new": {"field": 1}
        }}))
        .unwrap();
        assert_eq!((data.avatar_name.as_str(), data.opening, data.heartbeat), ("Mira", None, None));
        assert!(data.starters.is_empty());
    }

    #[test]
    fn a_full_answer_round_trips() {
        let value = json!({"code": 0, "data": {
            "sessionId": "s", "wsUrl": "wss://x", "avatarName": "Mira", "opening": "Hello", "visitorUserId": "del3p",
            "heartbeat": {"wsId": "ws:1", "intervalMs": 15000}, "starters": ["Who are you?"], "avatarImage": "https://x/a.png"
        }});
        let answer: Envelope<InitAnswer> = from_value(value.clone()).unwrap();
        assert_eq!(read(&value), answer.data);
        assert_eq!(to_value(answer).unwrap(), value);
    }

    #[test]
    fn a_failure_needs_no_data() {
        let failure = json!({"code": 429, "subCode": "proxy.rate_limited", "message": "slow down"});
        let answer = Envelope::of(from_value(failure).unwrap()).unwrap();
        assert_eq!(answer.data, None);
        assert_eq!((answer.code, answer.sub_code.as_deref()), (429, Some("proxy.rate_limited")));
    }

    #[test]
    fn a_ping_is_what_the_document_shows() {
        assert_eq!(to_value(ping("ws:1")).unwrap(), json!({"type": "ping", "wsId": "ws:1"}));
    }

    #[test]
    fn the_socket_s_id_is_read_from_the_address() {
        let check = |url: &str, expected: Option<&str>| assert_eq!(ws_id_of(url).as_deref(), expected, "{url}");
        check("wss://ws.example/os/ws?wsId=ws%3A2603&authBody=x", Some("ws:2603"));
        check("wss://ws.example/os/ws?authBody=x&wsId=plain#frag", Some("plain"));
        check("wss://ws.example/os/ws?wsId=%e4%bd%a0", Some("你"));
        check("wss://ws.example/os/ws?myWsId=1&wsIdentity=2", None);
        check("wss://ws.example/os/ws?wsId=", None);
        check("wss://ws.example/os/ws?wsId=%zz", None);
        check("wss://ws.example/os/ws?wsId=%f", None);
        check("wss://ws.example/os/ws?wsId=%ff", None);
        check("wss://ws.example/os/ws", None);
    }
}

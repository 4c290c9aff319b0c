//! What any valid proxy does, whatever it is written in and whatever stands before it: one conversation over real sockets, and
//! what is refused.

use std::sync::Mutex;

use reqwest::{Method, RequestBuilder};
use secondme_sim::Simulator;
use serde_json::{Value, json};

use crate::support::{Answer, Socket, client};

/// A page of the site, which is on another origin than the proxy.
pub(crate) const PAGE: &str = "https://shop.example";
const LARGEST_BODY: usize = 64 * 1024;

/// The conversation, held with whatever proxy answers below `base`, such as `http://127.0.0.1:8080/chat`. Everything that the
/// proxy answers is handed back, headers and all.
pub(crate) async fn hold_conversation(base: &str, simulator: &Simulator) -> Vec<String> {
    let page = Visitor { base, http: client(), heard: Mutex::default() };

    // Whatever a page adds stays with the proxy, a key of its own above all.
    let init = json!({"visitorId": "web_1", "visitorName": "Zoë", "apiKey": "sk-the-pages-own", "later": {"field": 1}});
    let session = page.data("init", &init).await;
    assert_eq!(session["avatarName"], simulator.settings().avatar_name, "{base}");
    assert_eq!(session["opening"].as_str(), simulator.settings().opening.as_deref(), "{base}");
    let mut socket = Socket::open(&session).await;
    for message in ["Hello, 你好?", "And \"quotes\", \\ and 😀?"] {
        let sent = page.data("send", &says(&session, message)).await;
        assert_eq!(sent["sent"], true, "{base}");
        assert_eq!(socket.reply().await, secondme_sim::reply_to(message, &simulator.settings().avatar_name), "{base}");
        assert_eq!(simulator.control().observed().token_requests, 1, "{base}: the token is kept");
    }
    let observed = simulator.control().observed();
    assert_eq!(observed.sessions[0].messages.len(), 2, "{base}");
    assert_eq!(observed.sessions[0].visitor_name.as_deref(), Some("Zoë"), "{base}");

    // A token that ends early is no visitor's trouble, and costs one new one.
    simulator.control().expire_tokens();
    page.data("send", &says(&session, "Still there?")).await;
    assert_eq!(simulator.control().observed().token_requests, 2, "{base}");

    let valid = json!({"visitorId": "web_1"});
    let from = |origin: &'static str| page.request(Method::POST, "init").header("origin", origin).json(&valid);
    page.failure(from("https://evil.example"), 403, Some("proxy.origin_not_allowed")).await;
    page.failure(from("null"), 403, Some("proxy.origin_not_allowed")).await;
    page.failure(page.request(Method::POST, "init").json(&valid), 403, Some("proxy.origin_not_allowed")).await;

    let listed = |method, path| page.request(method, path).header("origin", PAGE);
    page.failure(listed(Method::GET, "init"), 405, None).await;
    page.failure(listed(Method::PUT, "send").json(&valid), 405, None).await;
    page.failure(listed(Method::GET, "other"), 404, None).await;
    let text = |text: String| listed(Method::POST, "send").header("content-type", "application/json").body(text);
    page.failure(text("{".to_owned()), 400, None).await;
    page.failure(text("{}".to_owned()), 400, None).await;
    page.failure(text(says(&session, &"x".repeat(10_001)).to_string()), 400, None).await;
    page.failure(text(says(&session, &"x".repeat(LARGEST_BODY)).to_string()), 413, None).await;
    page.failure(listed(Method::POST, "init").json(&json!({"visitorId": "not an id"})), 400, None).await;

    let preflight = listed(Method::OPTIONS, "send")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let preflight = page.hear(preflight).await;
    assert!((200..300).contains(&preflight.0), "{base}");
    assert_eq!(preflight.1.as_deref(), Some(PAGE), "{base}");

    // What SecondMe says of a conversation that has ended is what the widget acts on.
    simulator.control().expire_sessions();
    let ended = listed(Method::POST, "send").json(&says(&session, "And now?"));
    page.failure(ended, 400, Some("visitor_chat.session_expired")).await;
    page.data("init", &valid).await;
    simulator.control().fail_next(9, 500);
    let (status, ..) = page.hear(listed(Method::POST, "init").json(&valid)).await;
    assert!(status >= 500, "{base}: {status}");
    simulator.control().reset_faults();
    page.data("init", &valid).await;
    page.heard.into_inner().unwrap()
}

fn says(session: &Value, message: &str) -> Value {
    json!({"sessionId": session["sessionId"], "visitorId": "web_1", "message": message})
}

/// Whoever talks through a proxy.
struct Visitor<'a> {
    base: &'a str,
    http: reqwest::Client,
    heard: Mutex<Vec<String>>,
}

impl Visitor<'_> {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/{path}", self.base))
    }

    /// Status, released origin and body; kept for later.
    async fn hear(&self, request: RequestBuilder) -> (u16, Option<String>, String) {
        let answer = Answer::of(request).await;
        let origin = answer.header("access-control-allow-origin").map(str::to_owned);
        self.heard.lock().unwrap().push(format!("{:?} {}", answer.headers, answer.text));
        (answer.status.as_u16(), origin, answer.text)
    }

    /// A listed page's call that succeeds.
    async fn data(&self, path: &str, body: &Value) -> Value {
        let request = self.request(Method::POST, path).header("origin", PAGE).json(body);
        let (status, origin, text) = self.hear(request).await;
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}: {text}", self.base));
        assert_eq!((status, &answer["code"], origin.as_deref()), (200, &json!(0), Some(PAGE)), "{}: {text}", self.base);
        answer["data"].clone()
    }

    /// A call that fails in the contract's form.
    async fn failure(&self, request: RequestBuilder, expected: u16, sub_code: Option<&str>) {
        let (status, origin, text) = self.hear(request).await;
        assert_eq!(status, expected, "{}: {text}", self.base);
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}: {text}", self.base));
        assert!(answer["code"] == status && answer["subCode"].is_string(), "{}: {text}", self.base);
        assert!(sub_code.is_none_or(|sub_code| answer["subCode"] == sub_code), "{}: {text}", self.base);
        assert!(status != 403 || origin.is_none(), "{}: a foreign page reads it", self.base);
    }
}

/// No text, an answer or a log, holds a secret.
pub(crate) fn assert_no_secret(texts: &[String], simulator: &Simulator) {
    let mut secrets = simulator.control().observed().app_tokens_issued;
    assert!(!secrets.is_empty());
    secrets.extend([simulator.settings().client_secret.clone(), simulator.settings().api_key.clone()]);
    for text in texts {
        assert!(!secrets.iter().any(|secret| text.contains(secret.as_str())), "{text}");
    }
}

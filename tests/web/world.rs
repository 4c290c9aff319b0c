//! The outside world of a page, by script: see `world.js` beside this file. It ends with the test.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Deserialize;
use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::{Element, Node, Storage};

#[wasm_bindgen(module = "/tests/web/world.js")]
extern "C" {
    #[wasm_bindgen(js_name = World)]
    pub(crate) type Script;
    #[wasm_bindgen(constructor, js_class = World)]
    fn new() -> Script;
    #[wasm_bindgen(method)]
    fn end(this: &Script);
    #[wasm_bindgen(method)]
    fn requests(this: &Script) -> JsValue;
    #[wasm_bindgen(method)]
    pub(crate) fn sockets(this: &Script) -> Vec<Socket>;
    #[wasm_bindgen(method)]
    pub(crate) fn loads(this: &Script) -> Vec<String>;
    #[wasm_bindgen(method)]
    pub(crate) fn timers(this: &Script) -> u32;
    #[wasm_bindgen(method)]
    pub(crate) fn thrown(this: &Script) -> Vec<String>;
    #[wasm_bindgen(method)]
    fn answer(this: &Script, path: &str, status: u16, headers: &str, body: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn warnings(this: &Script) -> Vec<String>;
    #[wasm_bindgen(method)]
    pub(crate) fn bundle(this: &Script, tag: &str, address: &str, text: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn speak(this: &Script, page: &str, visitor: Vec<String>);
    #[wasm_bindgen(method)]
    pub(crate) fn refuse(this: &Script, path: &str);
    #[wasm_bindgen(method, js_name = hideAnswers)]
    pub(crate) fn hide_answers(this: &Script);
    #[wasm_bindgen(method)]
    pub(crate) fn hold(this: &Script, path: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn stall(this: &Script, path: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn release(this: &Script);
    #[wasm_bindgen(method, js_name = holdSockets)]
    pub(crate) fn hold_sockets(this: &Script);
    #[wasm_bindgen(method)]
    pub(crate) fn silence(this: &Script);
    #[wasm_bindgen(method)]
    async fn pass(this: &Script, milliseconds: f64);
    #[wasm_bindgen(method)]
    pub(crate) fn sleep(this: &Script, milliseconds: f64);
    #[wasm_bindgen(method)]
    pub(crate) fn hide(this: &Script);
    #[wasm_bindgen(method, js_name = forbidStorage)]
    pub(crate) fn forbid_storage(this: &Script);
    #[wasm_bindgen(method, js_name = fillStorage)]
    pub(crate) fn fill_storage(this: &Script);
    #[wasm_bindgen(method)]
    pub(crate) fn insecure(this: &Script);
    #[wasm_bindgen(method)]
    pub(crate) fn copied(this: &Script) -> Vec<String>;
    #[wasm_bindgen(method, js_name = forbidClipboard)]
    pub(crate) fn forbid_clipboard(this: &Script);

    /// A socket that the page opened, seen from its server.
    #[wasm_bindgen(js_name = ScriptedSocket)]
    pub(crate) type Socket;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn url(this: &Socket) -> String;
    #[wasm_bindgen(method, getter, js_name = readyState)]
    pub(crate) fn ready_state(this: &Socket) -> u16;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn sent(this: &Socket) -> Vec<String>;
    #[wasm_bindgen(method)]
    pub(crate) fn open(this: &Socket);
    #[wasm_bindgen(method, js_name = push)]
    pub(crate) fn push_data(this: &Socket, data: &JsValue);
    #[wasm_bindgen(method, js_name = burst)]
    async fn push_burst(this: &Socket, frames: Vec<String>);
    #[wasm_bindgen(method, js_name = drop)]
    pub(crate) fn close(this: &Socket);
    #[wasm_bindgen(method, js_name = isLive)]
    pub(crate) fn is_live(this: &Socket) -> bool;

    /// Counts what is written into a part of the page.
    pub(crate) type Writes;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(node: &Node) -> Writes;
    #[wasm_bindgen(method)]
    pub(crate) fn count(this: &Writes) -> u32;

    /// Hears what is added to a live region.
    pub(crate) type Listener;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(region: &Node) -> Listener;
    #[wasm_bindgen(method)]
    pub(crate) fn heard(this: &Listener) -> Vec<String>;

    pub(crate) fn sides(element: &Element) -> Vec<f64>;
    async fn turn();
    async fn frame();
    fn elapsed() -> f64;
}

#[wasm_bindgen(module = "/tests/web/sinks.js")]
extern "C" {
    #[wasm_bindgen(js_name = watchSinks)]
    pub(crate) fn watch_sinks();
    #[wasm_bindgen(js_name = releaseSinks)]
    pub(crate) fn release_sinks() -> Vec<String>;
}

/// Real time after which something that did not come about never will.
const PATIENCE_MS: f64 = 20_000.0;

/// One request as the proxy saw it.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    path: String,
    pub(crate) url: String,
    pub(crate) method: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) cache: String,
    pub(crate) body: String,
    pub(crate) aborted: bool,
}

/// The world of one test. What was thrown in it and not caught fails the test, and so does markup that was made of a text:
/// every page of these tests could require Trusted Types and have no policy.
pub(crate) struct World {
    script: Script,
    base: String,
}

/// Each world has a site of its own: what a test that failed has left in the browser, such as a lock, is another site's.
static SITES: AtomicU32 = AtomicU32::new(1);

impl World {
    /// A browser that has never seen the site, and a proxy and a socket that say yes to everything.
    pub(crate) fn new() -> Self {
        let script = Script::new();
        watch_sinks();
        storage().clear().unwrap();
        let window = web_sys::window().unwrap();
        window.session_storage().unwrap().unwrap().clear().unwrap();
        let site = SITES.fetch_add(1, Ordering::Relaxed);
        Self { script, base: format!("{}/{site}/chat", window.location().origin().unwrap()) }
    }

    /// Where the site's proxy answers.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// What came for that path, in order.
    pub(crate) fn asked(&self, path: &str) -> Vec<Request> {
        let requests: Vec<Request> = serde_wasm_bindgen::from_value(self.script.requests()).unwrap();
        requests.into_iter().filter(|request| request.path == path).collect()
    }

    /// The bodies of what came for that path, in order.
    pub(crate) fn bodies(&self, path: &str) -> Vec<Value> {
        self.asked(path).iter().map(|request| serde_json::from_str(&request.body).unwrap()).collect()
    }

    /// The texts of all messages that were posted, in order.
    pub(crate) fn posted(&self) -> Vec<String> {
        self.bodies("send").iter().map(|body| body["message"].as_str().unwrap().to_owned()).collect()
    }

    /// The next answer on that path.
    pub(crate) fn answer(&self, path: &str, status: u16, body: &Value) {
        self.script.answer(path, status, "{}", &body.to_string());
    }

    /// The next answer on that path, whatever it may be.
    pub(crate) fn answer_raw(&self, path: &str, status: u16, headers: &Value, body: &str) {
        self.script.answer(path, status, &headers.to_string(), body);
    }

    /// The newest socket.
    pub(crate) fn socket(&self) -> Socket {
        self.script.sockets().pop().expect("the page has opened a socket")
    }

    /// How many sockets are open, or about to be.
    pub(crate) fn live_sockets(&self) -> usize {
        self.script.sockets().iter().filter(|socket| socket.is_live()).count()
    }

    /// Lets the clock go on; what is due on the way happens in its order.
    pub(crate) async fn pass(&self, seconds: f64) {
        self.script.pass(seconds * 1_000.0).await;
    }
}

impl Deref for World {
    type Target = Script;

    fn deref(&self) -> &Script {
        &self.script
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.script.end();
        let thrown = self.script.thrown();
        let used = release_sinks();
        assert!(thrown.is_empty(), "thrown and not caught: {thrown:?}");
        assert!(used.is_empty(), "a page that requires Trusted Types forbids {used:?}");
    }
}

impl Socket {
    pub(crate) fn push(&self, frame: &Value) {
        self.push_data(&JsValue::from_str(&frame.to_string()));
    }

    /// A piece of the avatar's reply, as Visitor Chat writes it.
    pub(crate) fn chunk(&self, index: i64, text: &str) {
        self.push(&chunk(index, text));
    }

    /// Pieces of a reply, one right after the other.
    pub(crate) async fn burst(&self, chunks: impl Iterator<Item = (i64, String)>) {
        self.push_burst(chunks.map(|(index, text)| chunk(index, &text).to_string()).collect()).await;
    }

    /// A whole reply in one frame.
    pub(crate) fn reply(&self, text: &str) {
        self.chunk(-1, text);
    }

    /// What the avatar's owner writes.
    pub(crate) fn owner(&self, text: &str) {
        let data = json!([{"singleDataType": "text", "modal": {"answer": text}}]);
        self.push(&json!({"sender": "client", "sendUserId": "owner", "multipleData": data}));
    }

    /// The end of the avatar's reply.
    pub(crate) fn end_reply(&self) {
        self.push(&json!({"sender": "umm", "sessionId": "session-first", "index": -1}));
    }
}

fn chunk(index: i64, text: &str) -> Value {
    let data = json!([{"singleDataType": "text", "modal": {"answer": text}}]);
    json!({"sender": "umm", "sessionId": "session-first", "index": index, "multipleData": data})
}

/// What the browser keeps for the page's origin.
pub(crate) fn storage() -> Storage {
    web_sys::window().unwrap().local_storage().unwrap().unwrap()
}

/// Waits until it is so, and fails with the sentence where it never comes about.
pub(crate) async fn until(sentence: &str, so: impl Fn() -> bool) {
    assert!(comes_about(so).await, "waited in vain: {sentence}");
}

/// Waits until it is so; false where it never comes about.
pub(crate) async fn comes_about(so: impl Fn() -> bool) -> bool {
    let start = elapsed();
    let mut looks = 0;
    while !so() {
        if elapsed() - start > PATIENCE_MS {
            return false;
        }
        looks += 1;
        // Most things need no picture; those that do get the chance of one.
        if looks % 8 == 0 { frame().await } else { turn().await }
    }
    true
}

/// Waits until everything that is ready to happen has happened, and was painted.
pub(crate) async fn settle() {
    for _ in 0..2 {
        frame().await;
        turn().await;
    }
}

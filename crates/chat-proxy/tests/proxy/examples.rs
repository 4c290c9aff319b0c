//! Any proxy that adds the credentials is a valid one: the examples in other languages hold the same conversation as ours,
//! over real sockets. What is not installed is skipped, and said.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chat_proxy::Settings;
use futures_util::StreamExt;
use reqwest::{Method, RequestBuilder};
use secondme_sim::Simulator;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;

use crate::support::{Answer, Proxy, client, quick, settings_for};

/// A page of the site, which is on another origin than the proxy.
const PAGE: &str = "https://shop.example";
const LARGEST_BODY: usize = 64 * 1024;

/// The conversation, held with whatever proxy answers below `base`, such as `http://127.0.0.1:8080/chat`. Everything that the
/// proxy answers is handed back.
async fn hold_conversation(base: &str, simulator: &Simulator) -> Vec<Answer> {
    let page = Visitor { base, http: client(), heard: std::sync::Mutex::default() };

    // Whatever a page adds stays with the proxy, a key of its own above all.
    let init = json!({"visitorId": "web_1", "visitorName": "Zoë", "apiKey": "sk-the-pages-own", "later": {"field": 1}});
    let session = page.data("init", &init).await;
    assert_eq!(session["avatarName"], simulator.settings().avatar_name, "{base}");
    assert_eq!(session["opening"].as_str(), simulator.settings().opening.as_deref(), "{base}");
    let (mut socket, _) = connect_async(session["wsUrl"].as_str().unwrap()).await.unwrap();
    for message in ["Hello, 你好?", "And \"quotes\", \\ and 😀?"] {
        let sent = page.data("send", &says(&session, message)).await;
        assert_eq!(sent["sent"], true, "{base}");
        let mut reply = String::new();
        loop {
            let frame: Value = serde_json::from_str(socket.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
            reply.push_str(frame["multipleData"][0]["modal"]["answer"].as_str().unwrap_or_default());
            if frame["index"] == -1 {
                break;
            }
        }
        assert_eq!(reply, secondme_sim::reply_to(message, &simulator.settings().avatar_name), "{base}");
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
    page.failure(listed(Method::POST, "other").json(&valid), 404, None).await;
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
    heard: std::sync::Mutex<Vec<Answer>>,
}

impl Visitor<'_> {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/{path}", self.base))
    }

    /// Status, released origin and body; kept for later.
    async fn hear(&self, request: RequestBuilder) -> (u16, Option<String>, String) {
        let answer = Answer::of(request).await;
        let origin = answer.header("access-control-allow-origin").map(str::to_owned);
        let heard = (answer.status.as_u16(), origin, answer.text.clone());
        self.heard.lock().unwrap().push(answer);
        heard
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

/// No answer, whatever it was to, holds a secret.
fn assert_no_secret(texts: impl Iterator<Item = String>, simulator: &Simulator) {
    let mut secrets = simulator.control().observed().app_tokens_issued;
    assert!(!secrets.is_empty());
    secrets.extend([simulator.settings().client_secret.clone(), simulator.settings().api_key.clone()]);
    for text in texts {
        assert!(!secrets.iter().any(|secret| text.contains(secret.as_str())), "{text}");
    }
}

fn texts(answers: Vec<Answer>) -> impl Iterator<Item = String> {
    answers.into_iter().map(|answer| format!("{:?} {}", answer.headers, answer.text))
}

/// "Any proxy" is a small thing.
#[test]
fn each_example_is_short() {
    for example in ["node/proxy.mjs", "php/proxy.php", "python/proxy.py"] {
        let lines = std::fs::read_to_string(root().join("examples").join(example)).unwrap().lines().count();
        assert!((40..80).contains(&lines), "{example} has {lines} lines");
    }
}

#[tokio::test]
async fn our_own_proxy_holds_the_conversation() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let settings = Settings { allowed_origins: Some(vec![PAGE.into()]), ..settings_for(&simulator) };
    let proxy = Proxy::start(settings).await;
    let answers = hold_conversation(&format!("http://{}/chat", proxy.address), &simulator).await;
    assert_no_secret(texts(answers), &simulator);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_in_node_holds_the_conversation() {
    let node = installed("node", "--version").expect("the project needs Node.js");
    check_example(|port| command(&node, &["examples/node/proxy.mjs"], port)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_in_php_holds_the_conversation() {
    match installed("php", "-m") {
        None => skip("PHP", "php"),
        Some(php) => {
            check_example(|port| command(&php, &["-S", &format!("127.0.0.1:{port}"), "examples/php/proxy.php"], port))
                .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_in_python_holds_the_conversation() {
    // The tests' set-up makes it; one with FastAPI of its own serves as well.
    let own = root().join(".tools/python/bin/python");
    let candidates = [own, PathBuf::from("python3")];
    let fastapi = |python: &&PathBuf| {
        let python = Command::new(python).args(["-c", "import fastapi, httpx, uvicorn"]).stderr(Stdio::null()).status();
        python.is_ok_and(|status| status.success())
    };
    match candidates.iter().find(fastapi) {
        None => skip("Python", "python3 with fastapi, httpx and uvicorn"),
        Some(python) => {
            let arguments = ["-m", "uvicorn", "--app-dir", "examples/python", "proxy:app", "--port"];
            check_example(|port| command(python, &[&arguments[..], &[&port.to_string()]].concat(), port)).await;
        }
    }
}

/// Starts an example in front of a simulator of its own, and holds the conversation with it.
async fn check_example(make: impl Fn(u16) -> Command) {
    let simulator = Simulator::start(quick()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let accepted = simulator.settings();
    let variables = [
        ("SECONDME_BASE_URL", simulator.base_url()),
        ("SECONDME_CLIENT_ID", accepted.client_id.clone()),
        ("SECONDME_CLIENT_SECRET", accepted.client_secret.clone()),
        ("SECONDME_API_KEY", accepted.api_key.clone()),
        ("ALLOWED_ORIGINS", format!("http://localhost:3000,{PAGE}")),
        ("TOKEN_FILE", folder.path().join("token").to_str().unwrap().to_owned()),
    ];
    // Where another program takes the port first, the example ends and the next port is tried.
    let mut example = None;
    for _ in 0..5 {
        let port = free_port();
        example = Example::start(make(port).envs(variables.clone()), port).await;
        if example.is_some() {
            break;
        }
    }
    let example = example.expect("the example starts");
    let answers = hold_conversation(&format!("http://127.0.0.1:{}/chat", example.port), &simulator).await;
    assert_no_secret(texts(answers).chain([example.stop()]), &simulator);
}

/// A running example, which ends with the test.
struct Example {
    child: Child,
    port: u16,
}

impl Example {
    async fn start(command: &mut Command, port: u16) -> Option<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut example = Self { child, port };
        while example.child.try_wait().unwrap().is_none() {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(example);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }

    /// Ends it, and gives all that it has logged.
    fn stop(mut self) -> String {
        self.child.kill().unwrap();
        let mut log = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut log).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(program: &Path, arguments: &[&str], port: u16) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).env("PORT", port.to_string());
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn installed(program: &str, argument: &str) -> Option<PathBuf> {
    let quiet = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success()).then(|| program.into())
}

/// Past the capture of a test's output, so that it is seen.
fn skip(language: &str, missing: &str) {
    writeln!(std::io::stderr(), "skipped: the example in {language} is not run, because {missing} is missing").unwrap();
}

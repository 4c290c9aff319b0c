//! The program itself: precedence of flags, variables and file, exit codes, sentences, logs, and the orderly stop.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use reqwest::Method;
use secondme_sim::Simulator;
use serde_json::{Value, json};

use crate::support::{APIS, Api, client, quick};

/// The program with a clean environment.
fn program(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-proxy"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = program(arguments, variables).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

const CREDENTIALS: [(&str, &str); 3] = [
    ("SECONDME_CLIENT_ID", "an-app"),
    ("SECONDME_CLIENT_SECRET", "do-not-print"),
    ("SECONDME_API_KEY", "sk-do-not-print"),
];

#[test]
fn a_missing_setting_stops_with_one_sentence() {
    for command in ["serve", "check"] {
        let (code, stdout, stderr) = run(&[command], &CREDENTIALS[..2]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""));
        assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
        assert!(stderr.starts_with("chat-proxy: SECONDME_API_KEY is missing"), "{stderr}");
    }
}

#[test]
fn a_wrong_setting_stops_without_printing_a_secret() {
    let mut variables = CREDENTIALS.to_vec();
    variables[2].1 = "do-not-print";
    let (code, _, stderr) = run(&["serve"], &variables);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("SECONDME_API_KEY must begin with sk-") && !stderr.contains("do-not-print"), "{stderr}");
    let (_, help, _) = run(&["serve", "--help"], &CREDENTIALS);
    assert!(help.contains("SECONDME_API_KEY") && !help.contains("do-not-print"), "{help}");
}

#[test]
fn flags_go_before_variables_and_variables_before_the_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "listen = \"from-file\"").unwrap();
    let path = file.path().to_str().unwrap();
    let check = |arguments: &[&str], variables: &[(&str, &str)], expected: &str| {
        let variables: Vec<_> = CREDENTIALS.iter().chain(variables).copied().collect();
        let (code, _, stderr) = run(&[&["check"], arguments].concat(), &variables);
        assert_eq!(code, Some(2));
        assert!(stderr.contains(&format!("not `{expected}`")), "{stderr}");
    };
    let (flag, variable) = (["--listen", "from-flag"], ("CHAT_PROXY_LISTEN", "from-variable"));
    check(&["--config", path], &[], "from-file");
    check(&[], &[("CHAT_PROXY_CONFIG", path)], "from-file");
    check(&["--config", path], &[variable], "from-variable");
    check(&["--config", path, flag[0], flag[1]], &[variable], "from-flag");
    check(&["--config", path], &[("CHAT_PROXY_LISTEN", "")], "from-file");
    let list = [("CHAT_PROXY_ALLOWED_ORIGINS", "https://a.example,b.example")];
    let (_, _, stderr) = run(&["check"], &[&CREDENTIALS[..], &list].concat());
    assert!(stderr.contains("CHAT_PROXY_ALLOWED_ORIGINS holds `b.example`"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_whether_secondme_answers() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let (accepted, base_url) = (simulator.settings().clone(), simulator.base_url());
    let check = async |secret: &str, base_url: &str| {
        let variables = [
            ("SECONDME_BASE_URL".to_owned(), base_url.to_owned()),
            ("SECONDME_CLIENT_ID".to_owned(), accepted.client_id.clone()),
            ("SECONDME_CLIENT_SECRET".to_owned(), secret.to_owned()),
            ("SECONDME_API_KEY".to_owned(), accepted.api_key.clone()),
        ];
        let checking = tokio::task::spawn_blocking(move || {
            let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            run(&["check"], &variables)
        });
        checking.await.unwrap()
    };
    let (code, stdout, _) = check(&accepted.client_secret, &base_url).await;
    assert_eq!(code, Some(0));
    assert!(stdout.contains("gave an app token"), "{stdout}");
    assert_eq!(simulator.control().observed().init_requests, 0, "no conversation is opened");

    let (code, _, stderr) = check("do-not-print", &base_url).await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains("oauth2.invalid_client") && stderr.contains("SECONDME_CLIENT_SECRET"), "{stderr}");
    assert!(!stderr.contains("do-not-print"), "{stderr}");

    simulator.stop().await;
    let (code, _, stderr) = check(&accepted.client_secret, &base_url).await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains("can't be reached") && stderr.trim_end().lines().count() == 1, "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_asks_for_each_avatar_of_the_avatar_hub() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let check = async |further: &[(&'static str, &str)]| {
        let mut variables = variables_for(Api::AvatarHub, &simulator);
        variables.extend(further.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let checking = tokio::task::spawn_blocking(move || {
            let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
            run(&["check"], &variables)
        });
        checking.await.unwrap()
    };
    let (code, stdout, stderr) = check(&[]).await;
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("took SECONDME_API_KEY"), "{stdout}");
    let observed = simulator.control().observed();
    assert_eq!((observed.hub.auth, observed.sessions.len(), observed.init_requests), (1, 0, 0), "one request");

    let avatars = [("CHAT_PROXY_AVATARS", "good=GOOD,bad=BAD")];
    let keys = [("GOOD", simulator.settings().api_key.as_str()), ("BAD", "sk-do-not-print")];
    let (code, _, stderr) = check(&[&avatars[..], &keys].concat()).await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains("the avatar `bad`") && stderr.contains("open.api.key.not.found"), "{stderr}");
    assert!(!stderr.contains("do-not-print") && stderr.trim_end().lines().count() == 1, "{stderr}");
    assert_eq!(simulator.control().observed().hub.auth, 4);

    let (code, _, stderr) = check(&[("SECONDME_API_KEY", "sk-do-not-print")]).await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains("refused SECONDME_API_KEY") && !stderr.contains("do-not-print"), "{stderr}");

    simulator.control().fail_next(3, 503);
    let (code, _, stderr) = check(&[]).await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains("SECONDME_BASE_URL is") && stderr.contains("503"), "{stderr}");
}

/// `chat-proxy serve` in front of the simulator, with the loudest log there is.
pub(crate) struct Serving {
    child: Child,
    lines: BufReader<std::process::ChildStderr>,
    log: String,
    pub(crate) address: String,
}

/// What the program is told of the simulator.
pub(crate) fn variables_for(api: Api, simulator: &Simulator) -> Vec<(&'static str, String)> {
    let accepted = simulator.settings();
    let mut variables = vec![
        ("SECONDME_API", api.name().to_owned()),
        ("SECONDME_BASE_URL", api.base_url(simulator)),
        ("SECONDME_API_KEY", accepted.api_key.clone()),
    ];
    if api == Api::VisitorChat {
        variables.push(("SECONDME_CLIENT_ID", accepted.client_id.clone()));
        variables.push(("SECONDME_CLIENT_SECRET", accepted.client_secret.clone()));
    }
    variables
}

impl Serving {
    fn start(api: Api, simulator: &Simulator) -> Self {
        Self::start_with(&variables_for(api, simulator))
    }

    pub(crate) fn start_with(variables: &[(&str, String)]) -> Self {
        let further = [("CHAT_PROXY_LISTEN", "127.0.0.1:0".to_owned()), ("CHAT_PROXY_LOG", "trace".to_owned())];
        let variables = [variables, &further].concat();
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut child = program(&["serve"], &variables).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let (mut log, mut address) = (String::new(), None);
        while address.is_none() {
            let start = log.len();
            assert_ne!(lines.read_line(&mut log).unwrap(), 0, "it ended: {log}");
            let line: Value = serde_json::from_str(&log[start..]).unwrap();
            if line["message"] == "listening" {
                address = line["address"].as_str().map(str::to_owned);
            }
        }
        Self { child, lines, log, address: address.unwrap() }
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = client().request(Method::POST, format!("http://{}{path}", self.address));
        let response = request.header("sec-fetch-site", "same-origin").json(&body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub(crate) fn terminate(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Waits for the end, and gives the exit code and the whole log.
    pub(crate) fn finish(mut self) -> (Option<i32>, String) {
        self.lines.read_to_string(&mut self.log).unwrap();
        (self.child.wait().unwrap().code(), std::mem::take(&mut self.log))
    }
}

/// A test that fails leaves no process behind.
impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loudest_log_holds_nothing_private() {
    for (api, gone) in APIS.into_iter().zip(["visitor_chat.session_expired", "proxy.session_invalid"]) {
        check_log(api, gone).await;
    }
}

async fn check_log(api: Api, gone: &str) {
    let simulator = Simulator::start(quick()).await.unwrap();
    let serving = Serving::start(api, &simulator);
    let init = json!({"visitorId": "web_1", "visitorName": "Private-Name"});
    let (status, answer) = serving.post("/chat/init?query=Private-Query", init).await;
    assert_eq!(status, 200);
    let send = json!({"sessionId": answer["data"]["sessionId"], "visitorId": "web_1", "message": "Private-Message"});
    assert_eq!(serving.post("/chat/send", send.clone()).await.0, 200);
    simulator.control().expire_sessions();
    assert_eq!(serving.post("/chat/send", send).await.0, 400);
    simulator.control().fail_next(1, 500);
    assert_eq!(serving.post("/chat/init", json!({"visitorId": "web_1"})).await.0, 502);
    assert_eq!(serving.post("/chat/Private-Path", json!({})).await.0, 404);
    serving.terminate();
    let (_, log) = serving.finish();

    let issued = simulator.control().observed().app_tokens_issued;
    assert_eq!(issued.len(), 1);
    let ws_url = answer["data"]["wsUrl"].as_str().unwrap();
    let auth_body = ws_url.split_once("authBody=").unwrap().1.split('&').next().unwrap();
    let session = answer["data"]["sessionId"].as_str().unwrap();
    let private = ["Private-Name", "Private-Query", "Private-Message", "Private-Path", auth_body, &issued[0], session];
    let secrets = [simulator.settings().client_secret.as_str(), &simulator.settings().api_key];
    for text in private.iter().chain(&secrets) {
        assert!(!log.contains(*text), "{text} is in the log:\n{log}");
    }

    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let request = |status: u64| lines.iter().find(|line| line["status"] == status).unwrap_or_else(|| panic!("{log}"));
    for (status, path) in [(200, "/chat/init"), (400, "/chat/send"), (502, "/chat/init")] {
        let line = request(status);
        assert_eq!((&line["span"]["path"], &line["span"]["method"]), (&json!(path), &json!("POST")), "{line}");
        assert!(line["span"]["request_id"].is_string() && line["latency_ms"].is_number(), "{line}");
    }
    assert_eq!(request(400)["sub_code"], gone);
    assert_eq!(request(404)["span"]["path"], "none", "an address that is the client's invention is not logged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_is_under_way() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let serving = Serving::start(Api::VisitorChat, &simulator);
    let address = serving.address.clone();
    assert_eq!(serving.post("/chat/init", json!({"visitorId": "web_1"})).await.0, 200);
    simulator.control().delay_answers(Duration::from_secs(1));
    let (answered, ()) = tokio::join!(serving.post("/chat/init", json!({"visitorId": "web_2"})), async {
        while simulator.control().observed().init_requests < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        serving.terminate();
    });
    assert_eq!(answered.0, 200);
    let (code, log) = serving.finish();
    assert_eq!(code, Some(0));
    assert!(log.contains("stopping"), "{log}");
    assert!(std::net::TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn a_taken_address_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, _, stderr) = run(&["serve", "--listen", &address, "--log", "error"], &CREDENTIALS);
    assert_eq!(code, Some(1));
    assert!(stderr.contains(&format!("CHAT_PROXY_LISTEN names {address}")), "{stderr}");
}

//! The binary: what it prints, what its flags do, and how it says no.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use secondme_sim::{CONTROL_HELP, Settings, script::variant_help, word_help};
use serde_json::{Value, json};

use crate::caller::{Socket, answer, answer_text, install_cryptography};

const PROGRAM: &str = env!("CARGO_BIN_EXE_secondme-sim");

/// A running program that ends with its test, whatever the outcome.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test]
async fn it_prints_where_it_is_and_serves_with_the_credentials_it_was_given() {
    install_cryptography();
    let flags = ["--client-id", "shop", "--client-secret", "s3", "--api-key", "sk-1", "--avatar-name", "Noor"];
    let child = Command::new(PROGRAM).args(flags).args(["--opening", ""]).stdout(Stdio::piped()).spawn();
    let mut running = Running(child.unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let urls: Vec<&str> = line.split_whitespace().filter(|word| word.starts_with("http://")).collect();
    let [base, hub, control] = urls[..] else { panic!("three addresses in {line:?}") };
    assert!(hub.ends_with("/gate/in"), "{hub}");

    let http = reqwest::Client::new();
    let form = [("grant_type", "client_credentials"), ("client_id", "shop"), ("client_secret", "s3")];
    let (_, body) = answer(http.post(format!("{base}/api/oauth/token/client")).form(&form)).await;
    let token = body["data"]["accessToken"].as_str().unwrap();
    let init = json!({ "apiKey": "sk-1", "visitorId": "web_1" });
    let url = format!("{base}/api/secondme/visitor-chat/init");
    let (_, body) = answer(http.post(url).bearer_auth(token).json(&init)).await;
    assert_eq!((&body["data"]["avatarName"], &body["data"]["opening"]), (&json!("Noor"), &json!(null)));
    let (_, observed) = answer(http.get(control)).await;
    assert_eq!(observed["init_requests"], 1);
}

#[tokio::test]
async fn its_flags_set_variants_and_faults() {
    install_cryptography();
    let command = r#"{"command":"refuse_next","operation":"token","status":429,"retry_after":3}"#;
    let flags = ["--frames", "ids", "--variant", "end-text", "--variant", "pause=70", "--command", command];
    let child = Command::new(PROGRAM).args(flags).stdout(Stdio::piped()).spawn();
    let mut running = Running(child.unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap();

    let http = reqwest::Client::new();
    let settings = Settings::default();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &settings.client_id),
        ("client_secret", &settings.client_secret),
    ];
    let token = || answer(http.post(format!("{base}/api/oauth/token/client")).form(&form));
    assert_eq!(token().await.0, 429);
    let (_, body) = token().await;
    let token = body["data"]["accessToken"].as_str().unwrap();
    let call = |operation: &str, body: Value| {
        let url = format!("{base}/api/secondme/visitor-chat/{operation}");
        answer(http.post(url).bearer_auth(token).json(&body))
    };
    let (_, body) = call("init", json!({ "apiKey": settings.api_key, "visitorId": "web_1" })).await;
    let session = &body["data"];
    let mut socket = Socket::open(session).await;
    call("send", json!({ "apiKey": settings.api_key, "sessionId": session["sessionId"], "message": "hello" })).await;
    let frames = socket.reply().await;
    let last = frames.last().unwrap();
    assert!(last["seqId"].is_string() && !answer_text(last).is_empty(), "{last}");
}

#[tokio::test]
async fn its_flags_set_the_limits_of_the_avatar_hub() {
    install_cryptography();
    let flags = ["--rate-limit", "5", "--address-lifetime", "0", "--payload-lifetime", "0", "--silence-limit", "9"];
    let more =
        ["--starter", "Who are you?", "--starter", "Do you ship?", "--owner-image", "https://images.example/o.png"];
    let child = Command::new(PROGRAM).args(flags).args(more).stdout(Stdio::piped()).spawn();
    let mut running = Running(child.unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let hub = line.split_whitespace().find(|word| word.ends_with("/gate/in")).unwrap();

    let http = reqwest::Client::new();
    let visitor_id = "web_6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    let auth = http.post(format!("{hub}/rest/open/avatar/auth")).bearer_auth(Settings::default().api_key);
    let (_, body) = answer(auth.json(&json!({ "visitorId": visitor_id }))).await;
    let identity = &body["data"];
    let call = async |request: reqwest::RequestBuilder| {
        answer(request.header("token", identity["visitorToken"].as_str().unwrap()).header("Fp", visitor_id)).await
    };
    let ws =
        json!({ "userId": identity["visitorUserId"], "channel": ["ALL"], "apiVersion": "1.3.0", "sdkVersion": "1" });
    let (_, body) = call(http.post(format!("{hub}/rest/general/ws/create")).json(&ws)).await;
    let refused = tokio_tungstenite::connect_async(body["data"]["address"].as_str().unwrap()).await;
    assert!(refused.is_err(), "the address has expired");
    let session = json!({ "mindType": "shadow", "mode": "PERSONAL", "sessionType": "SHARE" });
    let (_, body) = call(http.post(format!("{hub}/rest/general/session/create")).json(&session)).await;
    assert_eq!(body["data"]["sentence"]["firstOfUser"], json!(["Who are you?", "Do you ship?"]));
    let public = format!("{hub}/rest/os/avatar/public/{}", identity["avatarShareCode"].as_str().unwrap());
    assert_eq!(call(http.get(&public)).await.1["data"]["ownerAvatar"], "https://images.example/o.png");
    assert_eq!(call(http.get(&public)).await.0, 200, "the fifth request");
    assert_eq!(call(http.get(&public)).await.0, 429, "the sixth");
}

#[test]
fn it_says_why_it_cannot_start() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (flags, complaint) in [
        (["--listen", address.as_str()], format!("The simulator cannot listen on {address}: ")),
        (["--api-key", ""], "The simulator cannot start: the API key must not be empty.".to_owned()),
        (["--chunk-chars", "0"], "The simulator cannot start: the longest chunk must have".to_owned()),
        (["--rate-limit", "0"], "The simulator cannot start: the rate limit must be at least one".to_owned()),
        (["--chunk-interval-ms", "fast"], "error: invalid value 'fast'".to_owned()),
        (["--variant", "pause=long"], "error: invalid value 'pause=long' for '--variant".to_owned()),
        (["--command", "{}"], "error: invalid value '{}' for '--command".to_owned()),
        (
            ["--command", r#"{"command":"owner_says","text":"Hi"}"#],
            "There is no conversation with an open socket".to_owned(),
        ),
    ] {
        let output = Command::new(PROGRAM).args(flags).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.starts_with(&complaint), "{flags:?}: {said}");
    }
}

#[test]
fn its_help_documents_the_control_endpoint_the_variants_and_the_words() {
    let output = Command::new(PROGRAM).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for part in [CONTROL_HELP, &variant_help(), &word_help()] {
        assert!(help.contains(part.trim_end()), "{help}");
    }
}

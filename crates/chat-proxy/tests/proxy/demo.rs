//! `chat-proxy demo`: one line on standard output, the page at `/`, a conversation without credentials.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::support::{Answer, client};

struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_a_page_with_a_chat() {
    check(&[], false).await;
    check(&["--api", "visitor-chat"], false).await;
    check(&["--api", "avatar-hub"], true).await;
}

/// Only the Avatar Hub tells the visitor's own id.
async fn check(arguments: &[&str], tells_visitor: bool) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("index.html", "<p>a shop</p>"), ("demo.css", "p {}"), ("widget.js", "widget")] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-proxy"));
    command.args(["demo", "--port", &port.to_string(), "--widget-dir"]).arg(folder.path()).args(arguments);
    command.env("SECONDME_API_KEY", "a key that is not the demo's").env("SECONDME_API", "nothing");
    let mut demo = Demo(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    let mut stdout = BufReader::new(demo.0.stdout.take().unwrap());
    let mut stderr = demo.0.stderr.take().unwrap();
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let url = line.strip_prefix("Open ").unwrap().trim_end().to_owned();
    assert_ne!(url, format!("http://127.0.0.1:{port}/"), "that port is taken");

    let client = client();
    let get = async |path: &str| Answer::of(client.get(format!("{url}{path}"))).await;
    assert_eq!(get("").await.text, "<p>a shop</p>");
    assert_eq!(get("demo.css").await.header("content-type"), Some("text/css"));
    assert_eq!(get("chat/widget.js").await.text, "widget");
    let console = get("console").await;
    assert!(console.text.contains("<title>Conversations"), "the owner's console: {}", console.text);
    let request = client.post(format!("{url}chat/init")).header("origin", url.trim_end_matches('/'));
    let session = Answer::of(request.json(&json!({"visitorId": "web_1"}))).await.data();
    assert_eq!(session["avatarName"], "Mira");
    assert_eq!(session["visitorUserId"].is_string(), tells_visitor);

    drop(demo);
    let mut further = String::new();
    stdout.read_to_string(&mut further).unwrap();
    stderr.read_to_string(&mut further).unwrap();
    assert_eq!(further, "", "one line is all it says");
}

#[test]
fn a_folder_without_a_page_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-proxy"));
    let output = command.args(["demo", "--widget-dir"]).arg(folder.path()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]));
    assert!(stderr.contains("--widget-dir") && stderr.contains("index.html"), "{stderr}");
}

//! Any proxy that adds the credentials is a valid one: the examples in other languages hold the same conversation as ours.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chat_proxy::Settings;
use secondme_sim::Simulator;

use crate::any_proxy::{PAGE, assert_no_secret, hold_conversation};
use crate::neighbours::{Neighbour, installed, root, skip};
use crate::support::{Proxy, quick, settings_for};

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
    assert_no_secret(&answers, &simulator);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_in_node_holds_the_conversation() {
    let node = installed("node", "--version").expect("the project needs Node.js");
    check_example(|_| command(&node, &["examples/node/proxy.mjs"])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_in_php_holds_the_conversation() {
    match installed("php", "-m") {
        None => skip("the example in PHP is not run", "php"),
        Some(php) => {
            check_example(|port| command(&php, &["-S", &format!("127.0.0.1:{port}"), "examples/php/proxy.php"])).await;
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
        None => skip("the example in Python is not run", "python3 with fastapi, httpx and uvicorn"),
        Some(python) => {
            let arguments = ["-m", "uvicorn", "--app-dir", "examples/python", "proxy:app", "--port"];
            check_example(|port| command(python, &[&arguments[..], &[&port.to_string()]].concat())).await;
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
    let example = Neighbour::start(|port| {
        let mut command = make(port);
        command.current_dir(root()).env("PORT", port.to_string()).envs(variables.clone());
        command
    })
    .await;
    let mut texts = hold_conversation(&format!("http://127.0.0.1:{}/chat", example.port), &simulator).await;
    texts.push(example.stop());
    assert_no_secret(&texts, &simulator);
}

fn command(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

//! The snippets of the operator's pages: what is printed in them is printed, what is asked in them is answered, and what is
//! named in them is there.

use std::process::Command;

use reqwest::Method;
use serde_json::Value;

use crate::any_proxy::PAGE;
use crate::neighbours::root;
use crate::support::{Answer, Proxy, quick, settings_for};

/// A page's snippets, each with its language, in order.
fn snippets(page: &str) -> Vec<(String, String)> {
    let text = text(page);
    let blocks = text.split("```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').unwrap()).map(|(kind, text)| (kind.to_owned(), text.to_owned())).collect()
}

fn text(page: &str) -> String {
    std::fs::read_to_string(root().join("docs").join(page)).unwrap()
}

fn chat_proxy(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_chat-proxy")).args(arguments).env_clear().output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_printed_policies_are_printed() {
    let snippets = snippets("csp.md");
    let pairs = snippets.windows(2).filter(|pair| pair[0].0 == "sh" && pair[1].0 == "text");
    let mut checked = 0;
    for pair in pairs {
        let words: Vec<_> = pair[0].1.split_whitespace().collect();
        assert_eq!(words[..2], ["chat-proxy", "csp"]);
        assert_eq!(chat_proxy(&words[1..]), pair[1].1, "{words:?}");
        checked += 1;
    }
    assert_eq!(checked, 3);
}

#[test]
fn the_flags_of_all_commands_are_there() {
    let mut checked = 0;
    for page in ["operating.md", "csp.md", "install.md", "troubleshooting.md"] {
        let commands: String =
            snippets(page).into_iter().filter(|(kind, _)| kind == "sh").map(|(_, text)| text).collect();
        for words in
            commands.lines().map(|line| line.split(' ').collect::<Vec<_>>()).filter(|words| words[0] == "chat-proxy")
        {
            let help = chat_proxy(&[words[1], "--help"]);
            for flag in words.iter().filter(|word| word.starts_with("--")) {
                assert!(help.contains(&format!("{flag} ")) || help.contains(&format!("{flag}\n")), "{flag}: {help}");
                checked += 1;
            }
        }
    }
    assert!(checked > 5, "{checked}");
}

/// A snippet says what the file itself says of how to use it.
#[test]
fn the_image_is_built_and_run_as_its_file_says() {
    let dockerfile = std::fs::read_to_string(root().join("deploy/Dockerfile")).unwrap();
    let docker =
        snippets("operating.md").into_iter().map(|(_, text)| text).find(|text| text.starts_with("docker")).unwrap();
    for line in docker.lines() {
        assert!(dockerfile.contains(&format!("#   {line}\n")), "{line}");
    }
}

#[test]
fn what_the_pages_link_to_is_there() {
    let mut checked = 0;
    for page in ["operating.md", "csp.md", "own-proxy.md"] {
        for link in text(page).split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            assert!(link.starts_with("http") || root().join("docs").join(link).is_file(), "{page}: {link}");
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked}");
}

/// What a page asks of any proxy is answered as it stands there.
#[tokio::test]
async fn the_calls_of_any_proxy_are_answered() {
    let simulator = secondme_sim::Simulator::start(quick()).await.unwrap();
    let settings = chat_proxy::Settings { allowed_origins: Some(vec![PAGE.into()]), ..settings_for(&simulator) };
    let proxy = Proxy::start(settings).await;
    let calls: Vec<_> = snippets("own-proxy.md").into_iter().filter(|(kind, _)| kind == "json").collect();
    assert_eq!(calls.len(), 2);
    let mut session = String::new();
    for (path, (_, text)) in ["init", "send"].into_iter().zip(calls) {
        let body: Value = serde_json::from_str(&text.replace("SESSION_ID", &session)).unwrap();
        let request = proxy.request(Method::POST, &format!("/chat/{path}")).header("origin", PAGE).json(&body);
        let data = Answer::of(request).await.data();
        session = data["sessionId"].as_str().unwrap_or_default().to_owned();
    }
    let observed = simulator.control().observed();
    assert_eq!(
        (&observed.sessions[0].messages[..], observed.sessions[0].visitor_name.as_deref()),
        (&["Hello!".to_owned()][..], Some("Zoë"))
    );
}

//! The chat as a screen reader is given it: roles, names and states, as lines of text. It does not know how it looks.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use similar::TextDiff;

use crate::page::Page;
use crate::until::until;
use crate::world::{Setup, test};

/// How a conversation was given last time.
const FILE: &str = "tests/e2e/accessibility/conversation.txt";

/// Set to write what is given now in its place.
const VARIABLE: &str = "SECONDME_CHAT_WRITE_SNAPSHOTS";

/// Roles that say nothing themselves: what is in them stands in their place.
const SILENT: [&str; 4] = ["generic", "none", "presentation", "InlineTextBox"];

/// What of a node's properties a screen reader speaks of, or acts upon.
const STATES: [&str; 14] = [
    "atomic",
    "busy",
    "checked",
    "disabled",
    "expanded",
    "hasPopup",
    "invalid",
    "level",
    "live",
    "modal",
    "multiline",
    "pressed",
    "readonly",
    "required",
];

#[test]
fn a_whole_conversation_is_given_to_screen_readers() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.next_reply(&["ids", "takeover"]);
        world.page.say("How long does shipping take?").await;
        world.page.until("the owner speaks", |chat| chat.of("owner").len() == 1).await;
        world.secondme().fail_next(1, 500);
        world.page.say("Thanks").await;
        world.page.until("the message has failed", |chat| chat.status_of("Thanks") == "failed").await;
        let told = "return document.querySelector('secondme-chat').shadowRoot.querySelector('.panel > [role=status]')
            .textContent === ''";
        until("what was told is gone", async || world.page.browser.run::<bool>(told).await.then_some(())).await;
        check(&given(&world.page).await);
    });
}

/// Fails with the lines that differ, unless the text is that of the last time.
fn check(now: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os(VARIABLE).is_some() {
        fs::write(&file, now).unwrap();
        return;
    }
    let before = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{FILE}: {error}; {VARIABLE}=1 writes it"));
    let difference = TextDiff::from_lines(before.as_str(), now).unified_diff().to_string();
    assert!(before == now, "{FILE} is different now ({VARIABLE}=1 writes it anew):\n{difference}");
}

/// The part of the page's accessibility tree that the chat is.
async fn given(page: &Page) -> String {
    let browser = &page.browser;
    let host = json!({ "expression": "document.querySelector('secondme-chat')" });
    let host = browser.devtools("Runtime.evaluate", host).await["result"]["objectId"].clone();
    let host = browser.devtools("DOM.describeNode", json!({ "objectId": host })).await["node"]["backendNodeId"].clone();
    let tree = browser.devtools("Accessibility.getFullAXTree", json!({})).await["nodes"].clone();
    let nodes: HashMap<_, _> = tree.as_array().unwrap().iter().map(|node| (node["nodeId"].clone(), node)).collect();
    let root = nodes.values().find(|node| node["backendDOMNodeId"] == host).unwrap();
    let mut text = String::new();
    write(&mut text, root, &nodes, 0, "");
    text
}

fn write(text: &mut String, node: &Value, nodes: &HashMap<Value, &Value>, depth: usize, around: &str) {
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let name = visible(node["name"]["value"].as_str().unwrap_or_default());
    let silent = node["ignored"] == true || SILENT.contains(&role);
    // A text that is its parent's name is said once.
    let repeated = role == "StaticText" && (name == around || name.is_empty());
    let (mut depth, mut around) = (depth, around.to_owned());
    if !silent && !repeated {
        writeln!(text, "{}{}", "  ".repeat(depth), line(node, role, &name)).unwrap();
        (depth, around) = (depth + 1, name);
    }
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = nodes.get(child).filter(|_| role != "StaticText") {
            write(text, child, nodes, depth, &around);
        }
    }
}

fn line(node: &Value, role: &str, name: &str) -> String {
    let role = if role == "StaticText" { "text" } else { role };
    let mut line = if name.is_empty() { role.to_owned() } else { format!("{role} {name:?}") };
    for part in ["value", "description"] {
        if let Some(words) = node[part]["value"].as_str().filter(|words| !words.is_empty()) {
            write!(line, " {part} {:?}", visible(words)).unwrap();
        }
    }
    let states = node["properties"].as_array().into_iter().flatten().filter_map(|property| {
        let name = property["name"].as_str().filter(|name| STATES.contains(name))?;
        match &property["value"]["value"] {
            Value::Bool(false) | Value::Null => None,
            Value::Bool(true) => Some(name.to_owned()),
            Value::String(value) if value == "false" => None,
            Value::String(value) => Some(format!("{name}={value}")),
            other => Some(format!("{name}={other}")),
        }
    });
    let states: Vec<_> = states.collect();
    if states.is_empty() { line } else { format!("{line} [{}]", states.join(", ")) }
}

/// The marks around a name that keep its direction of writing to itself are neither seen nor heard.
fn visible(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

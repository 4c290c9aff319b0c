//! The simulator against a client that nobody here wrote: SecondMe's published SDK, run by Node.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use secondme_sim::{Script, Settings, reply_to};
use serde_json::{Value, json};
use tokio::task;

use crate::{
    caller::Caller,
    hub::{VISITOR, quick},
};

/// A question with a long answer.
const QUESTION: &str = "long";

#[tokio::test(flavor = "multi_thread")]
async fn the_published_sdk_opens_a_socket_and_a_session_sends_a_message_and_reads_the_reply() {
    // The SDK sorts frames by ids that the documents' own frames do not have.
    let script = Script::default().with(&["ids".parse().unwrap()]);
    let caller = Caller::with(Settings { script, starters: vec!["Who are you?".into()], ..quick() }).await;
    let arguments = [caller.simulator.hub_base_url(), caller.api_key().into(), VISITOR.into(), QUESTION.into()];
    let output = task::spawn_blocking(move || converse(&arguments)).await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{complaint}{said}");

    let outcome: Value = serde_json::from_str(said.trim()).unwrap();
    assert_eq!(outcome["reply"], *reply_to(QUESTION, "Mira"));
    assert_eq!(outcome["messages"], 1);
    assert!(outcome["frames"].as_u64().unwrap() > 50, "it was streamed: {outcome}");
    let session = caller.newest_session();
    assert_eq!(outcome["session"]["sessionId"], *session.session_id);
    assert_eq!(outcome["session"]["sentence"], json!({ "open": true, "firstOfUser": ["Who are you?"] }));
    assert_eq!((session.messages, session.persona_lost, session.owner_is_member), (vec![QUESTION.into()], false, true));
    let hub = caller.control().observed().hub;
    assert_eq!((hub.ws_create, hub.session_create, hub.message_send), (1, 1, 1));
}

/// Bundles the conversation with the SDK and has Node run it.
fn converse(arguments: &[String]) -> Output {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tools = crate_folder.join("../../.tools");
    let (packages, esbuild) = (tools.join("sdk/node_modules"), tools.join("npm/node_modules/.bin/esbuild"));
    for needed in [&packages.join("@mindverse/accessor-open"), &esbuild] {
        assert!(needed.exists(), "{} is missing; `cargo xtask setup --tests` installs it", needed.display());
    }
    let bundle: PathBuf = [env!("CARGO_TARGET_TMPDIR"), "sdk-converse.mjs"].iter().collect();
    let bundled = Command::new(esbuild)
        .arg(crate_folder.join("tests/sdk/converse.mjs"))
        .args(["--bundle", "--platform=node", "--format=esm", "--log-level=warning"])
        .arg(format!("--outfile={}", bundle.display()))
        .env("NODE_PATH", packages)
        .output()
        .unwrap();
    assert!(bundled.status.success(), "{}", String::from_utf8_lossy(&bundled.stderr));
    // Node 20 has its WebSocket behind this flag; newer ones take the flag and need it no more.
    Command::new("node").arg("--experimental-websocket").arg(bundle).args(arguments).output().expect("Node runs")
}

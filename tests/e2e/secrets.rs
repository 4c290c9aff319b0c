//! What must stay on the server stays there: nothing that reaches the browser and no log line holds a secret.

use std::fs;

use serde_json::json;

use crate::site::built;
use crate::world::{Setup, World, test};

/// Requests that the proxy refuses, each in its own way.
const REFUSED: &str = "return (async () => {
    const post = (path, body) =>
        fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then((it) => it.status);
    return [
        await post('/chat/init', '{\"visitorId\":\"not an id\"}'),
        await post('/chat/send', '{\"sessionId\":\"unknown\",\"visitorId\":\"web_1\",\"message\":\"hello\"}'),
        await post('/chat/send', 'not JSON'),
        await fetch('/chat/missing.js').then((it) => it.status),
        await fetch('/healthz').then((it) => it.status),
    ];
})()";

#[test]
fn no_secret_reaches_the_browser_or_the_log() {
    let secondme = secondme_sim::Settings {
        client_secret: "the-client-secret-5be2f0c7a941".into(),
        api_key: "sk-the-api-key-c83d17e6025f".into(),
        ..Default::default()
    };
    test(Setup { secondme, ..Setup::default() }, async |world| {
        // Bytes that are compressed could hide anything.
        world.page.browser.devtools("Network.enable", json!({})).await;
        let plain = json!({ "headers": { "accept-encoding": "identity" } });
        world.page.browser.devtools("Network.setExtraHTTPHeaders", plain).await;
        let failed_note = converse_with_faults(world).await;

        check_recorder(world, &failed_note);
        let observed = world.observed();
        let accepted = world.credentials();
        let mut secrets = vec![accepted.client_secret.clone(), accepted.api_key.clone()];
        secrets.extend(observed.app_tokens_issued);
        assert_eq!(secrets.len(), 4, "the secret, the key, and a token before and after its expiry");
        let log = world.log.text();
        for secret in secrets {
            assert!(!world.wire.received(secret.as_bytes()), "the browser was given {secret}");
            assert!(!log.contains(&secret), "the log holds {secret}");
        }
        for words in ["Which notebook", "a lost question"] {
            assert!(!log.contains(words), "the log holds what the visitor wrote: {words}");
        }
    });
}

/// Goes through what can go wrong, since an answer to a failure may be less well thought out. Gives what was said about a
/// message that failed.
async fn converse_with_faults(world: &World) -> String {
    world.visit_shop().await;
    world.page.open().await;
    world.page.ask("Which notebook would you recommend?").await;
    world.secondme().expire_tokens();
    world.page.ask("hello").await;
    let statuses: Vec<u16> = world.page.browser.run(REFUSED).await;
    assert_eq!(statuses, [400, 400, 400, 404, 200]);
    world.secondme().set_owner_gone(true);
    world.page.say("a lost question").await;
    let gone = |text: &'static str| {
        let what = format!("{text} has failed");
        async move { world.page.until(&what, |chat| chat.status_of(text) == "failed").await }
    };
    gone("a lost question").await;
    world.secondme().reset_faults();
    world.secondme().fail_next(1, 500);
    world.page.say("another").await;
    gone("another").await.question("another").unwrap().note.clone()
}

/// What this page does not fetch: the theme page's own script, what programs import, and what only some pages want of the loader.
const NOT_HERE: [&str; 4] = ["theme.js", "chat.js", "secondme-chat-more", "secondme-chat-frame"];

/// What is not recorded can't be searched: files, answers, frames and logs are all there, as they are.
fn check_recorder(world: &World, shown: &str) {
    assert!(!world.wire.received(b"content-encoding"), "something was compressed");
    let mut scripts = 0;
    for entry in fs::read_dir(built()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let elsewhere = NOT_HERE.iter().any(|start| name.starts_with(start));
        if (name.ends_with(".js") || name.ends_with(".wasm")) && !elsewhere {
            scripts += 1;
            assert!(world.wire.received(&fs::read(built().join(&name)).unwrap()), "{name} was not recorded");
        }
    }
    assert_eq!(scripts, 5, "widget.js; a script and a WebAssembly of the chat, and of rich text");
    let sentence = shown.trim_end_matches("Try again Delete").trim();
    for known in [sentence, "authBody=", "\"index\":-1", "internal.error", "proxy.invalid_request"] {
        assert!(world.wire.received(known.as_bytes()), "{known:?} was not recorded");
    }
    assert!(!world.wire.received(b"this stands nowhere"));
    let log = world.log.text();
    for known in ["TRACE", "DEBUG", "/chat/init", "/chat/send", "request failed upstream", "request refused"] {
        assert!(log.contains(known), "the log has no {known:?}: {}", world.log.usual());
    }
}

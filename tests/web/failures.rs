//! Whatever the proxy answers, the visitor reads a sentence, learns nothing of the machinery, and has a way on.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::Page;
use super::world::{World, settle, until};

/// For a developer; a visitor must not see it.
const INTERNAL: &str = "upstream said sk-sesame";
const GREETING: &str = "avatar complete: Hello, I am Mira.";
/// A request that has no answer by now never will have one, in seconds.
const PATIENCE: f64 = 31.0;

/// Arranges what the proxy does with the next request on that path.
type Fault = fn(&World, &str);

/// What can go wrong, what the visitor is told of a message, and of the way to the avatar, and whether time mends it.
const FAULTS: &[(&str, Fault, &str, &str, bool)] = &[
    ("400", |world, path| refuse(world, path, 400, 400), "Not sent: this message was", "The chat is not set up", false),
    ("401", |world, path| refuse(world, path, 401, 401), "Not sent: the chat is not set up", "The chat is not set up", false),
    ("403", |world, path| refuse(world, path, 403, 403), "Not sent: the chat is not set up", "The chat is not set up", false),
    ("404", |world, path| refuse(world, path, 404, 404), "Not sent: the chat is not set up", "The chat is not set up", false),
    ("413", |world, path| refuse(world, path, 413, 413), "Not sent: this message was", "The chat is not set up", false),
    ("429", |world, path| refuse(world, path, 429, 429), "Not sent: too many messages", "Many people are chatting", true),
    ("500", |world, path| refuse(world, path, 500, 500), "Not sent: the chat is not available", "The chat is not available", true),
    ("502", |world, path| refuse(world, path, 502, 502), "Not sent: the chat is not available", "The chat is not available", true),
    ("503", |world, path| refuse(world, path, 503, 503), "Not sent: the chat is not available", "The chat is not available", true),
    ("504", |world, path| refuse(world, path, 504, 504), "It is not certain", "The chat is slow", true),
    ("200 that says 500", |world, path| refuse(world, path, 200, 500), "Not sent: the chat is not available", "The chat is not available", true),
    ("200 that says 429", |world, path| refuse(world, path, 200, 429), "Not sent: too many messages", "Many people are chatting", true),
    ("200 that says 10001", |world, path| refuse(world, path, 200, 10_001), "Not sent: this message was", "The chat is not set up", false),
    ("200 without a body", |world, path| page(world, path, 200, ""), "Not sent: the chat is not available", "The chat is not available", true),
    ("200 with a page", |world, path| page(world, path, 200, "<html>upstream said sk-sesame</html>"), "Not sent: the chat is not available", "The chat is not available", true),
    ("200 with a list", |world, path| page(world, path, 200, "[0]"), "Not sent: the chat is not available", "The chat is not available", true),
    ("502 with a page", |world, path| page(world, path, 502, "<html>upstream said sk-sesame</html>"), "Not sent: the chat is not available", "The chat is not available", true),
    ("500 without a body", |world, path| page(world, path, 500, ""), "Not sent: the chat is not available", "The chat is not available", true),
    ("a dead network", |world, path| world.refuse(path), "Not sent: there is no connection", "The connection was lost", true),
    ("no answer", |world, path| world.hold(path), "It is not certain", "The chat is slow", true),
    ("an answer that never ends", |world, path| world.stall(path), "It is not certain", "The chat is slow", true),
];

#[wasm_bindgen_test]
async fn a_message_that_failed_says_so_and_is_sent_again_on_wish() {
    for (name, fault, sentence, _, _) in FAULTS {
        let world = World::new();
        let page = Page::talking(&world).await;
        fault(&world, "send");
        page.say("Do you bind books?");
        until(&format!("{name}: the message is posted"), || world.posted().len() == 1).await;
        if page.messages()[1].starts_with("visitor sending") {
            world.pass(PATIENCE).await;
        }
        page.shows(&[GREETING, "visitor failed: Do you bind books?"]).await;
        assert_sentence(&page, name, "[part=message] [role=alert]", sentence);

        page.click("[part=message] [role=alert] button");
        page.shows(&[GREETING, "visitor sent: Do you bind books?"]).await;
        assert_eq!(page.all("[role=alert]").len(), 0, "{name}");
        assert_eq!(world.posted(), ["Do you bind books?"; 2], "{name}");
        page.say("And repair them?");
        page.newest("visitor sent: And repair them?").await;
    }
}

#[wasm_bindgen_test]
async fn a_way_that_is_barred_says_so_and_is_tried_again() {
    for (name, fault, _, sentence, passes) in FAULTS {
        let world = World::new();
        fault(&world, "init");
        let page = Page::closed();
        page.chat.open();
        until(&format!("{name}: the proxy was asked"), || world.asked("init").len() == 1).await;
        settle().await;
        if page.seek(".notice").is_none() {
            assert_eq!(page.text("[part=status]"), "Connecting…", "{name}");
            world.pass(PATIENCE - 0.9).await;
        }
        until(&format!("{name}: the visitor is told"), || world.asked("init").len() > 1 || page.is_shown(".notice")).await;
        if *passes {
            // The first wait is a second at most.
            world.pass(1.1).await;
            until(&format!("{name}: the chat has come by itself"), || page.messages() == [GREETING]).await;
        } else {
            assert_sentence(&page, name, ".notice", sentence);
            world.pass(600.0).await;
            settle().await;
            assert_eq!(world.asked("init").len(), 1, "{name}: time does not mend this");
            page.click(".notice button");
            page.shows(&[GREETING]).await;
        }
        until("the notice is gone", || page.seek(".notice").is_none()).await;
        page.say("Hi");
        page.shows(&[GREETING, "visitor sent: Hi"]).await;
    }
}

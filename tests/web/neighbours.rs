//! Two chats on one page: each avatar has a conversation of its own, and one avatar has one, however often it is there.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::Page;
use super::world::{World, settle, until};

#[wasm_bindgen_test]
async fn two_chats_live_side_by_side() {
    let world = World::new();
    let one = Page::with(&json!({"base": world.base(), "avatar": "sales"}));
    let other = Page::with(&json!({"base": "https://shop.example/help", "avatar": "repairs"}));
    one.open(&world).await;
    assert!(!other.chat.is_open());
    assert!(other.messages().is_empty());
    other.open(&world).await;
    let [sales, repairs] = &world.sockets()[..] else { panic!("each chat has a socket of its own") };

    one.write("for sales, not sent yet");
    other.say("for repairs");
    other.newest("visitor sent: for repairs").await;
    sales.chunk(0, "from sales");
    repairs.chunk(0, "from repairs");
    one.newest("avatar streaming: from sales").await;
    other.newest("avatar streaming: from repairs").await;
    assert_eq!(one.messages(), ["avatar complete: Hello, I am Mira.", "avatar streaming: from sales"]);
    assert_eq!(one.input().value(), "for sales, not sent yet");
    assert_eq!(other.input().value(), "");

    let inits = world.bodies("init");
    assert_eq!(inits[0]["visitorId"], inits[1]["visitorId"], "one visitor");
    assert_eq!([&inits[0]["avatar"], &inits[1]["avatar"]], [&json!("sales"), &json!("repairs")]);
    assert_eq!(world.bodies("send")[0]["sessionId"], json!("session-repairs"));
    assert_eq!(world.asked("send")[0].url, "https://shop.example/help/send");

    one.chat.destroy();
    until("its socket alone is closed", || !sales.is_live()).await;
    settle().await;
    repairs.chunk(-1, ", still");
    other.newest("avatar complete: from repairs, still").await;
    other.say("Thanks");
    other.newest("visitor sent: Thanks").await;
    assert_eq!(world.live_sockets(), 1);
}

/// Each works as the tabs of one browser do: one leads, the other shows the same.
#[wasm_bindgen_test]
async fn the_same_avatar_twice_is_one_conversation_and_doubles_nothing() {
    let world = World::new();
    let one = Page::talking(&world).await;
    let other = Page::with(&json!({"base": world.base(), "mode": "inline"}));
    other.chat.open();
    other.shows(&["avatar complete: Hello, I am Mira."]).await;
    other.say("From the one below");
    one.newest("visitor sent: From the one below").await;
    other.newest("visitor sent: From the one below").await;
    world.socket().chunk(0, "Both hear me");
    world.socket().end_reply();
    let all =
        ["avatar complete: Hello, I am Mira.", "visitor sent: From the one below", "avatar complete: Both hear me"];
    one.shows(&all).await;
    other.shows(&all).await;
    assert_eq!(world.posted(), ["From the one below"]);
    assert_eq!((world.asked("init").len(), world.live_sockets()), (1, 1));

    // The one that did the work goes, and the other goes on.
    one.chat.destroy();
    until("the other has a connection", || world.asked("init").len() == 2 && world.live_sockets() == 1).await;
    other.connected(&world).await;
    other.say("Still here?");
    other.newest("visitor sent: Still here?").await;
    assert_eq!(world.posted(), ["From the one below", "Still here?"]);
}

//! Two chats on one page: each has its own conversation.

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

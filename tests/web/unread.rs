//! What comes while nobody looks at the conversation: counted once, told to the page, and gone when the panel opens.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::listener::Listener;
use super::page::Page;
use super::world::World;

#[wasm_bindgen_test]
async fn replies_to_a_closed_panel_are_counted() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    let listener = Listener::new();
    page.chat.close();
    listener.hears(&["close None"]).await;
    world.socket().chunk(0, "One");
    world.socket().chunk(1, " reply");
    listener.hears(&["unread 1"]).await;
    world.socket().end_reply();
    listener.hears(&[r#"reply Some("One reply")"#]).await;
    let owner = json!({"sender": "client", "sendUserId": "owner", "multipleData": [{"modal": {"answer": "Me"}}]});
    world.socket().push(&owner);
    listener.hears(&["unread 2", r#"reply Some("Me")"#]).await;
    page.chat.open();
    listener.hears(&["open None", "unread 0"]).await;
    world.socket().push(&owner);
    listener.hears(&[r#"reply Some("Me")"#]).await;
}

//! Getting the chat onto the page when a download fails.

use serde_json::json;

use crate::world::{Setup, World, test};

#[test]
fn webassembly_that_does_not_come_can_be_tried_again() {
    check("*_bg.wasm");
}

#[test]
fn a_script_that_does_not_come_can_be_tried_again() {
    check("*/secondme-chat-*.js");
}

fn check(file: &str) {
    test(Setup::default(), async |world| {
        world.page.browser.devtools("Network.enable", json!({})).await;
        world.visit_shop().await;
        block(world, &[file]).await;
        for _ in 0..2 {
            world.page.click("[part~=launcher]").await;
            let chat = world.page.until("the visitor is told", |chat| !chat.alert.is_empty()).await;
            assert_eq!((chat.alert.as_str(), chat.open), ("The chat could not be loaded. Please try again.", false));
        }
        assert_eq!(world.page.errors().await, [""; 0], "the page hears nothing of it");
        block(world, &[]).await;
        world.page.open().await;
        let chat = world.page.ask("hello").await;
        assert_eq!(chat.alert, "", "the sentence goes with its reason");
    });
}

/// Lets nothing through whose address is like one of these.
pub(crate) async fn block(world: &World, urls: &[&str]) {
    world.page.browser.devtools("Network.setBlockedURLs", json!({ "urls": urls })).await;
}

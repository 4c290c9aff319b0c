//! The chat without a mouse.

use crate::page::{ENTER, ESCAPE, TAB};
use crate::until::until;
use crate::world::{Setup, test};

#[test]
fn the_chat_opens_and_closes_by_keyboard() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        let page = &world.page;
        until("Tab leads to the launcher", async || {
            page.browser.type_keys(&TAB.to_string()).await;
            page.snapshot().await.filter(|chat| chat.focus == "launcher")
        })
        .await;
        for _ in 0..2 {
            page.browser.type_keys(&ENTER.to_string()).await;
            page.until("Enter opens, and the focus is where one writes", |chat| chat.open && chat.focus == "input")
                .await;
            page.browser.type_keys(&ESCAPE.to_string()).await;
            page.until("Escape closes, and the focus is back", |chat| !chat.open && chat.focus == "launcher").await;
        }
        page.browser.type_keys(&ENTER.to_string()).await;
        page.until("it is open again", |chat| chat.open && chat.focus == "input").await;
        page.ask("hello").await;
        assert_eq!(world.observed().init_requests, 1, "closing is not ending");
    });
}

#[test]
fn the_panels_own_button_closes_it() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.page.open().await;
        world.page.click("[part~=close]").await;
        world.page.until("it is closed, and the focus is back", |chat| !chat.open && chat.focus == "launcher").await;
    });
}

//! A chat that is taken off the page leaves nothing behind, however often it comes and goes.

use chat_proxy::Settings;
use serde::Deserialize;
use serde_json::Value;

use crate::page::Page;
use crate::until::until;
use crate::world::{Setup, test};

/// What there is on the page that a chat could have left.
#[derive(Debug, Default, Deserialize, PartialEq)]
struct LeftBehind {
    sockets: usize,
    channels: usize,
    timers: usize,
    locks: usize,
    observers: usize,
    listeners: usize,
}

const LEFT: &str = "return window.leftBehind()";
const ROUNDS: usize = 100;

async fn round(page: &Page, number: usize) {
    let end = ["chat.destroy()", "chat.remove()", "SecondMeChat.push((every) => every.destroy())"][number % 3];
    let script = format!(
        "const chat = document.createElement('secondme-chat');
        chat.dataset.mode = 'floating';
        document.body.append(chat);
        chat.open();
        const greeted = () => chat.shadowRoot.querySelector('[part=message]');
        return new Promise((done) => {{
            const look = () => (greeted() ? done() : requestAnimationFrame(look));
            look();
        }}).then(() => {{ {end} }})"
    );
    page.browser.act(&script).await;
}

#[test]
fn a_hundred_chats_come_and_go_and_nothing_stays() {
    let unlimited = || Some("0".to_owned());
    let proxy = Settings { address_limit: unlimited(), visitor_limit: unlimited(), ..Settings::default() };
    test(Setup { proxy, ..Setup::default() }, async |world| {
        world.page.browser.run_before_pages(include_str!("leaks.js")).await;
        world
            .visit_page(
                r#"<secondme-chat></secondme-chat><script async src="/chat/widget.js" data-mode="inline"></script>"#,
            )
            .await;
        // What is made once for the page, by the first chat, stays: a module, and what its parts share.
        for number in 0..3 {
            round(&world.page, number).await;
        }
        let left = async || world.page.browser.run::<LeftBehind>(LEFT).await;
        let rests = async |found: &LeftBehind| found.sockets + found.channels + found.locks + found.timers == 0;
        let before = until("the first ones are gone", async || {
            let found = left().await;
            rests(&found).await.then_some(found)
        })
        .await;
        let one: LeftBehind = {
            world.page.browser.act("window.one = document.createElement('secondme-chat'); one.dataset.mode = 'floating'; document.body.append(one); one.open()").await;
            until("a chat that is there is counted", async || {
                let found = left().await;
                (found.sockets == 1 && found.channels == 1 && found.locks == 1).then_some(found)
            })
            .await
        };
        assert!(one.listeners > before.listeners && one.timers > 0 && one.observers > before.observers, "{one:?}");
        world.page.browser.act("one.destroy()").await;

        for number in 0..ROUNDS {
            round(&world.page, number).await;
        }
        until("all are gone", async || (left().await == before).then_some(())).await;
        let ended = async || (world.observed().sockets_open == 0).then_some(());
        until("SecondMe knows of none", ended).await;
        let elements = "return document.querySelectorAll('secondme-chat').length";
        assert_eq!(world.page.browser.run::<Value>(elements).await, 1);
    });
}

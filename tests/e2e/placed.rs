//! Chats that the page places itself, and several of them side by side.

use serde::Deserialize;
use serde_json::json;

use crate::markdown;
use crate::page::{AVATAR, ESCAPE};
use crate::until::until;
use crate::world::{Setup, World, test};

const TAG: &str = r#"<script async src="/chat/widget.js" data-mode="inline"></script>"#;

/// One chat of the page, as its visitor sees it.
#[derive(Debug, Deserialize, PartialEq)]
struct Seen {
    /// Whether the launcher is drawn, and whether as a button that says what it does.
    launcher: bool,
    panel: bool,
    alert: String,
    messages: Vec<String>,
}

const CHATS: &str = "const shown = (element) => Boolean(element?.checkVisibility({ visibilityProperty: true }));
return [...document.querySelectorAll('secondme-chat')].map(({ shadowRoot }) => ({
    launcher: shown(shadowRoot.querySelector('[part=launcher]')),
    panel: shown(shadowRoot.querySelector('[part=panel]')),
    alert: [...shadowRoot.querySelectorAll('[part=notice]')].map((notice) => notice.textContent).join(''),
    messages: [...shadowRoot.querySelectorAll('[part=message]')]
        .map((message) => `${message.dataset.status}: ${witness.read(message.querySelector('[part=bubble]'))}`),
}))";

async fn chats(world: &World) -> Vec<Seen> {
    world.page.browser.run(CHATS).await
}

async fn until_chats(world: &World, what: &str, seen: impl Fn(&[Seen]) -> bool) -> Vec<Seen> {
    until(what, async || Some(chats(world).await).filter(|chats| seen(chats))).await
}

#[test]
fn a_chat_in_the_page_asks_for_nothing_before_its_button_and_then_fills_its_box() {
    test(Setup::default(), async |world| {
        let html = format!(r#"<secondme-chat style="height: 500px; width: 600px"></secondme-chat>{TAG}"#);
        world.visit_page(&html).await;
        let asked = |word: &str| world.wire.requests().iter().any(|request| request.contains(word));
        assert!(!asked("wasm") && !asked("init"), "{:?}", world.wire.requests());
        assert!(world.page.browser.run::<bool>("return localStorage.length === 0").await);
        assert_eq!(chats(world).await.len(), 1, "the tag itself draws none");

        world.page.open().await;
        let chat = world.page.ask("hello").await;
        world.check_dialogue(&chat, &["hello"]);
        let sizes = "const host = document.querySelector('secondme-chat');
        return [host, host.shadowRoot.querySelector('[part=panel]')].map((element) => {
            const { left, top, width, height } = element.getBoundingClientRect();
            return [left, top, width, height].map(Math.round);
        })";
        let sizes: [[i32; 4]; 2] = world.page.browser.run(sizes).await;
        // One pixel all around is the element's own edge.
        let [[left, top, width, height], panel] = sizes;
        assert_eq!(panel, [left + 1, top + 1, width - 2, height - 2]);
        assert_eq!((width, height), (600, 500));
        world.page.browser.type_keys(&ESCAPE.to_string()).await;
        assert!(world.page.snapshot().await.unwrap().open);
        assert!(!chats(world).await[0].launcher, "what opened it has done its work");

        world.page.browser.act("document.querySelector('secondme-chat').close()").await;
        let back = world.page.until("the button is back", |chat| !chat.open).await;
        assert_eq!((back.launcher.as_str(), back.focus.as_str()), ("Open chat", "launcher"));
    });
}

#[test]
fn several_chats_live_side_by_side() {
    test(Setup::default(), async |world| {
        world
            .visit_page(
                r#"<secondme-chat style="height: 300px" data-persist="none"></secondme-chat>
                <secondme-chat style="height: 300px" data-avatar="nobody"></secondme-chat>
                <script async src="/chat/widget.js" data-side="left"></script>
                <secondme-chat data-mode="floating" data-persist="none" data-side="right"></secondme-chat>"#,
            )
            .await;
        until_chats(world, "all are there", |chats| chats.len() == 4).await;
        let sides = "return [...document.querySelectorAll('secondme-chat[data-mode=floating]')].map((chat) =>
            chat.getBoundingClientRect().left < 100)";
        assert_eq!(world.page.browser.run::<Vec<bool>>(sides).await, [false, true]);

        let act = async |script: &str| world.page.browser.act(script).await;
        // The page's own way in leads to the first that floats.
        act("SecondMeChat.push((chat) => chat.open())").await;
        act("document.querySelectorAll('secondme-chat').forEach((chat) => chat.open())").await;
        let greeting = format!("complete: {}", world.credentials().opening.clone().unwrap());
        let seen = until_chats(world, "three have greeted, and one has an avatar that there is not", |chats| {
            let greeted = |chat: &Seen| chat.panel && chat.messages == [greeting.clone()];
            greeted(&chats[0]) && !chats[1].alert.is_empty() && greeted(&chats[2]) && greeted(&chats[3])
        })
        .await;
        assert_eq!(seen[0].alert, "");
        act("document.querySelector('secondme-chat').send('hello')").await;
        let reply = format!("complete: {}", markdown::read(&secondme_sim::reply_to("hello", AVATAR)));
        let seen = until_chats(world, "the one that was asked is answered", |chats| {
            chats[0].messages == [greeting.clone(), "sent: hello".into(), reply.clone()]
        })
        .await;
        assert_eq!([&seen[2].messages, &seen[3].messages], [&vec![greeting.clone()]; 2]);

        act("document.querySelectorAll('secondme-chat')[2].destroy()").await;
        act("SecondMeChat.push((chat) => chat.send('hello'))").await;
        until_chats(world, "the next that floats is spoken to", |chats| {
            chats.len() == 3 && chats[2].messages == [greeting.clone(), "sent: hello".into(), reply.clone()]
        })
        .await;
    });
}

#[test]
fn an_element_that_is_moved_keeps_its_chat_and_one_that_is_taken_out_can_begin_anew() {
    test(Setup::default(), async |world| {
        world.visit_page(&format!("<secondme-chat></secondme-chat><div id=elsewhere></div>{TAG}")).await;
        world.page.open().await;
        world.page.ask("hello").await;
        world
            .page
            .browser
            .act(
                "window.chat = document.querySelector('secondme-chat');
                document.querySelector('#elsewhere').append(chat);
                chat.remove();
                document.body.append(chat);
                return new Promise((resolve) => setTimeout(resolve, 50))",
            )
            .await;
        let chat = world.page.until("it is still open", |chat| chat.open).await;
        world.check_dialogue(&chat, &["hello"]);
        assert_eq!(world.observed().sockets_opened, 1);

        world.page.browser.act("chat.remove()").await;
        until("its connection ends", async || (world.observed().sockets_open == 0).then_some(())).await;
        world.page.browser.act("document.body.append(chat)").await;
        let chat = world.page.snapshot().await.unwrap();
        assert_eq!((chat.open, chat.launcher.as_str()), (false, "Open chat"));
        world.page.click("[part~=launcher]").await;
        let chat = world.page.until("it has come back", |chat| chat.open && chat.messages.len() == 3).await;
        world.check_dialogue(&chat, &["hello"]);
    });
}

#[test]
fn who_is_signed_in_is_told_to_every_chat_of_the_page() {
    test(Setup::default(), async |world| {
        world.visit_page(&format!("<secondme-chat></secondme-chat><secondme-chat></secondme-chat>{TAG}")).await;
        world.page.browser.act("document.querySelectorAll('secondme-chat').forEach((chat) => chat.open())").await;
        until_chats(world, "both have greeted", |chats| chats.iter().all(|chat| chat.messages.len() == 1)).await;
        world.page.browser.act("document.querySelector('secondme-chat').send('my secret')").await;
        until_chats(world, "both show it", |chats| chats.iter().all(|chat| chat.messages.len() == 3)).await;
        let other = json!({"id": "somebody-else", "userToken": "none-that-is-good"});
        world.page.browser.act(&format!("document.querySelectorAll('secondme-chat')[1].identify({other})")).await;
        let forgotten =
            |chats: &[Seen]| chats.iter().all(|chat| !chat.messages.iter().any(|text| text.contains("secret")));
        until_chats(world, "the next person finds nothing in either", forgotten).await;
    });
}

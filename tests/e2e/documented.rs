//! The snippets of the pages for site owners, as a site owner would copy them: each is put into a page, and a visitor talks.

use serde_json::Value;

use crate::snapshot::Snapshot;
use crate::until::until;
use crate::world::{Setup, World, test};

/// A page of the documentation by its name, with its text.
macro_rules! page {
    ($name:literal) => {
        ($name, include_str!(concat!("../../docs/", $name, ".md")))
    };
}

const PAGES: [(&str, &str); 5] =
    [page!("install"), page!("options"), page!("events"), page!("privacy"), page!("theming")];

/// A page's snippets in this language, in order.
fn snippets(page: &str, language: &str) -> Vec<&'static str> {
    let (_, text) = PAGES.into_iter().find(|(name, _)| *name == page).unwrap();
    let blocks = text.split("```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n')).collect()
}

#[test]
fn what_install_says_is_a_chat() {
    check("install", 2);
}

#[test]
fn what_options_says_is_a_chat() {
    test(Setup::default(), async |world| {
        let [html] = snippets("options", "html")[..] else { panic!("docs/options.md has one snippet") };
        world.visit_page(html).await;
        world.page.open().await;
        let starters = "const root = document.querySelector('secondme-chat').shadowRoot;
        return [...root.querySelectorAll('.starters button')].map((button) => button.textContent)";
        let wanted = ["Where is my parcel?", "Which notebook lies flat?"];
        until("both may be asked", async || {
            (world.page.browser.run::<Vec<String>>(starters).await == wanted).then_some(())
        })
        .await;
        let left = "return document.querySelector('secondme-chat').getBoundingClientRect().left < 100";
        assert!(world.page.browser.run::<bool>(left).await);
        world.page.ask("hello").await;
        assert_eq!(world.observed().sessions[0].visitor_name.as_deref(), Some("Zoë"));
    });
}

#[test]
fn what_events_says_steers_the_chat_and_hears_of_it() {
    test(Setup::default(), async |world| {
        let ([html], [js]) = (&snippets("events", "html")[..], &snippets("events", "js")[..]) else {
            panic!("docs/events.md has one snippet of each")
        };
        let listening = "<script>window.told = []; console.info = (...words) => told.push(words)</script>";
        world.visit_page(&format!("{listening}{html}<script>{js}</script>")).await;
        world.page.browser.act("document.querySelector('button').click()").await;
        world.page.until_answered("Where is my parcel?").await;
        until("the page has heard it", async || {
            let told: Vec<(String, Value)> = world.page.browser.run("return told").await;
            told.iter().any(|(words, text)| words == "The avatar said:" && text.is_string()).then_some(())
        })
        .await;
        let unread = "document.querySelector('secondme-chat').dispatchEvent(
            new CustomEvent('secondme-chat:unread', { bubbles: true, detail: 2 })); return document.title";
        assert_eq!(world.page.browser.run::<String>(unread).await, "(2) My shop");
        let state = "return new Promise((told) => SecondMeChat.push((chat) => told(chat.state)))";
        let state: Value = world.page.browser.run(state).await;
        assert_eq!(state, serde_json::json!({ "open": true, "unread": 2 }));
    });
}

#[test]
fn what_privacy_says_asks_first_and_stores_nothing() {
    let [asking, storing] = snippets("privacy", "html")[..] else { panic!("docs/privacy.md has two snippets") };
    test(Setup::default(), async |world| {
        world.visit_page(asking).await;
        world.page.click("[part~=launcher]").await;
        world.page.until("the panel is open", |chat| chat.open).await;
        let asked = "const root = document.querySelector('secondme-chat').shadowRoot;
        return root.textContent.includes('This chat is answered by an AI of SecondMe.')";
        until("the visitor is asked", async || world.page.browser.run::<bool>(asked).await.then_some(())).await;
        assert_eq!((world.observed().init_requests, stored(world).await), (0, 0));
        world.visit_page(storing).await;
        talk(world).await;
        assert_eq!(stored(world).await, 0);
    });
}

#[test]
fn what_theming_says_looks_so() {
    test(Setup::default(), async |world| {
        let styles = snippets("theming", "css").concat();
        for html in snippets("theming", "html") {
            // The proxy of this test has one avatar, without an alias.
            let html = html.replace(r#" data-avatar="support""#, "");
            world.visit_page(&format!("<style>{styles}</style>{html}")).await;
            talk(world).await;
        }
        let header = "const root = document.querySelector('secondme-chat').shadowRoot;
        return getComputedStyle(root.querySelector('[part~=header]')).backgroundColor";
        assert_eq!(world.page.browser.run::<String>(header).await, "rgb(255, 244, 214)");
    });
}

/// Each of the page's snippets is a chat that answers.
fn check(page: &str, count: usize) {
    test(Setup::default(), async |world| {
        let snippets = snippets(page, "html");
        assert_eq!(snippets.len(), count, "docs/{page}.md");
        for html in snippets {
            world.visit_page(html).await;
            talk(world).await;
        }
    });
}

async fn talk(world: &World) {
    world.page.open().await;
    world.page.ask("hello").await;
    world.page.until("the answer is rich", Snapshot::is_rich).await;
}

async fn stored(world: &World) -> u32 {
    world.page.browser.run("return localStorage.length + sessionStorage.length").await
}

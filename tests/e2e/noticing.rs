//! How a visitor who looks elsewhere comes to the chat: the teaser, the page's title, and one sound for all tabs.

use std::time::Duration;

use tokio::time::sleep;

use crate::page::{ENTER, TAB};
use crate::until::until;
use crate::world::{Setup, World, test};

const TEASER: &str = "return document.querySelector('secondme-chat').shadowRoot.querySelector('.teaser')?.textContent";
const STORED: &str = "return Object.keys({ ...localStorage, ...sessionStorage })";
/// Counts the tones that are begun; it changes nothing.
const COUNT_TONES: &str = "window.tones = 0; const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };";

async fn visit(world: &World, more: &str) {
    let more: String = form_urlencoded(more);
    world.page.visit(&world.url(&format!("/plain?more={more}"))).await;
}

fn form_urlencoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn until_teased(world: &World) {
    until("the teaser is shown", async || {
        let text: Option<String> = world.page.browser.run(TEASER).await;
        text.filter(|text| text == "Any questions?×")
    })
    .await;
}

async fn is_teased(world: &World) -> bool {
    world.page.browser.run::<Option<String>>(TEASER).await.is_some()
}

async fn stored(world: &World) -> Vec<String> {
    world.page.browser.run(STORED).await
}

#[test]
fn a_teaser_is_dismissed_once() {
    test(Setup::default(), async |world| {
        let page = &world.page;
        visit(world, r#"data-teaser="Any questions?" data-teaser-after="0""#).await;
        until_teased(world).await;
        let fetched: Vec<String> = page
            .browser
            .run("return performance.getEntriesByType('resource').map(({ name }) => name.split(/.*[/]|-[0-9a-f]{16}/).join(''))")
            .await;
        let files = ["widget.js", "secondme-chat-more.js"].map(str::to_owned).to_vec();
        assert_eq!((fetched, stored(world).await), (files, vec![]), "showing it leaves nothing");
        // The keyboard comes to it right before the launcher.
        until("Tab leads to the button that dismisses it", async || {
            page.browser.type_keys(&TAB.to_string()).await;
            let focus = "const { activeElement } = document.querySelector('secondme-chat').shadowRoot;
                return activeElement?.getAttribute('aria-label') ?? ''";
            (page.browser.run::<String>(focus).await == "Dismiss").then_some(())
        })
        .await;
        page.browser.type_keys(&TAB.to_string()).await;
        page.until("the launcher comes next", |chat| chat.focus == "launcher").await;
        page.click(".teaser button + button").await;
        assert_eq!(stored(world).await, ["secondme-chat:teaser"]);
        assert!(!is_teased(world).await && world.observed().init_requests == 0);
        page.reload().await;
        sleep(Duration::from_millis(300)).await;
        assert!(!is_teased(world).await, "once a visitor");
    });
}

#[test]
fn a_teaser_opens_the_chat_and_does_not_come_again() {
    test(Setup::default(), async |world| {
        let page = &world.page;
        visit(world, r#"data-teaser="Any questions?" data-teaser-after="600" data-teaser-scroll="60""#).await;
        page.browser.act("scrollTo(0, 200)").await;
        sleep(Duration::from_millis(200)).await;
        assert!(!is_teased(world).await, "not far enough");
        page.browser.act("scrollTo(0, 1000000)").await;
        until_teased(world).await;
        page.click(".teaser button").await;
        page.until("the panel is open", |chat| chat.open && chat.focus == "input").await;
        assert!(!is_teased(world).await);
        page.ask("hello").await;
        visit(world, r#"data-teaser="Any questions?" data-teaser-after="0""#).await;
        sleep(Duration::from_millis(300)).await;
        assert!(!is_teased(world).await, "whoever has opened the chat knows it");
    });
}

#[test]
fn where_consent_is_wanted_a_dismissed_teaser_is_not_stored() {
    test(Setup::default(), async |world| {
        let page = &world.page;
        visit(world, r#"data-consent data-teaser="Any questions?" data-teaser-after="0""#).await;
        until_teased(world).await;
        page.click(".teaser button + button").await;
        assert!(!is_teased(world).await);
        page.browser.type_keys(&ENTER.to_string()).await;
        page.until("the panel is open", |chat| chat.open && chat.messages.is_empty()).await;
        sleep(Duration::from_millis(300)).await;
        assert_eq!((stored(world).await, world.observed().init_requests), (vec![], 0));
        page.click("[part~=agree]").await;
        page.until("the focus is where one writes", |chat| chat.focus == "input").await;
        page.ask("hello").await;
        assert!(stored(world).await.iter().any(|name| name == "secondme-chat:consent"));
    });
}

#[test]
fn two_tabs_make_one_sound_and_both_titles_count() {
    test(Setup::default(), async |world| {
        let page = &world.page;
        let first = page.browser.tab().await;
        page.browser.run_before_pages(COUNT_TONES).await;
        visit(world, "data-sound").await;
        page.open().await;
        page.ask("hello").await;
        // Who looks at an open panel has read what comes.
        page.browser.act("window.SecondMeChat.push((chat) => chat.close())").await;
        let second = page.open_tab().await;
        page.browser.run_before_pages(COUNT_TONES).await;
        visit(world, "data-sound").await;
        page.open().await;
        page.until_answered("hello").await;
        page.say("a gift").await;
        page.browser.act("window.SecondMeChat.push((chat) => chat.close())").await;
        for tab in [&first, &second] {
            page.browser.go_to(tab).await;
            until("the title counts", async || {
                let title: String = page.browser.run("return document.title").await;
                (title == "(1)\u{a0}Plain").then_some(())
            })
            .await;
        }
        sleep(Duration::from_millis(500)).await;
        let mut tones = Vec::new();
        for tab in [&first, &second] {
            page.browser.go_to(tab).await;
            tones.push(page.browser.run::<u32>("return window.tones").await);
        }
        assert_eq!(tones, [1, 0], "the tab that does the work sounds");
    });
}

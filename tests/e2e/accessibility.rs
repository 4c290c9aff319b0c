//! The chat for everybody (WCAG 2.2, AA): each of its states, in each of its looks, has no fault that a machine can find.
//! A further state is one line: bring it about, and `look`.

#[path = "accessibility/audit.rs"]
mod audit;
#[path = "accessibility/tree.rs"]
mod tree;

use std::time::Duration;

use secondme_sim::{Operation, PlannedRefusal};
use serde_json::json;

use self::audit::Audit;
use crate::loading::block;
use crate::page::ESCAPE;
use crate::sign_in;
use crate::snapshot::Snapshot;
use crate::survival::set_offline;
use crate::until::until;
use crate::world::{Setup, World, test};

const QUESTION: &str = "How long does shipping take?";

/// What the simulated avatar has said to this when it pauses.
const PAUSE: &str = "an order placed before";

const ANEW: &str = "window.SecondMeChat.push((chat) => chat.reset())";

/// One of each fault.
const BROKEN: &str = "const add = (name, look) => {
    const element = Object.assign(document.createElement(name), look);
    document.querySelector('secondme-chat').shadowRoot.querySelector('.panel').append(element);
};
add('p', { className: 'faint', textContent: 'hardly there', style: 'color: #888; min-width: 2000px' });
add('input', { className: 'faint', title: 'Name', style: 'border: 1px solid rgb(128 128 128 / 0.2)' });
add('button', { className: 'small', style: 'width: 12px; height: 12px' });";

/// A minute that is over in three seconds.
const HURRY: &str = "const [now, set] = [Date.now, window.setTimeout];
const begin = now();
Date.now = () => begin + (now() - begin) * 20;
window.setTimeout = (call, wait = 0, ...values) => set(call, wait / 20, ...values);";

#[test]
fn what_is_wrong_is_found() {
    test(Setup::default(), async |world| {
        let mut audit = Audit::begin(&world.page).await;
        world.begin().await;
        world.page.browser.act(BROKEN).await;
        audit.look(world, "broken").await;
        let found = audit.faults();
        for fault in [
            "axe button-name",
            "axe color-contrast",
            "contrast: the text of p.faint",
            "contrast: the edge of input.faint",
            "reflow: p.faint reaches",
            "target: button.small",
        ] {
            assert!(found.iter().any(|found| found.starts_with(fault)), "{fault} is not among {found:#?}");
        }
    });
}

#[test]
fn the_way_to_a_conversation_has_no_fault() {
    audited(Setup::default(), async |world, audit| {
        world.page.browser.devtools("Network.enable", json!({})).await;
        world.visit_shop().await;
        audit.look(world, "the launcher alone").await;

        block(world, &["*_bg.wasm"]).await;
        world.page.click("[part~=launcher]").await;
        world.page.until("the visitor is told", |chat| !chat.alert.is_empty()).await;
        audit.look(world, "the chat could not be loaded").await;
        block(world, &[]).await;

        world.secondme().delay_answers(Duration::from_secs(600));
        world.visit_shop().await;
        world.page.open().await;
        world.page.until("there is nothing yet", |chat| chat.messages.is_empty() && chat.alert.is_empty()).await;
        audit.look(world, "open and empty").await;
        world.secondme().reset_faults();

        world.visit_shop().await;
        world.page.open().await;
        world.page.until("the avatar has greeted", |chat| chat.messages.len() == 1 && chat.status == "AI avatar").await;
        audit.look(world, "the greeting").await;
        set_offline(world, true).await;
        world.page.until("the visitor is told", |chat| chat.status == "Offline").await;
        audit.look(world, "offline").await;
        set_offline(world, false).await;
        world.page.until("there is a connection", |chat| chat.status == "AI avatar").await;

        world.secondme().refuse_next(Operation::Init, 1, refusal(503));
        world.page.browser.act(ANEW).await;
        world.page.until("the visitor is told", |chat| chat.alert.contains("not available")).await;
        audit.look(world, "there is no connection").await;
    });
}

#[test]
fn a_conversation_has_no_fault() {
    audited(Setup::default(), async |world, audit| {
        world.begin().await;
        audit.look(world, "a conversation").await;

        world.next_reply(&["ids", "audio", "video", "link", "image"]);
        world.page.ask(QUESTION).await;
        audit.look(world, "players and links").await;

        ask(world, &["ids", "takeover"]).await;
        world.page.until("the owner speaks", |chat| chat.of("owner").len() == 1).await;
        audit.look(world, "the owner took over").await;

        ask(world, &["ids", "fail"]).await;
        world.page.until("the reply has failed", |chat| chat.newest_reply("failed").is_some()).await;
        audit.look(world, "a reply failed").await;

        let sockets = world.observed().sockets_opened;
        ask(world, &["ids", "cut"]).await;
        world.page.until("the reply is interrupted", |chat| chat.newest_reply("interrupted").is_some()).await;
        until("there is another socket", async || (world.observed().sockets_opened > sockets).then_some(())).await;
        world.page.until("there is a connection", |chat| chat.status == "AI avatar").await;
        audit.look(world, "a reply was interrupted").await;

        world.secondme().fail_next(1, 500);
        say(world).await;
        let failed = |chat: &Snapshot| chat.of("visitor").last().is_some_and(|newest| newest.status == "failed");
        world.page.until("the message has failed", failed).await;
        audit.look(world, "a message failed").await;

        world.page.browser.type_keys(&ESCAPE.to_string()).await;
        world.secondme().owner_says(None, "Are you still there?").unwrap();
        world.page.until("it is told", |chat| chat.launcher.contains("unread")).await;
        audit.look(world, "unread").await;
    });
}

#[test]
fn what_takes_its_time_has_no_fault() {
    audited(Setup::default(), async |world, audit| {
        world.begin().await;
        ask(world, &["ids", "hint=600000"]).await;
        let thinking = |chat: &Snapshot| !chat.waiting.is_empty() && !chat.waiting.contains("writing");
        world.page.until("the avatar thinks", thinking).await;
        audit.look(world, "thinking").await;

        begin_anew(world).await;
        ask(world, &["ids", "pause=600000"]).await;
        let paused = |chat: &Snapshot| {
            chat.newest_reply("streaming").is_some_and(|reply| reply.text.trim_end().ends_with(PAUSE))
        };
        world.page.until("the reply pauses", paused).await;
        audit.look(world, "streaming").await;
        world.page.click(".stop").await;
        world.page.until("the reply is stopped", |chat| chat.newest_reply("complete").is_some()).await;
        audit.look(world, "stopped").await;

        begin_anew(world).await;
        let long = json!({ "text": "too long ".repeat(1_200) });
        world.page.browser.devtools("Input.insertText", long).await;
        world.page.until("it is counted", |chat| !chat.counter.is_empty()).await;
        audit.look(world, "a message that is too long").await;

        world.page.browser.run_before_pages(HURRY).await;
        world.page.reload().await;
        world.page.open().await;
        begin_anew(world).await;
        ask(world, &["silence"]).await;
        world.page.until("the visitor is told", |chat| chat.waiting.contains("longer than usual")).await;
        audit.look(world, "a long wait").await;
    });
}

/// A world of its own: the Avatar Hub's key is closed for all that follows.
#[test]
fn a_message_that_waits_has_no_fault() {
    audited(Setup::default(), async |world, audit| {
        world.begin().await;
        world.secondme().refuse_next(Operation::Send, 1, refusal(429));
        say(world).await;
        world.page.until("the message waits", |chat| chat.alert.starts_with("Many messages")).await;
        audit.look(world, "sending").await;
    });
}

#[test]
fn what_stands_beside_the_conversation_has_no_fault() {
    audited(Setup::default(), async |world, audit| {
        let page = &world.page;
        let tag =
            "data-consent data-consent-href=https://shop.example/privacy data-teaser=Questions? data-teaser-after=0";
        let more: String = url::form_urlencoded::byte_serialize(tag.as_bytes()).collect();
        page.visit(&world.url(&format!("/plain?more={more}"))).await;
        until("the teaser is there", async || page.browser.run::<bool>(IS_TEASED).await.then_some(())).await;
        audit.look(world, "the teaser").await;

        page.click("[part~=launcher]").await;
        until("consent is asked for", async || page.browser.run::<bool>(IS_ASKED).await.then_some(())).await;
        audit.look(world, "consent").await;
        page.click("[part~=agree]").await;
        page.until("the avatar has greeted", |chat| chat.messages.len() == 1 && chat.status == "AI avatar").await;
        page.ask("hello").await;

        audit.look_after(world, "the menu", SHOW_MENU).await;
        page.click("[part~=menu-list] li:nth-child(5) button").await;
        audit.look(world, "what is stored").await;
        page.browser.type_keys(&ESCAPE.to_string()).await;
        page.click("[part~=menu]").await;
        page.click("[part~=menu-list] li:last-child button").await;
        audit.look(world, "the question before everything is deleted").await;
        page.browser.type_keys(&ESCAPE.to_string()).await;

        page.click("[data-author=avatar]").await;
        audit.look(world, "the time of a message, and the button that copies it").await;
    });
}

#[test]
fn signing_in_has_no_fault() {
    audited(sign_in::site(), async |world, audit| {
        let page = sign_in::begin(world).await;
        audit.look(world, "signing in is offered").await;
        sign_in::decide(world, &page, "approve").await;
        sign_in::account(world, "Signed in with SecondMe").await;
        audit.look(world, "signed in").await;
    });
}

/// The states that are looked at on the way have no fault.
fn audited(setup: Setup, states: impl AsyncFnOnce(&mut World, &mut Audit)) {
    test(setup, async |world| {
        let mut audit = Audit::begin(&world.page).await;
        states(world, &mut audit).await;
        audit.end();
    });
}

const IS_TEASED: &str =
    "return Boolean(document.querySelector('secondme-chat').shadowRoot.querySelector('[part=teaser]'))";
const IS_ASKED: &str = "return document.querySelector('secondme-chat').shadowRoot.querySelector('[part~=agree]')?.checkVisibility() ?? false";

const SHOW_MENU: &str = "const root = document.querySelector('secondme-chat').shadowRoot;
const is_there = () => root.querySelector('[part=menu-list]').checkVisibility();
if (!is_there()) root.querySelector('[part~=menu]').click();
return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() => {
  if (!is_there()) throw new Error('the menu is not there');
});";

/// A refusal that lasts for longer than anyone looks.
fn refusal(status: u16) -> PlannedRefusal {
    PlannedRefusal { status, sub_code: None, retry_after: Some(600) }
}

/// Asks, and has it answered like this.
async fn ask(world: &World, reply: &[&str]) {
    world.next_reply(reply);
    say(world).await;
}

async fn say(world: &World) {
    world.page.click("[part~=input]").await;
    world.page.say(QUESTION).await;
}

/// A new conversation, which nothing of the one before holds up.
async fn begin_anew(world: &World) {
    world.page.browser.act(ANEW).await;
    world.page.until("it begins anew", |chat| chat.messages.len() == 1 && chat.status == "AI avatar").await;
    world.page.click("[part~=input]").await;
}

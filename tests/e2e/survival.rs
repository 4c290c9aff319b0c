//! The proxy, the socket, the network and the clock fail: the conversation goes on, and nothing is lost or doubled.

use std::time::Duration;

use secondme_sim::reply_to;
use serde_json::json;

use crate::markdown::letters;
use crate::page::AVATAR;
use crate::snapshot::Snapshot;
use crate::until::until_within;
use crate::world::{Setup, World, test};

/// The wall clock, with hands that a test can turn.
const CLOCK: &str = "const now = Date.now.bind(Date);
window.clockAhead = 0;
Date.now = () => now() + window.clockAhead";

/// Counts what the chat asks for, and lets a test hold back the page's timers: what happens meanwhile was not their doing.
const REQUESTS_AND_TIMERS: &str = "window.requests = 0;
const count = (name) => {
    window[name] = new Proxy(window[name], {
        apply: (target, self, call) => (window.requests++, Reflect.apply(target, self, call)),
        construct: (target, call) => (window.requests++, Reflect.construct(target, call)),
    });
};
['fetch', 'WebSocket'].forEach(count);
const [set, clear] = [setTimeout, clearTimeout];
const [held, begun] = [new Map(), new Map()];
let last = 0;
window.setTimeout = (...call) => (window.timersAreHeld ? (held.set(--last, call), last) : set(...call));
window.clearTimeout = (id) => (held.delete(id) ? undefined : clear(begun.get(id) ?? id));
window.releaseTimers = () => {
    window.timersAreHeld = false;
    held.forEach((call, id) => begun.set(id, set(...call)));
    held.clear();
}";

const OFFLINE: &str = "You are offline. The chat goes on as soon as you are back.";

/// Longer than the first attempts to get a lost connection back would wait.
const A_WHILE: &str = "return new Promise((done) => setTimeout(() => done(window.requests), 1500))";

#[test]
fn a_proxy_that_is_killed_and_restarted_is_found_again() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.proxy.stop().await;
        world.secondme().close_sockets();
        world.page.until("the visitor is told", |chat| chat.alert.starts_with("The connection was lost.")).await;
        world.page.say("a gift").await;
        world.page.until("the message waits", |chat| chat.status_of("a gift") == "sending").await;
        world.proxy.start_again().await;
        let chat = world.page.until_answered("a gift").await;
        assert_eq!(chat.alert, "");
        world.check_dialogue(&chat, &["hello", "a gift"]);
    });
}

#[test]
fn the_rest_of_a_reply_lands_where_its_beginning_is() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.next_reply(&["ids", "cut=3", "resume-replies"]);
        world.page.say("shipping").await;
        let cut = |chat: &Snapshot| chat.newest_reply("interrupted").is_some_and(|reply| !reply.text.is_empty());
        let chat = world.page.until_seen("the reply is interrupted", cut).await;
        assert_eq!(chat.messages.last().unwrap().note, "The connection was lost, so this reply may be incomplete.");
        let chat = world.page.until_answered("shipping").await;
        assert_eq!(chat.messages.last().unwrap().note, "", "the sentence goes with its reason");
        world.check_dialogue(&chat, &["hello", "shipping"]);
        assert_eq!(world.observed().sockets_opened, 2);
    });
}

#[test]
fn offline_nothing_is_tried_and_online_again_it_is_at_once() {
    test(Setup::default(), async |world| {
        world.page.browser.run_before_pages(REQUESTS_AND_TIMERS).await;
        world.begin().await;
        set_offline(world, true).await;
        world.page.until("the visitor is told", |chat| chat.alert == OFFLINE && chat.status == "Offline").await;
        let before: u64 = world.page.browser.run("return window.requests").await;
        world.page.say("a gift").await;
        let after: u64 = world.page.browser.run(A_WHILE).await;
        assert_eq!(after, before, "nothing is tried without a network");
        assert_eq!(world.page.snapshot().await.unwrap().status_of("a gift"), "sending");

        world.page.browser.act("window.timersAreHeld = true").await;
        set_offline(world, false).await;
        world.page.until("the avatar is there", |chat| chat.status == "AI avatar" && chat.alert.is_empty()).await;
        world.page.browser.act("window.releaseTimers()").await;
        let chat = world.page.until_answered("a gift").await;
        world.check_dialogue(&chat, &["hello", "a gift"]);
        assert_eq!(world.observed().sockets_opened, 2);
    });
}

/// The network went with the computer's sleep, and nobody told the browser.
#[test]
fn after_an_hours_sleep_a_new_socket_is_opened() {
    test(Setup::default(), async |world| {
        world.page.browser.run_before_pages(CLOCK).await;
        world.begin().await;
        world.wire.mute(world.socket_server());
        world.page.browser.act("window.clockAhead = 60 * 60 * 1000").await;
        let bound = Duration::from_secs(60);
        until_within(bound, "a new socket", async || (world.observed().sockets_opened == 2).then_some(())).await;
        let chat = world.page.ask("a gift").await;
        world.check_dialogue(&chat, &["hello", "a gift"]);
    });
}

#[test]
fn a_clock_that_is_set_back_stops_nothing() {
    test(Setup::default(), async |world| {
        world.page.browser.run_before_pages(CLOCK).await;
        world.begin().await;
        world.page.browser.act("window.clockAhead = -24 * 60 * 60 * 1000").await;
        let chat = world.page.ask("a gift").await;
        world.check_dialogue(&chat, &["hello", "a gift"]);
        let bound = Duration::from_secs(60);
        until_within(bound, "a heartbeat", async || (world.observed().pings > 0).then_some(())).await;
        let chat = world.page.ask("shipping").await;
        world.check_dialogue(&chat, &["hello", "a gift", "shipping"]);
        assert_eq!(world.observed().sockets_opened, 1, "the socket lives all the while");
    });
}

#[test]
fn a_reply_that_is_stopped_stays_as_it_is() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.next_reply(&["pause=1500"]);
        world.page.say("shipping").await;
        world.page.until("the reply has begun", |chat| chat.newest_reply("streaming").is_some()).await;
        world.page.click(".stop").await;
        let chat = world.page.until("the reply is stopped", |chat| chat.newest_reply("complete").is_some()).await;
        let stopped = chat.messages.last().unwrap().clone();
        assert_eq!(stopped.note, "This reply was stopped here.");
        let (whole, begun) = (letters(&reply_to("shipping", AVATAR)), letters(&stopped.text));
        assert!(whole.starts_with(&begun) && whole.len() > begun.len(), "{}", stopped.text);
        // The simulator speaks one reply after the other: behind the next one, all of the stopped one has come.
        let chat = world.page.ask("a gift").await;
        assert_eq!(chat.messages[4], stopped);
        assert_eq!(chat.messages.len(), 7);
    });
}

/// Takes the network away from the browser, or gives it back, so that it knows.
pub(crate) async fn set_offline(world: &World, offline: bool) {
    world.page.browser.devtools("Network.enable", json!({})).await;
    let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    world.page.browser.devtools("Network.emulateNetworkConditions", conditions).await;
}

//! The way to the avatar is lost and found again: by itself, with the same conversation.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::Page;
use super::world::{World, settle, until};

const GREETING: &str = "avatar complete: Hello, I am Mira.";

#[wasm_bindgen_test]
async fn a_lost_socket_comes_back_by_itself_with_the_same_conversation() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.say("one");
    page.newest("visitor sent: one").await;
    world.socket().close();
    until("the visitor is told", || page.is_shown(".notice")).await;
    assert!(page.text(".notice").starts_with("The connection was lost."));
    assert_eq!(page.text("[part=status]"), "Not connected");
    assert_eq!(world.asked("init").len(), 1);

    world.pass(1.1).await;
    page.connected(&world).await;
    let inits = world.bodies("init");
    assert_eq!(inits.len(), 2);
    assert_eq!(inits[1], json!({"visitorId": inits[0]["visitorId"], "sessionId": "session-first"}));
    assert_eq!(world.live_sockets(), 1);
    assert!(page.seek(".notice").is_none());

    page.say("two");
    page.newest("visitor sent: two").await;
    world.socket().chunk(-1, "Both came.");
    // The greeting does not come again.
    page.shows(&[GREETING, "visitor sent: one", "visitor sent: two", "avatar complete: Both came."]).await;
}

#[wasm_bindgen_test]
async fn a_reply_that_was_cut_off_stays_and_says_so() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let first = world.socket();
    first.chunk(0, "I was just about");
    // What came before the loss counts, also where it was not painted yet.
    first.chunk(1, " to say");
    first.close();
    page.newest("avatar interrupted: I was just about to say").await;
    until("the visitor is told", || page.text("[data-status=interrupted] .footnote").contains("may be incomplete"))
        .await;
    world.pass(1.1).await;
    until("there is another socket", || world.live_sockets() == 1).await;
    page.connected(&world).await;
    world.socket().chunk(0, "As I said");
    page.newest("avatar streaming: As I said").await;
    assert_eq!(page.messages()[1], "avatar interrupted: I was just about to say");
}

#[wasm_bindgen_test]
async fn a_socket_that_is_refused_is_tried_again_with_growing_patience() {
    let world = World::new();
    world.hold_sockets();
    let page = Page::closed(&world);
    page.chat.open();
    for attempt in 1..=6 {
        until("a socket was asked for", || world.sockets().len() == attempt).await;
        world.socket().close();
        until("the visitor is told", || page.is_shown(".notice")).await;
        settle().await;
        assert_eq!(world.sockets().len(), attempt, "not at once");
        // The waits are at most 1, 2, 4, 8, 16 and 30 seconds.
        let mut longest = 30.min(1 << (attempt - 1));
        while world.sockets().len() == attempt && longest > 0 {
            world.pass(1.01).await;
            longest -= 1;
        }
    }
    until("a socket was asked for", || world.sockets().len() == 7).await;
    world.socket().open();
    page.connected(&world).await;
    assert_eq!(world.live_sockets(), 1);
}

#[wasm_bindgen_test]
async fn a_socket_that_never_opens_is_given_up() {
    let world = World::new();
    world.hold_sockets();
    let page = Page::closed(&world);
    page.chat.open();
    until("a socket was asked for", || world.sockets().len() == 1).await;
    world.pass(14.0).await;
    settle().await;
    assert!(world.socket().is_live());
    // To the millisecond: the next attempt may be due in the one after.
    world.pass(1.001).await;
    until("the visitor is told", || page.is_shown(".notice")).await;
    assert_eq!(world.live_sockets(), 0);
    world.pass(1.1).await;
    until("another was asked for", || world.live_sockets() == 1).await;
}

#[wasm_bindgen_test]
async fn an_address_no_browser_opens_is_a_lost_connection() {
    for address in ["", "javascript:alert(1)", "ftp://socket.example", "no address"] {
        let world = World::new();
        let data = json!({"sessionId": "session-first", "wsUrl": address, "avatarName": "Mira"});
        world.answer("init", 200, &json!({"code": 0, "data": data}));
        let page = Page::closed(&world);
        page.chat.open();
        until("the visitor is told", || page.is_shown(".notice")).await;
        world.pass(1.1).await;
        page.connected(&world).await;
    }
}

#[wasm_bindgen_test]
async fn a_socket_is_kept_alive_with_its_own_id() {
    let world = World::new();
    let page = Page::talking(&world).await;
    world.pass(61.0).await;
    settle().await;
    let pings: Vec<Value> = world.socket().sent().iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    assert_eq!(pings, vec![json!({"type": "ping", "wsId": "ws:1"}); 4]);
    assert_eq!(world.asked("init").len(), 1);
    assert_eq!(page.text("[part=status]"), "AI avatar");
}

#[wasm_bindgen_test]
async fn the_proxys_word_on_the_heartbeat_counts() {
    let world = World::new();
    let data = json!({"sessionId": "s", "wsUrl": "wss://socket.example/os/ws?wsId=other", "avatarName": "Mira",
        "heartbeat": {"wsId": "ws:told", "intervalMs": 5_000}});
    world.answer("init", 200, &json!({"code": 0, "data": data}));
    let _page = Page::talking(&world).await;
    world.pass(5.1).await;
    settle().await;
    assert_eq!(world.socket().sent(), [r#"{"type":"ping","wsId":"ws:told"}"#]);
}

#[wasm_bindgen_test]
async fn a_socket_that_has_died_without_a_word_is_replaced() {
    let world = World::new();
    world.silence();
    let page = Page::talking(&world).await;
    world.pass(44.0).await;
    settle().await;
    assert_eq!(world.asked("init").len(), 1);
    world.pass(2.5).await;
    until("there is another socket", || world.sockets().len() == 2).await;
    page.connected(&world).await;
    assert!(!world.sockets()[0].is_live());
}

#[wasm_bindgen_test]
async fn a_message_said_without_a_way_finds_it_and_is_drawn_once() {
    let world = World::new();
    let page = Page::talking(&world).await;
    world.socket().close();
    until("the visitor is told", || page.is_shown(".notice")).await;
    // No time passes: a visitor who writes does not wait for the next attempt.
    page.say("Still there?");
    page.shows(&[GREETING, "visitor sent: Still there?"]).await;
    assert_eq!(world.posted(), ["Still there?"]);
}

//! Whatever the proxy answers, the visitor reads a sentence, learns nothing of the machinery, and has a way on.

use serde_json::json;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::page::Page;
use super::world::{World, settle, until};

/// For a developer; a visitor must not see it.
const INTERNAL: &str = "upstream said sk-sesame";
const GREETING: &str = "avatar complete: Hello, I am Mira.";
/// How long an answer may take, in seconds.
const TIME_OUT: f64 = 30.0;

/// What a visitor is told where there is no way to the avatar, and whether it is tried again without being asked.
type Way = (&'static str, bool);

const NOT_SET_UP: Way = ("The chat is not set up correctly", false);
const SIGN_IN: Way = ("Please sign in on this site", false);
const BUSY: Way = ("Many people are chatting", true);
const UNAVAILABLE: Way = ("The chat is not available", true);
const SLOW: Way = ("The chat is slow to answer", true);
const LOST: Way = ("The connection was lost", true);

/// What a visitor is told beside a message that was not sent.
type Beside = &'static str;

const REJECTED: Beside = "Not sent: this message was not accepted";
const MISCONFIGURED: Beside = "Not sent: the chat is not set up";
const MUST_SIGN_IN: Beside = "Not sent: please sign in";
const UNCERTAIN: Beside = "It is not certain that this message arrived";
/// Nothing: the message is sent again by itself.
const HELD: Beside = "";

/// Arranges what the proxy does with the next request on a path.
type Fault = fn(&World, &str);

const FAULTS: &[(&str, Fault, Beside, Way)] = &[
    ("400", |world, path| refuse(world, path, 400, 400), REJECTED, NOT_SET_UP),
    ("401", |world, path| refuse(world, path, 401, 401), MISCONFIGURED, NOT_SET_UP),
    ("403", |world, path| refuse(world, path, 403, 403), MISCONFIGURED, NOT_SET_UP),
    ("404", |world, path| refuse(world, path, 404, 404), MISCONFIGURED, NOT_SET_UP),
    ("413", |world, path| refuse(world, path, 413, 413), REJECTED, NOT_SET_UP),
    ("429", |world, path| refuse(world, path, 429, 429), HELD, BUSY),
    ("500", |world, path| refuse(world, path, 500, 500), UNCERTAIN, UNAVAILABLE),
    ("502", |world, path| refuse(world, path, 502, 502), UNCERTAIN, UNAVAILABLE),
    ("503", |world, path| refuse(world, path, 503, 503), HELD, UNAVAILABLE),
    ("504", |world, path| refuse(world, path, 504, 504), UNCERTAIN, SLOW),
    ("500 that says 0", |world, path| refuse(world, path, 500, 0), UNCERTAIN, UNAVAILABLE),
    ("200 that says 400", |world, path| refuse(world, path, 200, 400), REJECTED, NOT_SET_UP),
    ("200 that says 401", |world, path| refuse(world, path, 200, 401), MISCONFIGURED, NOT_SET_UP),
    ("200 that says 429", |world, path| refuse(world, path, 200, 429), HELD, BUSY),
    ("200 that says 500", |world, path| refuse(world, path, 200, 500), UNCERTAIN, UNAVAILABLE),
    ("200 that says -1", |world, path| refuse(world, path, 200, -1), UNCERTAIN, UNAVAILABLE),
    ("200 without a body", |world, path| raw(world, path, 200, ""), UNCERTAIN, UNAVAILABLE),
    ("200 with a page", |world, path| raw(world, path, 200, "<html>sk-sesame</html>"), UNCERTAIN, UNAVAILABLE),
    ("200 with a list", |world, path| raw(world, path, 200, "[0]"), UNCERTAIN, UNAVAILABLE),
    (
        "401 of another form",
        |world, path| raw(world, path, 401, r#"{"detail":"sk-sesame"}"#),
        MISCONFIGURED,
        NOT_SET_UP,
    ),
    ("500 without a body", |world, path| raw(world, path, 500, ""), UNCERTAIN, UNAVAILABLE),
    ("502 with a page", |world, path| raw(world, path, 502, "<html>sk-sesame</html>"), UNCERTAIN, UNAVAILABLE),
    ("a visitor who must sign in", login, MUST_SIGN_IN, SIGN_IN),
    ("a dead network", |world, path| world.refuse(path), UNCERTAIN, LOST),
];

const SILENCES: &[(&str, Fault)] =
    &[("no answer", |world, path| world.hold(path)), ("an answer that never ends", |world, path| world.stall(path))];

#[wasm_bindgen_test]
async fn a_message_that_failed_says_so_and_is_sent_again_on_wish() {
    for (name, arrange, beside, _) in FAULTS.iter().filter(|(_, _, beside, _)| *beside != HELD) {
        let world = World::new();
        let page = Page::talking(&world).await;
        arrange(&world, "send");
        page.say("Do you bind books?");
        assert_message_failed(&world, &page, name, beside).await;
    }
}

#[wasm_bindgen_test]
async fn a_message_without_an_answer_is_given_up_and_may_be_sent_again() {
    for (name, arrange) in SILENCES {
        let world = World::new();
        let page = Page::talking(&world).await;
        arrange(&world, "send");
        page.say("Do you bind books?");
        until(&format!("{name}: the message is posted"), || world.posted().len() == 1).await;
        world.pass(TIME_OUT - 0.001).await;
        settle().await;
        assert_eq!(page.messages()[1], "visitor sending: Do you bind books?", "{name}");
        world.pass(0.001).await;
        assert_message_failed(&world, &page, name, UNCERTAIN).await;
        assert!(world.asked("send")[0].aborted, "{name}");
    }
}

async fn assert_message_failed(world: &World, page: &Page, name: &str, beside: &str) {
    page.shows(&[GREETING, "visitor failed: Do you bind books?"]).await;
    assert_told(page, name, "[part=message] [role=alert]", beside);
    page.click("[part=message] [role=alert] button");
    page.shows(&[GREETING, "visitor sent: Do you bind books?"]).await;
    assert_eq!(page.all("[role=alert]").len(), 0, "{name}");
    assert_eq!(world.posted(), ["Do you bind books?"; 2], "{name}");
    page.say("And repair them?");
    page.newest("visitor sent: And repair them?").await;
}

#[wasm_bindgen_test]
async fn a_way_that_is_barred_says_so_and_is_tried_again() {
    for (name, arrange, _, way) in FAULTS {
        let world = World::new();
        arrange(&world, "init");
        let page = Page::closed(&world);
        page.chat.open();
        assert_way_barred(&world, &page, name, *way).await;
    }
}

#[wasm_bindgen_test]
async fn a_way_without_an_answer_is_given_up_and_tried_again() {
    for (name, arrange) in SILENCES {
        let world = World::new();
        arrange(&world, "init");
        let page = Page::closed(&world);
        page.chat.open();
        until(&format!("{name}: the proxy was asked"), || world.asked("init").len() == 1).await;
        world.pass(TIME_OUT - 0.001).await;
        settle().await;
        assert_eq!(page.text("[part=status]"), "Connecting…", "{name}");
        assert!(page.seek(".notice").is_none(), "{name}");
        world.pass(0.001).await;
        assert_way_barred(&world, &page, name, SLOW).await;
        assert!(world.asked("init")[0].aborted, "{name}");
    }
}

async fn assert_way_barred(world: &World, page: &Page, name: &str, (sentence, passes): Way) {
    until(&format!("{name}: the visitor is told"), || page.is_shown(".notice")).await;
    assert_told(page, name, ".notice", sentence);
    assert_eq!(page.text("[part=status]"), "Not connected", "{name}");
    if passes {
        // The first wait is a second at most.
        world.pass(1.1).await;
    } else {
        world.pass(600.0).await;
        assert_eq!(world.asked("init").len(), 1, "{name}: time does not mend this");
        page.click(".notice button");
    }
    page.shows(&[GREETING]).await;
    until("the notice is gone", || page.seek(".notice").is_none()).await;
    page.say("Hi");
    page.shows(&[GREETING, "visitor sent: Hi"]).await;
    assert_eq!(world.asked("init").len(), 2, "{name}");
}

#[wasm_bindgen_test]
async fn the_visitor_need_not_wait_for_the_next_attempt() {
    let world = World::new();
    world.refuse("init");
    let page = Page::closed(&world);
    page.chat.open();
    until("the visitor is told", || page.is_shown(".notice")).await;
    page.click(".notice button");
    page.shows(&[GREETING]).await;
    assert_eq!(world.asked("init").len(), 2);
}

#[wasm_bindgen_test]
async fn a_proxy_that_asks_for_time_gets_it() {
    for status in [429, 503] {
        let world = World::new();
        world.answer_raw("init", status, &json!({"retry-after": "20"}), r#"{"code":503,"message":"later"}"#);
        let page = Page::closed(&world);
        page.chat.open();
        until("the visitor is told", || page.is_shown(".notice")).await;
        world.pass(19.0).await;
        settle().await;
        assert_eq!(world.asked("init").len(), 1, "{status}");
        // Not even the visitor's impatience changes that.
        page.click(".notice button");
        settle().await;
        assert_eq!(world.asked("init").len(), 1, "{status}");
        world.pass(2.0).await;
        page.shows(&[GREETING]).await;
    }
}

#[wasm_bindgen_test]
async fn a_message_that_came_too_soon_waits_and_is_sent_by_itself() {
    for (name, arrange, _, _) in FAULTS.iter().filter(|(_, _, beside, _)| *beside == HELD) {
        let world = World::new();
        let page = Page::talking(&world).await;
        arrange(&world, "send");
        page.say("one");
        page.say("two");
        until(&format!("{name}: the visitor is told"), || page.is_shown(".notice")).await;
        assert!(page.text(".notice").starts_with("Many messages are on their way."), "{name}");
        world.pass(0.999).await;
        page.shows(&[GREETING, "visitor sending: one", "visitor sending: two"]).await;
        assert_eq!(world.posted(), ["one"], "{name}");
        world.pass(0.1).await;
        page.shows(&[GREETING, "visitor sent: one", "visitor sent: two"]).await;
        assert_eq!(world.posted(), ["one", "one", "two"], "{name}");
        until("the notice is gone", || page.seek(".notice").is_none()).await;
    }
}

#[wasm_bindgen_test]
async fn a_message_that_failed_can_be_taken_back() {
    let world = World::new();
    let page = Page::talking(&world).await;
    refuse(&world, "send", 413, 413);
    page.say("one");
    page.newest("visitor failed: one").await;
    page.click("[part=message] [role=alert] button:last-child");
    page.shows(&[GREETING]).await;
    page.say("two");
    page.shows(&[GREETING, "visitor sent: two"]).await;
    assert_eq!(world.posted(), ["one", "two"]);
}

#[wasm_bindgen_test]
async fn a_proxy_that_does_not_want_the_page_is_told_from_a_dead_network() {
    let foreign = json!({"base": "https://other.example/chat"});
    let world = World::new();
    world.hide_answers();
    let page = Page::with(&foreign);
    page.chat.open();
    until("the visitor is told", || page.is_shown(".notice")).await;
    assert_told(&page, "unwanted", ".notice", NOT_SET_UP.0);
    drop((page, world));

    let world = World::new();
    world.refuse("init");
    world.refuse("init");
    let page = Page::with(&foreign);
    page.chat.open();
    until("the visitor is told", || page.is_shown(".notice")).await;
    assert_told(&page, "dead", ".notice", LOST.0);
}

#[wasm_bindgen_test]
async fn what_was_said_before_the_way_was_barred_for_good_is_handed_back() {
    let world = World::new();
    refuse(&world, "init", 401, 401);
    let page = Page::closed(&world);
    page.chat.send("one".into());
    page.chat.send("two".into());
    page.shows(&["visitor failed: one", "visitor failed: two"]).await;
    page.all("[part=message] [role=alert]")[1]
        .query_selector("button")
        .unwrap()
        .unwrap()
        .unchecked_into::<HtmlElement>()
        .click();
    page.shows(&[GREETING, "visitor failed: one", "visitor sent: two"]).await;
    page.click("[part=message] [role=alert] button");
    page.shows(&[GREETING, "visitor sent: one", "visitor sent: two"]).await;
    assert_eq!(world.posted(), ["two", "one"]);
}

#[wasm_bindgen_test]
async fn a_session_that_has_ended_is_renewed_and_the_message_sent_and_drawn_once() {
    for code in ["visitor_chat.session_expired", "visitor_chat.session_not_found", "proxy.session_invalid"] {
        let world = World::new();
        let page = Page::talking(&world).await;
        world.answer("send", 400, &json!({"code": 400, "subCode": code, "message": INTERNAL}));
        page.say("Hi");
        page.shows(&[GREETING, "visitor sent: Hi"]).await;
        assert_eq!(world.posted(), ["Hi", "Hi"], "{code}");
        assert_eq!(world.asked("init").len(), 2, "{code}");
        until("the old socket is closed", || world.live_sockets() == 1).await;
    }
}

#[wasm_bindgen_test]
async fn a_session_that_ends_again_and_again_is_shown() {
    let world = World::new();
    let page = Page::talking(&world).await;
    for _ in 0..2 {
        world.answer(
            "send",
            400,
            &json!({"code": 400, "subCode": "visitor_chat.session_expired", "message": INTERNAL}),
        );
    }
    page.say("Hi");
    page.shows(&[GREETING, "visitor failed: Hi"]).await;
    assert_told(&page, "twice", "[part=message] [role=alert]", "Not sent: the conversation had ended");
    page.click("[part=message] [role=alert] button");
    page.shows(&[GREETING, "visitor sent: Hi"]).await;
}

fn refuse(world: &World, path: &str, status: u16, code: i64) {
    world.answer(path, status, &json!({"code": code, "subCode": "some.code", "message": INTERNAL, "data": null}));
}

fn login(world: &World, path: &str) {
    world.answer(path, 401, &json!({"code": 401, "subCode": "proxy.login_required", "message": INTERNAL}));
}

fn raw(world: &World, path: &str, status: u16, body: &str) {
    world.answer_raw(path, status, &json!({"content-type": "text/html"}), body);
}

/// A sentence that begins like this stands there with a button, and nothing of the machinery.
fn assert_told(page: &Page, name: &str, place: &str, beginning: &str) {
    assert!(page.is_shown(place), "{name}");
    assert!(page.is_shown(&format!("{place} button")), "{name}");
    let text = page.text(place);
    let (sentence, _) = text.split_once("Try again").unwrap_or_else(|| panic!("{name}: there is no way on: {text}"));
    let sentence = sentence.trim();
    assert!(sentence.starts_with(beginning) && sentence.ends_with('.'), "{name}: {sentence}");
    assert!(!sentence.contains(|character: char| character.is_ascii_digit()), "{name}: {sentence}");
    assert!(!page.shadow().inner_html().contains("sesame"), "{name}");
}

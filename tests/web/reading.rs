//! What a reader sees while the conversation grows: the newest, unless they have scrolled up, and then never anything else.

use serde_json::json;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::page::{Page, bubble_of, point_at};
use super::world::{World, settle, until};

const PARAGRAPH: &str = "A long line about paper, ink and patience that goes on for a while.\n";

/// A chat whose transcript is longer than its panel.
async fn long(world: &World, options: &[(&str, &str)]) -> Page {
    let mut all = json!({"base": world.base()});
    for (name, value) in options {
        all[*name] = (*value).into();
    }
    let page = Page::with(&all);
    page.open(world).await;
    world.socket().reply(&PARAGRAPH.repeat(30));
    page.newest(&format!("avatar complete: {}", PARAGRAPH.repeat(30))).await;
    settle().await;
    page
}

fn scroller(page: &Page) -> HtmlElement {
    page.find("[part=transcript]")
}

/// How much there is below what is seen, in CSS pixels.
fn below(page: &Page) -> i32 {
    let scroller = scroller(page);
    scroller.scroll_height() - scroller.scroll_top() - scroller.client_height()
}

/// As a hand does it.
async fn scroll_to(page: &Page, top: i32) {
    scroller(page).set_scroll_top(top);
    settle().await;
}

fn set_style(element: &Element, name: &str, value: &str) {
    element.unchecked_ref::<HtmlElement>().style().set_property(name, value).unwrap();
}

#[wasm_bindgen_test]
async fn a_reader_at_the_end_stays_there_whatever_grows() {
    let world = World::new();
    let page = long(&world, &[]).await;
    assert!(scroller(&page).scroll_top() > 0, "there is something to scroll");
    assert!(below(&page) <= 1, "{}", below(&page));
    for index in 0..20 {
        world.socket().chunk(index, PARAGRAPH);
        settle().await;
        assert!(below(&page) <= 1, "after chunk {index}: {}", below(&page));
    }
    let messages = page.all("[part=message]");
    for (what, message) in
        [("a picture above has come", &messages[0]), ("the newest is laid out late", messages.last().unwrap())]
    {
        set_style(&bubble_of(message), "height", "900px");
        settle().await;
        assert!(below(&page) <= 1, "{what}: {}", below(&page));
        set_style(&bubble_of(message), "height", "auto");
        settle().await;
        assert!(below(&page) <= 1, "{what}, and went: {}", below(&page));
    }
    for height in ["300px", "420px"] {
        set_style(&page.find("[part=panel]"), "height", height);
        settle().await;
        assert!(below(&page) <= 1, "{height}: {}", below(&page));
    }
    page.chat.close();
    settle().await;
    page.chat.open();
    settle().await;
    assert!(below(&page) <= 1, "opened again: {}", below(&page));
    assert!(!page.is_shown("[part=to-end]"));
}

#[wasm_bindgen_test]
async fn a_reader_who_has_scrolled_up_is_never_pulled_and_told_what_came() {
    let world = World::new();
    let page = long(&world, &[]).await;
    world.socket().chunk(0, "A reply that has begun. ");
    settle().await;
    scroll_to(&page, 100).await;
    assert!(page.is_shown("[part=to-end]"));
    let button = page.find("[part=to-end]");
    assert_eq!(button.get_attribute("aria-label").as_deref(), Some("Go to the newest message"));
    for index in 1..30 {
        world.socket().chunk(index, PARAGRAPH);
    }
    set_style(&page.find("[part=panel]"), "height", "300px");
    settle().await;
    assert_eq!(scroller(&page).scroll_top(), 100);
    assert_eq!(button.text_content().unwrap().trim(), "", "nothing came that was not there before");

    world.socket().end_reply();
    world.socket().reply("Another one.");
    until("it is counted", || page.text("[part=to-end]") == "1 new message").await;
    assert_eq!(button.get_attribute("aria-label"), None, "what is read is the name");
    world.socket().owner("And me.");
    until("it is counted", || page.text("[part=to-end]") == "2 new messages").await;
    settle().await;
    assert_eq!(scroller(&page).scroll_top(), 100);
    assert!(page.seek("[part=transcript] [part=to-end]").is_none(), "a log would announce it");

    button.click();
    until("the end is there", || below(&page) <= 1).await;
    settle().await;
    assert!(!page.is_shown("[part=to-end]"));
    assert!(page.shadow().active_element().is_some_and(|element| element.is_same_node(Some(&scroller(&page)))));
    world.socket().reply(&PARAGRAPH.repeat(9));
    settle().await;
    assert!(below(&page) <= 1);
}

#[wasm_bindgen_test]
async fn scrolling_back_to_the_end_and_saying_something_are_ways_to_follow_again() {
    let world = World::new();
    let page = long(&world, &[]).await;
    scroll_to(&page, 50).await;
    assert!(page.is_shown("[part=to-end]"));
    let end = scroller(&page).scroll_height();
    scroll_to(&page, end).await;
    assert!(!page.is_shown("[part=to-end]"));
    world.socket().reply(&PARAGRAPH.repeat(9));
    settle().await;
    assert!(below(&page) <= 1);
    scroll_to(&page, 50).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    settle().await;
    assert!(below(&page) <= 1);
    assert!(!page.is_shown("[part=to-end]"));
}

#[wasm_bindgen_test]
async fn a_hand_that_scrolls_slowly_is_not_pulled_back_either() {
    let world = World::new();
    let page = long(&world, &[]).await;
    let end = scroller(&page).scroll_top();
    point_at(&scroller(&page), "wheel", "mouse");
    scroll_to(&page, end - 12).await;
    world.socket().chunk(0, PARAGRAPH);
    settle().await;
    assert_eq!(scroller(&page).scroll_top(), end - 12);
}

#[wasm_bindgen_test]
async fn where_the_site_wants_it_the_beginning_of_a_long_reply_stays_in_sight() {
    let world = World::new();
    let page = long(&world, &[("scroll", "top")]).await;
    let start = |page: &Page| {
        let message = page.all("[part=message]").pop().unwrap();
        message.get_bounding_client_rect().top() - scroller(page).get_bounding_client_rect().top()
    };
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    settle().await;
    assert!(below(&page) <= 1, "one's own message is followed");
    world.socket().chunk(0, PARAGRAPH);
    settle().await;
    assert!(below(&page) <= 1, "a short reply is followed");
    for index in 1..40 {
        world.socket().chunk(index, PARAGRAPH);
        settle().await;
        assert!((0.0..500.0).contains(&start(&page)), "after chunk {index} it begins at {}", start(&page));
    }
    assert!(start(&page) <= 16.0 && below(&page) > 100);
    assert!(page.is_shown("[part=to-end]"));
    assert_eq!(page.text("[part=to-end]"), "");

    // Whoever wants to read on, follows the end.
    page.click("[part=to-end]");
    until("the end is there", || below(&page) <= 1).await;
    world.socket().chunk(40, &PARAGRAPH.repeat(5));
    settle().await;
    assert!(below(&page) <= 1, "{}", below(&page));
}

#[wasm_bindgen_test]
async fn what_is_about_to_be_pressed_does_not_move_while_a_reply_grows() {
    let world = World::new();
    let page = long(&world, &[]).await;
    world.answer("send", 413, &json!({"code": 413, "subCode": "proxy.message_too_long", "message": "m"}));
    page.say("Hi");
    page.newest("visitor failed: Hi").await;
    let again = page.find("[part=message] [role=alert] button");
    settle().await;
    // Not on the screen: the panel may still be rising.
    let place = || again.get_bounding_client_rect().top() - scroller(&page).get_bounding_client_rect().top();
    let before = place();
    point_at(&again, "pointerover", "mouse");
    for index in 0..20 {
        world.socket().chunk(index, PARAGRAPH);
        settle().await;
        assert!((place() - before).abs() < 0.5, "after chunk {index}: {} and not {before}", place());
    }
    point_at(&scroller(&page), "pointerover", "mouse");
    settle().await;
    assert!(below(&page) <= 1, "the pointer is elsewhere: {}", below(&page));

    point_at(&again, "pointerover", "mouse");
    again.click();
    world.socket().chunk(20, &PARAGRAPH.repeat(9));
    until("what was pressed is gone and holds nothing", || below(&page) <= 1).await;
    until("it is sent again", || world.posted() == ["Hi", "Hi"]).await;
}

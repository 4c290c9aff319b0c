//! A long conversation: all of it is there, its end is where it is, and what is far away costs nothing.

use wasm_bindgen_test::wasm_bindgen_test;

use super::page::Page;
use super::world::{World, settle, until};

const MESSAGES: usize = 400;

fn below(page: &Page) -> i32 {
    let scroller = page.find("[part=transcript]");
    scroller.scroll_height() - scroller.scroll_top() - scroller.client_height()
}

fn words(number: usize) -> String {
    "words and words ".repeat(number % 9)
}

/// So many messages with the greeting, each of another height.
async fn hear(world: &World, messages: usize) {
    world.socket().burst((1..messages).map(|number| (-1, format!("{number} {}", words(number))))).await;
}

#[wasm_bindgen_test]
async fn the_next_page_has_all_of_it_newest_first() {
    let world = World::new();
    let page = Page::talking(&world).await;
    hear(&world, MESSAGES).await;
    until("all have come", || page.all("[part=message]").len() == MESSAGES).await;
    settle().await;
    let messages = page.messages();
    assert!(below(&page) <= 1, "{}", below(&page));
    drop(page);

    let page = Page::closed(&world);
    page.open(&world).await;
    until("the newest is there", || page.messages().last() == messages.last()).await;
    let early = page.all("[part=message]").len();
    assert!(early <= MESSAGES, "{early}");
    assert!(below(&page) <= 1, "{}", below(&page));
    until("the rest is drawn", || page.all("[part=message]").len() == MESSAGES).await;
    settle().await;
    assert_eq!(page.messages(), messages);
    assert_eq!(page.all(".day").len(), 1);
    assert!(below(&page) <= 1, "{}", below(&page));
    assert!(!page.is_shown("[part=to-end]"));

    let scroller = page.find("[part=transcript]");
    scroller.set_scroll_top(0);
    settle().await;
    settle().await;
    assert!(page.is_shown("[part=to-end]"));
    world.socket().reply("The last one");
    until("it is counted", || page.text("[part=to-end]") == "1 new message").await;
    assert_eq!(scroller.scroll_top(), 0);
    page.click("[part=to-end]");
    until("the end is there", || below(&page) <= 1).await;
    settle().await;
    assert!(below(&page) <= 1 && !page.is_shown("[part=to-end]"), "{}", below(&page));
}

#[wasm_bindgen_test]
async fn what_came_while_the_panel_was_closed_is_there_when_it_opens() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.chat.close();
    hear(&world, MESSAGES).await;
    page.newest(&format!("avatar complete: {} {}", MESSAGES - 1, words(MESSAGES - 1))).await;
    page.chat.open();
    settle().await;
    assert!(below(&page) <= 1, "{}", below(&page));
    let newest = page.all("[part=message]").pop().unwrap().get_bounding_client_rect().bottom();
    let end = page.find("[part=transcript]").get_bounding_client_rect().bottom();
    assert!((0.0..40.0).contains(&(end - newest)), "the newest ends at {newest}, the transcript at {end}");
}

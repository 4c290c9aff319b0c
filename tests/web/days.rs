//! What stands between the messages: where a day begins, where the owner takes over, and what is said about the avatar.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::{Page, document};
use super::world::{World, comes_about, settle, until};

/// In milliseconds.
const DAY: f64 = 86_400_000.0;
const JOINED: &str = "\u{2068}Mira\u{2069} has joined in person.";

/// Each row of the transcript, as it is read.
fn rows(page: &Page) -> Vec<String> {
    page.all(".block > *").iter().map(|row| row.text_content().unwrap().trim().to_owned()).collect()
}

#[wasm_bindgen_test]
async fn each_day_begins_with_its_name() {
    let world = World::new();
    let page = Page::talking(&world).await;
    world.socket().reply("One");
    page.newest("avatar complete: One").await;
    assert_eq!(rows(&page), ["today", "Hello, I am Mira.", "One"]);
    assert_eq!(page.find(".day").tag_name(), "H3", "a screen reader can go from day to day");

    world.sleep(DAY);
    world.pass(30.0).await;
    page.connected(&world).await;
    world.socket().chunk(0, "Two");
    world.socket().end_reply();
    page.newest("avatar complete: Two").await;
    let expected = ["yesterday", "Hello, I am Mira.", "One", "today", "Two"];
    comes_about(|| rows(&page) == expected).await;
    assert_eq!(rows(&page), expected);
    drop(page);

    world.sleep(DAY);
    let page = Page::talking(&world).await;
    page.newest("avatar complete: Two").await;
    let days: Vec<_> = page.all(".day").iter().map(|day| day.text_content().unwrap()).collect();
    assert_eq!(days.len(), 2);
    assert!(days[0].contains("October") && days[1] == "yesterday", "{days:?}");
}

#[wasm_bindgen_test]
async fn the_owner_joins_once_before_their_first_words_and_is_announced() {
    let world = World::new();
    let page = Page::talking(&world).await;
    world.socket().owner("It is me.");
    page.newest("owner complete: It is me.").await;
    let announced = || page.text("[part=panel] > [role=status]");
    until("it is announced", || announced().starts_with(JOINED) && announced().ends_with("It is me.")).await;
    page.say("Oh!");
    page.newest("visitor sent: Oh!").await;
    world.socket().owner("Yes.");
    until("the next words are told", || announced().ends_with("Yes.")).await;
    assert!(announced().matches(JOINED).count() <= 1, "{}", announced());
    world.socket().reply("I am back.");
    page.newest("avatar complete: I am back.").await;
    world.socket().owner("And I.");
    page.newest("owner complete: And I.").await;
    let owner = |text: &str| format!("\u{2068}Mira\u{2069}, in person{text}");
    let expected = [
        "today",
        "Hello, I am Mira.",
        JOINED,
        &owner("It is me."),
        "Oh!",
        &owner("Yes."),
        "I am back.",
        JOINED,
        &owner("And I."),
    ];
    assert_eq!(rows(&page), expected);
    drop(page);
    let page = Page::talking(&world).await;
    comes_about(|| rows(&page) == expected).await;
    assert_eq!(rows(&page), expected, "on the next page");
}

#[wasm_bindgen_test]
async fn who_speaks_is_heard_where_it_is_not_read() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    world.socket().owner("Good day");
    page.newest("owner complete: Good day").await;
    let heard: Vec<_> =
        page.all("[part=message]").iter().map(|message| message.get_attribute("aria-label").unwrap()).collect();
    assert_eq!(heard, ["Mira", "You", "\u{2068}Mira\u{2069}, in person"]);
    assert!(
        page.all("[part=message]").iter().all(|message| message.get_attribute("role").as_deref() == Some("article"))
    );
    assert!(page.is_shown("[data-author=owner] .speaker"), "and the owner's name is read, too");
}

#[wasm_bindgen_test]
async fn the_visitor_is_told_that_an_ai_speaks_in_the_words_that_the_site_chooses() {
    let standard = "\u{2068}Mira\u{2069} is an AI avatar. What it says may be wrong.";
    for (notice, said) in [
        (json!(null), Some(standard)),
        (json!(""), Some(standard)),
        (json!("none"), None),
        (json!(false), None),
        (json!("Mira <b>is</b> a machine."), Some("Mira <b>is</b> a machine.")),
    ] {
        let world = World::new();
        let page = Page::with(&json!({"base": world.base(), "notice": notice}));
        page.open(&world).await;
        world.socket().reply("Hello");
        page.newest("avatar complete: Hello").await;
        settle().await;
        let seen: Vec<_> = page.all("[part=ai-notice]").iter().map(|line| line.text_content().unwrap()).collect();
        assert_eq!(seen, said.into_iter().collect::<Vec<_>>(), "{notice}");
        if said.is_some() {
            let position = page.find("[part=ai-notice]").compare_document_position(&page.find("[part=message]"));
            assert_eq!(position, web_sys::Node::DOCUMENT_POSITION_FOLLOWING, "it comes first");
            // The widget's own words may begin with a name of another direction.
            let own = notice.as_str().filter(|words| said == Some(*words)).map(|_| "auto".to_owned());
            assert_eq!(page.find("[part=ai-notice]").get_attribute("dir"), own, "{notice}");
        }
    }
    assert!(document().query_selector("[part=ai-notice]").unwrap().is_none());
}

//! What can be done with a message, and when it was said: shown for the one message that has the reader's attention.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, KeyboardEvent, KeyboardEventInit};

use super::page::{Page, point_at};
use super::world::{World, settle, until};

const SOURCE: &str = "**Paper** from [here](https://shop.example)";

/// A message of the avatar, one of the visitor and one of the owner, after the greeting.
async fn conversation(world: &World) -> Page {
    let page = Page::talking(world).await;
    world.socket().reply(SOURCE);
    page.newest(&format!("avatar complete: {SOURCE}")).await;
    page.say("Thanks");
    page.newest("visitor sent: Thanks").await;
    world.socket().owner("Welcome");
    page.newest("owner complete: Welcome").await;
    page
}

fn message(page: &Page, number: usize) -> HtmlElement {
    page.all("[part=message]")[number].clone()
}

/// Which message the row is in, where it can be seen.
fn place(page: &Page) -> Option<usize> {
    let row = page.seek(".actions").filter(|row| row.get_client_rects().length() > 0)?;
    page.all("[part=message]").iter().position(|message| message.contains(Some(&row)))
}

fn press(element: &Element, key: &str) {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    element.dispatch_event(&KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn the_time_of_a_message_is_shown_on_demand_and_nothing_moves() {
    let world = World::new();
    let page = conversation(&world).await;
    settle().await;
    assert_eq!(place(&page), None);
    let height = || page.find("[part=transcript]").scroll_height();
    let before = height();
    for number in [1, 3, 0] {
        point_at(&message(&page, number).first_element_child().unwrap(), "pointerover", "mouse");
        settle().await;
        assert_eq!(place(&page), Some(number));
        let time = page.find(".actions time");
        assert!(time.get_attribute("datetime").unwrap().starts_with("2025-10-09T"), "{:?}", time.outer_html());
        let text = time.text_content().unwrap();
        assert!(text.contains(':') && text.len() < 12, "{text}");
        assert_eq!(height(), before, "the layout stays");
    }
    assert_eq!(page.all(".actions").len(), 1);
    point_at(&page.find("[part=transcript]"), "pointerleave", "mouse");
    settle().await;
    assert_eq!(place(&page), None);

    // A finger that scrolls touches messages too; one that taps means it.
    point_at(&message(&page, 1), "pointerover", "touch");
    settle().await;
    assert_eq!(place(&page), None);
    message(&page, 1).click();
    settle().await;
    assert_eq!(place(&page), Some(1));
    page.find("[part=transcript]").click();
    settle().await;
    assert_eq!(place(&page), None);
}

#[wasm_bindgen_test]
async fn a_message_is_copied_as_it_was_written() {
    for old in [false, true] {
        let world = World::new();
        if old {
            world.forbid_clipboard();
        }
        let page = conversation(&world).await;
        for (number, source) in [(1, SOURCE), (2, "Thanks"), (3, "Welcome")] {
            message(&page, number).click();
            settle().await;
            let copy = page.find("[part=copy]");
            assert_eq!(copy.get_attribute("aria-label").as_deref(), Some("Copy message"));
            let size = copy.get_bounding_client_rect();
            assert!(size.width() >= 24.0 && size.height() >= 24.0, "{} x {}", size.width(), size.height());
            copy.click();
            until("it is copied", || world.copied().last().is_some_and(|last| last == source)).await;
            until("it says so", || page.text("[part=copy]") == "Copied").await;
            assert_eq!(copy.get_attribute("aria-label").as_deref(), Some("Copied"));
            world.pass(1.9).await;
            assert_eq!(page.text("[part=copy]"), "Copied");
            world.pass(0.2).await;
            until("it says so no longer", || page.text("[part=copy]").is_empty()).await;
        }
    }
}

#[wasm_bindgen_test]
async fn the_keyboard_goes_from_message_to_message() {
    let world = World::new();
    let page = conversation(&world).await;
    page.find("[part=transcript]").focus().unwrap();
    settle().await;
    assert_eq!(place(&page), Some(3), "the newest first");
    page.find("[part=copy]").focus().unwrap();
    for (key, number) in [("ArrowUp", 2), ("ArrowUp", 1), ("ArrowUp", 0), ("ArrowUp", 0), ("ArrowDown", 1)] {
        press(&page.find("[part=copy]"), key);
        settle().await;
        assert_eq!(place(&page), Some(number), "{key}");
        let focused = page.shadow().active_element();
        assert!(focused.is_some_and(|element| element.is_same_node(Some(&page.find("[part=copy]")))), "{key}");
    }
    // What the pointer rests on takes nothing away from the keyboard.
    point_at(&message(&page, 3), "pointerover", "mouse");
    settle().await;
    assert_eq!(place(&page), Some(1));
    page.input().focus().unwrap();
    settle().await;
    assert_eq!(place(&page), None);
}

#[wasm_bindgen_test]
async fn a_message_that_goes_takes_the_row_along_and_the_next_one_has_it_again() {
    let world = World::new();
    let page = Page::talking(&world).await;
    world.answer("send", 413, &serde_json::json!({"code": 413, "subCode": "proxy.message_too_long", "message": "m"}));
    page.say("Hi");
    page.newest("visitor failed: Hi").await;
    point_at(&message(&page, 1), "pointerover", "mouse");
    settle().await;
    assert_eq!(place(&page), Some(1));
    let delete = message(&page, 1).query_selector_all("[role=alert] button").unwrap().item(1).unwrap();
    delete.unchecked_into::<HtmlElement>().click();
    page.newest("avatar complete: Hello, I am Mira.").await;
    settle().await;
    assert_eq!(place(&page), None);
    point_at(&message(&page, 0), "pointerover", "mouse");
    settle().await;
    assert_eq!(place(&page), Some(0));
}

//! Small screens: the panel has all of it, keyboard and screen reader stay in it, and the page comes back as it was.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event, EventInit, HtmlDialogElement, HtmlElement};

use super::page::{Page, document};
use super::phone::Phone;
use super::world::{World, settle, until};

/// A name, and what is done.
type Way = (&'static str, fn(&Page));

#[wasm_bindgen_test]
async fn an_open_panel_is_all_there_is() {
    let (world, _phone) = (World::new(), Phone::new().await);
    let outside = button();
    outside.focus().unwrap();
    assert_eq!(focused(), Some(outside.clone()));
    let page = Page::talking(&world).await;
    until("the panel is modal", || is_modal(&page)).await;
    assert_eq!(page.find("[part=panel]").get_attribute("aria-modal").as_deref(), Some("true"));
    let panel = || page.find("[part=panel]").get_bounding_client_rect();
    until("it has come to its place", || (panel().left(), panel().top()) == (0.0, 0.0)).await;
    let (panel, window) = (panel(), web_sys::window().unwrap());
    assert_eq!(panel.height(), window.inner_height().unwrap().as_f64().unwrap());
    assert_eq!(panel.width(), f64::from(document().document_element().unwrap().client_width()));

    // In the input a keyboard would spring up.
    assert_eq!(active(&page), Some(page.find("[part=title]")));
    outside.focus().unwrap();
    assert_eq!(focused(), Some(page.element.clone()), "the page behind takes no focus");

    page.click("[part=close]");
    until("the panel is closed", || !page.is_shown("[part=panel]")).await;
    assert!(!is_modal(&page));
    assert_eq!(focused(), Some(outside.clone()), "the focus is where it came from");
    outside.remove();
}

#[wasm_bindgen_test]
async fn with_room_the_panel_floats_over_a_page_that_goes_on() {
    let (world, phone) = (World::new(), Phone::new().await);
    phone.turn(false);
    let (before, index) = (phone.page(), phone.index());
    let page = Page::talking(&world).await;
    settle().await;
    assert!(!is_modal(&page));
    assert!(!page.find("[part=panel]").has_attribute("aria-modal"));
    assert_eq!(active(&page), None, "a page that opens the chat keeps the focus");
    assert_eq!((phone.page(), phone.index()), (before, index));
    assert!(phone.scrolls());
    let outside = button();
    outside.focus().unwrap();
    assert_eq!(focused(), Some(outside.clone()), "no trap");
    outside.remove();
}

#[wasm_bindgen_test]
async fn a_screen_that_turns_changes_an_open_panel_and_nothing_in_it() {
    let (world, phone) = (World::new(), Phone::new().await);
    let (before, index) = (phone.page(), phone.index());
    let page = Page::talking(&world).await;
    page.write("half a thought");
    until("the panel covers the screen", || is_modal(&page)).await;
    page.chat.focus();
    until("the composer has the focus", || active(&page).is_some_and(|active| *active == **page.input())).await;
    for small in [false, true, false, true, false] {
        phone.turn(small);
        until("the panel has followed", || is_modal(&page) == small && phone.scrolls() != small).await;
        assert_eq!(active(&page), Some(page.input().unchecked_into()), "small: {small}");
        assert_eq!(page.input().value(), "half a thought");
        assert!(page.is_shown("[part=panel]"));
    }
    until("the history is as it was", || phone.index() == index).await;
    assert_eq!(phone.page(), before);
}

#[wasm_bindgen_test]
async fn the_page_stands_still_and_is_given_back_as_it_was() {
    let meta = document().create_element("meta").unwrap();
    meta.set_attribute("name", "viewport").unwrap();
    meta.set_attribute("content", "width=device-width, user-scalable=no").unwrap();
    document().head().unwrap().append_child(&meta).unwrap();
    for (root, body) in [
        ("", ""),
        ("scroll-behavior: smooth", "overflow-x: hidden"),
        ("overflow-y: scroll", "overflow: visible"),
        ("height: 100%", "height: 100%; overflow: auto"),
        ("overflow: auto !important", "margin: 0"),
    ] {
        let (world, phone) = (World::new(), Phone::new().await);
        let index = phone.index();
        phone.style(root, body);
        phone.scroll(700.0);
        let before = phone.page();
        let page = Page::talking(&world).await;
        until("the panel is modal", || is_modal(&page)).await;
        let open = phone.page();
        let without_count = |page: &str| page.rsplit_once('\n').unwrap().0.to_owned();
        assert_eq!(without_count(&open), without_count(&before), "nothing of the page is written to");
        if !root.contains("important") {
            assert!(!phone.scrolls(), "{root} {body}");
        }
        // As a browser does that brings the input into sight.
        phone.scroll(120.0);
        page.press("Escape", |_| {});
        until("the panel is closed", || !page.is_shown("[part=panel]")).await;
        assert_eq!(phone.page(), before);
        assert!(phone.scrolls());
        until("the way back is gone", || phone.index() == index).await;
        assert_eq!(web_sys::window().unwrap().scroll_y().unwrap(), 700.0, "{root} {body}");
    }
    meta.remove();
}

#[wasm_bindgen_test]
async fn the_visible_part_of_the_screen_holds_the_newest_message_and_the_composer() {
    let (world, phone) = (World::new(), Phone::new().await);
    let page = Page::talking(&world).await;
    until("the panel is modal", || is_modal(&page)).await;
    world.socket().chunk(0, &"A long reply. ".repeat(200));
    world.socket().end_reply();
    until("the reply is complete", || page.messages().last().is_some_and(|last| last.starts_with("avatar complete")))
        .await;
    let check = async |height: f64, top: f64| {
        phone.leave(height, top, 1.0);
        let panel = || page.find("[part=panel]").get_bounding_client_rect();
        until("the panel fills it", || (panel().top(), panel().height()) == (top, height)).await;
        let transcript = page.find("[part=transcript]");
        let below = || transcript.scroll_height() - transcript.scroll_top() - transcript.client_height();
        until(&format!("the newest is in sight of {height}"), || below().abs() <= 1).await;
        assert!(page.find("[part=composer]").get_bounding_client_rect().bottom() <= top + height);
        assert!(transcript.client_height() > 60, "{}", transcript.client_height());
    };
    check(500.0, 0.0).await;
    check(260.0, 0.0).await;
    check(260.0, 90.0).await;
    // A whole letter, and still the messages have their place.
    page.write(&"line\n".repeat(40));
    check(180.0, 0.0).await;
    check(520.0, 0.0).await;
    phone.leave(200.0, 40.0, 2.5);
    settle().await;
    assert_eq!(page.find("[part=panel]").get_bounding_client_rect().height(), 520.0, "who zooms in sees a part of it");
    page.chat.close();
    settle().await;
    assert_eq!(page.find("[part=panel]").get_attribute("style").unwrap_or_default(), "");
}

#[wasm_bindgen_test]
async fn the_browsers_own_way_out_closes() {
    let ways: [Way; 2] = [
        ("it asks", |page| {
            let init = EventInit::new();
            init.set_cancelable(true);
            let asks = Event::new_with_event_init_dict("cancel", &init).unwrap();
            assert!(!page.find("[part=panel]").dispatch_event(&asks).unwrap(), "the chat closes in its own way");
        }),
        ("it does not ask", |page| dialog(page).close()),
    ];
    for (name, leave) in ways {
        let (world, phone) = (World::new(), Phone::new().await);
        let index = phone.index();
        let page = Page::talking(&world).await;
        until("the panel is modal", || is_modal(&page)).await;
        leave(&page);
        until(name, || !page.chat.is_open() && !page.is_shown("[part=panel]")).await;
        until("the way back is gone", || phone.index() == index).await;
        assert!(phone.scrolls());
    }
}

#[wasm_bindgen_test]
async fn a_chat_that_is_taken_away_gives_the_page_back() {
    let (world, phone) = (World::new(), Phone::new().await);
    let before = phone.page();
    phone.scroll(300.0);
    let page = Page::talking(&world).await;
    until("the panel is modal", || is_modal(&page)).await;
    page.chat.destroy();
    settle().await;
    assert_eq!(phone.page(), before);
    assert!(phone.scrolls());
    phone.turn(false);
    phone.turn(true);
    settle().await;
    assert_eq!(phone.page(), before);
}

#[wasm_bindgen_test]
async fn a_chat_that_follows_another_has_a_way_back_of_its_own() {
    let ways: [Way; 3] = [
        ("it is taken away while it is open", |first| first.chat.destroy()),
        ("it is closed and taken away", |first| {
            first.chat.close();
            first.chat.destroy();
        }),
        ("it is closed, and stays on the page", |first| first.chat.close()),
    ];
    for ((name, end), vague) in ways.into_iter().flat_map(|way| [(way, false), (way, true)]) {
        let (world, phone) = (World::new(), Phone::new().await);
        if vague {
            phone.vague();
        }
        let index = phone.index();
        let first = Page::talking(&world).await;
        until("the first has the screen", || is_modal(&first) && phone.index() == index + 1.0).await;
        end(&first);
        let second = Page::closed(&world);
        second.chat.open();
        until(name, || is_modal(&second)).await;
        for _ in 0..10 {
            settle().await;
        }
        assert!(second.chat.is_open() && is_modal(&second), "{name}, vague: {vague}");
        assert_eq!(phone.index(), index + 1.0, "{name}, vague: {vague}");
        second.chat.close();
        until("the history is as it was", || phone.index() == index).await;
    }
}

fn is_modal(page: &Page) -> bool {
    page.find("[part=panel]").matches(":modal").unwrap()
}

fn dialog(page: &Page) -> HtmlDialogElement {
    page.find("[part=panel]").unchecked_into()
}

/// What in the panel has the focus.
fn active(page: &Page) -> Option<HtmlElement> {
    page.shadow().active_element().map(Element::unchecked_into)
}

/// What in the page has the focus; the chat's element for all that is in it.
fn focused() -> Option<HtmlElement> {
    document().active_element().map(Element::unchecked_into)
}

/// Something of the page that takes the focus.
fn button() -> HtmlElement {
    let button = document().create_element("button").unwrap().unchecked_into::<HtmlElement>();
    document().body().unwrap().append_child(&button).unwrap();
    button
}

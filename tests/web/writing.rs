//! The composer under the fingers: it grows with the text and then scrolls, keeps the focus where it is, and takes no key
//! for something else.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event, EventInit, HtmlElement, MouseEvent, MouseEventInit};

use super::page::Page;
use super::phone::Phone;
use super::world::{World, settle, until};

#[wasm_bindgen_test]
async fn the_input_grows_to_six_lines_and_then_scrolls() {
    let (world, phone) = (World::new(), Phone::new().await);
    phone.turn(false);
    for old in [false, true] {
        if old {
            phone.old();
        }
        let page = Page::talking(&world).await;
        let input = page.input();
        if old {
            HtmlElement::style(&input).set_property("field-sizing", "fixed").unwrap();
        }
        // As high as in a window that is no limit.
        let height = async |lines: usize| {
            page.write(&vec!["line"; lines].join("\n"));
            settle().await;
            input.offset_height()
        };
        let one = height(1).await;
        let line = f64::from(height(2).await - one);
        assert!((20.0..30.0).contains(&line), "old: {old}: {line}");
        for lines in 3..=6_u16 {
            let expected = f64::from(one) + line * f64::from(lines - 1);
            assert!((f64::from(height(lines.into()).await) - expected).abs() <= 4.0, "old: {old}: {lines} lines");
            assert!(input.scroll_height() - input.client_height() <= 4, "old: {old}: {lines} lines are all seen");
        }
        let six = height(6).await;
        for lines in [7, 40] {
            assert_eq!(height(lines).await, six, "old: {old}: {lines} lines");
        }
        assert!(input.scroll_height() > 2 * input.client_height(), "the rest is scrolled to");
        assert_eq!(height(1).await, one);

        page.say("");
        page.write("a\nb\nc");
        page.chat.close();
        settle().await;
        page.chat.open();
        settle().await;
        assert!((input.offset_height() - one) > 40, "old: {old}: a draft that is shown again has its height");
    }
}

#[wasm_bindgen_test]
async fn what_is_written_is_at_least_16_px_high() {
    let world = World::new();
    let page = Page::talking(&world).await;
    for (name, value) in [("font-size", "10px"), ("--chat-font-size", "9px"), ("--chat-font", "serif")] {
        page.element.style().set_property(name, value).unwrap();
        let style = web_sys::window().unwrap().get_computed_style(&page.input()).unwrap().unwrap();
        assert_eq!(style.get_property_value("font-size").unwrap(), "16px", "{name}: {value}");
    }
}

#[wasm_bindgen_test]
async fn the_keyboard_is_told_what_is_written_here() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let input = page.input();
    let says = |name: &str| input.get_attribute(name);
    for (name, value) in
        [("enterkeyhint", "send"), ("autocapitalize", "sentences"), ("autocomplete", "off"), ("spellcheck", "true")]
    {
        assert_eq!(says(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(says("maxlength"), None, "a text that is pasted is never cut");

    // What is empty goes the panel's way, and what is written its own.
    let shadow = page.shadow();
    let goes = |direction: &str| shadow.query_selector(&format!("[part=input]:dir({direction})")).unwrap().is_some();
    page.find(".chat").set_attribute("dir", "rtl").unwrap();
    assert!(goes("rtl"));
    for (text, direction) in [("Hello", "ltr"), ("مرحبا", "rtl"), ("", "rtl")] {
        page.write(text);
        settle().await;
        assert!(goes(direction), "{text}");
    }
}

#[wasm_bindgen_test]
async fn two_quick_enters_send_once() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.write("Hi");
    page.press("Enter", |_| {});
    page.press("Enter", |init| init.set_repeat(true));
    page.click("[part=send]");
    page.newest("visitor sent: Hi").await;
    settle().await;
    assert_eq!(world.posted(), ["Hi"]);
    assert_eq!(page.messages().len(), 2);
}

#[wasm_bindgen_test]
async fn arrows_edit_nothing() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    for text in ["", "draft"] {
        page.write(text);
        for key in ["ArrowUp", "ArrowDown", "PageUp", "Home"] {
            assert!(!page.press(key, |_| {}), "{key} is the browser's");
            settle().await;
            assert_eq!((page.input().value().as_str(), page.messages().len()), (text, 2), "{key}");
        }
    }
    assert_eq!(world.posted(), ["Hi"]);
}

/// Safari tells that the composition has ended before it tells of the Enter that ended it.
#[wasm_bindgen_test]
async fn an_input_method_may_end_in_either_order() {
    let world = World::new();
    let page = Page::talking(&world).await;
    for safari in [false, true] {
        compose(&page, "compositionstart");
        page.write("日本語");
        if safari {
            compose(&page, "compositionend");
        }
        let taken = page.press("Enter", |init| {
            init.set_is_composing(!safari);
            init.set_key_code(229);
        });
        assert!(!taken);
        if !safari {
            compose(&page, "compositionend");
        }
        settle().await;
        assert_eq!(page.input().value(), "日本語");
    }
    assert!(world.posted().is_empty());
    page.press("Enter", |init| init.set_key_code(13));
    page.newest("visitor sent: 日本語").await;
}

#[wasm_bindgen_test]
async fn a_text_that_is_too_long_is_kept_and_said_to_be() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let check = async |length: usize, invalid: Option<&str>| {
        page.write(&"👩‍🚀".repeat(length / 3));
        settle().await;
        let input = page.input();
        assert_eq!(input.value().chars().count(), length, "nothing is lost");
        assert_eq!(input.get_attribute("aria-invalid").as_deref(), invalid);
        assert_eq!(page.find("[part=send]").has_attribute("disabled"), invalid.is_some());
    };
    check(9_999, None).await;
    check(12_000, Some("true")).await;
    assert_eq!(page.text(".counter"), "2,000 characters too many");
    let described = page.input().get_attribute("aria-describedby").unwrap();
    assert_eq!(page.find(&format!("#{described}")), page.find(".counter"));
    check(9_999, None).await;
}

#[wasm_bindgen_test]
async fn sending_leaves_the_focus_where_it_is() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let send = page.find("[part=send]");

    // A keyboard that is down stays down.
    page.write("one");
    settle().await;
    assert!(tap(&send), "a tap on the button takes no focus");
    page.newest("visitor sent: one").await;
    settle().await;
    assert_eq!(active(&page), None);

    // One that is up stays up.
    page.input().focus().unwrap();
    assert!(!tap(&page.input()), "a tap on the input does");
    page.write("two");
    settle().await;
    tap(&send);
    page.newest("visitor sent: two").await;
    settle().await;
    assert_eq!(active(&page), Some(page.input().unchecked_into()));

    // Who came to the button by keyboard goes on writing: a button without a use has no focus.
    page.write("three");
    settle().await;
    send.focus().unwrap();
    send.click();
    page.newest("visitor sent: three").await;
    settle().await;
    assert_eq!(active(&page), Some(page.input().unchecked_into()));

    // A second tap finds a button without a use, and is a tap on the composer.
    assert!(send.has_attribute("disabled"));
    let style = web_sys::window().unwrap().get_computed_style(&send).unwrap().unwrap();
    assert_eq!(style.get_property_value("pointer-events").unwrap(), "none");
    assert!(tap(&page.find("[part=composer]")));
}

#[wasm_bindgen_test]
async fn a_draft_outlives_the_page() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.write("half a thought\nand more 🖋");
    settle().await;
    world.pass(2.0).await;
    drop(page);
    let page = Page::talking(&world).await;
    until("it is back", || page.input().value() == "half a thought\nand more 🖋").await;
    assert!(page.input().offset_height() > 50, "at its height");
}

/// A tap or a click; true where it leaves the focus as it is.
fn tap(element: &HtmlElement) -> bool {
    let init = MouseEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let pressed = MouseEvent::new_with_mouse_event_init_dict("mousedown", &init).unwrap();
    let left = !element.dispatch_event(&pressed).unwrap();
    element.click();
    left
}

fn compose(page: &Page, name: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict(name, &init).unwrap();
    page.input().dispatch_event(&event).unwrap();
}

fn active(page: &Page) -> Option<HtmlElement> {
    page.shadow().active_element().map(Element::unchecked_into)
}

//! Themes, sides and colours: each shipped pair of colours can be read, and so can the text on whatever accent a site has.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::color::{Color, computed};
use super::page::{Page, document, place};
use super::world::{World, settle, until};

const THEMES: [&str; 2] = ["light", "dark"];

fn themed(world: &World, theme: &str) -> Page {
    Page::with(&json!({"base": world.base(), "theme": theme}))
}

fn theme_of(page: &Page) -> String {
    page.find(".chat").get_attribute("data-theme").unwrap()
}

#[wasm_bindgen_test]
fn each_pair_of_colours_that_is_shipped_can_be_told_apart() {
    let world = World::new();
    for theme in THEMES {
        let page = themed(&world, theme);
        let chat = page.find(".chat");
        assert_eq!(theme_of(&page), theme);
        assert_eq!(computed(&chat, "color-scheme"), theme);
        let color = |name: &str| Color::inside(&chat, &format!("var(--{name})"));
        for (front, back, least) in [
            ("text", "surface", 4.5),
            ("text", "sunken", 4.5),
            ("quiet", "surface", 4.5),
            ("quiet", "sunken", 4.5),
            ("accent-text", "accent", 4.5),
            ("alarm", "surface", 4.5),
            ("alarm", "alarm-surface", 4.5),
            ("owner", "surface", 4.5),
            ("owner", "sunken", 4.5),
            ("ring", "surface", 3.0),
            ("edge", "surface", 3.0),
            ("good", "surface", 3.0),
        ] {
            let contrast = color(front).contrast(color(back));
            assert!(contrast >= least, "{theme}: {front} on {back} has {contrast:.2}, not {least}");
        }
    }
}

#[wasm_bindgen_test]
async fn text_on_the_accent_is_black_or_white_whichever_can_be_read() {
    let world = World::new();
    for theme in THEMES {
        let page = themed(&world, theme);
        page.chat.open();
        page.write("so that it can be sent");
        settle().await;
        let send = page.find("[part=send]");
        for accent in [
            "#ffe600",
            "black",
            "white",
            "rgb(118, 118, 118)",
            "hsl(0 100% 44%)",
            "oklch(0.9 0.12 100)",
            "oklch(0.45 0.2 264)",
            "lab(52% 40 59)",
            "color-mix(in oklab, red 40%, white)",
            "color(display-p3 0.1 0.9 0.3)",
            "light-dark(#ffe600, #001b55)",
            "light-dark(#001b55, #ffe600)",
        ] {
            page.element.style().set_property("--chat-accent", accent).unwrap();
            let readable = || Color::of(&send, "color").contrast(Color::of(&send, "background-color")) >= 4.5;
            until(&format!("{theme}: the text on {accent} can be read"), readable).await;
            let ring = || Color::inside(&page.find(".chat"), "var(--ring)");
            let surface = Color::inside(&page.find(".chat"), "var(--surface)");
            until(&format!("{theme}: the ring is seen with {accent}"), || ring().contrast(surface) >= 3.0).await;
        }
    }
}

#[wasm_bindgen_test]
async fn what_breaks_the_contrast_is_told_once_with_figures() {
    for (properties, words) in [
        (&[("--chat-accent", "#2f4fc4")][..], &[][..]),
        (&[("--chat-accent", "#ffe600")], &["--chat-accent on --chat-surface (light theme) has a contrast of 1.2"]),
        (
            &[("--chat-accent", "#2f4fc4"), ("--chat-accent-text", "#8899dd")],
            &["--chat-accent-text on --chat-accent (light theme) has a contrast of 2.5"],
        ),
    ] {
        let world = World::new();
        let console = Console::listen();
        let element = place();
        for (name, value) in properties {
            element.style().set_property(name, value).unwrap();
        }
        let page = Page::at(element, &json!({"base": world.base(), "theme": "light"}));
        page.chat.open();
        settle().await;
        page.chat.close();
        page.chat.open();
        settle().await;
        let heard = console.heard();
        assert_eq!(heard.len(), words.len(), "{heard:?}");
        for (heard, words) in heard.iter().zip(words) {
            assert!(heard.starts_with("SecondMe Chat: ") && heard.contains(words), "{heard}");
        }
    }
}

#[wasm_bindgen_test]
async fn the_page_can_make_it_dark_by_a_class_of_its_own() {
    let world = World::new();
    let page = Page::with(&json!({"base": world.base(), "theme": "dark", "darkClass": "night"}));
    let root = document().document_element().unwrap();
    let body: Element = document().body().unwrap().into();
    assert_eq!(theme_of(&page), "light");
    for part in [&root, &body] {
        part.class_list().add_1("night").unwrap();
        until("it is dark", || theme_of(&page) == "dark").await;
        part.class_list().remove_1("night").unwrap();
        until("it is light", || theme_of(&page) == "light").await;
    }
    let chat = page.find(".chat");
    page.chat.destroy();
    root.class_list().add_1("night").unwrap();
    settle().await;
    root.class_list().remove_1("night").unwrap();
    assert_eq!(chat.get_attribute("data-theme").as_deref(), Some("light"), "what has ended looks no more");
}

#[wasm_bindgen_test]
fn by_itself_it_is_as_the_visitors_system_is() {
    let world = World::new();
    let dark = web_sys::window().unwrap().match_media("(prefers-color-scheme: dark)").unwrap().unwrap().matches();
    let page = Page::closed(&world);
    assert_eq!(theme_of(&page), if dark { "dark" } else { "light" });
}

#[wasm_bindgen_test]
async fn it_stands_at_the_end_of_the_pages_lines_or_where_the_site_wants_it() {
    let world = World::new();
    for (direction, side, left) in [
        ("ltr", json!(null), false),
        ("rtl", json!(null), true),
        ("ltr", json!("left"), true),
        ("rtl", json!("right"), false),
    ] {
        let element = place();
        element.set_dir(direction);
        element.style().set_property("--chat-offset-x", "36px").unwrap();
        let page = Page::at(element, &json!({"base": world.base(), "side": side, "language": "en"}));
        page.chat.open();
        until("the panel has risen", || page.is_shown("[part=panel]")).await;
        let panel = page.find("[part=panel]").get_bounding_client_rect();
        let width = f64::from(document().document_element().unwrap().client_width());
        let distance = if left { panel.left() } else { width - panel.right() };
        assert!((distance - 36.0).abs() < 1.0, "{direction} {side}: {distance} px");
    }
}

#[wasm_bindgen_test]
async fn in_the_page_it_fills_its_element_and_cannot_be_closed_by_the_visitor() {
    let world = World::new();
    let element = place();
    for (name, value) in [("width", "500px"), ("height", "420px"), ("font", "30px serif"), ("letter-spacing", "9px")] {
        element.style().set_property(name, value).unwrap();
    }
    let page = Page::at(element, &json!({"base": world.base(), "mode": "inline"}));
    page.open(&world).await;
    let panel = page.find("[part=panel]");
    let (inner, outer) = (panel.get_bounding_client_rect(), page.element.get_bounding_client_rect());
    let edges = |rect: &web_sys::DomRect| [rect.left(), rect.top(), rect.width(), rect.height()];
    assert_eq!(edges(&inner), edges(&outer));
    assert_eq!(panel.get_attribute("role").as_deref(), Some("region"));
    assert!(page.seek("[part=close]").is_none());
    page.press("Escape", |_| {});
    settle().await;
    assert!(page.chat.is_open() && page.is_shown("[part=composer]"));
    assert_eq!(computed(&page.find("[part=bubble]"), "letter-spacing"), "normal", "the page's text is not ours");
}

#[wasm_bindgen_test]
fn places_that_there_are_not_are_refused() {
    let world = World::new();
    for (name, value, words) in [
        ("mode", "popup", "`mode` is floating, inline or frame, not \"popup\""),
        ("side", "top", "`side` is left or right, not \"top\""),
        ("theme", "pink", "`theme` is auto, light or dark, not \"pink\""),
    ] {
        let mut options = json!({"base": world.base()});
        options[name] = Value::from(value);
        let refusal = secondme_chat::mount(place(), super::page::object(&options)).err().expect("it is refused");
        let sentence = format!("{:?}", JsValue::from(refusal));
        assert!(sentence.contains(words), "{sentence}");
    }
}

#[wasm_bindgen_test]
async fn the_page_can_reach_each_part_from_outside() {
    let world = World::new();
    let style = document().create_element("style").unwrap();
    let parts: Vec<_> = documented_parts();
    let rules = parts.iter().map(|part| format!("div::part({part}) {{ word-spacing: 7px; }}"));
    style.set_text_content(Some(&rules.collect::<String>()));
    document().head().unwrap().append_child(&style).unwrap();
    let page = Page::talking(&world).await;
    for part in parts {
        assert_eq!(computed(&page.find(&format!("[part={part}]")), "word-spacing"), "7px", "{part}");
    }
    style.remove();
}

/// The parts that the documentation names and that every open panel has; the launcher is the loader's.
fn documented_parts() -> Vec<&'static str> {
    let text = include_str!("../../docs/theming.md");
    let (_, parts) = text.split_once("## Parts").expect("the documentation names the parts");
    let rows = parts.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | ")).collect::<Vec<_>>();
    assert!(rows.len() > 14, "{rows:?}");
    rows.into_iter().filter(|(_, when)| when.starts_with("always")).map(|(part, _)| part).collect()
}

/// What is written on the console as a warning; given back when dropped.
struct Console {
    heard: Rc<RefCell<Vec<String>>>,
    warn: JsValue,
    _listen: Closure<dyn FnMut(String)>,
}

impl Console {
    fn listen() -> Self {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let warn = js_sys::Reflect::get(&Self::object(), &"warn".into()).unwrap();
        let listen = Closure::<dyn FnMut(String)>::new({
            let heard = Rc::clone(&heard);
            move |text| heard.borrow_mut().push(text)
        });
        js_sys::Reflect::set(&Self::object(), &"warn".into(), listen.as_ref()).unwrap();
        Self { heard, warn, _listen: listen }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.borrow().clone()
    }

    fn object() -> JsValue {
        js_sys::Reflect::get(&js_sys::global(), &"console".into()).unwrap()
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        js_sys::Reflect::set(&Self::object(), &"warn".into(), &self.warn).unwrap();
    }
}

//! The language that everything is read in: which one, when its file is asked for, and the site's own words in it.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{ShadowRootInit, ShadowRootMode};

use super::page::{Page, document, place};
use super::world::{World, settle, sides, until};

/// Languages that are there besides English.
const FILES: [(&str, &str); 9] = [
    ("ar", include_str!("../../src/languages/ar.json")),
    ("de", include_str!("../../src/languages/de.json")),
    ("fr", include_str!("../../src/languages/fr.json")),
    ("he", include_str!("../../src/languages/he.json")),
    ("pt-BR", include_str!("../../src/languages/pt-BR.json")),
    ("ru", include_str!("../../src/languages/ru.json")),
    ("tr", include_str!("../../src/languages/tr.json")),
    ("zh-CN", include_str!("../../src/languages/zh-CN.json")),
    ("zh-TW", include_str!("../../src/languages/zh-TW.json")),
];

/// A text of one of the languages' files.
fn text(tag: &str, name: &str) -> String {
    let file = FILES
        .iter()
        .find(|(other, _)| *other == tag)
        .map_or(include_str!("../../src/languages/en.json"), |(_, file)| file);
    serde_json::from_str::<Value>(file).unwrap()[name].as_str().unwrap().to_owned()
}

/// A world whose page declares a language, with a visitor who reads some.
fn world(page: &str, visitor: &[&str]) -> World {
    let world = World::new();
    for (tag, file) in FILES {
        world.bundle(tag, &format!("{}/{tag}.json", world.base()), file);
    }
    world.speak(page, visitor.iter().map(|tag| (*tag).to_owned()).collect());
    world
}

/// Which languages were asked for, in order.
fn asked(world: &World) -> Vec<&'static str> {
    FILES.iter().flat_map(|(tag, _)| world.asked(&format!("{tag}.json")).into_iter().map(move |_| *tag)).collect()
}

fn spoken(page: &Page) -> String {
    page.find(".chat").get_attribute("lang").unwrap_or_default()
}

fn placeholder(page: &Page) -> String {
    page.input().placeholder()
}

async fn speaks(page: &Page, tag: &str) {
    until(&format!("the chat speaks {tag}"), || spoken(page) == tag).await;
    assert_eq!(placeholder(page), text(tag, "placeholder"));
}

#[wasm_bindgen_test]
async fn the_site_is_asked_first_then_the_page_then_the_visitor() {
    for (site, declared, visitor, expected) in [
        ("", "de", &["fr", "ru"][..], "de"),
        ("", "", &["fr", "de"], "fr"),
        ("ar", "de", &["fr"], "ar"),
        ("de-AT", "", &["fr"], "de"),
        ("", "de-AT", &["fr"], "de"),
        ("", "DE", &["fr"], "de"),
        ("", "zh", &["fr"], "zh-CN"),
        ("", "zh-SG", &["fr"], "zh-CN"),
        ("", "zh-HK", &["fr"], "zh-TW"),
        ("", "zh-Hant", &["fr"], "zh-TW"),
        ("", "zh-Hans-HK", &["fr"], "zh-CN"),
        ("", "pt", &["fr"], "pt-BR"),
        ("", "pt-PT", &["fr"], "pt-BR"),
        ("", "iw", &["fr"], "he"),
        ("", "sv", &["nb", "ru-BY", "fr"], "ru"),
        ("sv", "nb", &["fr"], "fr"),
        ("", "no tag at all", &["fr"], "fr"),
        ("", "sv", &["nb"], "en"),
        ("", "", &[], "en"),
        ("", "en-GB", &["fr"], "en"),
    ] {
        let world = world(declared, visitor);
        let page = Page::with(&json!({"base": world.base(), "language": site}));
        speaks(&page, expected).await;
        settle().await;
        assert_eq!(spoken(&page), expected, "{site}, {declared}, {visitor:?}");
        let files: &[&str] = if expected == "en" { &[] } else { &[expected] };
        assert_eq!(asked(&world), files, "one file, and only what is needed: {expected}");
    }
}

#[wasm_bindgen_test]
async fn what_stands_around_the_chat_counts_more_than_the_whole_page() {
    let world = world("de", &["fr"]);
    let part = document().create_element("section").unwrap();
    part.set_attribute("lang", "ru").unwrap();
    document().body().unwrap().append_child(&part).unwrap();
    let element = place();
    part.append_child(&element).unwrap();
    let page = Page::at(element, &json!({"base": world.base()}));
    speaks(&page, "ru").await;
    drop(page);
    part.remove();
}

#[wasm_bindgen_test]
async fn the_launcher_is_named_in_the_same_language() {
    let world = world("ar", &["fr"]);
    let element = place();
    let shadow = element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
    let launcher = document().create_element("button").unwrap();
    launcher.set_class_name("launcher");
    shadow.append_child(&launcher).unwrap();
    let page = Page::at(element, &json!({"base": world.base()}));
    speaks(&page, "ar").await;
    assert_eq!(launcher.get_attribute("lang").as_deref(), Some("ar"));
    assert_eq!(launcher.get_attribute("aria-label"), Some(text("ar", "open")));
    page.chat.open();
    let closes = || launcher.get_attribute("aria-label") == Some(text("ar", "close"));
    until("the launcher closes", closes).await;
}

#[wasm_bindgen_test]
async fn the_sites_own_words_stand_above_every_language() {
    for (language, own) in [
        ("en", json!({"placeholder": "Ask Mira", "excess": {"other": "Too long by {count}"}})),
        ("de", json!({"placeholder": "Ask Mira", "excess": {"other": "Too long by {count}"}})),
        ("ru", json!(r#"{"placeholder": "Ask Mira", "excess": "Too long by {count}"}"#)),
        ("ar", json!(r#"{"placeholder": "Ask Mira", "excess": {"other": "Too long by {count}"}}"#)),
    ] {
        let world = world(language, &[]);
        let page = Page::with(&json!({"base": world.base(), "strings": own}));
        until("the language is there", || spoken(&page) == language).await;
        assert_eq!(placeholder(&page), "Ask Mira", "{language}");
        assert_eq!(page.input().get_attribute("aria-label"), Some(text(language, "composer")));
        page.chat.open();
        page.write(&"a".repeat(10_007));
        until("the counter counts", || !page.text(".counter").is_empty()).await;
        assert_eq!(page.text(".counter"), "Too long by 7", "{language}");
        assert_eq!(world.warnings(), Vec::<String>::new());
    }
}

#[wasm_bindgen_test]
async fn words_for_no_text_are_told_to_the_sites_owner_and_left_out() {
    let world = world("de", &[]);
    let own = json!({"placeHolder": "Ask", "send": {"other": "Go"}, "stop": 5, "close": "", "toString": "x", "open": "Ask us"});
    let page = Page::with(&json!({"base": world.base(), "strings": own}));
    speaks(&page, "de").await;
    assert_eq!(page.find("[part=send]").get_attribute("aria-label"), Some(text("de", "send")));
    let warnings = world.warnings();
    assert_eq!(warnings.len(), 5, "{warnings:?}");
    for name in ["placeHolder", "send", "stop", "close", "toString"] {
        let named =
            |warning: &&String| warning.starts_with("SecondMe Chat: ") && warning.contains(&format!("`{name}`"));
        assert_eq!(warnings.iter().filter(named).count(), 1, "{name}: {warnings:?}");
    }
}

#[wasm_bindgen_test]
async fn a_file_that_does_not_come_leaves_english_and_is_asked_for_at_the_next_opening() {
    for fault in [Some((500, "{}")), Some((404, "")), Some((200, "<html>")), None] {
        let world = world("de", &["fr"]);
        match fault {
            Some((status, body)) => world.answer_raw("de.json", status, &json!({}), body),
            None => world.refuse("de.json"),
        }
        let page = Page::closed(&world);
        until("the file was asked for", || asked(&world) == ["de"]).await;
        settle().await;
        speaks(&page, "en").await;
        page.chat.open();
        speaks(&page, "de").await;
        assert_eq!(asked(&world), ["de", "de"], "{fault:?}");
        page.chat.close();
        page.chat.open();
        settle().await;
        assert_eq!(asked(&world), ["de", "de"], "{fault:?}");
    }
}

#[wasm_bindgen_test]
async fn one_request_serves_all_who_wait_for_it() {
    let world = world("fr", &[]);
    world.hold("fr.json");
    let page = Page::closed(&world);
    let other = Page::with(&json!({"base": world.base(), "avatar": "noa"}));
    page.chat.open();
    settle().await;
    assert_eq!((spoken(&page).as_str(), spoken(&other).as_str()), ("en", "en"));
    world.release();
    speaks(&page, "fr").await;
    speaks(&other, "fr").await;
    assert_eq!(asked(&world), ["fr"]);
}

#[wasm_bindgen_test]
async fn a_chat_that_has_ended_learns_nothing_more() {
    let world = world("fr", &[]);
    world.hold("fr.json");
    let page = Page::closed(&world);
    until("the file was asked for", || asked(&world) == ["fr"]).await;
    page.chat.destroy();
    world.release();
    settle().await;
    assert!(page.seek(".chat").is_none());
}

#[wasm_bindgen_test]
async fn numbers_have_the_forms_of_their_language() {
    for (language, expected) in [
        (
            "en",
            [
                "1 character too many",
                "2 characters too many",
                "5 characters too many",
                "11 characters too many",
                "21 characters too many",
                "100 characters too many",
            ],
        ),
        (
            "ru",
            [
                "1 лишний символ",
                "2 лишних символа",
                "5 лишних символов",
                "11 лишних символов",
                "21 лишний символ",
                "100 лишних символов",
            ],
        ),
        ("ar", ["حرف واحد زائد", "حرفان زائدان", "5 أحرف زائدة", "11 حرفًا زائدًا", "21 حرفًا زائدًا", "100 حرف زائد"]),
        (
            "zh-CN",
            ["超出 1 个字符", "超出 2 个字符", "超出 5 个字符", "超出 11 个字符", "超出 21 个字符", "超出 100 个字符"],
        ),
    ] {
        let world = world(language, &[]);
        let page = Page::closed(&world);
        speaks(&page, language).await;
        page.chat.open();
        for (count, sentence) in [1, 2, 5, 11, 21, 100].into_iter().zip(expected) {
            page.write(&"a".repeat(10_000 + count));
            until("the counter counts", || page.text(".counter") == sentence).await;
        }
    }
}

#[wasm_bindgen_test]
async fn arabic_mirrors_the_panel() {
    for (language, direction, mirrored) in [("ar", "rtl", true), ("he", "rtl", true), ("de", "ltr", false)] {
        let world = world(language, &[]);
        let page = Page::closed(&world);
        speaks(&page, language).await;
        page.chat.open();
        until("the chat is there", || page.text("[part=status]") == text(language, "avatar")).await;
        page.say("Hi");
        page.newest("visitor sent: Hi").await;
        settle().await;
        assert_eq!(page.find(".chat").get_attribute("dir").as_deref(), Some(direction));
        let middle = |selector: &str| sides(&page.find(selector)).iter().sum::<f64>() / 2.0;
        for (start, end) in [
            (".input", "[part=send]"),
            (".portrait", "[part=title]"),
            ("[part=title]", ".header .icon-button"),
            ("[data-author=avatar] .bubble", "[data-author=visitor] .bubble"),
        ] {
            assert_eq!(middle(end) < middle(start), mirrored, "{language}: {start}, {end}");
        }
    }
}

#[wasm_bindgen_test]
async fn long_words_break_nothing() {
    for language in ["de", "ru", "tr", "fr"] {
        let world = world(language, &[]);
        world.answer("init", 403, &json!({"code": 403, "message": "no"}));
        let page = Page::closed(&world);
        speaks(&page, language).await;
        page.chat.open();
        until("the notice is there", || page.is_shown(".notice")).await;
        settle().await;
        let panel = sides(&page.find("[part=panel]"));
        for element in page.all(".header *, .notice, .notice *, .composer *") {
            let place = sides(&element);
            let shown = element.get_client_rects().length() > 0;
            let inside = place[0] >= panel[0] - 0.5 && place[1] <= panel[1] + 0.5;
            assert!(inside || !shown, "{language}: {} sticks out", element.outer_html());
            // What is in a line has no width of its own.
            let fits = element.client_width() == 0 || element.scroll_width() <= element.client_width();
            assert!(fits, "{language}: {} holds too much", element.outer_html());
        }
    }
}

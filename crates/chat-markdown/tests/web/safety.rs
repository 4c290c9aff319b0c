//! No reply makes the page do anything: under a policy that allows neither markup from text nor any request, nothing is
//! even tried, and nothing stands there but the elements and attributes of the list.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Document, Element, HtmlIFrameElement};

use super::dom::{attributes, document, options};
use super::vectors::{ADDRESSES, TEXTS};
use chat_markdown::rich_text::RichText;

const POLICY: &str = "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Each element, and what it may have.
const ALLOWED: [(&str, &[&str]); 29] = [
    ("a", &["href", "rel", "target", "title", "dir"]),
    ("img", &["alt", "decoding", "loading", "referrerpolicy", "src", "title"]),
    ("input", &["aria-label", "checked", "disabled", "type"]),
    ("button", &["class", "data-copied", "type"]),
    ("div", &["class", "dir", "tabindex"]),
    ("pre", &["dir", "tabindex"]),
    ("p", &["class", "dir"]),
    ("span", &["class"]),
    ("ol", &["dir", "start"]),
    ("ul", &["dir"]),
    ("blockquote", &["dir"]),
    ("h3", &["dir"]),
    ("h4", &["dir"]),
    ("h5", &["dir"]),
    ("h6", &["dir"]),
    ("td", &["class"]),
    ("th", &["class"]),
    ("li", &[]),
    ("table", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("hr", &[]),
    ("br", &[]),
    ("em", &[]),
    ("strong", &[]),
    ("del", &[]),
    ("code", &[]),
    ("#text", &[]),
];

/// The classes that an element may have.
const CLASSES: [&str; 10] =
    ["", "code", "code-bar", "code-language", "code-copy", "table", "source", "refused", "left", "center"];

/// Fails at the first element or attribute that is not on the list.
pub(super) fn check_allowed(place: &Element, text: &str) {
    let all = place.query_selector_all("*").unwrap();
    for number in 0..all.length() {
        let element: Element = all.item(number).unwrap().unchecked_into();
        let name = element.local_name();
        let allowed = ALLOWED.iter().find(|(known, _)| *known == name);
        let Some((_, allowed)) = allowed else { panic!("{text:?} made a <{name}>") };
        for (attribute, value) in attributes(&element) {
            assert!(allowed.contains(&attribute.as_str()), "{text:?} made {attribute} of a <{name}>");
            let sound = match (name.as_str(), attribute.as_str()) {
                (_, "class") => CLASSES.contains(&value.as_str()) || value == "right",
                ("a", "href") => {
                    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| value.starts_with(scheme))
                }
                ("a", "rel") => value == "noopener noreferrer nofollow ugc",
                ("a", "target") => value == "_blank",
                ("img", "src") => value.starts_with("https://img.example/"),
                ("img", "referrerpolicy") => value == "no-referrer",
                ("button", "data-copied") => value == "Copied",
                (_, "tabindex") => value == "0",
                _ => true,
            };
            assert!(sound, "{text:?} made {attribute}={value:?} of a <{name}>");
        }
        if element.has_attribute("href") {
            assert!(element.has_attribute("rel") && element.has_attribute("target"));
        }
    }
}

/// A page of its own under the policy.
async fn guarded() -> (HtmlIFrameElement, Document) {
    let frame: HtmlIFrameElement = document().create_element("iframe").unwrap().unchecked_into();
    frame.set_srcdoc(&format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"><body>"));
    let loaded = js_sys::Promise::new(&mut |resolve, _| {
        frame.add_event_listener_with_callback("load", &resolve).unwrap();
    });
    document().body().unwrap().append_child(&frame).unwrap();
    JsFuture::from(loaded).await.unwrap();
    let inner = frame.content_document().unwrap();
    (frame, inner)
}

/// Every text that is tried: each one as it stands, and each address in every place that takes one.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = TEXTS.iter().map(|text| (*text).to_owned()).collect();
    for address in ADDRESSES {
        texts.push(format!("[a]({address})"));
        texts.push(format!("[a](<{address}> 'title')"));
        texts.push(format!("<{address}>"));
        texts.push(format!("![a]({address})"));
        texts.push(format!("[![a]({address})]({address})"));
        texts.push(format!("[a][b]\n\n[b]: {address}"));
        texts.push(format!("[a][b]\n\n[b]: <{address}>"));
        texts.push(format!("| [a]({address}) |\n|---|\n| ![a]({address}) |"));
        texts.push(address.to_owned());
    }
    texts
}

fn pause(milliseconds: i32) -> JsFuture {
    JsFuture::from(js_sys::Promise::new(&mut |resolve, _| {
        web_sys::window()
            .unwrap()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            .unwrap();
    }))
}

#[wasm_bindgen_test]
async fn nothing_is_run_requested_or_let_through() {
    let (frame, inner) = guarded().await;
    let hits = Rc::new(RefCell::new(Vec::new()));
    let violated = Closure::<dyn FnMut(JsValue)>::new({
        let hits = hits.clone();
        move |event: JsValue| {
            let said = |name: &str| js_sys::Reflect::get(&event, &name.into()).unwrap().as_string();
            hits.borrow_mut().push(format!("{:?} {:?}", said("violatedDirective"), said("blockedURI")));
        }
    });
    inner.add_event_listener_with_callback("securitypolicyviolation", violated.as_ref().unchecked_ref()).unwrap();
    let hit = Closure::<dyn FnMut()>::new({
        let hits = hits.clone();
        move || hits.borrow_mut().push("hit".to_owned())
    });
    for window in [frame.content_window().unwrap(), web_sys::window().unwrap()] {
        js_sys::Reflect::set(&window, &"hit".into(), hit.as_ref()).unwrap();
    }
    for text in texts() {
        let place = inner.create_element("div").unwrap();
        inner.body().unwrap().append_child(&place).unwrap();
        let slow = inner.create_element("div").unwrap();
        inner.body().unwrap().append_child(&slow).unwrap();
        let mut rich_text = RichText::new(place.clone(), &options());
        rich_text.append(&text);
        rich_text.finish();
        let mut rich_text = RichText::new(slow.clone(), &options());
        for (start, c) in text.char_indices() {
            rich_text.append(&text[start..start + c.len_utf8()]);
            check_allowed(&slow, &text);
        }
        rich_text.finish();
        check_allowed(&place, &text);
        check_allowed(&slow, &text);
        // Pictures of the host that the site trusts are asked for on purpose.
        if !text.contains("https://img.example") {
            assert!(place.query_selector("img").unwrap().is_none(), "{text:?} made a picture");
        }
        place.query_selector_all("img").unwrap().item(0).inspect(|image| image.unchecked_ref::<Element>().remove());
        place.remove();
        slow.remove();
    }
    pause(200).await.unwrap();
    let hits: Vec<_> = hits.borrow().iter().filter(|hit| !hit.contains("https://img.example")).cloned().collect();
    assert!(hits.is_empty(), "{hits:?}");
    frame.remove();
}

/// The test above sees what it is to see: under the same policy, markup from text is refused and told.
#[wasm_bindgen_test]
async fn the_policy_is_in_force() {
    let (frame, inner) = guarded().await;
    let element = inner.create_element("div").unwrap();
    let set = js_sys::Function::new_with_args("element", "element['inner' + 'HTML'] = '<b>x</b>'");
    assert!(set.call1(&JsValue::NULL, &element).is_err());
    assert!(element.first_child().is_none());
    frame.remove();
}

#[wasm_bindgen_test]
fn no_address_of_the_list_becomes_a_link() {
    for address in ADDRESSES {
        let place = super::dom::shown(&format!("[a](<{address}>)"));
        let link = place.query_selector("a").unwrap().and_then(|link| link.get_attribute("href"));
        // An escaped or encoded colon makes a path of the page's own host.
        let own = web_sys::window().unwrap().location().origin().unwrap();
        assert!(link.as_ref().is_none_or(|link| link.starts_with(&own)), "{address:?} leads to {link:?}");
        place.remove();
    }
}

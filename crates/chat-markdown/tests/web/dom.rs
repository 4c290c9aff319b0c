//! Making places for texts, and writing down what is in them.

use chat_markdown::rich_text::{Options, RichText};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Node};

pub(super) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// An empty element in the page.
pub(super) fn place() -> Element {
    let place = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&place).unwrap();
    place
}

pub(super) fn options() -> Options {
    let options = Object::new();
    let set = |name: &str, value: &JsValue| assert!(Reflect::set(&options, &name.into(), value).unwrap());
    set("imageHosts", &Array::of1(&"img.example".into()));
    set("copy", &"Copy".into());
    set("copied", &"Copied".into());
    set("done", &"Done".into());
    set("open", &"Open".into());
    options.unchecked_into()
}

pub(super) fn rich_text(place: &Element) -> RichText {
    RichText::new(place.clone(), &options())
}

/// A finished text.
pub(super) fn shown(text: &str) -> Element {
    let place = place();
    let mut rich_text = rich_text(&place);
    rich_text.append(text);
    rich_text.finish();
    place
}

/// The same, one character at a time.
pub(super) fn shown_slowly(text: &str) -> Element {
    let place = place();
    let mut rich_text = rich_text(&place);
    for (start, c) in text.char_indices() {
        rich_text.append(&text[start..start + c.len_utf8()]);
    }
    rich_text.finish();
    place
}

/// All that is in a node: elements, attributes and texts as they stand, without leaving anything out.
pub(super) fn inside(node: &Node) -> String {
    children(node).iter().map(exact).collect()
}

fn exact(node: &Node) -> String {
    let Some(element) = node.dyn_ref::<Element>() else {
        return ["\"", &node.text_content().unwrap(), "\""].concat();
    };
    let attributes: String = attributes(element).iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
    let name = element.local_name();
    format!("<{name}{attributes}>{}</{name}>", inside(node))
}

/// Names and values, in order.
pub(super) fn attributes(element: &Element) -> Vec<(String, String)> {
    let found = element.attributes();
    let mut attributes: Vec<_> =
        (0..found.length()).map(|place| found.item(place).unwrap()).map(|attr| (attr.name(), attr.value())).collect();
    attributes.sort();
    attributes
}

pub(super) fn children(node: &Node) -> Vec<Node> {
    let children = node.child_nodes();
    (0..children.length()).map(|place| children.item(place).unwrap()).collect()
}

/// The first element that a selector finds.
pub(super) fn first(place: &Element, selector: &str) -> Element {
    place.query_selector(selector).unwrap().unwrap_or_else(|| panic!("no {selector} in {}", inside(place)))
}

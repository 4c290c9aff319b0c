//! The examples of the CommonMark specification. Where ours is to look otherwise, the specification's HTML is turned into
//! that before it is compared: [`Expected`] is the list of the differences.

use pulldown_cmark::{Event, Parser};
use serde::Deserialize;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{DomParser, Element, Node, SupportedType, Url};

use super::dom::{children, document, inside, shown, shown_slowly};

/// Examples in which a bare address stands, which becomes a link here.
const BARE: [u16; 5] = [602, 606, 608, 611, 612];

#[derive(Deserialize)]
struct Example {
    example: u16,
    markdown: String,
    html: String,
}

fn examples() -> Vec<Example> {
    let examples: Vec<Example> = serde_json::from_str(include_str!("../spec/commonmark-0.31.2.json")).unwrap();
    assert_eq!(examples.len(), 652);
    examples
}

/// The raw HTML of a text, piece by piece.
fn raw(markdown: &str) -> Vec<String> {
    Parser::new(markdown)
        .filter_map(|event| match event {
            Event::Html(html) | Event::InlineHtml(html) => Some(html.trim_end_matches('\n').to_owned()),
            _ => None,
        })
        .collect()
}

#[wasm_bindgen_test]
fn examples_without_html_have_the_specifications_nodes() {
    let mut compared = 0;
    let mut broken = Vec::new();
    for Example { example, markdown, html } in examples() {
        if !raw(&markdown).is_empty() {
            continue;
        }
        compared += 1;
        let place = shown(&markdown);
        let page = DomParser::new().unwrap().parse_from_string(&html, SupportedType::TextHtml).unwrap();
        let expected = Expected.all(&page.body().unwrap());
        let unwrap_bare = BARE.contains(&example);
        assert!(!unwrap_bare || place.query_selector("a").unwrap().is_some(), "{example} has no bare address");
        let ours = Ours { unwrap_bare }.all(&place);
        if ours != expected {
            broken.push(format!("{example}: {markdown:?}\n  ours     {ours:?}\n  expected {expected:?}"));
        }
        place.remove();
    }
    assert!(compared > 550, "only {compared} were compared");
    assert!(broken.is_empty(), "{} of {compared}\n{}", broken.len(), broken.join("\n"));
}

#[wasm_bindgen_test]
fn examples_with_html_show_its_source() {
    let mut seen = 0;
    for Example { example, markdown, .. } in examples() {
        let pieces = raw(&markdown);
        if pieces.is_empty() {
            continue;
        }
        seen += 1;
        let place = shown(&markdown);
        let text = place.text_content().unwrap();
        for piece in pieces {
            assert!(text.contains(&piece), "{example}: {piece:?} is not in {text:?}");
        }
        super::safety::check_allowed(&place, &markdown);
        place.remove();
    }
    assert!(seen > 50, "only {seen} have HTML");
}

#[wasm_bindgen_test]
fn every_example_ends_the_same_one_character_at_a_time() {
    for Example { example, markdown, .. } in examples() {
        let (at_once, slowly) = (shown(&markdown), shown_slowly(&markdown));
        assert_eq!(inside(&slowly), inside(&at_once), "{example}: {markdown:?}");
        at_once.remove();
        slowly.remove();
    }
}

/// Writes down nodes in the form in which the two are compared.
trait Form {
    fn element(&self, element: &Element) -> String;

    fn all(&self, parent: &Node) -> String {
        let nodes = children(parent);
        let mut all = String::new();
        for (place, node) in nodes.iter().enumerate() {
            let block = |place: Option<usize>| place.and_then(|place| nodes.get(place)).is_none_or(ends_line);
            match node.dyn_ref::<Element>() {
                Some(element) => all.push_str(&self.element(element)),
                None => {
                    let text = node.text_content().unwrap();
                    let text = if block(place.checked_sub(1)) { text.trim_start_matches('\n') } else { &text };
                    let text = if block(Some(place + 1)) { text.trim_end_matches('\n') } else { text };
                    all.push_str(text);
                }
            }
        }
        all
    }
}

/// Line ends before and after these mean nothing in HTML, and ours has none there.
fn ends_line(node: &Node) -> bool {
    let inline = ["A", "EM", "STRONG", "CODE", "IMG", "#text", "SPAN"];
    !inline.contains(&node.node_name().as_str())
}

fn wrapped(name: &str, inside: &str) -> String {
    format!("<{name}>{inside}</{name}>")
}

fn link(address: &str, title: &str, inside: &str) -> String {
    // Browsers leave brackets as they are, the specification's program does not.
    let address = address.replace("%5B", "[").replace("%5D", "]");
    format!("<a {address:?} {title:?}>{inside}</a>")
}

fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// What the specification says.
struct Expected;

impl Expected {
    /// A link leads to an address as the browser reads it, of an allowed scheme, or it is its text alone.
    fn address(element: &Element, name: &str) -> Option<String> {
        let written = attribute(element, name);
        let url = Url::new_with_base(&written, &document().base_uri().unwrap().unwrap()).ok()?;
        let allowed = ["http:", "https:", "mailto:", "tel:"].contains(&url.protocol().as_str());
        (allowed && !written.is_empty() && !written.contains("%C2%A0")).then(|| url.href())
    }
}

impl Form for Expected {
    fn element(&self, element: &Element) -> String {
        match element.local_name().as_str() {
            // Headings begin at level 3.
            "h1" => wrapped("h3", &self.all(element)),
            "h2" => wrapped("h4", &self.all(element)),
            "h3" => wrapped("h5", &self.all(element)),
            "h4" | "h5" | "h6" => wrapped("h6", &self.all(element)),
            "pre" => {
                let code = element.first_element_child().unwrap();
                let language = attribute(&code, "class").replacen("language-", "", 1);
                format!("<pre {language:?}>{}</pre>", code.text_content().unwrap())
            }
            "a" => match Self::address(element, "href") {
                Some(address) => link(&address, &attribute(element, "title"), &self.all(element)),
                None => self.all(element),
            },
            // A picture is a link to it, and in a link only its words.
            "img" => {
                let words = attribute(element, "alt");
                match Self::address(element, "src") {
                    Some(_) if element.closest("a").unwrap().is_some() => words,
                    Some(address) if words.is_empty() => link(&address, &attribute(element, "title"), &address),
                    Some(address) => link(&address, &attribute(element, "title"), &words),
                    None => words,
                }
            }
            "ol" => format!("<ol {:?}>{}</ol>", attribute(element, "start"), self.all(element)),
            name => wrapped(name, &self.all(element)),
        }
    }
}

/// What the page shows.
struct Ours {
    unwrap_bare: bool,
}

impl Form for Ours {
    fn element(&self, element: &Element) -> String {
        match element.local_name().as_str() {
            "div" => {
                assert_eq!(element.class_name(), "code");
                let text = |selector| element.query_selector(selector).unwrap().unwrap().text_content().unwrap();
                format!("<pre {:?}>{}</pre>", text(".code-language"), text("pre > code"))
            }
            "a" if self.unwrap_bare => self.all(element),
            "a" => link(&attribute(element, "href"), &attribute(element, "title"), &self.all(element)),
            "span" => self.all(element),
            "ol" => format!("<ol {:?}>{}</ol>", attribute(element, "start"), self.all(element)),
            name => wrapped(name, &self.all(element)),
        }
    }
}

//! The nodes of the page that stand for a tree's. What they look like is the widget's to say, in `style/widget`. To that
//! their names and classes are a contract:
//!
//! | | |
//! |---|---|
//! | `.rich` | the element of a text: its children are the blocks, without any text between them |
//! | `p`, `h3` … `h6`, `ul`, `ol`, `li`, `blockquote`, `hr`, `em`, `strong`, `del`, `code`, `br` | as in any page, without classes |
//! | `p.source` | HTML, shown as its source |
//! | `.code` | a code block: `.code-bar` (`.code-language`, which may be empty, and `button.code-copy`), then `pre > code` |
//! | `.table > table` | a table, in what scrolls sideways; `th` and `td` may be `.left`, `.center` or `.right` |
//! | `li > input`, `li > p > input` | the box of a task, always disabled |
//! | `a` | a link; without `href` while its address is being written |
//! | `span.refused` | the words of a link or a picture whose address is not allowed |
//! | `img` | a picture of a host that the site has named |

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlOListElement, Node as DomNode, Url};

use crate::links::{is_allowed, is_honest, is_image_host};
use crate::place::Settings;
use crate::tree::{Align, Destination, Kind, Node};

/// The panel's title is a heading of level 2: a reply's headings go on below it.
const HEADINGS: [&str; 4] = ["h3", "h4", "h5", "h6"];

/// Builds a node. `linked` is whether it stands in a link, `outermost` whether it is a block of the text itself.
pub(crate) fn build(
    document: &Document,
    settings: &Settings,
    node: &Node,
    linked: bool,
    outermost: bool,
) -> Option<DomNode> {
    if let Kind::Text(text) = &node.kind {
        return Some(document.create_text_node(text).unchecked_into());
    }
    let builder = Builder { document, settings };
    let (element, linked) = match &node.kind {
        Kind::Link(to) => (builder.link(to), true),
        Kind::Image(from) => return builder.image(from, node, linked).map(JsCast::unchecked_into),
        Kind::Task(ticked) => (builder.task(*ticked), linked),
        Kind::Code(language) => (builder.code(language), linked),
        Kind::Table => (builder.table(), linked),
        kind => (builder.plain(kind), linked),
    };
    let element = element?;
    // Inner blocks have no `dir` of their own, or the outer one would not look at their text.
    if outermost && !matches!(node.kind, Kind::Code(_) | Kind::Rule) {
        set(&element, "dir", "auto");
    }
    let element = element.unchecked_into::<DomNode>();
    let place = content(element.clone())?;
    for child in &node.children {
        place.append_child(&build(document, settings, child, linked, false)?).ok()?;
    }
    Some(element)
}

/// Where the children of a node stand: a code block and a table have something around them.
pub(crate) fn content(node: DomNode) -> Option<DomNode> {
    let Some(element) = node.dyn_ref::<Element>() else { return Some(node) };
    match element.class_name().as_str() {
        "code" => node.last_child()?.first_child(),
        "table" => node.first_child(),
        _ => Some(node),
    }
}

struct Builder<'a> {
    document: &'a Document,
    settings: &'a Settings,
}

impl Builder<'_> {
    fn element(&self, name: &str, class: &str) -> Option<Element> {
        let element = self.document.create_element(name).ok()?;
        if !class.is_empty() {
            element.set_class_name(class);
        }
        Some(element)
    }

    fn plain(&self, kind: &Kind) -> Option<Element> {
        let (name, class) = match kind {
            Kind::Heading(level) => (HEADINGS[usize::from(level.saturating_sub(1)).min(HEADINGS.len() - 1)], ""),
            Kind::Quote => ("blockquote", ""),
            Kind::Source => ("p", "source"),
            Kind::List(Some(first)) => return self.ordered(*first),
            Kind::List(None) => ("ul", ""),
            Kind::Item => ("li", ""),
            Kind::Head => ("thead", ""),
            Kind::Body => ("tbody", ""),
            Kind::Row => ("tr", ""),
            Kind::Cell { heads, align } => (if *heads { "th" } else { "td" }, class(*align)),
            Kind::Rule => ("hr", ""),
            Kind::Emphasis => ("em", ""),
            Kind::Strong => ("strong", ""),
            Kind::Strikethrough => ("del", ""),
            Kind::Unfinished => ("a", ""),
            Kind::InlineCode => ("code", ""),
            Kind::Break => ("br", ""),
            _ => ("p", ""),
        };
        self.element(name, class)
    }

    fn ordered(&self, first: u64) -> Option<Element> {
        let list = self.element("ol", "")?;
        if first != 1 {
            list.unchecked_ref::<HtmlOListElement>().set_start(i32::try_from(first).ok()?);
        }
        Some(list)
    }

    fn table(&self) -> Option<Element> {
        let scroller = self.element("div", "table")?;
        // Else a keyboard could not scroll it.
        set(&scroller, "tabindex", "0");
        let table = self.element("table", "")?;
        scroller.append_child(&table).ok()?;
        Some(scroller)
    }

    fn code(&self, language: &str) -> Option<Element> {
        let block = self.element("div", "code")?;
        let bar = self.element("div", "code-bar")?;
        let label = self.element("span", "code-language")?;
        label.set_text_content(Some(language));
        let button = self.element("button", "code-copy")?;
        set(&button, "type", "button");
        set(&button, "data-copied", &self.settings.copied);
        button.set_text_content(Some(&self.settings.copy));
        let scroller = self.element("pre", "")?;
        set(&scroller, "tabindex", "0");
        set(&scroller, "dir", "ltr");
        let code = self.element("code", "")?;
        scroller.append_child(&code).ok()?;
        bar.append_child(&label).ok()?;
        bar.append_child(&button).ok()?;
        block.append_child(&bar).ok()?;
        block.append_child(&scroller).ok()?;
        Some(block)
    }

    fn task(&self, ticked: bool) -> Option<Element> {
        let task = self.element("input", "")?;
        set(&task, "type", "checkbox");
        set(&task, "disabled", "");
        if ticked {
            set(&task, "checked", "");
        }
        set(&task, "aria-label", if ticked { &self.settings.done } else { &self.settings.open });
        Some(task)
    }

    /// A link, or what was to be one as plain text.
    fn link(&self, to: &Destination) -> Option<Element> {
        match self.allowed(&to.url) {
            Some(url) => self.anchor(&url.href(), &to.title),
            None => self.element("span", "refused"),
        }
    }

    fn anchor(&self, address: &str, title: &str) -> Option<Element> {
        let anchor = self.element("a", "")?;
        set(&anchor, "href", address);
        set(&anchor, "rel", "noopener noreferrer nofollow ugc");
        set(&anchor, "target", "_blank");
        if !title.is_empty() {
            set(&anchor, "title", title);
        }
        Some(anchor)
    }

    /// A picture from a host that the site trusts; else a link to it, or only its words.
    fn image(&self, from: &Destination, node: &Node, linked: bool) -> Option<Element> {
        let words = match node.children.first() {
            Some(Node { kind: Kind::Text(words), .. }) => words.as_str(),
            _ => "",
        };
        let Some(url) = self.allowed(&from.url) else { return self.words("refused", words) };
        let address = url.href();
        if is_image_host(&url.protocol(), &url.host(), self.settings.image_hosts.iter().map(String::as_str)) {
            let image = self.element("img", "")?;
            for (name, value) in [
                ("loading", "lazy"),
                ("decoding", "async"),
                ("referrerpolicy", "no-referrer"),
                ("alt", words),
                ("src", &address),
            ] {
                set(&image, name, value);
            }
            if !from.title.is_empty() {
                set(&image, "title", &from.title);
            }
            return Some(image);
        }
        if linked {
            return self.words("", words);
        }
        let anchor = self.anchor(&address, &from.title)?;
        anchor.set_text_content(Some(if words.is_empty() { &address } else { words }));
        Some(anchor)
    }

    fn words(&self, class: &str, words: &str) -> Option<Element> {
        let span = self.element("span", class)?;
        span.set_text_content(Some(words));
        Some(span)
    }

    /// The address as the browser reads it, if a link may lead there. What was checked is what is used.
    fn allowed(&self, destination: &str) -> Option<Url> {
        if !is_honest(destination) {
            return None;
        }
        let base = self.document.base_uri().ok().flatten()?;
        // Browsers take a backslash for a slash, and so would lead elsewhere than Markdown says.
        let url = Url::new_with_base(&destination.replace('\\', "%5C"), &base).ok()?;
        is_allowed(&url.protocol()).then_some(url)
    }
}

/// All names are ours, and every one is a valid name.
fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

fn class(align: Align) -> &'static str {
    match align {
        Align::Start => "",
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

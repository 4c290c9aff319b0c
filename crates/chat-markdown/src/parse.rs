//! Markdown to a [`tree`](crate::tree), and what streaming needs to know of the source. It keeps nothing between calls.

use std::cell::RefCell;
use std::ops::Range;

use pulldown_cmark::{Alignment, BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::autolink;
use crate::definitions::Definitions;
use crate::tree::{Align, Destination, Kind, Node, push_text};

/// What stands for a destination that is still being written. Written by an author, it leads nowhere just the same.
pub(crate) const UNFINISHED: &str = "unfinished:";

/// Nodes deeper than this are left out, and what they contain stands where they would: a tree is walked by recursion.
const DEPTH: usize = 60;

/// Where a label is defined, the label, and where it leads. A text has at most one for each label.
pub(crate) type Definition = (Range<usize>, String, Destination);

/// A label that is used and that no earlier part of the text has defined.
pub(crate) struct Unresolved {
    pub(crate) place: usize,
    pub(crate) label: String,
    /// Whether this part defines it, so that it is shown as a link.
    pub(crate) here: bool,
}

/// A parsed text.
#[derive(Default)]
pub(crate) struct Parsed {
    pub(crate) nodes: Vec<Node>,
    /// Where each of the nodes stands in the source.
    pub(crate) blocks: Vec<Range<usize>>,
    /// Where the last child of the last block begins: an item, a row, a block of a quotation.
    pub(crate) last_child: usize,
    /// Where the text at the very end stands, if it is shown letter by letter as it is written.
    pub(crate) last_text: Option<Range<usize>>,
    /// In no order.
    pub(crate) definitions: Vec<Definition>,
    /// Labels that no earlier part has defined.
    pub(crate) unresolved: Vec<Unresolved>,
}

/// Parses a text whose earlier parts have defined `known`.
pub(crate) fn parse(text: &str, known: &Definitions) -> Parsed {
    let unresolved = RefCell::new(Vec::new());
    let resolve = |link: BrokenLink<'_>| match known.find(&link.reference) {
        Some(found) => Some((CowStr::from(found.url.clone()), CowStr::from(found.title.clone()))),
        None => {
            unresolved.borrow_mut().push(Unresolved {
                place: link.span.start,
                label: link.reference.to_string(),
                here: false,
            });
            None
        }
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut events = Parser::new_with_broken_link_callback(text, options, Some(resolve)).into_offset_iter();
    let definitions = definitions(events.reference_definitions());
    let mut builder =
        Builder { text, known, frames: Vec::new(), columns: Vec::new(), buried: 0, parsed: Parsed::default() };
    for (event, range) in events.by_ref() {
        builder.take(event, range);
    }
    drop(events);
    let mut parsed = builder.parsed;
    parsed.definitions = definitions;
    parsed.unresolved.append(&mut unresolved.into_inner());
    parsed
}

fn definitions(found: &pulldown_cmark::RefDefs<'_>) -> Vec<Definition> {
    let mut definitions: Vec<Definition> = Vec::new();
    for (label, definition) in found.iter() {
        let title = definition.title.as_deref().unwrap_or_default().to_owned();
        let destination = Destination { url: definition.dest.to_string(), title };
        definitions.push((definition.span.clone(), label.to_owned(), destination));
    }
    definitions
}

/// A node whose end has not come yet.
struct Frame {
    node: Node,
    start: usize,
}

struct Builder<'a> {
    text: &'a str,
    known: &'a Definitions,
    frames: Vec<Frame>,
    /// Of the table that is open, and the next cell of the row that is open.
    columns: Vec<Align>,
    /// How many nodes are open that are too deep to be kept.
    buried: usize,
    parsed: Parsed,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        let literal = match &event {
            Event::Text(text) if text.len() == range.len() => Some(range.clone()),
            Event::End(_) => self.parsed.last_text.clone(),
            _ => None,
        };
        self.parsed.last_text = literal;
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.push_text(&text),
            Event::SoftBreak => self.push_text("\n"),
            Event::HardBreak => self.push(Node::leaf(Kind::Break), range),
            Event::Rule => self.push(Node::leaf(Kind::Rule), range),
            Event::TaskListMarker(ticked) => self.push(Node::leaf(Kind::Task(ticked)), range),
            Event::Code(text) => {
                self.push(Node { kind: Kind::InlineCode, children: vec![Node::text(&text)] }, range);
            }
            // Not asked for in the options.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        if self.buried > 0 || self.frames.len() >= DEPTH {
            self.buried += 1;
            return;
        }
        let kind = match tag {
            Tag::Heading { level, .. } => Kind::Heading(level as u8),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code(String::new()),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                Kind::Code(info.split_whitespace().next().unwrap_or_default().to_owned())
            }
            Tag::HtmlBlock => Kind::Source,
            Tag::List(first) => Kind::List(first),
            Tag::Item => Kind::Item,
            Tag::Table(columns) => {
                self.columns = columns.into_iter().map(align).collect();
                Kind::Table
            }
            Tag::TableHead => Kind::Head,
            Tag::TableRow => Kind::Row,
            Tag::TableCell => self.cell(),
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Strikethrough => Kind::Strikethrough,
            Tag::Link { dest_url, .. } if *dest_url == *UNFINISHED => Kind::Unfinished,
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                let url = ["mailto:", &dest_url].concat();
                Kind::Link(Destination { url, title: String::new() })
            }
            Tag::Link { link_type, dest_url, title, id } => {
                Kind::Link(self.destination(link_type, &dest_url, &title, &id, range.start))
            }
            Tag::Image { link_type, dest_url, title, id } => {
                Kind::Image(self.destination(link_type, &dest_url, &title, &id, range.start))
            }
            // Paragraphs, and what the options do not ask for.
            _ => Kind::Paragraph,
        };
        if self.frames.len() == 1 {
            self.parsed.last_child = range.start;
        }
        self.frames.push(Frame { node: Node::leaf(kind), start: range.start });
        // The head's cells stand in a row of their own, as the body's do.
        if tag_is_head(&self.frames) {
            self.frames.push(Frame { node: Node::leaf(Kind::Row), start: range.start });
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        if self.buried > 0 {
            self.buried -= 1;
            return;
        }
        if tag == TagEnd::TableHead {
            self.close(range.clone());
        }
        self.close(range);
    }

    fn close(&mut self, range: Range<usize>) {
        let Some(Frame { mut node, start }) = self.frames.pop() else { return };
        match &node.kind {
            Kind::Strikethrough if !self.text[start..].starts_with("~~") => return self.unwrap(node),
            Kind::Image(_) => {
                let mut words = String::new();
                gather(&node, &mut words);
                node.children = vec![Node::text(&words)];
            }
            Kind::Source => {
                if let Some(Node { kind: Kind::Text(text), .. }) = node.children.last_mut() {
                    text.truncate(text.trim_end_matches('\n').len());
                }
            }
            Kind::Code(_) | Kind::Link(_) | Kind::Unfinished => {}
            _ if self.frames.iter().all(|frame| !matches!(frame.node.kind, Kind::Link(_) | Kind::Image(_))) => {
                autolink::apply(&mut node.children);
            }
            _ => {}
        }
        match (&node.kind, self.frames.last_mut()) {
            (Kind::Row, Some(Frame { node: table, .. })) if table.kind == Kind::Table => {
                match table.children.last_mut() {
                    Some(body) if body.kind == Kind::Body => body.children.push(node),
                    _ => table.children.push(Node { kind: Kind::Body, children: vec![node] }),
                }
            }
            _ => self.push(node, start..range.end),
        }
    }

    fn push(&mut self, node: Node, range: Range<usize>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.node.children.push(node);
        } else {
            self.parsed.nodes.push(node);
            self.parsed.blocks.push(range);
        }
    }

    fn push_text(&mut self, text: &str) {
        if let Some(frame) = self.frames.last_mut() {
            push_text(&mut frame.node.children, text);
        }
    }

    /// A single tilde says "about" or "to" far more often than it strikes out.
    fn unwrap(&mut self, node: Node) {
        self.push_text("~");
        for child in node.children {
            match child.kind {
                Kind::Text(text) => self.push_text(&text),
                _ => self.push(child, 0..0),
            }
        }
        self.push_text("~");
    }

    fn cell(&self) -> Kind {
        let row = self.frames.last().map_or(0, |row| row.node.children.len());
        let heads = self.frames.iter().any(|frame| frame.node.kind == Kind::Head);
        Kind::Cell { heads, align: self.columns.get(row).copied().unwrap_or_default() }
    }

    /// The first definition of a label counts, also when this text, which is a later part, has one of its own.
    fn destination(&mut self, kind: LinkType, url: &str, title: &str, label: &str, place: usize) -> Destination {
        if matches!(kind, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut) {
            match self.known.find(label) {
                Some(first) => return first.clone(),
                None => self.parsed.unresolved.push(Unresolved { place, label: label.to_owned(), here: true }),
            }
        }
        Destination { url: url.to_owned(), title: title.to_owned() }
    }
}

fn tag_is_head(frames: &[Frame]) -> bool {
    frames.last().is_some_and(|frame| frame.node.kind == Kind::Head)
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None => Align::Start,
        Alignment::Left => Align::Left,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::Right,
    }
}

/// The words of a node, without its marks.
fn gather(node: &Node, words: &mut String) {
    match &node.kind {
        Kind::Text(text) => words.push_str(text),
        Kind::Break => words.push('\n'),
        _ => node.children.iter().for_each(|child| gather(child, words)),
    }
}

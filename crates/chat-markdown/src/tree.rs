//! A piece of rich text as a tree of plain values: what the parser gives and what the page shows. It knows neither.

/// One node. Two equal nodes look the same on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// What it contains, in order.
    pub children: Vec<Node>,
}

/// What a node is. Blocks first, then what stands inside a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A paragraph.
    Paragraph,
    /// A heading, of level 1 to 6 as the text says.
    Heading(u8),
    /// A block quotation.
    Quote,
    /// A code block: its language, which may be empty. Its only child is text.
    Code(String),
    /// HTML, which is shown as its own source. Its only child is text.
    Source,
    /// A list: the first number of an ordered one.
    List(Option<u64>),
    /// An item of a list.
    Item,
    /// A table, with a [`Kind::Head`] and, unless it has no rows, a [`Kind::Body`].
    Table,
    /// The head of a table: one row.
    Head,
    /// The rows of a table.
    Body,
    /// A row of a table.
    Row,
    /// A cell of a table.
    Cell {
        /// Whether it belongs to the head.
        heads: bool,
        /// How its text is set.
        align: Align,
    },
    /// A thematic break.
    Rule,
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Text that was struck out.
    Strikethrough,
    /// A link, to a destination that nobody has checked.
    Link(Destination),
    /// An image, from a source that nobody has checked. Its only child is the text that stands for it.
    Image(Destination),
    /// A link whose destination is still being written.
    Unfinished,
    /// Code in a line. Its only child is text.
    InlineCode,
    /// The end of a line that was asked for.
    Break,
    /// The box of a task, and whether it is ticked.
    Task(bool),
    /// Text.
    Text(String),
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Destination {
    /// As written, without escapes.
    pub url: String,
    /// What is shown on hovering; mostly empty.
    pub title: String,
}

/// How the text of a column is set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Align {
    /// As the language has it.
    #[default]
    Start,
    /// To the left.
    Left,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

impl Node {
    /// A node without children.
    #[must_use]
    pub const fn leaf(kind: Kind) -> Self {
        Self { kind, children: Vec::new() }
    }

    /// Text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::leaf(Kind::Text(text.to_owned()))
    }

    /// Whether it stands inside a line.
    #[must_use]
    pub const fn is_inline(&self) -> bool {
        matches!(
            self.kind,
            Kind::Emphasis
                | Kind::Strong
                | Kind::Strikethrough
                | Kind::Link(_)
                | Kind::Image(_)
                | Kind::Unfinished
                | Kind::InlineCode
                | Kind::Break
                | Kind::Task(_)
                | Kind::Text(_)
        )
    }
}

/// Adds text at the end, to the text that stands there if there is one.
pub fn push_text(nodes: &mut Vec<Node>, text: &str) {
    match nodes.last_mut() {
        Some(Node { kind: Kind::Text(last), .. }) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => nodes.push(Node::text(text)),
    }
}

//! A text that grows. Finished blocks are parsed once and forgotten; of the last one as little is parsed again as can be.
//! It knows the page as a trait.

mod cut;
mod fence;

use std::mem::take;
use std::ops::Range;

use crate::definitions::Definitions;
use crate::mend::{Mended, mend};
use crate::parse::{Definition, Parsed, Unresolved, parse};
use crate::patch::{Page, last_text, patch};
use crate::tree::{Kind, Node};
use cut::Cut;
use fence::Fence;

/// How many bytes may be parsed for each byte that comes in. Where that is used up, the rest is shown as it was written
/// until it is worth a parse, so that no text makes the work grow faster than its length.
const BYTES_PER_BYTE: usize = 8;

/// What may be parsed beyond that, so that a short text never waits.
const ALLOWANCE: usize = 16 * 1024;

/// A text that is shown while it grows.
pub struct Stream {
    text: String,
    /// Where the blocks that are still open begin.
    tail: usize,
    /// How many nodes stand before them.
    closed: usize,
    /// What is shown of the open blocks.
    open: Vec<Node>,
    /// Whether the last open node is source that waits to be parsed.
    waits: bool,
    /// How far the text has been looked at.
    seen: usize,
    /// Where the text at the very end stands in the source, if letters can simply be added to it: its end.
    literal: Option<usize>,
    fence: Option<Fence>,
    cut: Option<Cut>,
    known: Definitions,
    waiting: Vec<Waiting>,
    credit: usize,
    parsed: usize,
    carriage: bool,
}

/// A finished block that uses labels which nobody has defined so far for good.
struct Waiting {
    block: Range<usize>,
    place: usize,
    labels: Vec<String>,
    /// Whether one is shown as a link, by a definition that may yet change.
    provisional: bool,
}

impl Default for Stream {
    fn default() -> Self {
        Self {
            text: String::new(),
            tail: 0,
            closed: 0,
            open: Vec::new(),
            waits: false,
            seen: 0,
            literal: None,
            fence: None,
            cut: None,
            known: Definitions::default(),
            waiting: Vec::new(),
            credit: ALLOWANCE,
            parsed: 0,
            carriage: false,
        }
    }
}

impl Stream {
    /// Adds text at the end and shows it.
    pub fn append(&mut self, chunk: &str, page: &mut impl Page) {
        let before = self.text.len();
        self.take_in(chunk);
        let new = self.text.len() - before;
        self.credit = self.credit.saturating_add(new.saturating_mul(BYTES_PER_BYTE));
        if new == 0 || self.add_letters(page) || self.flow(page) || self.grow(page) {
            return;
        }
        if self.text.len() - self.tail > self.credit {
            return self.show_waiting(before, page);
        }
        let mended = mend(&self.text[self.tail..]);
        self.parse_tail(&mended, page);
    }

    /// Shows the text as it is now, all of it: nothing is expected to follow.
    pub fn finish(mut self, page: &mut impl Page) {
        self.cut = None;
        let whole =
            Mended { text: self.text[self.tail..].to_owned(), kept: self.text.len() - self.tail, guessed: true };
        let definitions = self.parse_tail(&whole, page);
        for (_, label, destination) in definitions {
            self.known.add(&label, destination);
        }
        for Waiting { block, place, labels, provisional } in take(&mut self.waiting) {
            if (provisional || labels.iter().any(|label| self.known.find(label).is_some()))
                && let Some(node) = parse(&self.text[block], &self.known).nodes.first()
            {
                page.replace(&[place], node);
            }
        }
    }

    /// How many bytes were given to the parser so far.
    #[must_use]
    pub const fn parsed(&self) -> usize {
        self.parsed
    }

    /// Line ends are LF from here on, and NUL is what the specification makes of it.
    fn take_in(&mut self, chunk: &str) {
        for line in chunk.split_inclusive(['\n', '\r', '\0']) {
            let (text, end) = match line.as_bytes().last() {
                Some(b'\n' | b'\r' | b'\0') => line.split_at(line.len() - 1),
                _ => (line, ""),
            };
            let follows_carriage = take(&mut self.carriage) && text.is_empty();
            self.text.push_str(text);
            match end {
                "\n" if follows_carriage => {}
                "\n" => self.text.push('\n'),
                "\r" => {
                    self.text.push('\n');
                    self.carriage = true;
                }
                "\0" => self.text.push(char::REPLACEMENT_CHARACTER),
                _ => {}
            }
        }
    }

    /// Letters that follow letters need no parser.
    fn add_letters(&mut self, page: &mut impl Page) -> bool {
        let Some(from) = self.literal else { return false };
        let new = self.text[from..].trim_end_matches(' ');
        if self.waits
            || !new.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" ,'?".contains(&byte) || byte >= 0x80)
        {
            return false;
        }
        let mut path = Vec::new();
        let Some(text) = last_text(&mut self.open, &mut path) else { return false };
        if !new.is_empty() {
            text.push_str(new);
            path[0] += self.closed;
            page.extend(&path, new);
            self.literal = Some(from + new.len());
        }
        self.seen = self.text.len();
        true
    }

    /// Shows what has come since `before` as it was written.
    fn show_waiting(&mut self, before: usize, page: &mut impl Page) {
        if self.waits {
            self.extend_last(before..self.text.len(), page);
            return;
        }
        let waiting = self.text[self.seen..].trim_start();
        if !waiting.is_empty() {
            let node = Node { kind: Kind::Paragraph, children: vec![Node::text(waiting)] };
            page.append(&[], &node);
            self.open.push(node);
            self.waits = true;
        }
    }

    /// Adds a part of the source to the text that stands last.
    fn extend_last(&mut self, part: Range<usize>, page: &mut impl Page) {
        let mut path = Vec::new();
        if let Some(text) = last_text(&mut self.open, &mut path) {
            text.push_str(&self.text[part.clone()]);
            path[0] += self.closed;
            page.extend(&path, &self.text[part]);
        }
    }

    /// Parses all that is open, shows it, and closes the blocks that are complete.
    fn parse_tail(&mut self, mended: &Mended, page: &mut impl Page) -> Vec<Definition> {
        let mut parsed = self.parse(&mended.text);
        patch(page, &mut Vec::new(), self.closed, &self.open, &parsed.nodes);
        self.waits = false;
        self.open = take(&mut parsed.nodes);
        self.look(&parsed, self.tail, 0, mended.kept);
        let source = &self.text[self.tail..][..mended.kept];
        self.fence = None;
        self.cut = None;
        // Behind what was mended, places are not those of the source.
        if let (Some(last), Some(block)) = (self.open.last(), parsed.blocks.last())
            && block.start.max(parsed.last_child) < mended.kept
        {
            let begins = line_start(source, block.start);
            self.fence = Fence::open(last, &source[begins..], self.seen);
            self.cut = Cut::first(last, &parsed, source, begins, self.tail);
        }
        if self.fence.is_some() {
            self.literal = None;
        }
        let mut complete = if mended.guessed { 0 } else { parsed.blocks.len().saturating_sub(1) };
        while complete > 0 && ends_in_definition(&parsed, &parsed.blocks[complete - 1], source) {
            complete -= 1;
        }
        self.close(&parsed, complete);
        parsed.definitions
    }

    /// Forgets the first so many open blocks: they stay as they are.
    fn close(&mut self, parsed: &Parsed, complete: usize) {
        let Some(last) = complete.checked_sub(1) else { return };
        let source = &self.text[self.tail..];
        let end = parsed.blocks[last].end;
        // A list may claim the indentation of the line that ends it; a paragraph leaves its own line's end out.
        let line = line_start(source, end);
        let end = match source[end..].find('\n') {
            Some(rest) if !source[line..end].trim().is_empty() => end + rest + 1,
            _ => line,
        };
        for (_, label, destination) in parsed.definitions.iter().filter(|(span, ..)| span.start < end) {
            self.known.add(label, destination.clone());
        }
        for link in parsed.unresolved.iter().filter(|link| link.place < end) {
            if self.known.find(&link.label).is_none() {
                self.wait(link, parsed);
            }
        }
        self.tail += end;
        self.closed += complete;
        self.open.drain(..complete);
    }

    /// Remembers a block whose link may become another one.
    fn wait(&mut self, link: &Unresolved, parsed: &Parsed) {
        let block = parsed.blocks.partition_point(|block| block.end <= link.place);
        let place = self.closed + block;
        let found = match self.waiting.binary_search_by_key(&place, |waiting| waiting.place) {
            Ok(found) => found,
            Err(new) => {
                let Range { start, end } = parsed.blocks[block];
                let block = self.tail + line_start(&self.text[self.tail..], start)..self.tail + end;
                self.waiting.insert(new, Waiting { block, place, labels: Vec::new(), provisional: false });
                new
            }
        };
        self.waiting[found].labels.push(link.label.clone());
        self.waiting[found].provisional |= link.here;
    }

    /// Notes how far the text is shown, where what was parsed began at `base` with so many bytes that are not its own.
    fn look(&mut self, parsed: &Parsed, base: usize, foreign: usize, kept: usize) {
        self.seen = base + kept - foreign;
        let literal = parsed.last_text.as_ref().filter(|text| text.end <= kept && text.start >= foreign);
        self.literal = literal.map(|text| base + text.end - foreign);
        // It may stand in a link, to which nothing is added.
        if last_text(&mut self.open, &mut Vec::new()).is_none() {
            self.literal = None;
        }
    }

    fn parse(&mut self, text: &str) -> Parsed {
        self.credit = self.credit.saturating_sub(text.len());
        self.parsed += text.len();
        parse(text, &self.known)
    }
}

/// Whether a block seems to end in a definition, which may as well stand behind it and begin what follows.
fn ends_in_definition(parsed: &Parsed, block: &Range<usize>, source: &str) -> bool {
    let rest = |span: &Range<usize>| source.get(span.end..block.end).unwrap_or_default();
    parsed.definitions.iter().any(|(span, ..)| block.contains(&span.start) && rest(span).trim().is_empty())
}

fn line_start(text: &str, place: usize) -> usize {
    text[..place].rfind('\n').map_or(0, |line| line + 1)
}

/// The whole text, parsed at once: what a stream of it comes to.
#[must_use]
pub fn whole(text: &str) -> Vec<Node> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
    parse(&text, &Definitions::default()).nodes
}

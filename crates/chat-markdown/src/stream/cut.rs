//! Where inside the last block parsing can begin: at its last item, row, quoted block, or word. What stands before stays.

use std::mem::take;

use super::{Stream, line_start};
use crate::mend::mend;
use crate::parse::Parsed;
use crate::patch::{Page, patch};
use crate::tree::{Kind, Node, push_text};

/// What a paragraph's part is made to begin with, so that no mark in it begins a block.
const WORD: &str = "x ";

/// Paragraphs shorter than this are parsed whole.
const SHORT: usize = 16;

/// A place in the last block.
pub(super) struct Cut {
    /// What must stand before the part for it to be parsed as it would be in its place: the head of a table.
    prefix: String,
    /// Where the part begins.
    start: usize,
    /// How many children of the block stand before it.
    kept: usize,
    /// How much of the child after these stands before it, which is text.
    letters: usize,
}

impl Cut {
    /// The place in a block that begins at `begins` of a source, which begins at `base` of the text.
    pub(super) fn first(block: &Node, parsed: &Parsed, source: &str, begins: usize, base: usize) -> Option<Self> {
        let children = growing(block)?;
        match block.kind {
            Kind::Paragraph => Self::in_paragraph(children, parsed, begins + SHORT, base, 0, source.len()),
            Kind::Table => {
                let rows = line_start(source, parsed.last_child);
                let head = source[begins..].split_inclusive('\n').take(2).map(str::len).sum::<usize>();
                let prefix = source[begins..begins + head].to_owned();
                Some(Self { prefix, start: base + rows, kept: children.len().checked_sub(1)?, letters: 0 })
            }
            _ => {
                let start = base + line_start(source, parsed.last_child);
                Some(Self { prefix: String::new(), start, kept: children.len().checked_sub(1)?, letters: 0 })
            }
        }
    }

    /// After the last space at which no mark is open. `foreign` bytes of what was parsed are not the text's own.
    fn in_paragraph(
        children: &[Node],
        parsed: &Parsed,
        least: usize,
        base: usize,
        foreign: usize,
        limit: usize,
    ) -> Option<Self> {
        let open =
            |node: &Node| matches!(&node.kind, Kind::Text(text) if text.contains(['*', '_', '~', '`', '[', '<', '|']));
        let range = parsed.last_text.clone().filter(|range| range.end <= limit)?;
        let Kind::Text(last) = &children.last()?.kind else { return None };
        if children.iter().any(open) {
            return None;
        }
        let behind = last[last.rfind(' ')? + 1..].len();
        let place = range.end.checked_sub(behind).filter(|place| *place > range.start.max(least))?;
        let start = base + place - foreign;
        Some(Self { prefix: WORD.to_owned(), start, kept: children.len() - 1, letters: last.len() - behind })
    }
}

/// What grows of a block.
fn growing(block: &Node) -> Option<&Vec<Node>> {
    match block.kind {
        Kind::Paragraph | Kind::List(_) | Kind::Quote => Some(&block.children),
        Kind::Table => block.children.get(1).map(|body| &body.children),
        _ => None,
    }
}

fn growing_mut(block: &mut Node) -> Option<&mut Vec<Node>> {
    match block.kind {
        Kind::Paragraph | Kind::List(_) | Kind::Quote => Some(&mut block.children),
        Kind::Table => block.children.get_mut(1).map(|body| &mut body.children),
        _ => None,
    }
}

impl Stream {
    /// Parses and shows the last part of the last block. Not so if there is no such part or the block has come to its end.
    pub(super) fn grow(&mut self, page: &mut impl Page) -> bool {
        let Some(cut) = self.cut.take() else { return false };
        let source = [&cut.prefix, &self.text[cut.start..]].concat();
        if source.len() > self.credit {
            self.cut = Some(cut);
            return false;
        }
        let mended = mend(&source);
        let parsed = self.parse(&mended.text);
        self.graft(cut, parsed, &source, mended.kept, page).is_some()
    }

    fn graft(&mut self, cut: Cut, mut parsed: Parsed, source: &str, kept: usize, page: &mut impl Page) -> Option<()> {
        if parsed.nodes.len() != 1 || kept < cut.prefix.len() {
            return None;
        }
        let mut block = parsed.nodes.pop()?;
        let place = self.open.len().checked_sub(1 + usize::from(self.waits))?;
        let shown = &self.open[place];
        let alike = match (&shown.kind, &block.kind) {
            (Kind::List(first), Kind::List(other)) => first.is_some() == other.is_some(),
            (shown, other) => shown == other,
        };
        let table = block.kind == Kind::Table;
        let before = growing(shown)?.get(cut.kept..)?;
        let mut new = take(growing_mut(&mut block)?);
        if !alike || (is_loose(&new) && !is_loose(growing(shown)?)) {
            return None;
        }
        if is_loose(growing(shown)?) {
            new.iter_mut().for_each(loosen);
        }
        if shown.kind == Kind::Paragraph {
            join(&mut new, before.first()?, cut.letters)?;
        }
        if self.waits {
            page.truncate(&[], self.closed + place + 1);
        }
        let mut path = vec![self.closed + place];
        if table {
            path.push(1);
        }
        patch(page, &mut path, cut.kept, before, &new);
        self.open.truncate(place + 1);
        self.waits = false;
        let next = next_cut(&cut, &parsed, &new, &source[..kept]);
        let children = growing_mut(&mut self.open[place])?;
        children.truncate(cut.kept);
        children.append(&mut new);
        self.look(&parsed, cut.start, cut.prefix.len(), kept);
        self.cut = Some(next.unwrap_or(cut));
        Some(())
    }
}

/// The place that has come since, if there is one.
fn next_cut(cut: &Cut, parsed: &Parsed, new: &[Node], source: &str) -> Option<Cut> {
    let foreign = cut.prefix.len();
    if cut.prefix == WORD {
        let next = Cut::in_paragraph(new, parsed, foreign, cut.start, foreign, source.len())?;
        return Some(Cut { kept: cut.kept + next.kept, ..next });
    }
    // Behind what was mended, places are not those of the source.
    let start = line_start(source.get(..parsed.last_child)?, parsed.last_child).checked_sub(foreign)?;
    let kept = cut.kept + new.len().checked_sub(1)?;
    Some(Cut { prefix: cut.prefix.clone(), start: cut.start + start, kept, letters: 0 })
}

/// Puts the part of a paragraph behind the text before it, instead of the word that stood for that.
fn join(part: &mut Vec<Node>, before: &Node, letters: usize) -> Option<()> {
    let Kind::Text(before) = &before.kind else { return None };
    let Kind::Text(first) = &part.first()?.kind else { return None };
    let mut joined = before.get(..letters)?.to_owned();
    match first.strip_prefix(WORD) {
        Some(rest) => joined.push_str(rest),
        None if first == WORD.trim_end() => joined.truncate(joined.trim_end().len()),
        None => return None,
    }
    let rest = part.split_off(1);
    part.clear();
    push_text(part, &joined);
    part.extend(rest);
    Some(())
}

/// Whether the items of a list are set apart.
fn is_loose(items: &[Node]) -> bool {
    let apart =
        |item: &Node| item.kind == Kind::Item && item.children.iter().any(|child| child.kind == Kind::Paragraph);
    items.iter().any(apart)
}

/// Makes an item that was parsed alone one of a list whose items are set apart.
fn loosen(item: &mut Node) {
    for child in take(&mut item.children) {
        match item.children.last_mut() {
            Some(Node { kind: Kind::Paragraph, children }) if child.is_inline() => children.push(child),
            _ if child.is_inline() => item.children.push(Node { kind: Kind::Paragraph, children: vec![child] }),
            _ => item.children.push(child),
        }
    }
}

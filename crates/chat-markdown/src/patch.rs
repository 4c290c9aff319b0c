//! Turns what a page shows into what it shall show, and touches nothing that stays as it is. Pure: the page is a trait.

use crate::tree::{Kind, Node};

/// Where rich text is shown. A path names a node by its place among its siblings, from the outermost on.
pub trait Page {
    /// Adds a node at the end of a parent.
    fn append(&mut self, parent: &[usize], node: &Node);
    /// Puts another node in the place of one.
    fn replace(&mut self, place: &[usize], node: &Node);
    /// Takes away all children of a parent but the first so many.
    fn truncate(&mut self, parent: &[usize], count: usize);
    /// Adds to the end of a text.
    fn extend(&mut self, text: &[usize], more: &str);
}

/// Changes the children of `parent` from the `first` on. What stands before them stays.
pub(crate) fn patch(page: &mut impl Page, parent: &mut Vec<usize>, first: usize, old: &[Node], new: &[Node]) {
    for (place, (old, new)) in (first..).zip(old.iter().zip(new)) {
        if old == new {
            continue;
        }
        parent.push(place);
        match (&old.kind, &new.kind) {
            (Kind::Text(before), Kind::Text(after)) if after.starts_with(before.as_str()) => {
                page.extend(parent, &after[before.len()..]);
            }
            // A picture has no children on the page.
            (before, after) if before == after && !matches!(after, Kind::Image(_)) => {
                patch(page, parent, 0, &old.children, &new.children);
            }
            _ => page.replace(parent, new),
        }
        parent.pop();
    }
    if new.len() < old.len() {
        page.truncate(parent, first + new.len());
    }
    for node in new.iter().skip(old.len()) {
        page.append(parent, node);
    }
}

/// The text that stands last of all, and the path to it.
pub(crate) fn last_text<'a>(nodes: &'a mut [Node], path: &mut Vec<usize>) -> Option<&'a mut String> {
    path.push(nodes.len().checked_sub(1)?);
    let last = nodes.last_mut()?;
    match &mut last.kind {
        Kind::Text(text) => Some(text),
        Kind::Link(_) | Kind::Unfinished | Kind::Image(_) | Kind::InlineCode | Kind::Source => None,
        _ => last_text(&mut last.children, path),
    }
}

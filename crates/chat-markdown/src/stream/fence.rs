//! A fenced code block at the end of a text: its lines are shown as they come, without a parser.

use super::Stream;
use crate::patch::Page;
use crate::tree::{Kind, Node};

/// A fence that is open.
pub(super) struct Fence {
    mark: u8,
    length: usize,
    /// How far the source is shown.
    from: usize,
    /// Whether the line that comes next has begun already, so that it cannot close the fence.
    within_line: bool,
}

impl Fence {
    /// The fence that is open at the end of a block, if the block is the last one and code.
    pub(super) fn open(last: &Node, block: &str, from: usize) -> Option<Self> {
        if !matches!(last.kind, Kind::Code(_)) {
            return None;
        }
        let mark = *block.as_bytes().first()?;
        let length = block.bytes().take_while(|byte| *byte == mark).count();
        let mut lines = block.split_inclusive('\n');
        if !matches!(mark, b'`' | b'~') || !lines.next()?.ends_with('\n') {
            return None;
        }
        let fence = Self { mark, length, from, within_line: !block.ends_with('\n') };
        (!lines.any(|line| fence.is_closed_by(line))).then_some(fence)
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let marks = line.trim_end_matches([' ', '\t', '\n']);
        let indented = marks.len() - marks.trim_start_matches(' ').len();
        let marks = &marks[indented..];
        indented < 4 && marks.len() >= self.length && marks.bytes().all(|byte| byte == self.mark)
    }

    /// Whether a line that is still being written may become the one that closes it.
    fn may_be_closed_by(&self, line: &str) -> bool {
        line.trim_matches([' ', '\t']).bytes().all(|byte| byte == self.mark)
    }
}

impl Stream {
    /// Shows what has come of an open fence. Not so if there is none, or it was closed.
    pub(super) fn flow(&mut self, page: &mut impl Page) -> bool {
        let Some(mut fence) = self.fence.take() else { return false };
        while fence.from < self.text.len() {
            let rest = &self.text[fence.from..];
            let line = rest.split_inclusive('\n').next().unwrap_or_default();
            let complete = line.ends_with('\n');
            if !fence.within_line {
                if complete && fence.is_closed_by(line) {
                    return false;
                }
                if !complete && fence.may_be_closed_by(line) {
                    break;
                }
            }
            let part = fence.from..fence.from + line.len();
            fence.within_line = !complete;
            fence.from = part.end;
            if self.open.last().is_some_and(|code| code.children.is_empty()) {
                self.begin_last(part, page);
            } else {
                self.extend_last(part, page);
            }
        }
        self.seen = fence.from;
        self.fence = Some(fence);
        true
    }

    /// Puts a part of the source into the last node, which is empty.
    fn begin_last(&mut self, part: std::ops::Range<usize>, page: &mut impl Page) {
        let place = self.closed + self.open.len() - 1;
        if let Some(code) = self.open.last_mut() {
            let text = Node::text(&self.text[part]);
            page.append(&[place], &text);
            code.children.push(text);
        }
    }
}

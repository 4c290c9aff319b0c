//! Which lines are in which block, as far as mending must know: a light scan, which takes no decision that lasts.

/// How a text ends.
pub(super) struct Ending {
    /// Where the inline text at the end begins; nothing where there is none, as in code.
    pub(super) segment: Option<usize>,
    /// How much can be shown: a line of nothing but marks may become anything.
    pub(super) kept: usize,
    /// Whether the text ends in the head of a table whose second line is still to come.
    pub(super) header: bool,
    /// Whether the last line decides too little about the blocks before it.
    pub(super) guessed: bool,
}

/// Characters that begin or make up blocks. A line of nothing else is ambiguous until it ends.
const MARKS: &str = "-+*_=#`~|:<>!&\\ \t";

/// Code between fences.
#[derive(Clone, Copy)]
struct Fence {
    mark: u8,
    length: usize,
}

/// What the lines so far have opened.
#[derive(Default)]
struct Scan {
    fence: Option<Fence>,
    /// Code by indentation, or HTML: ends with a blank line.
    verbatim: bool,
    /// Whether the next line begins a block.
    fresh: bool,
    /// Whether a list was begun, so that indentation means no code.
    listed: bool,
    segment: usize,
    /// Whether the line may be the head of a table.
    header: bool,
}

pub(super) fn ending(source: &str) -> Ending {
    let mut scan = Scan { fresh: true, ..Scan::default() };
    let mut start = 0;
    let mut kept = source.len();
    let mut guessed = false;
    for line in source.split_inclusive('\n') {
        let complete = line.ends_with('\n');
        let content = content(line);
        let rest = line[content.start..].trim_end();
        if !complete && scan.is_ambiguous(rest, &content) {
            kept = start;
            break;
        }
        guessed = !complete && line.trim_start().starts_with(['<', '`']);
        scan.take(line, rest, start, &content);
        start += line.len();
    }
    let inline = scan.fence.is_none() && !scan.verbatim;
    Ending { segment: inline.then_some(scan.segment.min(kept)), kept, header: scan.header, guessed }
}

impl Scan {
    /// Also in a fence: a line may close it, or leave the list that it stands in, or there is none but in this scan.
    fn is_ambiguous(&self, rest: &str, content: &Content) -> bool {
        let task = content.listed && ["[", "[ ]", "[x", "[x]", "[X", "[X]"].contains(&rest);
        let number = rest.trim_end_matches(['.', ')']);
        let number =
            rest.len() - number.len() < 2 && number.len() < 10 && number.bytes().all(|byte| byte.is_ascii_digit());
        let opening = rest.starts_with("```") && self.fresh;
        let marks = number || rest.chars().all(|c| MARKS.contains(c));
        (marks && !opening && !(rest.is_empty() && content.start == 0)) || task || is_definition(rest)
    }

    fn take(&mut self, line: &str, rest: &str, start: usize, content: &Content) {
        self.header = false;
        let place = start + content.start;
        let run = |mark: u8| rest.bytes().take_while(|byte| *byte == mark).count();
        if let Some(Fence { mark, length }) = self.fence {
            if run(mark) >= length && run(mark) == rest.len() {
                self.fence = None;
                self.begin(start + line.len());
            }
            return;
        }
        if rest.is_empty() {
            self.verbatim = false;
            self.begin(start + line.len());
            return;
        }
        self.listed |= content.listed;
        let fresh = self.fresh || content.listed;
        self.fresh = false;
        if fresh {
            self.segment = place;
            let indented = !self.listed && (line.starts_with("    ") || line.starts_with('\t'));
            self.verbatim = indented || is_html(rest);
        }
        match rest.as_bytes()[0] {
            mark @ (b'`' | b'~') if run(mark) >= 3 && !(mark == b'`' && rest[run(mark)..].contains('`')) => {
                self.fence = Some(Fence { mark, length: run(mark) });
            }
            b'#' if run(b'#') <= 6 => {
                self.segment = place + run(b'#');
                self.fresh = line.ends_with('\n');
                if self.fresh {
                    self.segment = start + line.len();
                }
            }
            b'|' => {
                let pipes = pipes(rest);
                self.segment = place + pipes.last().map_or(0, |last| last + 1);
                self.header = fresh && content.start == 0;
            }
            _ => {}
        }
    }

    fn begin(&mut self, place: usize) {
        self.fresh = true;
        self.segment = place;
    }
}

/// What a line begins with.
struct Content {
    /// Where its text begins, after indentation, quotation marks and the marks of lists.
    start: usize,
    /// Whether it begins an item.
    listed: bool,
}

fn content(line: &str) -> Content {
    let bytes = line.as_bytes();
    let mut content = Content { start: 0, listed: false };
    loop {
        let rest = &bytes[content.start..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let marker = match rest.get(digits) {
            Some(b' ' | b'\t' | b'>') if digits == 0 => {
                content.start += 1;
                continue;
            }
            Some(b'-' | b'+' | b'*') if digits == 0 => 1,
            Some(b'.' | b')') if (1..10).contains(&digits) => digits + 1,
            _ => return content,
        };
        if !matches!(rest.get(marker), Some(b' ' | b'\t')) {
            return content;
        }
        content.start += marker;
        content.listed = true;
    }
}

/// Whether a line may be a definition, which is never shown, and whose address is not to be asked for half.
fn is_definition(rest: &str) -> bool {
    let Some((_, defined)) = rest.split_once("]:").filter(|(label, _)| label.starts_with('[')) else { return false };
    defined.split_whitespace().nth(1).is_none_or(|title| title.starts_with(['"', '\'', '(']))
}

fn is_html(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next() == Some('<')
        && chars.next().is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next))
        && !rest.starts_with("<http")
        && !rest.starts_with("<mailto:")
}

/// The number of cells in a row that begins with a pipe.
pub(super) fn cells(row: &str) -> usize {
    let pipes = pipes(row);
    pipes.len() - usize::from(pipes.len() > 1 && pipes.last() == Some(&(row.len() - 1)))
}

/// Where the pipes stand that are not escaped.
fn pipes(rest: &str) -> Vec<usize> {
    let bytes = rest.as_bytes();
    (0..bytes.len()).filter(|&place| bytes[place] == b'|' && (place == 0 || bytes[place - 1] != b'\\')).collect()
}

//! What is open at the end of a line: emphasis, code, links. One pass, and nothing that a parser would be needed for.

use std::ops::Range;

use crate::parse::UNFINISHED;

/// What makes a text whole.
pub(super) struct Repair {
    /// How much of it is kept.
    pub(super) kept: usize,
    /// Parts of it that are left out, in order.
    pub(super) left_out: Vec<Range<usize>>,
    /// What is added.
    pub(super) closers: String,
}

impl Repair {
    pub(super) const fn nothing(kept: usize) -> Self {
        Self { kept, left_out: Vec::new(), closers: String::new() }
    }
}

/// What was opened and not closed so far.
struct Open {
    /// `[`, `*`, `_` or `~`.
    mark: u8,
    place: Range<usize>,
}

/// Repairs a text whose last leaf begins at `start`.
pub(super) fn repair(text: &str, start: usize) -> Repair {
    let mut scan = Scan { text, place: start, open: Vec::new(), repair: Repair::nothing(text.len()) };
    while scan.place < scan.repair.kept {
        scan.step();
    }
    scan.close();
    scan.repair
}

struct Scan<'a> {
    text: &'a str,
    place: usize,
    open: Vec<Open>,
    repair: Repair,
}

impl Scan<'_> {
    fn step(&mut self) {
        let rest = &self.text.as_bytes()[self.place..];
        let run = rest.iter().take_while(|byte| **byte == rest[0]).count();
        match rest[0] {
            b'\\' if rest.len() == 1 => self.cut(self.place),
            b'\\' => self.place += 2,
            b'`' => self.code(run),
            mark @ (b'*' | b'_') => self.emphasis(mark, run),
            b'~' if run == 2 || run == rest.len() => self.emphasis(b'~', run),
            b'[' => {
                let image = self.place > 0 && self.text.as_bytes()[self.place - 1] == b'!';
                self.open.push(Open { mark: b'[', place: self.place - usize::from(image)..self.place + 1 });
                self.place += 1;
            }
            b']' => self.bracket(),
            b'!' if rest.len() == 1 && self.text[..self.place].ends_with(char::is_whitespace) => self.cut(self.place),
            b'<' => self.angle(),
            b'&' if rest.len() < 32 && rest[1..].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#') => {
                self.cut(self.place);
            }
            _ => self.place += 1,
        }
    }

    /// Nothing from here on is shown.
    fn cut(&mut self, kept: usize) {
        self.repair.kept = kept;
        self.place = kept;
    }

    fn code(&mut self, run: usize) {
        let content = self.place + run;
        let bytes = self.text.as_bytes();
        let mut place = content;
        while place < bytes.len() {
            let length = bytes[place..].iter().take_while(|byte| **byte == b'`').count();
            if length == run {
                self.place = place + run;
                return;
            }
            place += length.max(1);
        }
        let written = self.text[content..].trim_end_matches('`').trim_end();
        if written.is_empty() {
            return self.cut(self.place);
        }
        self.cut(content + written.len());
        self.repair.closers = "`".repeat(run);
    }

    fn emphasis(&mut self, mark: u8, run: usize) {
        let place = self.place..self.place + run;
        let after = self.text[place.end..].chars().next();
        let Some(after) = after else { return self.cut(place.start) };
        let before = self.text[..place.start].chars().next_back().unwrap_or(' ');
        self.place = place.end;
        let punctuation = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        let opens = !after.is_whitespace() && (!punctuation(after) || before.is_whitespace() || punctuation(before));
        let closes = !before.is_whitespace() && (!punctuation(before) || after.is_whitespace() || punctuation(after));
        let (opens, closes) = match mark {
            b'_' => (opens && (!closes || punctuation(before)), closes && (!opens || punctuation(after))),
            _ => (opens, closes),
        };
        let mut left = place;
        while closes && !left.is_empty() {
            let bracket = self.open.iter().rposition(|open| open.mark == b'[').map_or(0, |bracket| bracket + 1);
            let Some(opener) = self.open.iter().rposition(|open| open.mark == mark).filter(|at| *at >= bracket) else {
                break;
            };
            self.open.truncate(opener + 1);
            let used = self.open[opener].place.len().min(left.len());
            self.open[opener].place.end -= used;
            left.start += used;
            if self.open[opener].place.is_empty() {
                self.open.pop();
            }
        }
        if opens && !left.is_empty() {
            self.open.push(Open { mark, place: left });
        }
    }

    fn bracket(&mut self) {
        let close = self.place;
        self.place += 1;
        let Some(opener) = self.open.iter().rposition(|open| open.mark == b'[') else { return };
        let rest = &self.text[close + 1..];
        match rest.bytes().next() {
            None => {
                // Brackets at the very end: what follows them says whether they make a link.
                self.open.truncate(opener + 1);
                self.cut(close);
                return;
            }
            Some(b'(') => match destination(rest) {
                Some(length) => self.place += length,
                None => {
                    let place = self.open[opener].place.clone();
                    if place.len() == 2 {
                        self.repair.left_out.push(place.start..place.start + 1);
                    }
                    self.cut(close + 1);
                    self.repair.closers = ["(", UNFINISHED, ")"].concat();
                }
            },
            Some(b'[') => match rest.find(']') {
                Some(length) => self.place += length + 1,
                None => self.cut(close + 1),
            },
            _ => {}
        }
        self.open.truncate(opener);
    }

    fn angle(&mut self) {
        let rest = &self.text[self.place..];
        let address = rest.starts_with("<http") || rest.starts_with("<mailto:");
        match rest.find('>') {
            Some(length) if rest[1..].starts_with(|next: char| next.is_ascii_alphabetic() || "/!?".contains(next)) => {
                self.place += length + 1;
            }
            None if address && rest.contains(':') && !rest.contains(char::is_whitespace) => {
                self.place = self.text.len();
                self.repair.closers = ">".to_owned();
            }
            _ => self.place += 1,
        }
    }

    /// Closes what is open, from the innermost out. What has no content yet is held back.
    fn close(&mut self) {
        let repair = &mut self.repair;
        if repair.closers.is_empty() && !self.open.is_empty() {
            loop {
                repair.kept = self.text[..repair.kept].trim_end().len();
                match self.open.last() {
                    Some(open) if open.place.end >= repair.kept => {
                        repair.kept = open.place.start;
                        self.open.pop();
                    }
                    _ => break,
                }
            }
        }
        for open in self.open.iter().rev() {
            if open.mark == b'[' {
                // From the last to the first, all of them before a mark of a picture that was left out already.
                repair.left_out.insert(0, open.place.clone());
            } else {
                open.place.clone().for_each(|_| repair.closers.push(char::from(open.mark)));
            }
        }
    }
}

/// The length of a destination in parentheses, if it is complete.
fn destination(rest: &str) -> Option<usize> {
    let mut depth = 0;
    let mut quote = None;
    let mut escaped = false;
    let mut before = b'(';
    for (place, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (_, b'\\') => escaped = true,
            (Some(end), _) if byte == end => quote = None,
            (Some(_), _) => {}
            (None, b'<') if before == b'(' => quote = Some(b'>'),
            (None, b'"' | b'\'') if before.is_ascii_whitespace() => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => {
                depth -= 1;
                if depth == 0 {
                    return Some(place + 1);
                }
            }
            _ => {}
        }
        before = byte;
    }
    None
}

//! Completes what is half written at the end of a text, so that it is parsed as what it will most likely be. It decides
//! only how a text looks while it grows: what is finished is never mended.

mod inline;
mod lines;

use inline::Repair;
use lines::Ending;

/// A line of more bytes than this is shown as it stands: a scan has its worst cases too.
const LONG: usize = 4096;

/// A text without loose ends.
#[derive(Debug)]
pub(crate) struct Mended {
    pub(crate) text: String,
    /// How much of the source stands unchanged at its beginning.
    pub(crate) kept: usize,
    /// Whether its blocks may turn out to be others, so that none of them may be closed yet.
    pub(crate) guessed: bool,
}

pub(crate) fn mend(source: &str) -> Mended {
    let Ending { segment, kept, header, guessed } = lines::ending(source);
    let Repair { kept: end, left_out, closers } = match segment {
        Some(start) if kept - start < LONG => inline::repair(&source[..kept], start),
        _ => Repair::nothing(kept),
    };
    let mut text = String::with_capacity(end + closers.len());
    let mut done = 0;
    for range in &left_out {
        text.push_str(&source[done..range.start]);
        done = range.end;
    }
    text.push_str(&source[done..end]);
    text.push_str(&closers);
    if header {
        text.truncate(text.trim_end().len());
        let cells = lines::cells(text.rsplit('\n').next().unwrap_or_default());
        text.push('\n');
        (0..cells).for_each(|_| text.push_str("|-"));
        text.push('|');
    }
    // What stood behind a bracket that is left out, or before what is held back, may now look like another block.
    let line = source[..end].rsplit('\n').next().unwrap_or_default();
    let bare = end < kept && !line.starts_with(char::is_alphabetic);
    let guessed = guessed || header || !left_out.is_empty() || bare;
    Mended { text, kept: left_out.first().map_or(end, |range| range.start), guessed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, mended: &str) {
        assert_eq!(mend(source).text, mended, "{source:?}");
    }

    #[test]
    fn open_marks_are_closed() {
        check("a **bold", "a **bold**");
        check("a **bold ", "a **bold**");
        check("a **bold*", "a **bold**");
        check("a **bold**", "a **bold**");
        check("a *b **c", "a *b **c***");
        check("a *b* _c", "a *b* _c_");
        check("~~gone", "~~gone~~");
        check("`code", "`code`");
        check("``co`de", "``co`de``");
        check("> - **b", "> - **b**");
        check("# A *b", "# A *b*");
        check("| a | b |\n|---|---|\n| *c | **d", "| a | b |\n|---|---|\n| *c | **d**");
    }

    #[test]
    fn a_mark_without_content_is_held_back() {
        check("a **", "a ");
        check("a *", "a ");
        check("**_", "");
        check("a **[", "a");
        check("a `", "a ");
        check("a \\", "a ");
        check("a &am", "a ");
        check("a !", "a ");
        check("a\n-", "a\n");
        check("a\n==", "a\n");
        check("a\n\n12.", "a\n\n");
        check("- a\n- ", "- a\n");
        check("- [x", "");
        check("##", "");
        check("``", "");
        check("a\n\n[b]: https://exam", "a\n\n");
        check("a\n\n[b]: https://a.example 'tit", "a\n\n");
        check("[note]: many words", "[note]: many words");
    }

    #[test]
    fn links_show_their_text_while_they_are_written() {
        check("see [the text", "see the text");
        check("see [the text]", "see the text");
        check("see [the text](https://exam", "see [the text](unfinished:)");
        check("see **[the text](", "see **[the text](unfinished:)**");
        check("see [**the text](", "see [**the text](unfinished:)");
        check("see ![a cat](https://exam", "see [a cat](unfinished:)");
        check("see [a](b) and [c][d", "see [a](b) and [c]");
        check("<https://exam", "<https://exam>");
        check("see [a](b \"t)", "see [a](unfinished:)");
        check("see [a](<b c)", "see [a](unfinished:)");
    }

    #[test]
    fn a_table_is_one_from_its_first_line_on() {
        check("| a | b", "| a | b\n|-|-|");
        check("| a | b |\n", "| a | b |\n|-|-|");
        check("| a | b |\n|--", "| a | b |\n|-|-|");
        check("| a \\| b |\n|--", "| a \\| b |\n|-|");
        check("| **a", "| **a**\n|-|");
        check("text\n| a | b", "text\n| a | b");
    }

    #[test]
    fn what_is_code_or_means_nothing_stays() {
        for source in [
            "```\na *b",
            "~~~ x\n**a",
            "    a *b",
            "2 * 3",
            "a_b",
            "<div>\n*a",
            "5~10",
            "a < b",
            "- a\n  ```\n  *b",
            "a *b* c",
        ] {
            check(source, source);
        }
        check("```\na\n``", "```\na\n");
        check("```\na\n```\n*b", "```\na\n```\n*b*");
    }
}

//! What a person reads of a reply in Markdown: its words without its marks, line by line. It knows as much of Markdown as
//! the simulator's replies have in them, and shares nothing with the widget.

/// The lines of a finished reply, as `witness.js` reads them off the page.
pub(crate) fn read(markdown: &str) -> String {
    let mut lines = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            lines.push(line.to_owned());
        } else if let Some(line) = without_block_marks(line.trim()) {
            lines.push(without_marks(&line));
        }
    }
    lines.join("\n")
}

/// The letters alone. For a reply that was cut off: where its end falls into a mark, the mark is read as it was written.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|character| character.is_alphabetic()).collect()
}

/// Nothing where the line is all mark.
fn without_block_marks(line: &str) -> Option<String> {
    if let Some(cells) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) {
        let cells: Vec<_> = cells.split('|').map(str::trim).collect();
        let rule = cells.iter().all(|cell| cell.chars().all(|character| matches!(character, '-' | ':')));
        return (!rule).then(|| cells.join("\t"));
    }
    let number = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let line = match number.strip_prefix(". ") {
        Some(rest) if number.len() < line.len() => rest,
        _ => line,
    };
    let line = line.trim_start_matches('#').trim_start();
    let line = ["- ", "> "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    (!line.is_empty()).then(|| line.to_owned())
}

fn without_marks(line: &str) -> String {
    let mut text = line.replace(['*', '`'], "");
    while let Some((before, rest)) = text.split_once('[') {
        let Some((words, rest)) = rest.split_once("](") else { break };
        let Some((_, after)) = rest.split_once(')') else { break };
        text = format!("{before}{words}{after}");
    }
    text
}

#[test]
fn the_marks_of_the_simulators_replies_are_known() {
    for (markdown, lines) in [
        ("# Two\n\nof **three** and *four*\n", "Two\nof three and four"),
        ("1. one `a`\n- two\n    - three\n\n> four", "one a\ntwo\nthree\nfour"),
        ("| a | b |\n|---|:---:|\n| c | d |", "a\tb\nc\td"),
        (
            "see [the notes](https://example.org/a) here\n\n```rust\nfn a() {}\n\n// **b**\n```",
            "see the notes here\nfn a() {}\n\n// **b**",
        ),
        ("Guten Tag! 14 €.", "Guten Tag! 14 €."),
    ] {
        assert_eq!(read(markdown), lines);
    }
    assert_eq!(letters("2. **Anywhere** el"), "Anywhereel");
}

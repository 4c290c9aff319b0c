//! The work that a reply costs: parsed bytes and built nodes grow as its length does, whatever it is made of.

use chat_markdown::stream::Stream;

use super::page::Tree;

/// Bytes parsed for each byte of the text, at most.
const PARSED: usize = 10;

fn check(name: &str, text: &str) {
    let characters: Vec<_> = text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
    let mut page = Tree::default();
    let mut stream = Stream::default();
    let step = characters.len().div_ceil(2000);
    let mut start = 0;
    for end in characters.iter().copied().skip(1).step_by(step).chain([text.len()]) {
        stream.append(&text[start..end], &mut page);
        start = end;
    }
    let parsed = stream.parsed();
    stream.finish(&mut page);
    assert_eq!(page.nodes, chat_markdown::stream::whole(text), "{name}");
    assert!(parsed <= PARSED * text.len() + 20_000, "{name}: {parsed} bytes parsed of {}", text.len());
    let nodes = text.len() / 4;
    assert!(page.built <= PARSED * nodes, "{name}: {} nodes built for {} bytes", page.built, text.len());
}

#[test]
fn two_thousand_chunks_cost_a_small_multiple_of_their_length() {
    let words = "some **bold** words, a [link](https://a.example/b) and `code`; ";
    check("paragraphs", &[&words.repeat(6), "\n\n"].concat().repeat(120));
    check("one paragraph", &words.repeat(600));
    check("one paragraph of lines", &"plain words in a line of it\n".repeat(1200));
    check("one paragraph of open marks", &"a *b [c `d ".repeat(1200));
    check("one list", &"- an item with **bold** words\n".repeat(1200));
    check("one loose list", &"1. an item with **bold** words\n\n".repeat(1200));
    check("one item", &["- ", &words.repeat(600)].concat());
    check("one nested list", &["- top\n", &"  - an item with **bold** words\n".repeat(1200)].concat());
    check("one code block", &["```rust\n", &"let a = b * c; // *d\n".repeat(1200), "```\n"].concat());
    check("one indented code block", &"    let a = b * c; // *d\n".repeat(1200));
    check("one table", &["| a | b |\n|---|---|\n", &"| cell | **bold** cell |\n".repeat(1200)].concat());
    check("nested quotes", &">>>> quoted **words** here\n".repeat(1200));
    check("quoted paragraphs", &"> quoted **words** here\n>\n".repeat(1200));
    check("deep quotes", &[&">".repeat(20_000), " a"].concat());
    check("html", &["<div>\n", &"<p>some text</p>\n".repeat(1200)].concat());
    check("definitions", &(0..2000).map(|n| format!("[label {n}]: https://a.example/{n}\n")).collect::<String>());
    check("one line of brackets", &"[".repeat(20_000));
    check("one line of stars", &"*a ".repeat(20_000));
}

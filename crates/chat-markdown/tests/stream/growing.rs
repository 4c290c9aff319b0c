//! How a text looks while it grows.

use chat_markdown::stream::Stream;
use chat_markdown::tree::{Kind, Node};

use super::page::{Tree, characters};

/// No character of a mark is ever seen while this text comes in, one character at a time.
fn check_no_flash(text: &str, marks: &[char]) {
    let mut page = Tree::default();
    let mut stream = Stream::default();
    let mut so_far = String::new();
    for character in characters(text) {
        stream.append(character, &mut page);
        so_far.push_str(character);
        let words = page.nodes.iter().map(words).collect::<String>();
        assert!(!words.contains(marks), "{so_far:?} shows {words:?}");
    }
    stream.finish(&mut page);
    assert!(!page.nodes.is_empty());
}

fn words(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) => text.clone(),
        _ => node.children.iter().map(words).collect(),
    }
}

#[test]
fn half_written_marks_are_never_seen() {
    check_no_flash("Some **bold** and *soft* and __b__ and _s_ and ***both*** words.", &['*', '_']);
    check_no_flash("It is ~~gone~~ and `code` and ``co de`` here.", &['~', '`']);
    check_no_flash(
        "A [link](https://a.example/b_c \"title\") and ![image](https://a.example/i.png) here.",
        &['[', ']', '(', ')', '!', '/'],
    );
    check_no_flash("**[bold link](https://a.example)**, then", &['[', ']', '(', ')', '*']);
    check_no_flash("# Heading\n\nText\n\n## Second *one*\n\nText", &['#', '*']);
    check_no_flash("Heading\n===\n\nSecond\n---\n\nText", &['=', '-']);
    check_no_flash("- one\n- two **b**\n  - three\n\n* four\n\n1. five\n2. six\n", &['-', '*', '.', '1', '2']);
    check_no_flash("- [ ] open\n- [x] done\n", &['[', ']', '-']);
    check_no_flash("```rust\nlet a = 1;\n```\n\nText", &['`']);
    check_no_flash("| a | **b** |\n|---|:-:|\n| c | `d` |\n| e | f |\n\nText", &['|', '*', '`', '-']);
    check_no_flash("> quoted **text**\n> more\n\nText", &['>', '*']);
    check_no_flash("a &amp b &copy; c", &[';']);
    check_no_flash("a\n\n---\n\nb", &['-']);
}

#[test]
fn finished_blocks_are_not_touched_again() {
    let mut page = Tree::default();
    let mut stream = Stream::default();
    for character in characters("# One\n\nTwo *words*\n\n- three\n- four\n\nfive") {
        stream.append(character, &mut page);
    }
    page.frozen = page.nodes.len() - 1;
    assert_eq!(page.frozen, 3);
    for character in characters(" six **seven**\n\n```\neight\n```\n\nnine\n") {
        stream.append(character, &mut page);
    }
    stream.finish(&mut page);
}

#[test]
fn finished_items_and_rows_are_not_built_again() {
    for (head, line) in [("", "- an *item*\n"), ("| a |\n|---|\n", "| a *cell* |\n"), ("", "> *quoted*\n>\n")] {
        let mut page = Tree::default();
        let mut stream = Stream::default();
        stream.append(head, &mut page);
        (0..20).for_each(|_| stream.append(line, &mut page));
        let before = page.built;
        stream.append(line, &mut page);
        stream.append("\n", &mut page);
        assert!(page.built - before <= 8, "{line:?} built {} nodes", page.built - before);
    }
}

#[test]
fn definitions_count_for_the_whole_text() {
    let links = |node: &Node| node.children.iter().filter(|child| matches!(child.kind, Kind::Link(_))).count();
    let mut page = Tree::default();
    let mut stream = Stream::default();
    stream.append("See [the shop] and [a].\n\n[a]: /a\n\nSee [A].\n\nMore\n\n", &mut page);
    assert_eq!(page.nodes.iter().map(links).collect::<Vec<_>>(), [1, 1, 0]);
    stream.append("> [the shop]: /shop\n\nEnd\n", &mut page);
    assert_eq!(links(&page.nodes[0]), 1);
    stream.finish(&mut page);
    assert_eq!(page.nodes.iter().map(links).collect::<Vec<_>>(), [2, 1, 0, 0, 0]);
}

#[test]
fn line_ends_and_nul_are_made_plain() {
    let check = |parts: &[&str], whole: &str| {
        assert_eq!(super::page::shown(parts.iter().copied()), chat_markdown::stream::whole(whole), "{parts:?}");
    };
    check(&["a\r\n\r\nb"], "a\n\nb");
    check(&["a\r", "\n\r", "\nb"], "a\n\nb");
    check(&["a\r", "\r", "b"], "a\n\nb");
    check(&["a\0b"], "a\u{fffd}b");
}

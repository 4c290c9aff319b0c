//! Texts made by chance out of Markdown's own marks, cut by chance.

use chat_markdown::stream::whole;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::page::{characters, shown};

const PIECES: [&str; 68] = [
    "*",
    "**",
    "_",
    "__",
    "~",
    "~~",
    "`",
    "``",
    "```",
    "~~~",
    "\n",
    "\n\n",
    "\n",
    " ",
    "  ",
    "    ",
    "\t",
    "- ",
    "* ",
    "+ ",
    "-",
    "1. ",
    "2) ",
    "10",
    ".",
    "# ",
    "###",
    "> ",
    ">",
    "---",
    "===",
    "***",
    "|",
    "| a ",
    "|---",
    "-|-",
    ":-:",
    "[",
    "]",
    "(",
    ")",
    "[a]",
    "](b)",
    "![",
    "[a]: /u",
    "[b]: <x> 't'",
    "'t\nu'",
    "[a][b]",
    "<",
    ">",
    "<div>",
    "</div>",
    "<!--",
    "-->",
    "<b>",
    "<https://a.b>",
    "&amp;",
    "&",
    "\\",
    "a",
    "word ",
    "two words",
    "é漢",
    "https://a.example/x",
    "www.b.example",
    "m@c.example",
    "[ ] ",
    "[x] ",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60).prop_map(|pieces| pieces.concat())
}

/// What chance has found once.
#[test]
fn what_was_found_before_stays_found() {
    for text in [
        "[- \n10# ",
        "\n10\n###[a]",
        "1.   1. [a]: /u**\n ```*    1. ######*`",
        "2) ```\n2) ",
        "[a]\n>[a]: /u",
        "\n[a][\n```[a]`\n",
        "- \n[a]: /u\n    a",
        "*\n  *\n\n[a]: /u\n- \n",
        "<!--\n\n```| a\n-->\n-# 1. \n###> ",
        "[a]\n\n[a]: /u``(",
    ] {
        assert_eq!(shown(characters(text)), whole(text), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn a_text_in_characters_is_the_whole_text(text in text()) {
        prop_assert_eq!(shown(characters(&text)), whole(&text));
    }

    #[test]
    fn a_text_in_parts_is_the_whole_text(text in text(), lengths in prop::collection::vec(1..20_usize, 1..40)) {
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        for length in lengths.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let end = rest.char_indices().nth(*length).map_or(rest.len(), |(place, _)| place);
            parts.push(&rest[..end]);
            rest = &rest[end..];
        }
        prop_assert_eq!(shown(parts), whole(&text));
    }
}

//! What is said: the same to the letter for every program and in every round.

use std::fmt::Write;

/// A question and an answer in Markdown of about sixty words.
pub(crate) fn pair(number: usize) -> (String, String) {
    let count = 12 + number * 7 % 40;
    let mut answer = format!("**Answer {number}.** {}.", words(number, count));
    match number % 4 {
        0 => write!(answer, "\n\n- {}\n- {}\n- *{}*", words(number + 1, 4), words(number + 2, 5), words(number + 3, 3)),
        1 => write!(answer, "\n\nSee `{}` and [the shop](https://shop.example/{number}).", words(number, 1)),
        2 => write!(answer, "\n\n{}.\n\n> {}.", words(number + 4, count), words(number + 5, 8)),
        _ => write!(answer, " *{}* {}.", words(number + 6, 3), words(number + 7, 9)),
    }
    .unwrap();
    (format!("Question {number}: {}?", words(number + 8, 6)), answer)
}

/// A Markdown text in so many chunks, as a language model's words come: a few letters each. The last one ends with `end`.
pub(crate) fn chunks(count: usize, end: &str) -> Vec<String> {
    let mut text = String::new();
    let mut section = 0;
    // Chunks of three to eight letters need less than this.
    while text.len() < count * 8 {
        section += 1;
        let [first, second, third] = [0, 20, 45].map(|more| words(section * 3 + more, 30));
        write!(
            text,
            "## {}\n\n{first}, **{}** and *{}*: `{}`. {second}.\n\n- {}\n- [{}](https://shop.example/{section})\n- {}\n\n\
             {third}.\n\n```rust\nlet price = {section};\nlet total = price * 3;\n```\n\n> {}.\n\n1. {}\n2. {}\n\n",
            words(section, 3),
            words(section + 1, 2),
            words(section + 2, 2),
            words(section + 3, 1),
            words(section + 4, 6),
            words(section + 5, 3),
            words(section + 6, 5),
            words(section + 7, 12),
            words(section + 8, 4),
            words(section + 9, 7),
        )
        .unwrap();
    }
    let mut letters = text.chars();
    let mut chunks: Vec<String> =
        (0..count - 1).map(|place| letters.by_ref().take(3 + place * 5 % 6).collect()).collect();
    chunks.push(format!("\n```\n\n{end}"));
    chunks
}

fn words(seed: usize, count: usize) -> String {
    const WORDS: [&str; 23] = [
        "paper", "the", "notebook", "with", "a", "soft", "cover", "and", "ink", "that", "dries", "quickly", "for", "left",
        "handed", "writers", "ships", "tomorrow", "from", "our", "small", "shop", "today",
    ];
    (0..count).map(|place| WORDS[(seed * 11 + place * 5 + place * place) % WORDS.len()]).collect::<Vec<_>>().join(" ")
}

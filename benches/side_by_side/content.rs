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

/// A Markdown text in so many chunks, as a language model's words come: a few letters each. The last one is `end`, a paragraph.
pub(crate) fn chunks(count: usize, end: &str) -> Vec<String> {
    let letters = |place: usize| 3 + place * 5 % 6;
    let length: usize = (1..count).map(letters).sum();
    let mut text = String::new();
    for number in 1.. {
        let next = section(number);
        if text.len() + next.len() > length {
            break;
        }
        text.push_str(&next);
    }
    // A last paragraph of the right length, so that nothing is cut in the middle.
    let rest = words(3, length / 3);
    text.push_str(&rest[..length - text.len()]);
    let mut text = text.chars();
    let mut chunks: Vec<String> = (1..count).map(|place| text.by_ref().take(letters(place)).collect()).collect();
    chunks.push(format!("\n\n{end}"));
    chunks
}

/// Every kind of block that the floor knows.
fn section(number: usize) -> String {
    let words = |more: usize, count: usize| words(number * 3 + more, count);
    format!(
        "## {}\n\n{}, **{}** and *{}*: `{}`. {}.\n\n- {}\n- [{}](https://shop.example/{number})\n- {}\n\n{}.\n\n\
         ```rust\nlet price = {number};\nlet total = price * 3;\n```\n\n> {}.\n\n1. {}\n2. {}\n\n",
        words(1, 3),
        words(2, 30),
        words(3, 2),
        words(4, 2),
        words(5, 1),
        words(6, 30),
        words(7, 6),
        words(8, 3),
        words(9, 5),
        words(10, 30),
        words(11, 12),
        words(12, 4),
        words(13, 7),
    )
}

fn words(seed: usize, count: usize) -> String {
    const WORDS: [&str; 23] = [
        "paper", "the", "notebook", "with", "a", "soft", "cover", "and", "ink", "that", "dries", "quickly", "for",
        "left", "handed", "writers", "ships", "tomorrow", "from", "our", "small", "shop", "today",
    ];
    (0..count).map(|place| WORDS[(seed * 11 + place * 5 + place * place) % WORDS.len()]).collect::<Vec<_>>().join(" ")
}

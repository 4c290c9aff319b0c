//! The names of the texts: those in `src/strings.rs` are those of the languages' files, each is read somewhere, and what
//! the loader calls the launcher is what the chat calls it.

use std::fs;

use super::languages::{ENGLISH, Words, tags, texts};
use super::{Source, root};

/// In the languages' files for whoever words it anew: the loader says it, without a file.
const LOADERS_OWN: &str = "loadFailed";

#[test]
fn the_texts_have_their_names_from_the_english_file() {
    let english: Vec<_> = texts(ENGLISH).0.into_iter().map(|(name, _)| name).collect();
    let (last, of_strings) = english.split_last().unwrap();
    assert_eq!(last, LOADERS_OWN);
    let named: Vec<_> = constants(&strings()).into_iter().map(|(_, name)| name).collect();
    assert_eq!(named, of_strings);
}

#[test]
fn every_text_is_read_somewhere() {
    let files = super::sources("src").unwrap();
    let (texts, sources) = (strings(), files);
    let constants = constants(&texts);
    let unread = unread(&constants, &sources);
    assert!(unread.is_empty(), "nothing reads {unread:?}");
}

#[test]
fn a_text_that_nothing_reads_is_noticed() {
    let constants =
        constants("texts! {\n    OPEN = \"open\",\n    OPEN_ALL = \"openAll\",\n    CLOSE = \"close\",\n}\n");
    let pair = |constant: &str, name: &str| (constant.to_owned(), name.to_owned());
    assert_eq!(constants, [pair("OPEN", "open"), pair("OPEN_ALL", "openAll"), pair("CLOSE", "close")]);
    let check = |path: &str, text: &str| unread(&constants, &[Source { path: path.to_owned(), text: text.to_owned() }]);
    assert_eq!(check("src/view.rs", "chat.say(Text::OPEN_ALL); chat.say(Text::CLOSE)"), ["OPEN"]);
    assert_eq!(check("src/view.rs", "chat.say(Text::OPEN)"), ["OPEN_ALL", "CLOSE"]);
    // In its own file a text is read by the functions that choose one, and not where it is named.
    assert_eq!(check("src/strings.rs", "CLOSE = \"close\", Self::OPEN, Self::OPEN_ALL,"), ["CLOSE"]);
}

#[test]
fn the_loader_calls_the_launcher_as_the_chat_does() {
    let loader = fs::read_to_string(root().join("src/loader/language.js")).unwrap();
    let (_, rest) = loader.split_once("const OPEN = {\n").unwrap();
    let (table, _) = rest.split_once("};").unwrap();
    let mut found: Vec<_> = table.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let mut expected: Vec<_> = tags().map(|tag| format!("{}: \"{}\",", loaders_name(tag), open(tag))).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn the_loader_s_own_sentence_is_the_english_one() {
    let sentence = plain(ENGLISH, LOADERS_OWN);
    for name in ["element.js", "apology.js"] {
        let loader = fs::read_to_string(root().join("src/loader").join(name)).unwrap();
        assert!(loader.contains(&format!("const FAILED = \"{sentence}\";")), "{name}: {sentence}");
    }
}

/// The loader knows a language without its country, and the script where there are two.
fn loaders_name(tag: &str) -> String {
    if tag == "zh-TW" { "\"zh-Hant\"".to_owned() } else { tag.split('-').take(1).collect() }
}

fn open(tag: &str) -> String {
    plain(tag, "open")
}

fn plain(tag: &str, name: &str) -> String {
    let found = texts(tag).0.into_iter().find_map(|(other, words)| (other == name).then_some(words));
    match found {
        Some(Words::Plain(text)) => text,
        _ => panic!("{tag}.json has no plain text {name}"),
    }
}

fn strings() -> String {
    fs::read_to_string(root().join("src/strings.rs")).unwrap()
}

/// Each line `OPEN = "open",` as the constant and the name.
fn constants(source: &str) -> Vec<(String, String)> {
    let lines = source.lines().filter_map(|line| {
        let (constant, name) = line.trim().strip_suffix("\",")?.split_once(" = \"")?;
        let is_constant = constant.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
        is_constant.then(|| (constant.to_owned(), name.to_owned()))
    });
    lines.collect()
}

fn unread<'a>(constants: &'a [(String, String)], files: &[Source]) -> Vec<&'a str> {
    let reads = |text: &str, path: &str| {
        text.match_indices(path).any(|(at, _)| {
            let next = text[at + path.len()..].chars().next();
            !next.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        })
    };
    let is_read = |constant: &str| {
        files.iter().any(|Source { path, text }| {
            let owner = if path == "src/strings.rs" { "Self" } else { "Text" };
            reads(text, &format!("{owner}::{constant}"))
        })
    };
    constants.iter().map(|(constant, _)| constant.as_str()).filter(|constant| !is_read(constant)).collect()
}

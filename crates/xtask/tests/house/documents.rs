//! The pages for site owners, held to the code: every option, method, event, reason and sentence has its row, every snippet an
//! owner among the tests, and every link a target.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::contract::{self, Kind, plain, read};
use super::root;

/// The pages whose snippets a test takes from them and runs, by language, and that test.
const TAKEN: [(&str, &str, &str); 16] = [
    ("install.md", "html", "tests/e2e/documented.rs"),
    ("options.md", "html", "tests/e2e/documented.rs"),
    ("events.md", "html", "tests/e2e/documented.rs"),
    ("events.md", "js", "tests/e2e/documented.rs"),
    ("privacy.md", "html", "tests/e2e/documented.rs"),
    ("install.md", "sh", "crates/chat-proxy/tests/proxy/documentation.rs"),
    ("troubleshooting.md", "sh", "crates/chat-proxy/tests/proxy/documentation.rs"),
    ("csp.md", "sh", "crates/chat-proxy/tests/proxy/documentation.rs"),
    ("csp.md", "text", "crates/chat-proxy/tests/proxy/documentation.rs"),
    ("operating.md", "sh", "crates/chat-proxy/tests/proxy/documentation.rs"),
    ("operating.md", "toml", "crates/chat-proxy/tests/proxy/documentation.rs"),
    ("own-proxy.md", "json", "crates/chat-proxy/tests/proxy/documentation.rs"),
    ("identity.md", "html", "tests/e2e/site.rs"),
    ("identity.md", "js", "tests/e2e/site.rs"),
    ("theming.md", "html", "tests/e2e/documented.rs"),
    ("theming.md", "css", "tests/e2e/documented.rs"),
];

/// Where the sources are that a test builds, in whose files the other snippets stand word for word.
const BUILT: [&str; 3] = ["examples/npm", "examples/npm/src", "examples/leptos/src"];

/// The pages that are for site owners and are held to the code in all of their tables.
const LINKED: [&str; 5] = ["install.md", "options.md", "events.md", "privacy.md", "troubleshooting.md"];

#[test]
fn each_option_has_a_row_under_both_of_its_names() {
    let rows = rows(&read("docs/options.md"));
    let expected: BTreeMap<_, _> =
        contract::options().into_keys().map(|name| (format!("`data-{}`", kebab(&name)), format!("`{name}`"))).collect();
    let found: BTreeMap<_, _> = rows.iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    assert!(expected.len() > 20, "{expected:?}");
    assert_eq!(found, expected);
    for (name, kind) in contract::options() {
        let Kind::Choice(choices) = kind else { continue };
        let row = rows.iter().find(|row| row[1] == format!("`{name}`")).unwrap().concat();
        for choice in choices {
            assert!(row.contains(&format!("`{choice}`")), "{name} does not name {choice}: {row}");
        }
    }
}

#[test]
fn each_method_and_each_event_has_a_row() {
    let rows = rows(&read("docs/events.md"));
    let names: BTreeSet<_> = rows.iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    let methods = contract::methods();
    let events: Vec<_> = contract::events().into_keys().collect();
    let expected = methods.iter().cloned().chain(events.iter().map(|name| format!("secondme-chat:{name}")));
    let called: BTreeSet<_> = names.iter().map(|name| name.split('(').next().unwrap().to_owned()).collect();
    assert_eq!(called, expected.collect());
}

#[test]
fn each_reason_and_each_sentence_has_a_row() {
    let text = read("docs/troubleshooting.md");
    let section = |title: &str| {
        let section = text.split("\n## ").find(|section| section.starts_with(title)).unwrap();
        rows(section).into_iter().map(|row| row[0].clone()).collect::<Vec<_>>()
    };
    let reasons: Vec<_> = section("Reasons").iter().map(|name| name.trim_matches('`').to_owned()).collect();
    assert_eq!(reasons, contract::failures());
    let messages: BTreeSet<_> = section("Messages").iter().map(|message| plain(message)).collect();
    let sentences = contract::sentences();
    assert!(sentences.len() > 10, "{sentences:?}");
    assert_eq!(messages, sentences);
}

#[test]
fn each_snippet_is_held_by_a_test() {
    let sources: String = BUILT
        .iter()
        .flat_map(|folder| fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut broken = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        let page = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !page.ends_with(".md") {
            continue;
        }
        for (language, text) in snippets(&fs::read_to_string(&path).unwrap()) {
            count += 1;
            let owner = TAKEN.iter().find(|(name, kind, _)| *name == page && *kind == language).map(|(.., test)| *test);
            let taken = owner.is_some_and(|test| read(test).contains(page.trim_end_matches(".md")));
            if !taken && !sources.contains(&text) {
                broken.push(format!("docs/{page}: {language}: {text}"));
            }
        }
    }
    assert!(count > 20, "{count}");
    assert!(broken.is_empty(), "no test takes these, and they stand in no example:\n{}", broken.join("\n"));
}

#[test]
fn what_the_pages_link_to_is_there() {
    let mut count = 0;
    for page in LINKED {
        for link in read(&format!("docs/{page}")).split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let text = fs::read_to_string(root().join("docs").join(file)).unwrap_or_else(|_| panic!("{page}: {link}"));
            let there = heading.is_empty() || text.lines().any(|line| anchor(line).as_deref() == Some(heading));
            assert!(there, "{page}: {link}");
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn tables_snippets_and_headings_are_found() {
    let page = "# A\n| a | b |\n|---|---|\n| `x` | y | z |\n\n## Reasons, that\n```sh\nls\n```\n";
    assert_eq!(rows(page), [["`x`", "y", "z"]]);
    assert_eq!(snippets(page), [("sh".to_owned(), "ls\n".to_owned())]);
    assert_eq!(anchor("## Reasons, that").as_deref(), Some("reasons-that"));
    assert_eq!(kebab("consentHref"), "consent-href");
}

/// The cells of all tables, without their heads.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines: Vec<_> = text.lines().collect();
    let is_rule = |line: &str| line.starts_with("|---");
    let body = lines
        .iter()
        .enumerate()
        .filter(|(place, line)| line.starts_with("| ") && !lines.get(place + 1).is_some_and(|next| is_rule(next)));
    body.map(|(_, line)| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn snippets(text: &str) -> Vec<(String, String)> {
    let blocks = text.split("```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').unwrap()).map(|(kind, text)| (kind.to_owned(), text.to_owned())).collect()
}

/// What a link to a heading says.
fn anchor(line: &str) -> Option<String> {
    let title = line.trim_start_matches('#');
    let words = title.strip_prefix(' ').filter(|_| title.len() < line.len())?;
    let kept = words.chars().filter(|letter| letter.is_alphanumeric() || " -".contains(*letter));
    Some(kept.collect::<String>().to_lowercase().replace(' ', "-"))
}

fn kebab(name: &str) -> String {
    name.chars().fold(String::new(), |text, letter| {
        if letter.is_ascii_uppercase() {
            format!("{text}-{}", letter.to_ascii_lowercase())
        } else {
            format!("{text}{letter}")
        }
    })
}

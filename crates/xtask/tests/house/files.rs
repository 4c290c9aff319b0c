//! How a file begins and how long it may be.

use super::{Source, sources};

/// Longer files hold more than one subject.
const LINES: usize = 450;

/// The project had more than this when the rule was written; fewer means that they were not found.
const AT_LEAST: usize = 40;

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    let files = sources(".").unwrap();
    assert!(files.len() >= AT_LEAST, "only {} files were found", files.len());
    let broken: Vec<_> = files.iter().filter_map(violation).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_silent_or_long_file_is_noticed() {
    let check = |text: &str| violation(&Source { path: "a.rs".to_owned(), text: text.to_owned() });
    assert_eq!(check("//! What it is.\nfn a() {}\n"), None);
    assert_eq!(check("#![cfg(\n    test\n)]\n\n//! What it is.\n"), None);
    assert!(check("fn a() {}\n//! Late.\n").is_some());
    assert!(check("// A plain comment.\n").is_some());
    assert!(check("").is_some());
    assert!(check(&format!("//! Long.\n{}", "\n".repeat(LINES))).is_some());
}

fn violation(Source { path, text }: &Source) -> Option<String> {
    let lines = text.lines().count();
    if lines > LINES {
        return Some(format!("{path} has {lines} lines; {LINES} is the limit"));
    }
    let mut rest = text.trim_start();
    while rest.starts_with("#![") {
        rest = rest.split_once("]\n").map_or("", |(_, after)| after.trim_start());
    }
    (!rest.starts_with("//!")).then(|| format!("{path} does not begin with `//!` and what it is"))
}

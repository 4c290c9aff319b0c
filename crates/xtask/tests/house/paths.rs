//! Finds the modules that a source file names, with `crate::…` and `super::…`, in imports and in the middle of code.
//! It reads words and not syntax, so that it also sees inside macros such as `view!`.

/// Every module of the crate's top level that the file names. `module` is the file's own place: `["view", "launcher"]`.
pub(crate) fn named_modules(source: &str, module: &[&str]) -> Vec<String> {
    let words = words(&code_only(source));
    let mut found = Vec::new();
    let mut position = 0;
    while position < words.len() {
        let starts = matches!(words[position].as_str(), "crate" | "super");
        if starts && words.get(position + 1).is_some_and(|word| word == "::") {
            for path in tree(&words, &mut position) {
                found.extend(top_level(&path, module));
            }
        } else {
            position += 1;
        }
    }
    found.sort();
    found.dedup();
    found
}

/// `crate::socket::Socket` is `socket`; `super::super::socket` in `view::launcher` is, too.
fn top_level(path: &[String], module: &[&str]) -> Option<String> {
    let up = path.iter().take_while(|word| *word == "super").count();
    let (absolute, rest) = match path.first().map(String::as_str) {
        Some("crate") => (true, &path[1..]),
        _ => (up == module.len(), &path[up..]),
    };
    if absolute { rest.first().cloned() } else { module.first().map(|own| (*own).to_owned()) }
}

/// The paths that start at `position`, with every `{…}` multiplied out; `position` moves behind them.
fn tree(words: &[String], position: &mut usize) -> Vec<Vec<String>> {
    let mut path = Vec::new();
    loop {
        match words.get(*position).map(String::as_str) {
            Some("{") => {
                *position += 1;
                let mut branches = Vec::new();
                while let Some(word) = words.get(*position) {
                    match word.as_str() {
                        "}" => {
                            *position += 1;
                            break;
                        }
                        word if is_name(word) => {
                            branches.extend(tree(words, position).into_iter().map(|end| [path.clone(), end].concat()));
                            // What follows a path is its new name, if anything.
                            while words.get(*position).is_some_and(|word| word != "," && word != "}") {
                                *position += 1;
                            }
                        }
                        _ => *position += 1,
                    }
                }
                return branches;
            }
            Some(word) if is_name(word) => {
                path.push(word.to_owned());
                *position += 1;
            }
            _ => return vec![path],
        }
        if words.get(*position).is_some_and(|word| word == "::") {
            *position += 1;
        } else {
            return vec![path];
        }
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Names, `::`, and every other character by itself.
fn words(code: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut inside_name = false;
    for character in code.chars() {
        let of_name = character.is_alphanumeric() || character == '_';
        match words.last_mut() {
            Some(last) if inside_name && of_name => last.push(character),
            Some(last) if character == ':' && last == ":" => last.push(character),
            _ if character.is_whitespace() => {}
            _ => words.push(character.to_string()),
        }
        inside_name = of_name;
    }
    words
}

/// The source without comments, texts and characters in quotes.
fn code_only(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            quoted(rest)
        } else if let Some(hashes) = raw(rest).filter(|_| !code.ends_with(|last: char| last.is_alphanumeric())) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            rest[start..].find(&end).map_or(rest.len(), |found| start + found + end.len())
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        if skipped == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.push(' ');
            rest = &rest[skipped..];
        }
    }
    code
}

/// The length of the text in quotes at the start.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (index, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return index + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The number of `#` if a raw text starts here.
fn raw(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('r')?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    inner[hashes..].starts_with('"').then_some(hashes)
}

/// The length of the character in quotes at the start; 0 if it is a lifetime.
fn character(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => rest[3.min(rest.len())..].find('\'').map_or(0, |end| end + 4),
        Some(_) => characters.next().filter(|(_, next)| *next == '\'').map_or(0, |(index, _)| index + 1),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, module: &[&str], expected: &[&str]) {
        assert_eq!(named_modules(source, module), expected, "{source}");
    }

    #[test]
    fn modules_are_found_however_they_are_named() {
        check("use crate::socket::Socket;", &["view"], &["socket"]);
        check("use crate::{runtime::{Runtime, Handle}, socket, timer::*};", &["view"], &["runtime", "socket", "timer"]);
        check("fn a() { crate::timer::start(); }", &["view"], &["timer"]);
        check("view! { <p>{crate::storage::read()}</p> }", &["view"], &["storage"]);
        check("use super::socket;", &["view"], &["socket"]);
        check("use super::super::{socket as wire};", &["view", "launcher"], &["socket"]);
        check("let quote = '\"'; crate::timer::start(); let other = '\\'';", &["view"], &["timer"]);
        check("pub(crate) fn a(text: &'static str) { crate::host::b() }", &["view"], &["host"]);
    }

    #[test]
    fn what_is_not_code_or_not_at_the_top_is_left_out() {
        check("// crate::socket\n/* crate::timer */ let a = \"crate::host \\\" crate::host\";", &["view"], &[]);
        check("let a = r#\"crate::host \" crate::host\"#;", &["view"], &[]);
        check("use super::transcript;", &["view", "launcher"], &["view"]);
        check("pub(crate) struct A; pub(super) struct B;", &["view"], &[]);
        check("use chat_core::session::Session;", &["view"], &[]);
    }
}

//! Leptos parses an element of a `view!` as markup where it stands inside another one and nothing of it can change. A page
//! that requires Trusted Types forbids that, so that no source of the widget may have one.

use super::sources;

#[test]
fn no_view_holds_an_element_that_never_changes() {
    let files = sources("src").unwrap();
    let views: Vec<_> = files.iter().flat_map(|source| views(&source.text).map(|view| (&source.path, view))).collect();
    assert!(views.len() >= 30, "only {} views were found", views.len());
    let broken: Vec<_> =
        views.iter().filter_map(|(path, view)| Some(format!("{path}: <{}>", unchanging(view)?))).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn one_that_does_is_noticed() {
    let check = |view: &str, expected: Option<&str>| assert_eq!(unchanging(view).as_deref(), expected, "{view}");
    check("<p class=\"a\">\"words\"</p>", None);
    check("<p><b></b></p>", None);
    check("<p>{words}<b>{more}</b></p>", None);
    check("<p on:click=move |_| a.b(1 - 2)><b class=name>\"words\"</b></p>", None);
    check("<svg><path d=path /></svg>", None);
    check("<ul><Each key=\"a\" /></ul>", None);
    check("<p>{words}<b>\"words\"</b></p>", Some("b"));
    check("<button type=\"button\" on:click=go><svg><path d=\"M0 0\" /></svg></button>", Some("path"));
    check("<p hidden=move || a.map(|b| { b }).get()><span class=\"dots\"><i></i></span></p>", Some("span"));
    check("<p title=a>// Why: \"words\" <b>\n<i class=\"x\"></i></p>", Some("i"));
}

/// What stands between the braces of each `view!`.
fn views(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("view! {").map(|(at, start)| {
        let body = &text[at + start.len()..];
        &body[..end_of_block(body)]
    })
}

/// Where the brace closes that was open before.
fn end_of_block(text: &str) -> usize {
    let mut open = 1_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match rest.as_bytes()[0] {
            b'{' => open += 1,
            b'}' if open == 1 => return at,
            b'}' => open -= 1,
            b'"' => at += string(rest) - 1,
            _ => {}
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    text.len()
}

/// How long the string is that begins here.
fn string(text: &str) -> usize {
    let mut escaped = false;
    let end = text[1..].find(|letter| {
        let ends = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

struct Element {
    name: String,
    changes: bool,
    empty: bool,
}

/// The innermost element inside another one that never changes and holds anything at all.
fn unchanging(view: &str) -> Option<String> {
    let mut open: Vec<Element> = Vec::new();
    let mut rest = view.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("//") {
            rest = after.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(after) = rest.strip_prefix("</") {
            rest = after.split_once('>').map_or("", |(_, after)| after);
            if let Some(name) = close(&mut open) {
                return Some(name);
            }
        } else if let Some(after) = rest.strip_prefix('<') {
            let name: String = after.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '-').collect();
            let (attributes, closed, after) = tag(&after[name.len()..]);
            let is_component = name.starts_with(char::is_uppercase);
            open.push(Element { name, changes: is_component || attributes == Some(true), empty: attributes.is_none() });
            rest = after;
            if closed && let Some(name) = close(&mut open) {
                return Some(name);
            }
        } else if first == '{' || first == '"' {
            let length = if first == '"' { string(rest) } else { 2 + end_of_block(&rest[1..]) };
            if let Some(parent) = open.last_mut() {
                parent.changes |= first == '{';
                parent.empty = false;
            }
            rest = rest.get(length..).unwrap_or_default();
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    None
}

/// Ends an element; its name, where it should not be.
fn close(open: &mut Vec<Element>) -> Option<String> {
    let element = open.pop()?;
    let parent = open.last_mut()?;
    parent.changes |= element.changes;
    parent.empty = false;
    (!element.changes && !element.empty).then_some(element.name)
}

/// Reads a tag behind its name: whether an attribute can change, if there is any; whether it has no end of its own; and what
/// follows.
fn tag(text: &str) -> (Option<bool>, bool, &str) {
    let mut changes = None;
    let mut depth = 0_usize;
    let mut before = ' ';
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        match letter {
            '>' if depth == 0 && before != '-' => return (changes, before == '/', &text[at + 1..]),
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            '=' if depth == 0 && before != '=' => {
                changes = Some(changes == Some(true) || !text[at + 1..].starts_with('"'));
            }
            '"' => at += string(&text[at..]) - 1,
            _ => {}
        }
        before = letter;
        at += letter.len_utf8();
    }
    (changes, false, "")
}

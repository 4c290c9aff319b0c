//! No side of the screen in the panel's style: what stands at a line's start stands on the left or on the right, as the
//! visitor's language is written.

use std::fs;

use super::root;

/// What may name a side, by file and declaration, and why.
const ALLOWED: [(&str, &str); 6] = [
    // The launcher stands in a corner of the screen, whatever language is spoken, and the panel opens above it.
    ("style/widget/panel.css", "inset: auto var(--inset) var(--lift) auto"),
    ("style/widget/panel.css", "right: auto"),
    ("style/widget/panel.css", "left: var(--inset)"),
    // A phone's notch is on a side of the screen.
    ("style/widget/phone.css", "padding: env(safe-area-inset-top"),
    // Who writes a table says on which side its columns stand.
    ("style/widget/rich-text.css", "text-align: left"),
    ("style/widget/rich-text.css", "text-align: right"),
];

/// Properties with a side in their names have it as one of these words.
const SIDES: [&str; 2] = ["left", "right"];

/// Properties with four values, of which the second is the right one and the fourth the left.
const BOXES: [&str; 8] =
    ["margin", "padding", "inset", "border-width", "border-style", "border-color", "scroll-margin", "scroll-padding"];

#[test]
fn the_style_names_no_side() {
    let mut broken = Vec::new();
    let mut found = 0;
    for (path, style) in styles() {
        found += 1;
        broken.extend(violations(&path, &style));
    }
    assert!(found >= 9, "only {found} styles were found");
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_side_is_noticed() {
    for (declaration, broken) in [
        ("margin-left: 4px", true),
        ("margin-inline-start: 4px", false),
        ("border-top-left-radius: 4px", true),
        ("border-start-start-radius: 4px", false),
        ("right: 0", true),
        ("text-align: right", true),
        ("text-align: start", false),
        ("float: left", true),
        ("padding: 1px 2px 3px 4px", true),
        ("padding: 1px 2px 3px 2px", false),
        ("padding: 1px 2px", false),
        ("inset: auto var(--x, 20px) calc(1px + 2px) auto", true),
        ("inset: 0 auto 0 auto !important", false),
        ("border-radius: 4px 4px 0 0", false),
        ("border-radius: 4px 0 0 4px", true),
        ("border-radius: 4px 0", true),
        ("border-radius: 50%", false),
        ("--left: 4px", false),
        ("transform-origin: bottom right", true),
        ("color: red", false),
    ] {
        let style = format!("/* On the left: 0; */\n@media (max-width: 480px) {{ .a, .b {{ {declaration}; }} }}");
        assert_eq!(!violations("a.css", &style).is_empty(), broken, "{declaration}");
    }
    let allowed = "a { right: auto }";
    assert_eq!(violations("style/widget/panel.css", allowed), Vec::<String>::new());
    assert_eq!(violations("style/widget/header.css", allowed).len(), 1);
}

fn violations(path: &str, style: &str) -> Vec<String> {
    let style = without_comments(style);
    let declarations = style.split(['{', '}', ';']).map(str::trim);
    let broken = declarations.filter(|declaration| {
        let allowed = ALLOWED.iter().any(|(file, start)| *file == path && declaration.starts_with(start));
        !allowed && names_a_side(declaration)
    });
    broken.map(|declaration| format!("{path} names a side of the screen: {declaration}")).collect()
}

fn names_a_side(declaration: &str) -> bool {
    let Some((property, value)) = declaration.split_once(':') else { return false };
    let is_property = property.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
    if !is_property || property.starts_with("--") {
        return false;
    }
    let values = values(value);
    property.split('-').chain(values.iter().copied()).any(|word| SIDES.contains(&word))
        || BOXES.contains(&property) && values.len() == 4 && values[1] != values[3]
        || property == "border-radius" && !same_on_both_sides(&values)
}

/// The corners are at the top left, top right, bottom right, bottom left.
fn same_on_both_sides(corners: &[&str]) -> bool {
    match corners {
        [_] => true,
        [top_left, top_right, bottom_right, bottom_left] => top_left == top_right && bottom_right == bottom_left,
        _ => false,
    }
}

/// What stands between spaces that are in no parentheses.
fn values(value: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let outside = |letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && letter.is_whitespace()
    };
    let value = value.trim().trim_end_matches("!important");
    value.split(outside).filter(|value| !value.is_empty()).collect()
}

fn without_comments(style: &str) -> String {
    let mut kept = String::new();
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The panel's style, file by file, and the loader's.
fn styles() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["style/widget", "src/loader"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".css") {
                found.push((format!("{folder}/{name}"), fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    found
}

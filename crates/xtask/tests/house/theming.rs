//! The documentation's table of custom properties, held to the CSS that reads them.

use std::collections::BTreeSet;
use std::fs;

use super::root;

#[test]
fn each_property_that_the_css_reads_is_documented_and_the_other_way_round() {
    let root = root();
    let styles = fs::read_dir(root.join("style/widget")).unwrap().map(|entry| entry.unwrap().path());
    let loader = ["launcher.css", "frame.css"].map(|name| root.join("src/loader").join(name));
    let css: String = styles.chain(loader).map(|path| fs::read_to_string(path).unwrap()).collect();
    let documented = documented(&fs::read_to_string(root.join("docs/theming.md")).unwrap());
    assert!(documented.len() > 10, "{documented:?}");
    assert_eq!(read(&css), documented);
}

/// Nothing reaches into a frame by itself: each property is passed on, or is read where the frame is placed.
#[test]
fn each_property_holds_in_a_frame() {
    let read_file = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let (script, css) = (read_file("src/loader/appearance.js"), read_file("src/loader/frame.css"));
    let outside: BTreeSet<_> = read(&css).union(&read(&read_file("src/loader/launcher.css"))).cloned().collect();
    let missing: Vec<_> = documented(&read_file("docs/theming.md"))
        .into_iter()
        .filter(|name| !script.contains(&format!("\"{name}\"")) && !outside.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_only_one_of_them_knows_is_noticed() {
    let known = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(read("a { b: var(--chat-b, var(--chat-c)); --chat-d: 1; }"), known(&["--chat-b", "--chat-c"]));
    assert_eq!(documented("| `--chat-b` | what it is |\nand `--chat-c`"), known(&["--chat-b"]));
}

/// The properties whose values are taken.
fn read(css: &str) -> BTreeSet<String> {
    css.split("var(").skip(1).map(name).filter(|name| name.starts_with("--chat-")).collect()
}

/// The properties that have a row.
fn documented(text: &str) -> BTreeSet<String> {
    text.lines().filter_map(|line| line.strip_prefix("| `")).map(name).filter(|name| name.starts_with("--")).collect()
}

fn name(text: &str) -> String {
    text.chars().take_while(|character| character.is_ascii_alphanumeric() || *character == '-').collect()
}

//! The documentation's tables of custom properties and of parts, held to the CSS that reads them and the code that names them.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

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
fn each_part_that_is_drawn_is_documented_and_the_other_way_round() {
    let views = super::sources("src").unwrap().into_iter().map(|source| source.text);
    let loader = fs::read_dir(root().join("src/loader")).unwrap().map(|entry| entry.unwrap().path());
    let loader = loader.map(|path| fs::read_to_string(path).unwrap());
    let drawn: BTreeSet<_> = views.chain(loader).flat_map(|text| parts(&text)).collect();
    let text = fs::read_to_string(root().join("docs/theming.md")).unwrap();
    let (_, table) = text.split_once("| part | drawn |").unwrap();
    let documented: BTreeSet<_> = table.lines().filter_map(|line| line.strip_prefix("| `")).map(name).collect();
    assert!(documented.len() > 20, "{documented:?}");
    assert_eq!(drawn, documented);
}

/// The launcher and the panel are in one shadow root; what becomes of the launcher there has a sheet of its own.
#[test]
fn the_loader_and_the_panel_share_no_class() {
    let classes_in = |folder: &str| -> BTreeSet<_> {
        let files = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let is_sheet = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "css");
        let sheets = files.filter(|path| is_sheet(path) && !path.ends_with("style/widget/launcher.css"));
        sheets.flat_map(|path| classes(&fs::read_to_string(path).unwrap())).collect()
    };
    let (loader, panel) = (classes_in("src/loader"), classes_in("style/widget"));
    assert!(loader.len() >= 4 && panel.len() > 20, "{loader:?} {panel:?}");
    let shared: Vec<_> = loader.intersection(&panel).collect();
    assert!(shared.is_empty(), "{shared:?}");
}

#[test]
fn what_only_one_of_them_knows_is_noticed() {
    let known = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(read("a { b: var(--chat-b, var(--chat-c)); --chat-d: 1; }"), known(&["--chat-b", "--chat-c"]));
    assert_eq!(classes("/* no.no */ .b > .c-d:not(.b) { width: 1.5em; }"), known(&["b", "c-d"]));
    assert_eq!(parts("<p part=\"b\">; b.part = \"c\"; { part: \"d-e\" }; a.part(\"f\")"), ["b", "d-e", "c", "f"]);
    assert_eq!(documented("| `--chat-b` | what it is |\nand `--chat-c`"), known(&["--chat-b"]));
}

/// The classes that rules select.
fn classes(css: &str) -> BTreeSet<String> {
    let rules: String = css.split("*/").filter_map(|piece| piece.split("/*").next()).collect();
    let selectors = rules.split(['{', '}', ';']).flat_map(|piece| piece.split('.').skip(1));
    let is_class = |name: &String| name.starts_with(|first: char| first.is_ascii_lowercase());
    selectors.map(name).filter(is_class).collect()
}

/// What a view or the loader calls a part.
fn parts(source: &str) -> Vec<String> {
    const WRITTEN: [&str; 4] = [" part=\"", " part: \"", ".part = \"", ".part(\""];
    let after = WRITTEN.iter().flat_map(|before| source.split(before).skip(1));
    after.map(name).filter(|name| !name.is_empty()).collect()
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

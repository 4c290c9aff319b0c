//! The table in `docs/secondme-apis.md`: each parameter, error code and rule of SecondMe's two documents stands in it once,
//! with tests that exist and run. Whether a test holds its row is for a reader to see.

mod documents;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use documents::{AVATAR_HUB, Part, VISITOR_CHAT};

/// The simulator's own tests say nothing of the proxy or the widget, so that no row rests on them alone.
const SIMULATOR: &str = "crates/secondme-sim/";

const TEST_ATTRIBUTES: [&str; 4] = ["#[test]", "#[tokio::test]", "#[tokio::test(", "#[wasm_bindgen_test]"];

#[test]
fn each_row_of_the_documents_is_covered_by_a_test() {
    let table = read_table();
    let wanted: Vec<String> = rows("Visitor Chat", VISITOR_CHAT).chain(rows("Avatar Hub", AVATAR_HUB)).collect();
    let rows: BTreeSet<_> = wanted.iter().collect();
    assert_eq!(rows.len(), wanted.len(), "a row is wanted twice");
    assert!(rows.len() > 150, "only {} rows", rows.len());
    let missing: Vec<_> = rows.iter().filter(|row| !table.contains_key(**row)).collect();
    assert!(missing.is_empty(), "the table lacks {missing:#?}");
    let unknown: Vec<_> = table.keys().filter(|row| !rows.contains(row)).collect();
    assert!(unknown.is_empty(), "the table has rows that no document has: {unknown:#?}");
}

#[test]
fn each_test_that_the_table_names_exists_and_runs() {
    let mut sources = BTreeMap::new();
    for (row, tests) in read_table() {
        assert!(
            tests.iter().any(|test| !test.starts_with(SIMULATOR)),
            "{row} names no test of the proxy or the widget"
        );
        for test in tests {
            let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{row}: `{test}` is not file::test"));
            let source = sources.entry(file.to_owned()).or_insert_with(|| {
                let path = root().join(file);
                assert!(is_compiled(&path), "{row}: no target leads to {file}");
                read(&path)
            });
            assert!(has_test(source, name), "{row}: {file} has no test {name}");
        }
    }
}

#[test]
fn what_only_looks_like_a_test_is_none() {
    let source = "
        #[tokio::test(flavor = \"multi_thread\")]
        async fn one() {}
        #[expect(clippy::panic)]
        #[test]
        fn two() {}
        async fn helper() {}
        #[expect(clippy::panic)]
        fn expected() {}
        #[test]
        #[ignore = \"slow\"]
        fn ignored() {}
        // #[test]
        fn in_a_comment() {}
        // fn one() {}
    ";
    let check = |name: &str, expected: bool| assert_eq!(has_test(source, name), expected, "{name}");
    check("one", true);
    check("two", true);
    for name in ["helper", "expected", "ignored", "in_a_comment", "tw", "nothing"] {
        check(name, false);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/proxy");
    assert!(is_compiled(&here.join("rows.rs")) && is_compiled(&here.join("rows/documents.rs")));
    assert!(!is_compiled(&here.join("rows/forgotten.rs")), "no file names such a module");
}

fn rows<'a>(document: &'a str, parts: &'a [Part]) -> impl Iterator<Item = String> + 'a {
    parts.iter().flat_map(move |(part, names)| names.iter().map(move |name| format!("{document} | {part} | {name}")))
}

/// The rows as `document | part | name`, with the tests in their last cell. The document is the heading above.
fn read_table() -> BTreeMap<String, Vec<String>> {
    let text = read(&root().join("docs/secondme-apis.md"));
    let mut table = BTreeMap::new();
    let mut document = "";
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            document = heading;
        }
        let Some(cells) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else { continue };
        let cells: Vec<_> = cells.split('|').map(str::trim).collect();
        let [part, name, what, tests] = cells.as_slice() else { panic!("not four cells: {line}") };
        if part.starts_with("---") || *part == "part" {
            continue;
        }
        assert!(!what.is_empty(), "nothing is said about {name}");
        let tests = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let row = format!("{document} | {part} | {}", name.trim_matches('`'));
        assert!(table.insert(row.clone(), tests).is_none(), "the table has this row twice: {row}");
    }
    table
}

/// Whether the source has a test of this name, by the attributes right above it.
fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let begins = |line: &&str| line.trim_start_matches("async ").starts_with(&format!("fn {name}("));
    let Some(place) = lines.iter().position(begins) else { return false };
    let attributes: Vec<_> = lines[..place].iter().rev().take_while(|line| line.starts_with("#[")).collect();
    let is_test = |line: &&&str| TEST_ATTRIBUTES.iter().any(|attribute| line.starts_with(attribute));
    attributes.iter().any(is_test) && !attributes.iter().any(|line| line.starts_with("#[ignore"))
}

/// Whether a target's root leads to the file, from one `mod` to the next.
fn is_compiled(path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_stem()) else { return false };
    let is_tests = folder.ends_with("tests") && folder.with_file_name("Cargo.toml").exists();
    if is_tests || name == "main" || name == "lib" {
        return path.exists();
    }
    let named = format!("mod {};", name.display());
    [folder.join("main.rs"), folder.join("lib.rs"), folder.with_extension("rs")].iter().any(|parent| {
        let source = fs::read_to_string(parent).unwrap_or_default();
        source.lines().any(|line| line.trim().trim_start_matches("pub ") == named) && is_compiled(parent)
    })
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

//! The README's list of features and `docs/features.md`, which names for each the browser tests that show it: the same
//! features in the same order, and tests that are there. Whether a test holds its line is for a reader to see.

use std::collections::BTreeMap;
use std::fs;

use super::root;

/// A heading of `docs/features.md`: its name, and its lines, each with the tests it names.
type Feature = (String, Vec<(String, Vec<String>)>);

const TEST_ATTRIBUTES: [&str; 2] = ["#[test]", "#[wasm_bindgen_test]"];

#[test]
fn the_readme_and_the_table_name_the_same_features() {
    let table: Vec<_> = features(&read("docs/features.md")).into_iter().map(|(name, _)| name).collect();
    assert!(table.len() >= 10, "only {} features were found", table.len());
    assert_eq!(listed(&read("README.md")), table, "README.md and docs/features.md differ");
}

#[test]
fn every_line_names_tests_that_are_there() {
    let mut sources = BTreeMap::new();
    let mut broken = Vec::new();
    for (feature, lines) in features(&read("docs/features.md")) {
        if lines.is_empty() {
            broken.push(format!("{feature}: nothing is said"));
        }
        for (line, tests) in lines {
            if tests.is_empty() {
                broken.push(format!("{feature}: {line}: no test is named"));
            }
            for test in tests {
                if let Err(problem) = find(&mut sources, &test) {
                    broken.push(format!("{feature}: {line}: {problem}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_line_without_a_test_is_noticed() {
    let table = "# Title\n\n## One\n| what | shown by |\n|---|---|\n| it `works` | `a.rs::b`, `c.rs::d` |\n| it shines | |\n\n## Two\n";
    let lines = vec![
        ("it `works`".to_owned(), vec!["a.rs::b".to_owned(), "c.rs::d".to_owned()]),
        ("it shines".to_owned(), vec![]),
    ];
    assert_eq!(features(table), [("One".to_owned(), lines), ("Two".to_owned(), vec![])]);
    assert_eq!(
        listed("# A\n- **No**: x\n## What it does\n- **One**: 1\n- **Two**: 2\n## B\n- **No**: y\n"),
        ["One", "Two"]
    );
    let source = "#[test]\n#[expect(a)]\nasync fn one() {}\nfn two() {}\n#[wasm_bindgen_test]\nfn three() {}\n";
    assert_eq!(["one", "two", "three", "thre"].map(|name| has_test(source, name)), [true, false, true, false]);
    assert!(find(&mut BTreeMap::new(), "tests/e2e/not_there.rs::a").is_err());
    assert!(find(&mut BTreeMap::new(), "no test").is_err());
}

fn features(table: &str) -> Vec<Feature> {
    let mut found: Vec<Feature> = Vec::new();
    for line in table.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            found.push((name.to_owned(), Vec::new()));
        } else if let (Some((_, lines)), Some(row)) = (found.last_mut(), line.strip_prefix("| ")) {
            let (what, tests) =
                row.trim_end_matches(['|', ' ']).rsplit_once(" | ").unwrap_or((row.trim_end_matches(['|', ' ']), ""));
            if (what, tests) != ("what", "shown by") {
                lines.push((what.to_owned(), tests.split('`').skip(1).step_by(2).map(str::to_owned).collect()));
            }
        }
    }
    found
}

/// The bold beginnings of the list under the README's heading.
fn listed(readme: &str) -> Vec<String> {
    let section = readme.split("\n## ").find(|section| section.starts_with("What it does\n")).unwrap_or_default();
    let names = section.lines().filter_map(|line| line.strip_prefix("- **")?.split_once("**"));
    names.map(|(name, _)| name.to_owned()).collect()
}

fn find(sources: &mut BTreeMap<String, String>, test: &str) -> Result<(), String> {
    let (file, name) = test.split_once("::").ok_or_else(|| format!("`{test}` is not file::test"))?;
    if !sources.contains_key(file) {
        let text = fs::read_to_string(root().join(file)).map_err(|error| format!("{file}: {error}"))?;
        sources.insert(file.to_owned(), text);
    }
    has_test(&sources[file], name).then_some(()).ok_or_else(|| format!("{file} has no test {name}"))
}

/// Whether a function of that name stands below a test's attribute, with nothing but attributes between.
fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(place, line)| {
        let head = line.trim_start_matches("async ").strip_prefix("fn ").and_then(|rest| rest.strip_prefix(name));
        head.is_some_and(|rest| rest.starts_with('('))
            && lines[..place]
                .iter()
                .rev()
                .take_while(|line| line.starts_with("#["))
                .any(|line| TEST_ATTRIBUTES.contains(line))
    })
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

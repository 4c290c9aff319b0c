//! What the types of the npm package say, held to the code: the options with their kinds, the methods, the events with what
//! they carry, and the reasons of failures.

use std::collections::BTreeMap;
use std::fs;

use super::contract::{self, EVENTS_OWN};
use super::root;

#[test]
fn the_types_have_the_options_of_the_code() {
    let typed = members(&types(), "interface ChatOptions");
    let expected: BTreeMap<_, _> = contract::options().into_iter().map(|(name, kind)| (name, kind.as_type())).collect();
    assert!(expected.len() > 20, "{expected:?}");
    assert_eq!(typed.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, expected) in expected {
        if let Some(expected) = expected {
            assert_eq!(typed[&name], expected, "{name}");
        }
    }
}

#[test]
fn the_types_have_the_methods_of_the_code() {
    let mut typed: Vec<_> = members(&types(), "interface Chat").into_keys().collect();
    let mut expected = contract::methods();
    typed.sort();
    expected.sort();
    assert!(expected.len() >= 10, "{expected:?}");
    assert_eq!(typed, expected);
}

#[test]
fn the_types_have_the_events_of_the_code_and_what_they_carry() {
    let expected = contract::events();
    assert!(expected.len() >= EVENTS_OWN.len(), "{expected:?}");
    assert_eq!(members(&types(), "interface ChatEvents"), expected);
}

#[test]
fn the_types_have_the_reasons_of_failures() {
    let text = types();
    let (_, rest) = text.split_once("export type Failure =").unwrap();
    let (union, _) = rest.split_once(';').unwrap();
    let typed: Vec<_> = union.split('"').skip(1).step_by(2).collect();
    assert_eq!(typed, contract::failures());
}

#[test]
fn the_package_has_the_version_of_the_widget() {
    let package: serde_json::Value = serde_json::from_str(&contract::read("npm/package.json")).unwrap();
    let manifest = contract::read("Cargo.toml");
    let version = manifest.split("[workspace.package]\nversion = \"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(package["version"], version);
}

/// What the package names is written by hand or built; the latter a test of the package itself sees.
#[test]
fn the_wrappers_are_as_short_as_wrappers_are() {
    for name in ["react.js", "vue.js"] {
        let lines = fs::read_to_string(root().join("npm").join(name)).unwrap().lines().count();
        assert!((5..40).contains(&lines), "{name} has {lines} lines");
    }
}

#[test]
fn members_are_found_with_their_types() {
    let text = "export interface Chat {\n  /** It: opens. */\n  open(): void;\n  on<A>(name: A): void;\n  readonly state: B;\n  \
                side?: \"left\" | \"right\";\n}\nexport interface ChatB {\n  c: d;\n}\n";
    let found = members(text, "interface Chat");
    let expected = [("open", ""), ("on", ""), ("state", "B"), ("side", "\"left\" | \"right\"")];
    assert_eq!(found, expected.map(|(name, kind)| (name.to_owned(), kind.to_owned())).into());
}

fn types() -> String {
    contract::read("npm/secondme-chat.d.ts")
}

/// The members of an interface with their types; a method's is not looked at.
fn members(text: &str, interface: &str) -> BTreeMap<String, String> {
    let (_, rest) = text.split_once(&format!("export {interface} {{\n")).unwrap();
    let (body, _) = rest.split_once("\n}").unwrap();
    let lines = body.lines().map(str::trim).filter(|line| !line.starts_with("/**"));
    lines
        .map(|line| {
            let line = line.strip_prefix("readonly ").unwrap_or(line).trim_end_matches(';');
            let end = line.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap();
            let kind = line[end..].trim_start_matches('?').strip_prefix(": ").unwrap_or_default();
            (line[..end].to_owned(), kind.to_owned())
        })
        .collect()
}

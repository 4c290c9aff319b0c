//! Which crate may depend on which, as Cargo itself sees it.

use std::process::Command;

use serde_json::{Value, json};

use super::root;

/// What one crate of the workspace may use of the others.
struct Rule {
    package: &'static str,
    /// In its own code.
    normal: &'static [&'static str],
    /// Behind a feature that is off unless asked for.
    optional: &'static [&'static str],
    /// In its tests.
    dev: &'static [&'static str],
}

const RULES: [Rule; 7] = [
    Rule { package: "chat-core", normal: &[], optional: &[], dev: &[] },
    Rule { package: "chat-markdown", normal: &[], optional: &[], dev: &[] },
    // It writes SecondMe's JSON from the documents: sharing our types would hide our mistakes.
    Rule { package: "secondme-sim", normal: &[], optional: &[], dev: &[] },
    Rule { package: "xtask", normal: &[], optional: &[], dev: &[] },
    Rule { package: "chat-proxy", normal: &["chat-core"], optional: &["secondme-sim"], dev: &["secondme-sim"] },
    Rule { package: "secondme-chat", normal: &["chat-core"], optional: &[], dev: &["chat-proxy", "secondme-sim"] },
    Rule { package: "leptos-shop", normal: &["secondme-chat"], optional: &[], dev: &[] },
];

/// All that the core may use from outside: anything else could bring a clock, chance or I/O.
const CORE_MAY_USE: [&str; 2] = ["serde", "thiserror"];

#[test]
fn the_crates_depend_on_each_other_as_drawn() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    for rule in &RULES {
        assert!(packages(&metadata).any(|package| package["name"] == rule.package), "{} is not there", rule.package);
    }
    let broken = violations(&metadata);
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_forbidden_dependency_is_noticed() {
    let own = |name: &str, kind: Value, optional: bool| json!({ "name": name, "kind": kind, "optional": optional, "path": "/somewhere" });
    let foreign = |name: &str| json!({ "name": name, "kind": null, "optional": false });
    let check = |package: &str, dependency: Value, allowed: bool| {
        let metadata = json!({ "packages": [{ "name": package, "dependencies": [dependency], "features": {} }] });
        assert_eq!(violations(&metadata).is_empty(), allowed, "{metadata}");
    };
    check("secondme-chat", own("chat-core", Value::Null, false), true);
    check("secondme-chat", own("chat-proxy", Value::Null, false), false);
    check("secondme-chat", own("chat-proxy", json!("dev"), false), true);
    check("chat-proxy", own("secondme-sim", Value::Null, true), true);
    check("chat-proxy", own("secondme-sim", Value::Null, false), false);
    check("secondme-sim", own("chat-core", json!("dev"), false), false);
    check("chat-core", own("xtask", json!("build"), false), false);
    check("chat-core", foreign("serde"), true);
    check("chat-core", foreign("getrandom"), false);
    check("chat-proxy", foreign("getrandom"), true);
    check("newcomer", foreign("serde"), false);
}

#[test]
fn a_simulator_in_every_production_build_is_noticed() {
    let metadata = json!({ "packages": [
        { "name": "chat-proxy", "dependencies": [], "features": { "default": ["demo"], "demo": ["dep:secondme-sim"] } },
    ] });
    assert_eq!(violations(&metadata).len(), 1);
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

fn violations(metadata: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages(metadata) {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(rule) = RULES.iter().find(|rule| rule.package == name) else {
            found.push(format!("{name} is new: say here what it may depend on"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            let kind = dependency["kind"].as_str().unwrap_or("normal");
            let allowed = match (dependency["path"].is_string(), kind) {
                (true, "dev") => rule.dev.contains(&used),
                (true, "normal") if dependency["optional"] == true => rule.optional.contains(&used),
                (true, "normal") => rule.normal.contains(&used),
                (true, _) => false,
                (false, "dev") => true,
                (false, _) => name != "chat-core" || CORE_MAY_USE.contains(&used),
            };
            if !allowed {
                found.push(format!("{name} may not have {used} among its {kind} dependencies"));
            }
        }
        let default = package["features"]["default"].as_array().into_iter().flatten();
        if name == "chat-proxy" && default.into_iter().any(|feature| feature == "demo") {
            found.push("chat-proxy may not have the feature `demo` on by default".to_owned());
        }
    }
    found
}

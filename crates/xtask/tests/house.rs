//! The house's rules that no compiler checks: who may depend on whom, between crates and between modules, and how a
//! file begins and ends. Each rule is also shown a house that breaks it, so that it cannot fall silent unnoticed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as the test does")]

#[path = "house/contract.rs"]
mod contract;
#[path = "house/directions.rs"]
mod directions;
#[path = "house/documents.rs"]
mod documents;
#[path = "house/features.rs"]
mod features;
#[path = "house/files.rs"]
mod files;
#[path = "house/graph.rs"]
mod graph;
#[path = "house/languages.rs"]
mod languages;
#[path = "house/layers.rs"]
mod layers;
#[path = "house/markup.rs"]
mod markup;
#[path = "house/paths.rs"]
mod paths;
#[path = "house/templates.rs"]
mod templates;
#[path = "house/texts.rs"]
mod texts;
#[path = "house/theming.rs"]
mod theming;
#[path = "house/types.rs"]
mod types;

use std::io;
use std::path::{Path, PathBuf};

/// The repository's top folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// One source file: its path from the top folder, with `/`, and its text.
struct Source {
    path: String,
    text: String,
}

/// All Rust files below a folder of the repository that are the project's own.
fn sources(folder: &str) -> io::Result<Vec<Source>> {
    let mut found = Vec::new();
    collect(&root().join(folder), folder.trim_matches('.'), &mut found)?;
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<Source>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let others = name.starts_with('.') || ["target", "dist", "node_modules"].contains(&name.as_str());
        if entry.file_type()?.is_dir() && !others {
            collect(&entry.path(), &path, found)?;
        } else if name.ends_with(".rs") {
            found.push(Source { path, text: std::fs::read_to_string(entry.path())? });
        }
    }
    Ok(())
}

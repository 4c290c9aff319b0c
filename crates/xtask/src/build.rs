//! Builds the widget into dist/ with Trunk, unless neither its sources nor its result changed since the last time.

use std::env;
use std::fs::{self, File};
use std::path::PathBuf;

use crate::error::Error;
use crate::fingerprint;
use crate::process::Process;
use crate::project::Project;
use crate::recipe::Recipe;
use crate::report;

/// Everything that goes into dist/. This program's own sources count: they write the bundle.
const SOURCES: [&str; 13] = [
    "npm",
    "src",
    "style",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "crates/chat-core/Cargo.toml",
    "crates/chat-core/src",
    "crates/chat-markdown/Cargo.toml",
    "crates/chat-markdown/src",
    "crates/xtask/src",
];

/// Brings dist/ up to date for the demo and the tests. What was built for release is good enough.
pub(crate) fn widget(project: &Project) -> Result<(), Error> {
    build(project, Recipe::Plain, &[Recipe::Small, Recipe::Plain])
}

/// Brings dist/ up to date as it goes to visitors.
pub(crate) fn release(project: &Project) -> Result<(), Error> {
    build(project, Recipe::Small, &[Recipe::Small])
}

fn build(project: &Project, recipe: Recipe, enough: &[Recipe]) -> Result<(), Error> {
    let _alone = alone(project)?;
    let memory = project.memory().join("widget");
    let is_known = |known: String| {
        let now = fingerprint(project).unwrap_or_default();
        enough.iter().any(|recipe| known == recipe.mark(&now))
    };
    if fs::read_to_string(&memory).is_ok_and(is_known) {
        report::line("The widget in dist/ is up to date.");
        return Ok(());
    }
    report::line(match recipe {
        Recipe::Plain => "Building the widget …",
        Recipe::Small => "Building the widget for release (about 5 min the first time) …",
    });
    // Trunk works offline, so that it downloads no tools; the crates have to be there before.
    recipe.apply(Process::new(project, "cargo", "fetch --locked --target").argument(crate::setup::WASM)).run()?;
    // A failure is the compiler's or the bundler's, and they said why; where Trunk stood then helps nobody.
    let trunk = Process::new(project, project.rust_tool("trunk"), "build --quiet").variable("RUST_BACKTRACE", "0");
    let mut trunk = recipe.apply(trunk);
    if env::var_os("NO_COLOR").is_some() {
        // Trunk takes this variable for a flag of its own and stops at any word but these two: true, false.
        trunk = trunk.variable("NO_COLOR", "true");
    }
    trunk.run()?;
    fs::write(&memory, recipe.mark(&fingerprint(project)?)).map_err(Error::file("write", &memory))
}

/// Waits until no other run of this program builds the widget: two Trunks at once take away each other's files.
/// The lock ends with the returned file.
fn alone(project: &Project) -> Result<File, Error> {
    let folder = project.memory();
    fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    let path = folder.join("lock");
    let file = File::create(&path).map_err(Error::file("write", &path))?;
    if file.try_lock().is_err() {
        report::line("Waiting for another build of the widget …");
        file.lock().map_err(Error::file("lock", &path))?;
    }
    Ok(file)
}

fn fingerprint(project: &Project) -> Result<String, Error> {
    let mut roots: Vec<PathBuf> = SOURCES.iter().map(|source| project.path(source)).collect();
    roots.push(project.dist());
    fingerprint::of_files(&roots)
}

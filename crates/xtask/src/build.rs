//! Builds the widget into dist/ with Trunk, unless neither its sources nor its result changed since the last time.

use std::env;
use std::fs::{self, File};
use std::path::PathBuf;

use crate::error::Error;
use crate::fingerprint;
use crate::process::Process;
use crate::project::Project;
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

/// Brings dist/ up to date.
pub(crate) fn widget(project: &Project) -> Result<(), Error> {
    let _alone = alone(project)?;
    let memory = project.memory().join("widget");
    if fs::read_to_string(&memory).is_ok_and(|known| fingerprint(project).is_ok_and(|now| now == known)) {
        report::line("The widget in dist/ is up to date.");
        return Ok(());
    }
    report::line("Building the widget …");
    // Trunk works offline, so that it downloads no tools; the crates have to be there before.
    Process::new(project, "cargo", "fetch --locked --target").argument(crate::setup::WASM).run()?;
    // A failure is the compiler's or the bundler's, and they said why; where Trunk stood then helps nobody.
    let mut trunk = Process::new(project, project.rust_tool("trunk"), "build --quiet").variable("RUST_BACKTRACE", "0");
    if env::var_os("NO_COLOR").is_some() {
        // Trunk takes this variable for a flag of its own and stops at any word but these two: true, false.
        trunk = trunk.variable("NO_COLOR", "true");
    }
    trunk.run()?;
    fs::write(&memory, fingerprint(project)?).map_err(Error::file("write", &memory))
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

//! Puts the widget's built files into the program where the feature `embed-widget` asks for it. Without them it builds all
//! the same, so that a clean checkout can be linted; the program says then that it has none.

#[path = "build/embedding.rs"]
mod embedding;

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Another folder than the repository's dist/.
const FOLDER: &str = "SECONDME_CHAT_DIST";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-env-changed={FOLDER}");
    if env::var_os("CARGO_FEATURE_EMBED_WIDGET").is_none() {
        return Ok(());
    }
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("Cargo names no package")?);
    let target = PathBuf::from(env::var_os("OUT_DIR").ok_or("Cargo names no folder for results")?);
    let folder = env::var_os(FOLDER).map_or_else(|| package.join("../../dist"), PathBuf::from);
    write(&folder, &target.join("widget.rs"))?;
    // The same by which the tests know that it works.
    write(&package.join("tests/small_dist"), &target.join("small_dist.rs"))?;
    if !folder.join("widget.js").is_file() {
        println!(
            "cargo::warning=the program is built without the widget's files, because {} holds no widget.js; run `cargo xtask \
             dist` first",
            folder.display()
        );
    }
    Ok(())
}

fn write(folder: &Path, target: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    Ok(fs::write(target, embedding::table(folder)?)?)
}

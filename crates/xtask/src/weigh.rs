//! `cargo xtask dist`: what each file of the widget weighs, plain and as it travels.
#![expect(clippy::print_stdout, reason = "the table is this task's result")]

use std::fs;
use std::ops::AddAssign;

use crate::bundle::Compiled;
use crate::compress::beside;
use crate::error::Error;
use crate::project::Project;
use crate::{build, fingerprint, setup};

/// Builds the widget and prints the table.
pub(crate) fn run(project: &Project) -> Result<(), Error> {
    setup::for_build(project)?;
    build::widget(project)?;
    let folder = project.dist();
    let compiled = Compiled::find(&folder)?;
    println!("{:<48}{:>12}{:>12}{:>12}", "file (bytes)", "plain", "gzip 9", "brotli 11");
    let mut open = Weight::default();
    for path in fingerprint::files(&folder)? {
        if path.extension().is_some_and(|kind| kind == "br" || kind == "gz") {
            continue;
        }
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
        let weight = Weight::of(&path)?;
        println!("{}", weight.row(&name));
        if name == "widget.js" || name == compiled.script || name == compiled.wasm {
            open += weight;
        }
    }
    println!("{}", open.row("until open: widget.js + script + wasm"));
    Ok(())
}

/// Bytes of one file, or of several together.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    plain: u64,
    gzip: u64,
    brotli: u64,
}

impl Weight {
    /// A file that was not worth compressing travels as it is.
    fn of(path: &std::path::Path) -> Result<Self, Error> {
        let plain = fs::metadata(path).map_err(Error::file("read", path))?.len();
        let compressed = |ending| fs::metadata(beside(path, ending)).map_or(plain, |file| file.len());
        Ok(Self { plain, gzip: compressed("gz"), brotli: compressed("br") })
    }

    fn row(self, name: &str) -> String {
        format!("{name:<48}{:>12}{:>12}{:>12}", self.plain, self.gzip, self.brotli)
    }
}

impl AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        self.plain += other.plain;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

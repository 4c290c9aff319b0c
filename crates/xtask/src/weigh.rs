//! `cargo xtask dist`: what each file of the widget weighs, plain and as it travels.
#![expect(clippy::print_stdout, reason = "the table is this task's result")]

use std::fs;
use std::ops::AddAssign;

use crate::bundle::{Compiled, MARKDOWN, WIDGET, is_language};
use crate::compress::beside;
use crate::error::Error;
use crate::project::Project;
use crate::{build, fingerprint, setup};

/// Builds the widget and prints the table.
pub(crate) fn run(project: &Project) -> Result<(), Error> {
    setup::for_release(project)?;
    build::release(project)?;
    let folder = project.dist();
    let widget = Compiled::find(&folder, WIDGET)?;
    let markdown = Compiled::find(&folder, MARKDOWN)?;
    println!("{:<48}{:>12}{:>12}{:>12}", "file (bytes)", "plain", "gzip 9", "brotli 11");
    let (mut open, mut rich, mut languages) = (Weight::default(), Weight::default(), Vec::new());
    for path in fingerprint::files(&folder)? {
        if path.extension().is_some_and(|kind| kind == "br" || kind == "gz") {
            continue;
        }
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
        let weight = Weight::of(&path)?;
        if is_language(&name) {
            languages.push(weight);
            continue;
        }
        println!("{}", weight.row(&name));
        if name == "widget.js" || name == widget.script || name == widget.wasm {
            open += weight;
        } else if name == markdown.script || name == markdown.wasm {
            rich += weight;
        }
    }
    if let Some(largest) = languages.iter().max_by_key(|weight| weight.brotli) {
        println!("{}", largest.row(&format!("a language, the largest of {}", languages.len())));
    }
    println!("{}", open.row("until open: widget.js + script + wasm"));
    rich += open;
    println!("{}", rich.row("with rich text: its script + wasm, too"));
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

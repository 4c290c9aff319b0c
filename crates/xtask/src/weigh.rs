//! What each file of the widget weighs, plain and as it travels: printed by `cargo xtask dist`, and held to budgets by
//! `cargo xtask test`.
#![expect(clippy::print_stdout, reason = "the table is this task's result")]

use std::fs;
use std::iter::Sum;
use std::ops::Add;
use std::path::Path;

use crate::bundle::{Compiled, MARKDOWN, PACKAGE, WIDGET, WIDGET_SCRIPT, is_language};
use crate::compress::beside;
use crate::error::Error;
use crate::project::Project;
use crate::{build, fingerprint, setup};

/// What may travel at most, in bytes after brotli: little more than what does, so that growth is somebody's decision.
const BUDGETS: Budgets = Budgets { loader: 3_100, open: 148_000, rich_text: 96_000, language: 2_100 };

struct Budgets {
    /// widget.js, which every visitor of every page gets.
    loader: u64,
    /// widget.js and what the first opening waits for.
    open: u64,
    /// chat-markdown, which comes after that.
    rich_text: u64,
    /// The largest of the languages, one of which comes with the first opening where the widget does not speak it already.
    language: u64,
}

/// Builds the widget and prints the table.
pub(crate) fn run(project: &Project) -> Result<(), Error> {
    setup::for_release(project)?;
    build::release(project)?;
    let Weights { files, open, rich_text, languages, .. } = Weights::of(&project.dist())?;
    println!("{:<48}{:>12}{:>12}{:>12}", "file (bytes)", "plain", "gzip 9", "brotli 11");
    for (name, weight) in files {
        println!("{}", weight.row(&name));
    }
    if let Some(largest) = largest(&languages) {
        println!("{}", largest.row(&format!("a language, the largest of {}", languages.len())));
    }
    println!("{}", open.row("until open: widget.js + script + wasm"));
    println!("{}", (open + rich_text).row("with rich text: its script + wasm, too"));
    Ok(())
}

/// Refuses a built widget of which anything travels that is heavier than its budget.
pub(crate) fn check(project: &Project) -> Result<(), Error> {
    let folder = project.dist();
    let excess = Weights::of(&folder)?.excess(&BUDGETS);
    if excess.is_empty() { Ok(()) } else { Err(Error::content(&folder, excess.join("; "))) }
}

/// The files of a built widget, and the sums that count.
#[derive(Default)]
struct Weights {
    /// All but the languages, by name.
    files: Vec<(String, Weight)>,
    loader: Weight,
    open: Weight,
    rich_text: Weight,
    languages: Vec<Weight>,
}

impl Weights {
    fn of(folder: &Path) -> Result<Self, Error> {
        let (widget, markdown) = (Compiled::find(folder, WIDGET)?, Compiled::find(folder, MARKDOWN)?);
        let mut weights = Self::default();
        for path in fingerprint::files(folder)? {
            if path.extension().is_some_and(|kind| kind == "br" || kind == "gz") {
                continue;
            }
            // The same once more, for npm.
            if path.starts_with(folder.join(PACKAGE)) {
                continue;
            }
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            let weight = Weight::of(&path)?;
            if is_language(&name) {
                weights.languages.push(weight);
            } else {
                weights.files.push((name, weight));
            }
        }
        let sum = |names: &[&str]| {
            weights.files.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(_, weight)| *weight).sum()
        };
        weights.loader = sum(&[WIDGET_SCRIPT]);
        weights.open = sum(&[WIDGET_SCRIPT, &widget.script, &widget.wasm]);
        weights.rich_text = sum(&[&markdown.script, &markdown.wasm]);
        Ok(weights)
    }

    /// A sentence for each budget that is not kept.
    fn excess(&self, budgets: &Budgets) -> Vec<String> {
        let language = largest(&self.languages).unwrap_or_default();
        let parts = [
            (WIDGET_SCRIPT, self.loader, budgets.loader),
            ("what comes until the chat is open", self.open, budgets.open),
            ("chat-markdown", self.rich_text, budgets.rich_text),
            ("the largest language", language, budgets.language),
        ];
        let heavy = parts.iter().filter(|(_, weight, budget)| weight.brotli > *budget);
        heavy
            .map(|(name, weight, budget)| {
                format!("{name} weighs {} bytes after brotli, and its budget is {budget}", weight.brotli)
            })
            .collect()
    }
}

fn largest(languages: &[Weight]) -> Option<Weight> {
    languages.iter().max_by_key(|weight| weight.brotli).copied()
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
    fn of(path: &Path) -> Result<Self, Error> {
        let plain = fs::metadata(path).map_err(Error::file("read", path))?.len();
        let compressed = |ending| fs::metadata(beside(path, ending)).map_or(plain, |file| file.len());
        Ok(Self { plain, gzip: compressed("gz"), brotli: compressed("br") })
    }

    fn row(self, name: &str) -> String {
        format!("{name:<48}{:>12}{:>12}{:>12}", self.plain, self.gzip, self.brotli)
    }
}

impl Add for Weight {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { plain: self.plain + other.plain, gzip: self.gzip + other.gzip, brotli: self.brotli + other.brotli }
    }
}

impl Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(weights: I) -> Self {
        weights.fold(Self::default(), Self::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heavier_than_its_budget_is_named() {
        let folder = std::env::temp_dir().join(format!("xtask-weigh-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let put = |name: &str, bytes: usize| fs::write(folder.join(name), "x".repeat(bytes)).unwrap();
        // Larger where it is plain, which counts only for what has no compressed file beside it.
        put("widget.js", 900);
        put("widget.js.br", 30);
        put("secondme-chat-0123456789abcdef.js", 40);
        put("secondme-chat-0123456789abcdef_bg.wasm", 50);
        put("chat-markdown-0123456789abcdef.js", 15);
        put("chat-markdown-0123456789abcdef_bg.wasm", 20);
        put("language-de-0123456789abcdef.json", 8);
        put("language-fr-0123456789abcdef.json", 9);
        put("index.html", 5_000);
        let weights = Weights::of(&folder).unwrap();
        let check = |[loader, open, rich_text, language]: [u64; 4], expected: &[&str]| {
            let found = weights.excess(&Budgets { loader, open, rich_text, language });
            assert_eq!(found, expected);
        };
        check([30, 120, 35, 9], &[]);
        check([29, 120, 35, 9], &["widget.js weighs 30 bytes after brotli, and its budget is 29"]);
        check(
            [30, 119, 34, 8],
            &[
                "what comes until the chat is open weighs 120 bytes after brotli, and its budget is 119",
                "chat-markdown weighs 35 bytes after brotli, and its budget is 34",
                "the largest language weighs 9 bytes after brotli, and its budget is 8",
            ],
        );
        fs::remove_dir_all(&folder).unwrap();
    }
}

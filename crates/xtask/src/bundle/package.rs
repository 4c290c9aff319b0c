//! The package for npm: the same widget under names that stay, since whoever bundles it gives names of their own. What it says
//! of itself is written by hand in npm/.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::loader::Defines;
use super::{Compiled, LANGUAGES, MARKDOWN, RICH_TEXT, as_json, loader, script};
use crate::error::Error;
use crate::fingerprint;
use crate::project::Project;

/// Where it is put, inside the folder of built files, and where its hand-written part is.
pub(crate) const FOLDER: &str = "npm";
/// The module that programs import, and what it is made of.
const MODULE: (&str, &str) = ("chat.js", "package.js");
/// The glue script, the program, and the loader's second part.
const SCRIPT: &str = "secondme-chat.js";
const WASM: &str = "secondme-chat_bg.wasm";
const MORE: &str = "secondme-chat-more.js";
/// What the module imports stays a file beside it.
const BESIDE: &str = "--external:./secondme-chat*.js";
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
/// Where the glue script looks for the program unless it is told: bundlers want such a place to be one.
const UNKNOWN_PLACE: (&str, &str) = ("\"secondme-chat_bg.wasm\"", "\"./secondme-chat_bg.wasm\"");
/// The one import whose address only the running program knows: bundlers are asked to leave it alone.
const UNKNOWN_IMPORT: (&str, &str) = ("import(", "import(/* webpackIgnore: true *//* @vite-ignore */");

/// The glue script, which says where its parts are in the way that bundlers look for. `trunks` are the widget's files in the
/// folder as Trunk left them.
pub(super) fn glue(
    project: &Project,
    folder: &Path,
    trunks: &Compiled,
    languages: &BTreeMap<String, String>,
) -> Result<String, Error> {
    let places = project.memory().join("package-parts.js");
    put(&places, places_of_parts(languages)?.as_bytes())?;
    let trunks_script = folder.join(&trunks.script);
    let glue = script(project, &trunks_script, "esm", &[format!("--inject:{}", places.display())])?;
    let exchanges = [UNKNOWN_PLACE, UNKNOWN_IMPORT];
    let glue = String::from_utf8_lossy(&glue).into_owned();
    exchanges.into_iter().try_fold(glue, |text, (from, to)| match text.matches(from).count() {
        1 => Ok(text.replace(from, to)),
        count => Err(Error::content(&trunks_script, format!("has {from} {count} times where it was to be once"))),
    })
}

/// Writes the package from what a site serves: the widget, and the names of what is fetched later.
pub(super) fn build(
    project: &Project,
    folder: &Path,
    glue: &str,
    widget: &Compiled,
    rich_text: &Compiled,
    languages: &BTreeMap<String, String>,
) -> Result<(), Error> {
    let package = folder.join(FOLDER);
    let to = |name: &str| package.join(name);
    fs::create_dir_all(to("languages")).map_err(Error::file("create", &package))?;
    let by_hand = fingerprint::files(&project.path(FOLDER))?.into_iter();
    for path in by_hand.chain(LICENCES.map(|name| project.path(name))) {
        copy(&path, &package.join(path.file_name().unwrap_or_default()))?;
    }
    copy(&folder.join(&rich_text.script), &to(&format!("{MARKDOWN}.js")))?;
    copy(&folder.join(&rich_text.wasm), &to(&format!("{MARKDOWN}_bg.wasm")))?;
    for (tag, name) in languages {
        copy(&folder.join(name), &to(&language(tag)))?;
    }
    copy(&folder.join(&widget.wasm), &to(WASM))?;
    put(&to(SCRIPT), glue.as_bytes())?;

    let styles = Defines::of_styles(project)?;
    put(&to(MORE), &script(project, &loader::source(project, "more.js"), "esm", styles.all())?)?;
    let mut module = styles.all().to_vec();
    module.push(BESIDE.to_owned());
    put(&to(MODULE.0), &script(project, &loader::source(project, MODULE.1), "esm", &module)?)?;
    let tag = loader::with_parts(project, &package, &styles, [SCRIPT, WASM, MORE], loader::WIDGET_SCRIPT, "iife")?;
    put(&to(loader::WIDGET_SCRIPT), &tag)
}

/// A script whose values stand where the names of the parts stand in the other build.
fn places_of_parts(languages: &BTreeMap<String, String>) -> Result<String, Error> {
    let place = |name: &str| Ok::<_, Error>(format!("new URL({}, import.meta.url)", as_json(&format!("./{name}"))?));
    let (script, wasm) = (place(&format!("{MARKDOWN}.js"))?, place(&format!("{MARKDOWN}_bg.wasm"))?);
    let mut text = format!("export const {RICH_TEXT} = [{script}, {wasm}];\nexport const {LANGUAGES} = {{\n");
    for tag in languages.keys() {
        // Writing to a text can't fail.
        let _ = writeln!(text, "{}: {},", as_json(tag)?, place(&language(tag))?);
    }
    Ok(text + "};\n")
}

fn language(tag: &str) -> String {
    format!("languages/{tag}.json")
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::copy(from, to).map(drop).map_err(Error::file("copy", from))
}

fn put(path: &Path, content: &[u8]) -> Result<(), Error> {
    fs::write(path, content).map_err(Error::file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundlers_find_every_part() {
        let languages = BTreeMap::from([("pt-BR".to_owned(), "language-pt-BR-9f86d081884c7d65.json".to_owned())]);
        let text = places_of_parts(&languages).unwrap();
        for address in ["./chat-markdown.js", "./chat-markdown_bg.wasm", "./languages/pt-BR.json"] {
            assert!(text.contains(&format!("new URL(\"{address}\", import.meta.url)")), "{text}");
        }
        assert!(!text.contains("9f86d081884c7d65"), "{text}");
    }
}

//! The last step of Trunk's build: from what Trunk made to what a site serves. Adds the parts that are fetched later,
//! writes widget.js from src/loader, and puts compressed files beside the others. It knows no version of anything.

mod languages;
mod loader;
mod markdown;
mod names;
mod package;
mod page;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use languages::is_language;
pub(crate) use loader::WIDGET_SCRIPT;
pub(crate) use names::Compiled;
pub(crate) use package::FOLDER as PACKAGE;

use crate::compress;
use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::rust_tools::remove_folder;

/// The name that Trunk gives to all it compiles: the root package's.
pub(crate) const WIDGET: &str = "secondme-chat";
/// The package that becomes a module of its own.
pub(crate) const MARKDOWN: &str = "chat-markdown";
/// Stand in src/rich_text.js and src/language.js for the module's files with their hashes, and for those of the languages.
const RICH_TEXT: &str = "__CHAT_RICH_TEXT__";
const LANGUAGES: &str = "__CHAT_LANGUAGES__";
/// What browsers since 2022 understand; those before lack what the WebAssembly needs, too.
pub(crate) const SMALL: &str = "--minify --target=es2022 --legal-comments=none --log-level=warning";

/// Bundles Trunk's staging folder, or dist/ when it is run by hand.
///
/// Each name carries the hash of its file's final content, which may hold other files' names: so the last to be named
/// is the first to be loaded.
pub(crate) fn run(project: &Project) -> Result<(), Error> {
    let folder = env::var_os("TRUNK_STAGING_DIR").map_or_else(|| project.dist(), PathBuf::from);
    let trunks = Compiled::find(&folder, WIDGET)?;
    let rich_text = markdown::build(project, &folder)?;
    let languages = languages::copy(project, &folder)?;

    let checked = [loader::checked(&folder, &rich_text.script)?, loader::checked(&folder, &rich_text.wasm)?];
    let glue = script(
        project,
        &folder.join(&trunks.script),
        "esm",
        &[
            format!("--define:{RICH_TEXT}={}", as_json(&checked)?),
            format!("--define:{LANGUAGES}={}", as_json(&languages)?),
        ],
    )?;
    remove_folder(&folder.join(PACKAGE))?;
    check_parts(project, &glue, &rich_text, &languages)?;
    let glue_for_bundlers = package::glue(project, &folder, &trunks, &languages)?;
    remove_folder(&folder.join("snippets"))?;
    let wasm = take(&folder.join(&trunks.wasm))?;
    take(&folder.join(&trunks.script))?;
    let compiled = Compiled {
        script: names::put(&folder, WIDGET, ".js", &glue)?,
        wasm: names::put(&folder, WIDGET, "_bg.wasm", &wasm)?,
    };

    loader::build(project, &folder, &compiled)?;
    page::finish(&folder.join("index.html"))?;
    compress::folder(&folder, &project.memory().join("compressed"))?;
    // Nobody asks a server for the package, so that it is not compressed.
    package::build(project, &folder, &glue_for_bundlers, &compiled, &rich_text, &languages)
}

/// A script with all that it imports, made small. The crates' little scripts are drawn into one file, so that no further
/// requests are made.
fn script(project: &Project, script: &Path, format: &str, defines: &[String]) -> Result<Vec<u8>, Error> {
    let esbuild = Process::new(project, esbuild(project), "--bundle").argument(format!("--format={format}"));
    defines.iter().fold(esbuild.arguments(SMALL).argument(script), Process::argument).output(b"")
}

pub(crate) fn esbuild(project: &Project) -> PathBuf {
    project.node_commands().join("esbuild")
}

/// A part that the glue does not name would never be fetched, and nobody would be told.
fn check_parts(
    project: &Project,
    glue: &[u8],
    rich_text: &Compiled,
    languages: &BTreeMap<String, String>,
) -> Result<(), Error> {
    let glue = String::from_utf8_lossy(glue);
    let parts = [&rich_text.script, &rich_text.wasm].into_iter().chain(languages.values());
    match parts.into_iter().find(|part| !glue.contains(part.as_str())) {
        Some(lost) => Err(Error::content(&project.path("src"), format!("does not name {lost} where it is fetched"))),
        None => Ok(()),
    }
}

fn take(path: &Path) -> Result<Vec<u8>, Error> {
    let content = fs::read(path).map_err(Error::file("read", path))?;
    fs::remove_file(path).map_err(Error::file("remove", path))?;
    Ok(content)
}

/// File names are texts, which JSON can always say.
fn as_json(names: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(names).map_err(|error| Error::content(Path::new(WIDGET), error.to_string()))
}

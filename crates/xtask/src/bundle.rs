//! The last step of Trunk's build: from what Trunk made to what a site serves. Adds the parts that are fetched later,
//! writes widget.js from src/loader.js, and puts compressed files beside the others. It knows no version of anything.

mod languages;
mod markdown;
mod names;
mod page;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use languages::is_language;
pub(crate) use names::Compiled;

use crate::compress;
use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::rust_tools::remove_folder;

/// The name that Trunk gives to all it compiles: the root package's.
pub(crate) const WIDGET: &str = "secondme-chat";
/// The package that becomes a module of its own.
pub(crate) const MARKDOWN: &str = "chat-markdown";
/// Stand in src/loader.js for the file names of the glue script and of the WebAssembly.
const SCRIPT: &str = "__CHAT_SCRIPT__";
const WASM: &str = "__CHAT_WASM__";
/// Stand in src/rich_text.js and src/language.js for the file names of the module and of the languages.
const RICH_TEXT: &str = "__CHAT_RICH_TEXT__";
const LANGUAGES: &str = "__CHAT_LANGUAGES__";
/// Bundling draws the crates' little scripts into one file, so that no further requests are made.
const WHOLE: &str = "--bundle --format=esm";
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

    let glue = whole_script(
        project,
        &folder.join(&trunks.script),
        &[
            format!("--define:{RICH_TEXT}={}", as_json(&[&rich_text.script, &rich_text.wasm])?),
            format!("--define:{LANGUAGES}={}", as_json(&languages)?),
        ],
    )?;
    check_parts(project, &glue, &rich_text, &languages)?;
    remove_folder(&folder.join("snippets"))?;
    let wasm = take(&folder.join(&trunks.wasm))?;
    take(&folder.join(&trunks.script))?;
    let compiled = Compiled {
        script: names::put(&folder, WIDGET, ".js", &glue)?,
        wasm: names::put(&folder, WIDGET, "_bg.wasm", &wasm)?,
    };

    let loader = project.path("src/loader.js");
    let source = fs::read_to_string(&loader).map_err(Error::file("read", &loader))?;
    let named = compiled.name_in(&source).map_err(|problem| Error::content(&loader, problem))?;
    let widget = Process::new(project, esbuild(project), SMALL).output(named.as_bytes())?;
    let target = folder.join("widget.js");
    fs::write(&target, widget).map_err(Error::file("write", &target))?;

    page::finish(&folder.join("index.html"))?;
    compress::folder(&folder, &project.memory().join("compressed"))
}

/// A script with all that it imports, made small.
fn whole_script(project: &Project, script: &Path, defines: &[String]) -> Result<Vec<u8>, Error> {
    let esbuild = Process::new(project, esbuild(project), WHOLE).arguments(SMALL).argument(script);
    defines.iter().fold(esbuild, Process::argument).output(b"")
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

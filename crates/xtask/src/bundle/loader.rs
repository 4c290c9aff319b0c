//! The loader: widget.js, which a page has from the beginning, its second part, which only some pages want, the module for
//! programs, and the frame's own page. It knows which files they fetch, and not when.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::names::put;
use super::{Compiled, SMALL, as_json, esbuild, script};
use crate::error::Error;
use crate::process::Process;
use crate::project::Project;

/// What the script tag names.
pub(crate) const WIDGET_SCRIPT: &str = "widget.js";
/// What programs import.
const MODULE: &str = "chat.js";
/// What the name of the second part begins with.
const MORE: &str = "secondme-chat-more";
/// What the name of the script in the frame begins with.
const INSIDE: &str = "secondme-chat-frame";
/// The page in the frame of `data-mode="frame"`.
const FRAME_PAGE: &str = "frame.html";
/// Where they are written by hand.
const SOURCES: &str = "src/loader";
/// Stand in the sources for the files that are fetched, and for the style sheets.
const PARTS: &str = "__CHAT_PARTS__";
const STYLES: [(&str, &str); 4] = [
    ("__CHAT_LAUNCHER_STYLE__", "src/loader/launcher.css"),
    ("__CHAT_LAUNCHER_LATER_STYLE__", "style/widget/launcher.css"),
    ("__CHAT_TEASER_STYLE__", "src/loader/teaser.css"),
    ("__CHAT_FRAME_STYLE__", "src/loader/frame.css"),
];
/// Stand in the frame's page for its script and the script's hash.
const INSIDE_SCRIPT: &str = "__CHAT_INSIDE__";
const INSIDE_INTEGRITY: &str = "__CHAT_INTEGRITY__";

/// What esbuild is told to put in the places of names.
pub(super) struct Defines(Vec<String>);

impl Defines {
    /// The style sheets, made small.
    pub(super) fn of_styles(project: &Project) -> Result<Self, Error> {
        let mut defines = Vec::new();
        for (name, path) in STYLES {
            let path = project.path(path);
            let css = fs::read(&path).map_err(Error::file("read", &path))?;
            let small = Process::new(project, esbuild(project), "--loader=css").arguments(SMALL).output(&css)?;
            defines.push(format!("--define:{name}={}", as_json(&String::from_utf8_lossy(&small).trim())?));
        }
        Ok(Self(defines))
    }

    /// As esbuild's arguments.
    pub(super) fn all(&self) -> &[String] {
        &self.0
    }
}

/// Writes all of it into the folder, where the widget is already.
pub(super) fn build(project: &Project, folder: &Path, compiled: &Compiled) -> Result<(), Error> {
    let styles = Defines::of_styles(project)?;
    let more = put(folder, MORE, ".js", &script(project, &source(project, "more.js"), "esm", styles.all())?)?;
    let files = [compiled.script.as_str(), &compiled.wasm, &more];
    for (name, format) in [(WIDGET_SCRIPT, "iife"), (MODULE, "esm")] {
        let target = folder.join(name);
        let content = with_parts(project, folder, &styles, files, name, format)?;
        fs::write(&target, content).map_err(Error::file("write", &target))?;
    }
    frame_page(project, folder, &with_parts(project, folder, &styles, files, "inside.js", "esm")?)
}

/// A hand-written file.
pub(super) fn source(project: &Project, name: &str) -> PathBuf {
    project.path(SOURCES).join(name)
}

/// A script that fetches the files of the folder: the glue script, the program, and the second part.
pub(super) fn with_parts(
    project: &Project,
    folder: &Path,
    styles: &Defines,
    files: [&str; 3],
    name: &str,
    format: &str,
) -> Result<Vec<u8>, Error> {
    let mut parts = Vec::new();
    for name in files {
        let path = folder.join(name);
        parts.push((name, integrity(&fs::read(&path).map_err(Error::file("read", &path))?)));
    }
    let mut defines = styles.0.clone();
    defines.push(format!("--define:{PARTS}={}", as_json(&parts)?));
    let made = script(project, &source(project, name), format, &defines)?;
    let text = String::from_utf8_lossy(&made);
    // A part that is not named would never be fetched, and one without its hash never checked.
    match parts.iter().find(|(name, hash)| !text.contains(*name) || !text.contains(hash)) {
        Some((lost, _)) => {
            Err(Error::content(&project.path(SOURCES), format!("does not name {lost} where it is fetched")))
        }
        None => Ok(made),
    }
}

/// Writes the frame's script, and its page with the name of it.
fn frame_page(project: &Project, folder: &Path, inside: &[u8]) -> Result<(), Error> {
    let name = put(folder, INSIDE, ".js", inside)?;
    let path = source(project, FRAME_PAGE);
    let page = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    if let Some(lost) = [INSIDE_SCRIPT, INSIDE_INTEGRITY].into_iter().find(|place| !page.contains(place)) {
        return Err(Error::content(&path, format!("the placeholder {lost} is missing")));
    }
    let page = page.replace(INSIDE_SCRIPT, &name).replace(INSIDE_INTEGRITY, &integrity(inside));
    let target = folder.join(FRAME_PAGE);
    fs::write(&target, page).map_err(Error::file("write", &target))
}

/// What a browser compares a file with: Subresource Integrity.
pub(super) fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_as_browsers_write_it() {
        assert_eq!(integrity(b""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}

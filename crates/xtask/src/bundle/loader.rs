//! The loader: widget.js, which a page has from the beginning, and its second part, which only some pages want. It knows which
//! files they fetch, and not when.

use std::fs;
use std::path::Path;

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
/// What the name of the second part begins with.
const MORE: &str = "secondme-chat-more";
/// What the name of the script in the frame begins with.
const INSIDE: &str = "secondme-chat-frame";
/// The page in the frame of `data-mode="frame"`.
const FRAME_PAGE: &str = "frame.html";
/// Where both are written by hand.
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

/// Writes both into the folder, where the widget is already.
pub(super) fn build(project: &Project, folder: &Path, compiled: &Compiled) -> Result<(), Error> {
    let sources = project.path(SOURCES);
    let mut defines = Vec::new();
    for (name, path) in STYLES {
        let path = project.path(path);
        let css = fs::read(&path).map_err(Error::file("read", &path))?;
        let small = Process::new(project, esbuild(project), "--loader=css").arguments(SMALL).output(&css)?;
        defines.push(format!("--define:{name}={}", as_json(&String::from_utf8_lossy(&small).trim())?));
    }
    let more = put(folder, MORE, ".js", &script(project, &sources.join("more.js"), "esm", &defines)?)?;
    let mut parts = Vec::new();
    for name in [&compiled.script, &compiled.wasm, &more] {
        let path = folder.join(name);
        parts.push((name.clone(), integrity(&fs::read(&path).map_err(Error::file("read", &path))?)));
    }
    defines.push(format!("--define:{PARTS}={}", as_json(&parts)?));

    let inside = script(project, &sources.join("inside.js"), "esm", &defines)?;
    check_parts(&sources, &inside, &parts[..2])?;
    frame_page(&sources, folder, &inside)?;
    let widget = script(project, &sources.join(WIDGET_SCRIPT), "iife", &defines)?;
    check_parts(&sources, &widget, &parts)?;
    let target = folder.join(WIDGET_SCRIPT);
    fs::write(&target, widget).map_err(Error::file("write", &target))
}

/// A part that is not named would never be fetched, and one without its hash never checked.
fn check_parts(sources: &Path, script: &[u8], parts: &[(String, String)]) -> Result<(), Error> {
    let script = String::from_utf8_lossy(script);
    match parts.iter().find(|(name, hash)| !script.contains(name) || !script.contains(hash)) {
        Some((lost, _)) => Err(Error::content(sources, format!("does not name {lost} where it is fetched"))),
        None => Ok(()),
    }
}

/// Writes the frame's script, and its page with the name of it.
fn frame_page(sources: &Path, folder: &Path, inside: &[u8]) -> Result<(), Error> {
    let name = put(folder, INSIDE, ".js", inside)?;
    let path = sources.join(FRAME_PAGE);
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

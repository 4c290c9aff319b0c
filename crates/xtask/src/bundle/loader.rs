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
/// Where both are written by hand.
const SOURCES: &str = "src/loader";
/// Stand in the sources for the files that are fetched, and for the style sheets.
const PARTS: &str = "__CHAT_PARTS__";
const STYLES: [(&str, &str); 2] =
    [("__CHAT_LAUNCHER_STYLE__", "src/loader/launcher.css"), ("__CHAT_TEASER_STYLE__", "src/loader/teaser.css")];

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
    let more = script(project, &sources.join("more.js"), "esm", &defines)?;
    let more = put(folder, MORE, ".js", &more)?;

    let mut parts = Vec::new();
    for name in [&compiled.script, &compiled.wasm, &more] {
        let path = folder.join(name);
        parts.push((name.clone(), integrity(&fs::read(&path).map_err(Error::file("read", &path))?)));
    }
    defines.push(format!("--define:{PARTS}={}", as_json(&parts)?));
    let widget = script(project, &sources.join(WIDGET_SCRIPT), "iife", &defines)?;
    let text = String::from_utf8_lossy(&widget);
    if let Some((lost, _)) = parts.iter().find(|(name, hash)| !text.contains(name) || !text.contains(hash)) {
        return Err(Error::content(&sources, format!("does not name {lost} where it is fetched")));
    }
    let target = folder.join(WIDGET_SCRIPT);
    fs::write(&target, widget).map_err(Error::file("write", &target))
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

//! From a folder of built files to a table of them in Rust. It knows which of them a browser asks for.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What a browser asks for on behalf of a page with the widget, and what is beside it in a smaller form.
const KINDS: [&str; 10] = ["br", "css", "gz", "js", "json", "mjs", "png", "svg", "wasm", "woff2"];
/// The one page that is the proxy's: that of the frame.
const FRAME: &str = "frame.html";
/// What else is built into the folder.
const OTHER: [&str; 2] = ["bin", "npm"];

/// An expression of the type `&[EmbeddedFile]`, in the order of the names; empty where there is no such folder.
pub(super) fn table(folder: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(&fs::canonicalize(folder)?, "", &mut files)?;
    }
    files.sort();
    let mut text = String::from("&[\n");
    for (name, path) in files {
        let modified = fs::metadata(&path)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        // Writing to a text can't fail.
        let _ = writeln!(
            text,
            "    EmbeddedFile {{ name: {name:?}, modified: {modified}, content: include_bytes!({path:?}) }},"
        );
    }
    Ok(text + "]\n")
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if !OTHER.contains(&name.as_str()) && !name.starts_with('.') {
                collect(&path, &format!("{name}/"), files)?;
            }
        } else if is_asked_for(&path) {
            files.push((name, path));
        }
    }
    Ok(())
}

/// Other pages are the site's own business, in whichever form.
fn is_asked_for(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let known = path.extension().is_some_and(|kind| KINDS.iter().any(|known| kind == *known));
    if name.contains(".html") { name.starts_with(FRAME) } else { known && !name.starts_with('.') }
}

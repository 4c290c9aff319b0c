//! The last step of Trunk's build: from what Trunk made to what a site serves. Writes widget.js from src/loader.js,
//! makes the scripts small, removes what nobody asks for, and puts compressed files beside the others.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::compress;
use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::rust_tools::remove_folder;

/// The name that Trunk gives to all it compiles: the root package's.
const PACKAGE: &str = "secondme-chat";
/// Stands in src/loader.js for the file name of the glue script.
const SCRIPT: &str = "__CHAT_SCRIPT__";
/// Stands in src/loader.js for the file name of the WebAssembly.
const WASM: &str = "__CHAT_WASM__";
/// What browsers since 2022 understand; those before lack what the WebAssembly needs, too.
const SMALL: &str = "--minify --target=es2022 --legal-comments=none --log-level=warning";

/// Bundles Trunk's staging folder, or dist/ when it is run by hand.
pub(crate) fn run(project: &Project) -> Result<(), Error> {
    let folder = env::var_os("TRUNK_STAGING_DIR").map_or_else(|| project.dist(), PathBuf::from);
    let compiled = Compiled::find(&folder)?;

    let esbuild = project.node_commands().join("esbuild");
    let glue = folder.join(&compiled.script);
    // Bundling draws the crates' little scripts in snippets/ into the one file, so that no further requests are made.
    Process::new(project, &esbuild, "--bundle --format=esm --allow-overwrite")
        .argument(&glue)
        .argument(format!("--outfile={}", glue.display()))
        .arguments(SMALL)
        .run()?;
    remove_folder(&folder.join("snippets"))?;

    let loader = project.path("src/loader.js");
    let source = fs::read_to_string(&loader).map_err(Error::file("read", &loader))?;
    let named = compiled.name_in(&source).map_err(|problem| Error::content(&loader, problem))?;
    let widget = Process::new(project, &esbuild, SMALL).output(named.as_bytes())?;
    let target = folder.join("widget.js");
    fs::write(&target, widget).map_err(Error::file("write", &target))?;

    let page = folder.join("index.html");
    let html = fs::read_to_string(&page).map_err(Error::file("read", &page))?;
    fs::write(&page, without_instructions(&html)).map_err(Error::file("write", &page))?;

    compress::folder(&folder, &project.memory().join("compressed"))
}

/// The page without the element that told Trunk what to compile; it says nothing to a browser.
fn without_instructions(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, element)) = rest.split_once("<link") {
        let (inside, after) = element.split_once('>').unwrap_or((element, ""));
        if inside.contains("rel=\"rust\"") {
            kept.push_str(before.trim_end_matches([' ', '\t']));
            rest = after.strip_prefix('\n').unwrap_or(after);
        } else {
            kept.push_str(before);
            kept.push_str("<link");
            rest = element;
        }
    }
    kept + rest
}

/// The names of the two files that Trunk compiled; the hash in them makes them safe to cache for ever.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Compiled {
    /// The glue script: `secondme-chat-<hash>.js`.
    pub(crate) script: String,
    /// The program: `secondme-chat-<hash>_bg.wasm`.
    pub(crate) wasm: String,
}

impl Compiled {
    /// Finds the one pair of files in a folder.
    pub(crate) fn find(folder: &Path) -> Result<Self, Error> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::file("read", folder))? {
            let name = entry.map_err(Error::file("read", folder))?.file_name().to_string_lossy().into_owned();
            let stem = name.strip_suffix("_bg.wasm").filter(|stem| stem.starts_with(&format!("{PACKAGE}-")));
            if let Some(stem) = stem {
                found.push(Self { script: format!("{stem}.js"), wasm: name.clone() });
            }
        }
        match (found.pop(), found.pop()) {
            (Some(one), None) if folder.join(&one.script).is_file() => Ok(one),
            (Some(one), None) => Err(Error::content(folder, format!("{} is there without {}", one.wasm, one.script))),
            (Some(one), Some(other)) => {
                Err(Error::content(folder, format!("both {} and {} are there; one is stale", other.wasm, one.wasm)))
            }
            (None, _) => Err(Error::content(folder, format!("holds no {PACKAGE}-<hash>_bg.wasm; run `trunk build`"))),
        }
    }

    /// The loader with both names filled in.
    fn name_in(&self, loader: &str) -> Result<String, String> {
        for placeholder in [SCRIPT, WASM] {
            if !loader.contains(placeholder) {
                return Err(format!("the placeholder {placeholder} is missing"));
            }
        }
        Ok(loader.replace(SCRIPT, &self.script).replace(WASM, &self.wasm))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[&str]) -> Result<Compiled, String> {
        let names = files.join("+").len();
        let folder = env::temp_dir().join(format!("xtask-bundle-{}-{names}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for file in files {
            fs::write(folder.join(file), "").unwrap();
        }
        let result = Compiled::find(&folder).map_err(|error| error.to_string());
        fs::remove_dir_all(&folder).unwrap();
        result
    }

    #[test]
    fn the_pair_is_found_by_its_hash() {
        let found = check(&["secondme-chat-1a.js", "secondme-chat-1a_bg.wasm", "index.html", "other_bg.wasm"]).unwrap();
        assert_eq!(found.script, "secondme-chat-1a.js");
        assert_eq!(found.wasm, "secondme-chat-1a_bg.wasm");
    }

    #[test]
    fn a_missing_or_doubled_file_is_one_sentence() {
        for (files, problem) in [
            (&["index.html"][..], "run `trunk build`"),
            (&["secondme-chat-1a_bg.wasm"], "without secondme-chat-1a.js"),
            (&["secondme-chat-1a_bg.wasm", "secondme-chat-2b_bg.wasm"], "one is stale"),
        ] {
            let sentence = check(files).unwrap_err();
            assert!(sentence.contains(problem) && !sentence.contains('\n'), "{sentence}");
        }
    }

    #[test]
    fn only_trunk_s_instruction_leaves_the_page() {
        let rust = "  <link data-trunk rel=\"rust\" data-wasm-opt=\"z\" data-trunk-id=\"0\">\n";
        let page = |instruction: &str| {
            format!("<head>\n{instruction}  <link rel=\"stylesheet\" href=\"a.css\">\n</head><p>rel=\"rust\"</p>")
        };
        assert_eq!(without_instructions(&page(rust)), page(""));
        assert_eq!(without_instructions(&page("")), page(""));
    }

    #[test]
    fn names_are_filled_in_and_a_lost_placeholder_is_noticed() {
        let compiled = Compiled { script: "a.js".into(), wasm: "a_bg.wasm".into() };
        assert_eq!(compiled.name_in("load('__CHAT_SCRIPT__', '__CHAT_WASM__')").unwrap(), "load('a.js', 'a_bg.wasm')");
        assert!(compiled.name_in("load('__CHAT_SCRIPT__')").unwrap_err().contains("__CHAT_WASM__"));
    }
}

//! The names of the files: the hash in them makes them safe to cache for ever. It does not know what the files are for.

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::fingerprint;

/// The names of the two files that one package was compiled to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Compiled {
    /// The glue script: `<package>-<hash>.js`.
    pub(crate) script: String,
    /// The program: `<package>-<hash>_bg.wasm`.
    pub(crate) wasm: String,
}

impl Compiled {
    /// Finds a package's one pair of files in a folder.
    pub(crate) fn find(folder: &Path, package: &str) -> Result<Self, Error> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::file("read", folder))? {
            names.push(entry.map_err(Error::file("read", folder))?.file_name().to_string_lossy().into_owned());
        }
        let one = |ending: &str| {
            let mut found = names.iter().filter(|name| is_hashed(name, package, ending));
            match (found.next(), found.next()) {
                (Some(name), None) => Ok(name.clone()),
                (Some(one), Some(other)) => {
                    Err(Error::content(folder, format!("both {one} and {other} are there; one is stale")))
                }
                (None, _) => {
                    Err(Error::content(folder, format!("holds no {package}-<hash>{ending}; run `trunk build`")))
                }
            }
        };
        Ok(Self { script: one(".js")?, wasm: one("_bg.wasm")? })
    }
}

/// Writes a file under a name that changes with its content, in the form that the proxy knows as such, and says the name.
pub(super) fn put(folder: &Path, stem: &str, ending: &str, content: &[u8]) -> Result<String, Error> {
    let name = format!("{stem}-{}{ending}", fingerprint::hash(content));
    let path = folder.join(&name);
    fs::write(&path, content).map_err(Error::file("write", &path))?;
    Ok(name)
}

fn is_hashed(name: &str, package: &str, ending: &str) -> bool {
    let hash = name.strip_prefix(package).and_then(|rest| rest.strip_prefix('-')?.strip_suffix(ending));
    hash.is_some_and(|hash| !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_folder<T>(name: &str, work: impl FnOnce(&Path) -> T) -> T {
        let folder = std::env::temp_dir().join(format!("xtask-names-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let result = work(&folder);
        fs::remove_dir_all(&folder).unwrap();
        result
    }

    fn check(files: &[&str]) -> Result<Compiled, String> {
        in_folder(&files.join("+").len().to_string(), |folder| {
            for file in files {
                fs::write(folder.join(file), "").unwrap();
            }
            Compiled::find(folder, "chat").map_err(|error| error.to_string())
        })
    }

    #[test]
    fn the_pair_is_found_by_its_hashes() {
        let found = check(&["chat-1a.js", "chat-1a.js.br", "chat-2b_bg.wasm", "chat-more-1a.js", "a_bg.wasm"]).unwrap();
        assert_eq!(found, Compiled { script: "chat-1a.js".into(), wasm: "chat-2b_bg.wasm".into() });
    }

    #[test]
    fn a_missing_or_doubled_file_is_one_sentence() {
        for (files, problem) in [
            (&["index.html"][..], "holds no chat-<hash>.js; run `trunk build`"),
            (&["chat-1a.js"], "holds no chat-<hash>_bg.wasm; run `trunk build`"),
            (&["chat-1a.js", "chat-1a_bg.wasm", "chat-2b_bg.wasm"], "one is stale"),
        ] {
            let sentence = check(files).unwrap_err();
            assert!(sentence.contains(problem) && !sentence.contains('\n'), "{sentence}");
        }
    }

    #[test]
    fn a_name_changes_with_its_content_alone() {
        in_folder("put", |folder| {
            let put = |content: &str| put(folder, "language-de", ".json", content.as_bytes()).unwrap();
            let [one, same, other] = ["{}", "{}", "{ }"].map(put);
            assert_eq!(one, same);
            assert_ne!(one, other);
            assert!(is_hashed(&one, "language-de", ".json") && one.len() == "language-de-.json".len() + 16, "{one}");
            assert_eq!(fs::read_to_string(folder.join(other)).unwrap(), "{ }");
        });
    }
}

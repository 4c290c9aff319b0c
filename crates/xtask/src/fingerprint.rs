//! Tells whether files changed, by their contents and names. It guards against no one: equal results can be forged.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A short text that differs when any byte or any name in `roots` (files or folders) differs. What is not there counts
/// as that.
pub(crate) fn of_files(roots: &[PathBuf]) -> Result<String, Error> {
    let mut hasher = DefaultHasher::new();
    for root in roots {
        for path in files(root)? {
            path.hash(&mut hasher);
            fs::read(&path).map_err(Error::file("read", &path))?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// A short text that differs when `content` differs.
pub(crate) fn of_bytes(content: &[u8]) -> String {
    format!("{}-{}", hash(content), content.len())
}

/// Sixteen hexadecimal digits that differ when `content` differs.
pub(crate) fn hash(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// All files at or below `root`, sorted; none if it is not there.
pub(crate) fn files(root: &Path) -> Result<Vec<PathBuf>, Error> {
    if root.is_file() {
        return Ok(vec![root.to_owned()]);
    }
    let mut found = Vec::new();
    if root.is_dir() {
        for entry in fs::read_dir(root).map_err(Error::file("read", root))? {
            let entry = entry.map_err(Error::file("read", root))?;
            found.extend(files(&entry.path())?);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_and_names_count_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("xtask-fingerprint-{}", std::process::id()));
        fs::create_dir_all(folder.join("inner")).unwrap();
        let roots = [folder.clone(), folder.join("missing")];
        let mut seen = Vec::new();
        let mut changed = || {
            let now = of_files(&roots).unwrap();
            let new = !seen.contains(&now);
            seen.push(now);
            new
        };
        assert!(changed());
        fs::write(folder.join("inner/a"), "one").unwrap();
        assert!(changed());
        fs::write(folder.join("inner/a"), "two").unwrap();
        assert!(changed());
        fs::write(folder.join("inner/a"), "two").unwrap();
        assert!(!changed());
        fs::rename(folder.join("inner/a"), folder.join("inner/b")).unwrap();
        assert!(changed());
        fs::remove_dir_all(&folder).unwrap();
    }
}

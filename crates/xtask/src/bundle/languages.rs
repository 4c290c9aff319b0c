//! The languages that a visitor's browser fetches: each a file of its own. English is in the widget and is none of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::names::put;
use crate::error::Error;
use crate::fingerprint;
use crate::project::Project;

/// Where they are written by hand: `<tag>.json`.
const SOURCES: &str = "src/languages";
/// The language that the widget has with it.
const INSIDE: &str = "en";
/// What the names of the copies begin with.
const STEM: &str = "language";

/// Puts all languages into the folder and says each one's file name by its tag.
pub(super) fn copy(project: &Project, folder: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut names = BTreeMap::new();
    for path in fingerprint::files(&project.path(SOURCES))? {
        if let Some(tag) = tag(&path).filter(|tag| *tag != INSIDE) {
            let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
            let small = without_spaces(&text).map_err(|error| Error::content(&path, error.to_string()))?;
            names.insert(tag.to_owned(), put(folder, &format!("{STEM}-{tag}"), ".json", small.as_bytes())?);
        }
    }
    Ok(names)
}

/// Whether a file in the finished folder is a language.
pub(crate) fn is_language(name: &str) -> bool {
    name.strip_prefix(STEM).is_some_and(|rest| rest.starts_with('-') && rest.ends_with(".json"))
}

fn tag(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()?.strip_suffix(".json")
}

fn without_spaces(json: &str) -> Result<String, serde_json::Error> {
    serde_json::from_str::<Value>(json).map(|value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_space_between_the_texts_goes() {
        let small = without_spaces("{\n  \"send\": \"Nachricht senden\",\n  \"close\": \"Zu\\nmachen\"\n}\n").unwrap();
        assert_eq!(small, r#"{"close":"Zu\nmachen","send":"Nachricht senden"}"#);
        assert!(without_spaces("{ \"send\": }").is_err());
    }

    #[test]
    fn a_language_is_known_by_its_name() {
        for (name, is) in [
            ("language-pt-BR-9f86d081884c7d65.json", true),
            ("language-pt-BR-9f86d081884c7d65.json.br", false),
            ("languages.json", false),
            ("widget.js", false),
        ] {
            assert_eq!(is_language(name), is, "{name}");
        }
    }
}

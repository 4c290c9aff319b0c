//! The versions of all tools, read from Trunk.toml, which is the only place that names them.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::error::Error;
use crate::project::Project;

/// Exact versions, as the package registries write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pins {
    /// crates.io: trunk.
    pub(crate) trunk: String,
    /// crates.io: wasm-bindgen-cli, and the crate wasm-bindgen in Cargo.toml.
    pub(crate) wasm_bindgen: String,
    /// crates.io: cargo-deny.
    pub(crate) cargo_deny: String,
    /// npm: binaryen, which brings wasm-opt.
    pub(crate) binaryen: String,
    /// npm: esbuild.
    pub(crate) esbuild: String,
}

impl Pins {
    /// Reads Trunk.toml, and refuses a Cargo.toml whose wasm-bindgen is another one.
    pub(crate) fn read(project: &Project) -> Result<Self, Error> {
        let trunk_file = project.path("Trunk.toml");
        let pins = Self::parse(&read(&trunk_file)?).map_err(|problem| Error::content(&trunk_file, problem))?;
        let cargo_file = project.path("Cargo.toml");
        pins.check_manifest(&read(&cargo_file)?).map_err(|problem| Error::content(&cargo_file, problem))?;
        Ok(pins)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file: TrunkFile = toml::from_str(text).map_err(|error| error.to_string())?;
        let trunk = file.trunk_version.strip_prefix('=').ok_or("`trunk-version` must be exact, like \"=1.2.3\"")?;
        let binaryen =
            file.tools.wasm_opt.strip_prefix("version_").ok_or("`wasm_opt` must look like \"version_132\"")?;
        Ok(Self {
            trunk: trunk.to_owned(),
            wasm_bindgen: file.tools.wasm_bindgen,
            cargo_deny: file.tools.cargo_deny,
            binaryen: format!("{binaryen}.0.0"),
            esbuild: file.tools.esbuild,
        })
    }

    fn check_manifest(&self, text: &str) -> Result<(), String> {
        let manifest: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let wanted = format!("={}", self.wasm_bindgen);
        let found = requirements(&manifest, "wasm-bindgen");
        if found.is_empty() {
            return Err("no dependency `wasm-bindgen` is there to compare with Trunk.toml".to_owned());
        }
        match found.into_iter().find(|requirement| *requirement != wanted) {
            Some(other) => Err(format!(
                "`wasm-bindgen = \"{other}\"` must be \"{wanted}\", the version of the tool that Trunk.toml names"
            )),
            None => Ok(()),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct TrunkFile {
    trunk_version: String,
    tools: Tools,
}

#[derive(Deserialize)]
struct Tools {
    wasm_bindgen: String,
    wasm_opt: String,
    esbuild: String,
    cargo_deny: String,
}

/// Every version asked of a crate, in whichever of the manifest's dependency tables it stands.
fn requirements(table: &toml::Table, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in table {
        let Some(inner) = value.as_table() else { continue };
        match inner.get(name) {
            Some(toml::Value::String(version)) if key.ends_with("dependencies") => found.push(version.clone()),
            Some(toml::Value::Table(entry)) if key.ends_with("dependencies") => {
                found.extend(entry.get("version").and_then(toml::Value::as_str).map(str::to_owned));
            }
            _ => found.extend(requirements(inner, name)),
        }
    }
    found
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(Error::file("read", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUNK: &str = r#"
        trunk-version = "=0.21.14"
        [tools]
        wasm_bindgen = "0.2.129"
        wasm_opt = "version_132"
        esbuild = "0.28.2"
        cargo_deny = "0.20.2"
    "#;

    #[test]
    fn this_project_s_pins_agree() {
        let project = Project::locate().unwrap();
        assert!(!Pins::read(&project).unwrap().trunk.is_empty());
    }

    #[test]
    fn versions_come_out_as_the_registries_write_them() {
        let pins = Pins::parse(TRUNK).unwrap();
        assert_eq!(pins.trunk, "0.21.14");
        assert_eq!(pins.binaryen, "132.0.0");
    }

    #[test]
    fn a_loose_or_missing_version_is_refused() {
        for (from, to, named) in [
            ("\"=0.21.14\"", "\"0.21\"", "trunk-version"),
            ("version_132", "132", "wasm_opt"),
            ("esbuild", "terser", "esbuild"),
        ] {
            let problem = Pins::parse(&TRUNK.replace(from, to)).unwrap_err();
            assert!(problem.contains(named), "{problem}");
        }
    }

    #[test]
    fn cargo_toml_must_ask_for_the_tool_s_version() {
        let pins = Pins::parse(TRUNK).unwrap();
        let check = |text: &str| pins.check_manifest(text);
        assert_eq!(check("[target.'cfg(target_arch = \"wasm32\")'.dependencies]\nwasm-bindgen = \"=0.2.129\""), Ok(()));
        assert_eq!(check("[workspace.dependencies]\nwasm-bindgen = { version = \"=0.2.129\" }"), Ok(()));
        assert!(check("[dependencies]\nwasm-bindgen = \"=0.2.130\"").unwrap_err().contains("=0.2.130"));
        assert!(check("[dependencies]\nwasm-bindgen = \"0.2.129\"").is_err());
        assert!(check("[dependencies]\nserde = \"1\"").is_err());
    }
}

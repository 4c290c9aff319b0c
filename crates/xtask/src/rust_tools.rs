//! Tools that `cargo install` builds into .tools/, in exact versions. It does not know what they are used for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::report;
use crate::setup::log;

/// How all of them are built. Part of a tool's mark, so that a change here builds them anew.
///
/// A debug build without default features takes a third of the time of the published recipe and leaves out what is not
/// used here, such as downloads over TLS.
const RECIPE: &str = "--locked --debug --no-default-features";

/// One package of crates.io that brings programs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RustTool {
    package: &'static str,
    programs: &'static [&'static str],
    /// Roughly how long two cores build it, so that nobody thinks that it hangs.
    minutes: u8,
}

impl RustTool {
    /// Turns the compiled widget into JavaScript and WebAssembly, and runs its tests in a browser.
    pub(crate) const WASM_BINDGEN: Self =
        Self { package: "wasm-bindgen-cli", programs: &["wasm-bindgen", "wasm-bindgen-test-runner"], minutes: 2 };
    /// Drives the widget's build.
    pub(crate) const TRUNK: Self = Self { package: "trunk", programs: &["trunk"], minutes: 4 };
    /// Checks licenses, sources and bans of all dependencies.
    pub(crate) const CARGO_DENY: Self = Self { package: "cargo-deny", programs: &["cargo-deny"], minutes: 1 };

    /// Installs the tool unless exactly this version is there, whole.
    ///
    /// The mark is written last: an interrupted installation leaves none, and the next run starts it again.
    pub(crate) fn ensure(self, project: &Project, version: &str) -> Result<(), Error> {
        let mark = Mark::new(project, self.package, &format!("{version} {RECIPE}"));
        let programs: Vec<_> = self.programs.iter().map(|name| project.rust_tool(name)).collect();
        if mark.stands_for(&programs) {
            return Ok(());
        }
        let Self { package, minutes, .. } = self;
        report::step(&format!("Installing {package} {version} (about {minutes} min on two cores)"), || {
            mark.remove()?;
            Process::new(project, "cargo", &format!("install {package} --version {version} --force {RECIPE} --root"))
                .argument(project.tools())
                .argument("--target-dir")
                .argument(build_folder(project))
                // Debug information would make the build slower and the programs three times as large.
                .variable("CARGO_PROFILE_DEV_DEBUG", "0")
                .run_quietly(&log(project, package))?;
            mark.write()
        })
    }
}

/// Removes the build folder, which only matters while tools are being built.
pub(crate) fn clean(project: &Project) -> Result<(), Error> {
    remove_folder(&build_folder(project))
}

/// Removes a folder and all that is in it, if it is there.
pub(crate) fn remove_folder(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file("remove", folder)(error)),
        _ => Ok(()),
    }
}

fn build_folder(project: &Project) -> PathBuf {
    project.tools().join("build")
}

/// A file that says which recipe an installed tool was made by.
#[derive(Debug)]
pub(crate) struct Mark {
    path: PathBuf,
    text: String,
}

impl Mark {
    /// The mark of the tool `name`, made by the recipe `text`.
    pub(crate) fn new(project: &Project, name: &str, text: &str) -> Self {
        Self::at(project.tools().join("installed").join(name), text)
    }

    fn at(path: PathBuf, text: &str) -> Self {
        Self { path, text: text.to_owned() }
    }

    /// Whether the last finished installation followed this very recipe and all of `programs` are still there.
    pub(crate) fn stands_for(&self, programs: &[PathBuf]) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text == self.text) && programs.iter().all(|path| path.is_file())
    }

    /// Before an installation.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file("remove", &self.path)(error)),
            _ => Ok(()),
        }
    }

    /// After an installation.
    pub(crate) fn write(&self) -> Result<(), Error> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
        }
        fs::write(&self.path, &self.text).map_err(Error::file("write", &self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_finished_installation_by_the_same_recipe_counts() {
        let folder = std::env::temp_dir().join(format!("xtask-mark-{}", std::process::id()));
        let program = folder.join("tool");
        let mark = Mark::at(folder.join("installed/tool"), "1.0.0 --locked");
        let newer = Mark::at(folder.join("installed/tool"), "1.1.0 --locked");
        let programs = std::slice::from_ref(&program);

        mark.remove().unwrap();
        fs::create_dir_all(&folder).unwrap();
        fs::write(&program, "half a tool").unwrap();
        assert!(!mark.stands_for(programs), "an interrupted installation has no mark");
        mark.write().unwrap();
        assert!(mark.stands_for(programs));
        assert!(!newer.stands_for(programs), "another version has another mark");
        fs::remove_file(&program).unwrap();
        assert!(!mark.stands_for(programs), "the program itself was removed");
        mark.remove().unwrap();
        fs::write(&program, "a tool").unwrap();
        assert!(!mark.stands_for(programs));
        fs::remove_dir_all(&folder).unwrap();
    }
}

//! What npm installs into .tools/, in exact versions: wasm-opt and esbuild; for the tests SecondMe's published SDK, axe-core, and
//! what a site with Vite has; for the bench deep-chat.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::pins::Pins;
use crate::process::Process;
use crate::project::{Project, on_path};
use crate::report;
use crate::rust_tools::{Mark, remove_folder};
use crate::setup::log;

/// How npm installs: what it is told, and no programs of the packages' own.
const RECIPE: &str = "--no-audit --no-fund --ignore-scripts";

/// A package that the tests or the bench use. Its version stands in a folder of the repository, and in the lock there those of
/// everything it brings, with their checksums.
pub(crate) struct TestPackage {
    name: &'static str,
    what: &'static str,
    /// Where package.json and its lock are.
    source: &'static str,
    /// The file that they load, inside node_modules.
    entry: &'static str,
}

/// Installs both tools unless exactly these versions are there, whole.
pub(crate) fn ensure(project: &Project, pins: &Pins) -> Result<(), Error> {
    let packages = format!("binaryen@{} esbuild@{}", pins.binaryen, pins.esbuild);
    let mark = Mark::new(project, "npm", &packages);
    let programs = ["wasm-opt", "esbuild"].map(|name| project.node_commands().join(name));
    if mark.stands_for(&programs) {
        return Ok(());
    }
    install(project, &mark, "npm", &packages, &format!("install --no-save {RECIPE} {packages}"), |_| Ok(()))
}

impl TestPackage {
    /// What the simulator is tested with.
    pub(crate) const SDK: Self = Self {
        name: "sdk",
        what: "SecondMe's published SDK",
        source: "crates/secondme-sim/tests/sdk",
        entry: "@mindverse/accessor-open/dist/index.js",
    };

    /// What the widget's accessibility is tested with.
    pub(crate) const AXE: Self =
        Self { name: "axe", what: "axe-core", source: "tests/e2e/accessibility", entry: "axe-core/axe.min.js" };

    /// What a site's own project has, for the package that such a site installs.
    pub(crate) const VITE: Self = Self {
        name: "vite",
        what: "Vite, TypeScript, React and Vue",
        source: "tests/e2e/npm",
        entry: "vite/bin/vite.js",
    };

    /// What the widget is measured beside.
    pub(crate) const DEEP_CHAT: Self = Self {
        name: "deep-chat",
        what: "deep-chat",
        source: "benches/deep-chat",
        entry: "deep-chat/dist/deepChat.bundle.js",
    };

    /// The folder that it is installed in.
    pub(crate) fn folder(&self, project: &Project) -> PathBuf {
        project.tools().join(self.name)
    }

    /// The folder in which scripts find it.
    pub(crate) fn modules(&self, project: &Project) -> PathBuf {
        self.folder(project).join("node_modules")
    }

    /// The file that is loaded.
    pub(crate) fn entry(&self, project: &Project) -> PathBuf {
        self.modules(project).join(self.entry)
    }

    /// Installs it, unless exactly what its lock says is there.
    pub(crate) fn ensure(&self, project: &Project) -> Result<(), Error> {
        let source = project.path(self.source);
        let lock_file = source.join("package-lock.json");
        let lock = fs::read_to_string(&lock_file).map_err(Error::file("read", &lock_file))?;
        let mark = Mark::new(project, self.name, &lock);
        if mark.stands_for(&[self.entry(project)]) {
            return Ok(());
        }
        install(project, &mark, self.name, self.what, &format!("ci {RECIPE}"), |folder| {
            for name in ["package.json", "package-lock.json"] {
                fs::copy(source.join(name), folder.join(name)).map_err(Error::file("copy", &folder.join(name)))?;
            }
            Ok(())
        })
    }
}

/// npm works in a folder of its own that takes the final name only when it is complete.
fn install(
    project: &Project,
    mark: &Mark,
    name: &str,
    what: &str,
    arguments: &str,
    prepare: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<(), Error> {
    for program in ["node", "npm"] {
        if on_path(program).is_none() {
            return Err(Error::Missing {
                what: format!("`{program}` is not on PATH; {what} cannot be installed without it"),
                by_hand: "apt-get install -y nodejs npm".to_owned(),
            });
        }
    }
    report::step(&format!("Installing {what}"), || {
        let (partial, whole) = (project.tools().join(format!("{name}.partial")), project.tools().join(name));
        mark.remove()?;
        remove_folder(&partial)?;
        fs::create_dir_all(&partial).map_err(Error::file("create", &partial))?;
        prepare(&partial)?;
        Process::new(project, "npm", arguments)
            .argument("--prefix")
            .argument(&partial)
            .run_quietly(&log(project, name))?;
        remove_folder(&whole)?;
        fs::rename(&partial, &whole).map_err(Error::file("move", &partial))?;
        mark.write()
    })
}

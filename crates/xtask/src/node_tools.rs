//! What npm installs into .tools/, in exact versions: wasm-opt and esbuild, and for the tests SecondMe's published SDK.

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::pins::Pins;
use crate::process::Process;
use crate::project::{Project, on_path};
use crate::report;
use crate::rust_tools::{Mark, remove_folder};
use crate::setup::log;

/// How npm installs: what it is told, and no programs of the packages' own.
const RECIPE: &str = "--no-audit --no-fund --ignore-scripts";

/// Where the SDK's versions stand: its own, and in the lock those of everything it brings, with their checksums.
const SDK: &str = "crates/secondme-sim/tests/sdk";

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

/// Installs the SDK that the simulator is tested with, unless exactly what its lock says is there.
pub(crate) fn ensure_sdk(project: &Project) -> Result<(), Error> {
    let source = project.path(SDK);
    let lock_file = source.join("package-lock.json");
    let lock = fs::read_to_string(&lock_file).map_err(Error::file("read", &lock_file))?;
    let mark = Mark::new(project, "sdk", &lock);
    let entry = project.tools().join("sdk/node_modules/@mindverse/accessor-open/dist/index.js");
    if mark.stands_for(&[entry]) {
        return Ok(());
    }
    install(project, &mark, "sdk", "SecondMe's published SDK", &format!("ci {RECIPE}"), |folder| {
        for name in ["package.json", "package-lock.json"] {
            fs::copy(source.join(name), folder.join(name)).map_err(Error::file("copy", &folder.join(name)))?;
        }
        Ok(())
    })
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

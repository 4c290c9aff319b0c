//! Tools that npm installs into .tools/npm, in exact versions: wasm-opt and esbuild.

use std::fs;

use crate::error::Error;
use crate::pins::Pins;
use crate::process::Process;
use crate::project::{Project, on_path};
use crate::report;
use crate::rust_tools::{Mark, remove_folder};
use crate::setup::log;

/// Installs both tools unless exactly these versions are there, whole.
///
/// npm works in a folder of its own that takes the final name only when it is complete.
pub(crate) fn ensure(project: &Project, pins: &Pins) -> Result<(), Error> {
    let packages = format!("binaryen@{} esbuild@{}", pins.binaryen, pins.esbuild);
    let mark = Mark::new(project, "npm", &packages);
    let programs = ["wasm-opt", "esbuild"].map(|name| project.node_commands().join(name));
    if mark.stands_for(&programs) {
        return Ok(());
    }
    for program in ["node", "npm"] {
        if on_path(program).is_none() {
            return Err(Error::Missing {
                what: format!("`{program}` is not on PATH; {packages} cannot be installed without it"),
                by_hand: "apt-get install -y nodejs npm".to_owned(),
            });
        }
    }
    report::step(&format!("Installing {packages}"), || {
        let (partial, whole) = (project.tools().join("npm.partial"), project.tools().join("npm"));
        mark.remove()?;
        remove_folder(&partial)?;
        fs::create_dir_all(&partial).map_err(Error::file("create", &partial))?;
        Process::new(project, "npm", &format!("install --no-save --no-audit --no-fund --ignore-scripts {packages}"))
            .argument("--prefix")
            .argument(&partial)
            .run_quietly(&log(project, "npm"))?;
        remove_folder(&whole)?;
        fs::rename(&partial, &whole).map_err(Error::file("move", &partial))?;
        mark.write()
    })
}

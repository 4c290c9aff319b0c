//! Programs that the project takes from the system: found in the environment or on PATH, or installed from Debian's packages
//! where this is root and there is an apt. It does not know what they are for.

use std::env;
use std::path::PathBuf;

use crate::error::Error;
use crate::process::Process;
use crate::project::{Project, on_path};
use crate::report;
use crate::setup::log;

/// The program that the variable names, or else the first of the names that is on PATH.
pub(crate) fn candidate(variable: &str, names: &[&str]) -> Option<PathBuf> {
    match env::var_os(variable) {
        Some(path) => Some(PathBuf::from(path)),
        None => names.iter().find_map(|name| on_path(name)),
    }
}

/// What a person types to install the packages.
pub(crate) fn by_hand(packages: &str) -> String {
    format!("sudo {}", command(packages))
}

/// Installs the packages, or fails with `missing` where this may not or cannot.
pub(crate) fn install(
    project: &Project,
    what: &str,
    packages: &str,
    missing: impl FnOnce() -> Error,
) -> Result<(), Error> {
    if on_path("apt-get").is_none() || !is_root(project) {
        return Err(missing());
    }
    report::step(&format!("Installing {what} with apt-get"), || {
        for (arguments, name) in [("apt-get update", "apt-update"), (&command(packages), "apt-install")] {
            Process::new(project, "env", arguments)
                .variable("DEBIAN_FRONTEND", "noninteractive")
                .run_quietly(&log(project, name))?;
        }
        Ok(())
    })
}

fn command(packages: &str) -> String {
    format!("apt-get install -y --no-install-recommends {packages}")
}

fn is_root(project: &Project) -> bool {
    Process::new(project, "id", "-u").output(&[]).is_ok_and(|user| user.trim_ascii() == b"0")
}

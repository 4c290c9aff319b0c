//! What only some tests use, and what those do without: servers that the files in deploy/ are for, and languages that the
//! examples are in. What can't be had is said, and stops nothing.

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::process::Process;
use crate::project::{Project, on_path};
use crate::report;
use crate::rust_tools::{Mark, remove_folder};
use crate::setup::log;
use crate::system;

/// A program by its name, and the Debian package that brings it.
const PROGRAMS: [(&str, &str); 3] = [("nginx", "nginx-light"), ("caddy", "caddy"), ("php", "php-cli")];
/// The packages of the Python example.
const REQUIREMENTS: &str = "examples/python/requirements.txt";

/// Provides all of it that can be had here.
pub(crate) fn provide(project: &Project) {
    let missing = PROGRAMS.into_iter().filter(|(program, _)| !is_there(program));
    let packages = missing.map(|(_, package)| package).collect::<Vec<_>>().join(" ");
    if !packages.is_empty() {
        let absent = || Error::Missing {
            what: format!("some tests are skipped, because what they test is not installed: {packages}"),
            by_hand: system::by_hand(&packages),
        };
        // Debian starts the servers that it installs; where something would, that is for a person to decide.
        let starts = Path::new("/run/systemd/system").exists();
        tell(if starts { Err(absent()) } else { system::install(project, &packages, &packages, absent) });
    }
    tell(python(project));
}

/// In the system's folders for servers, too, which are not on everybody's PATH.
fn is_there(program: &str) -> bool {
    on_path(program).is_some() || Path::new("/usr/sbin").join(program).is_file()
}

/// An environment of its own for the Python example, made anew when its requirements change.
fn python(project: &Project) -> Result<(), Error> {
    let file = project.path(REQUIREMENTS);
    let requirements = fs::read_to_string(&file).map_err(Error::file("read", &file))?;
    let mark = Mark::new(project, "python", &requirements);
    let folder = project.tools().join("python");
    let python = folder.join("bin/python");
    if mark.stands_for(std::slice::from_ref(&python)) {
        return Ok(());
    }
    if on_path("python3").is_none() {
        let what = "the example in Python is not tested, because python3 is missing".to_owned();
        return Err(Error::Missing { what, by_hand: system::by_hand("python3-venv") });
    }
    report::step("Installing FastAPI", || {
        mark.remove()?;
        remove_folder(&folder)?;
        Process::new(project, "python3", "-m venv").argument(&folder).run_quietly(&log(project, "python-venv"))?;
        Process::new(project, &python, "-m pip install --disable-pip-version-check --requirement")
            .argument(&file)
            .run_quietly(&log(project, "python-pip"))?;
        mark.write()
    })
}

fn tell(outcome: Result<(), Error>) {
    if let Err(error) = outcome {
        report::line(&format!("{error}"));
    }
}

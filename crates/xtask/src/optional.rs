//! What only some tests use, and what those do without: servers that the files in deploy/ are for, and languages that the
//! examples are in. What can't be had is said, and stops nothing.

use std::fs;

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
    let missing: Vec<_> = PROGRAMS.into_iter().filter(|(program, _)| !is_there(program)).collect();
    if !missing.is_empty() {
        let packages: Vec<_> = missing.iter().map(|(_, package)| *package).collect();
        let packages = packages.join(" ");
        let absent = || Error::Missing {
            what: "some tests are skipped, because what they test is not installed".to_owned(),
            by_hand: system::by_hand(&packages),
        };
        tell(system::install(project, &packages, &packages, absent));
    }
    tell(python(project));
}

/// In the system's folders for servers, too, which are not on everybody's PATH.
fn is_there(program: &str) -> bool {
    on_path(program).is_some()
        || ["/usr/sbin", "/sbin"].iter().any(|folder| fs::exists(format!("{folder}/{program}")).unwrap_or(false))
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

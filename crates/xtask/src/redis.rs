//! The Redis or Valkey that the tests start. It is the system's own: taken from the environment, from PATH, or from Debian.

use std::path::PathBuf;

use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::system::{self, candidate};

const PACKAGES: &str = "redis-server";

/// Finds a server, or installs one if this is root on a system with apt.
pub(crate) fn ensure(project: &Project) -> Result<(), Error> {
    if find(project).is_some() {
        return Ok(());
    }
    let missing = || Error::Missing {
        what: "redis-server or valkey-server is needed for the tests and was not found working on PATH, nor in the \
               environment's REDIS_SERVER"
            .to_owned(),
        by_hand: system::by_hand(PACKAGES),
    };
    system::install(project, "Redis", PACKAGES, missing)?;
    find(project).map(drop).ok_or_else(missing)
}

fn find(project: &Project) -> Option<PathBuf> {
    let server = candidate("REDIS_SERVER", &["redis-server", "valkey-server"])?;
    Process::new(project, &server, "--version").succeeds().then_some(server)
}

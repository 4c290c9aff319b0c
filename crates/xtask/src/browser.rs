//! The browser that the tests drive. It is the system's own: taken from the environment, from PATH, or from Debian.

use std::path::PathBuf;

use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::system::{self, candidate};

const PACKAGES: &str = "chromium chromium-driver";

/// A Chromium and the ChromeDriver that steers it.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    /// The browser's program.
    pub(crate) chrome: PathBuf,
    /// The driver's program.
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// Finds both, or installs them if this is root on a system with apt.
    pub(crate) fn ensure(project: &Project) -> Result<Self, Error> {
        if let Some(browser) = Self::find(project) {
            return Ok(browser);
        }
        let missing = || Error::Missing {
            what: "Chromium and ChromeDriver are needed for the tests and were not found working on PATH, nor in the \
                   environment's CHROME and CHROMEDRIVER"
                .to_owned(),
            by_hand: system::by_hand(PACKAGES),
        };
        system::install(project, "Chromium and ChromeDriver", PACKAGES, missing)?;
        Self::find(project).ok_or_else(missing)
    }

    /// Both programs, if they are there and start: half an installation does not count.
    fn find(project: &Project) -> Option<Self> {
        let works = |path: &PathBuf| Process::new(project, path, "--version").succeeds();
        let chrome = candidate("CHROME", &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"])?;
        let driver = candidate("CHROMEDRIVER", &["chromedriver"])?;
        (works(&chrome) && works(&driver)).then_some(Self { chrome, driver })
    }
}

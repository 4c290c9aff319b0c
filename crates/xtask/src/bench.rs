//! `cargo xtask bench`: what the widget costs a visitor, measured in a real browser and printed. It does not judge.

use clap::ValueEnum;

use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::{build, setup};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// How long frames take with 5,000 messages, against 50: opening, scrolling, typing, streaming
    Frames,
}

/// Builds the widget and measures.
pub(crate) fn run(project: &Project, bench: Bench) -> Result<(), Error> {
    let browser = setup::for_tests(project)?;
    build::widget(project)?;
    let name = match bench {
        Bench::Frames => "frames",
    };
    Process::new(project, "cargo", &format!("test --package secondme-chat --bench {name}"))
        .variable("CHROME", &browser.chrome)
        .variable("CHROMEDRIVER", &browser.driver)
        .variable("SECONDME_CHAT_DIST", project.dist())
        .run()
}

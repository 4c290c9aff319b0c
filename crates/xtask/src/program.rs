//! `cargo xtask dist --proxy`: the proxy with the widget's files in it, one program that is the whole installation.

use std::env;
use std::fs;

use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::report;

/// Builds it from what is in dist/, and puts it where no build of the widget takes it away again.
pub(crate) fn build(project: &Project) -> Result<(), Error> {
    report::line("Building the proxy with the widget's files …");
    Process::new(project, "cargo", "build --release --locked --package chat-proxy --features embed-widget")
        .variable("SECONDME_CHAT_DIST", project.dist())
        .run()?;
    let name = format!("chat-proxy{}", env::consts::EXE_SUFFIX);
    let (built, folder) = (project.target().join("release").join(&name), project.target().join("dist"));
    fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    let finished = folder.join(name);
    fs::copy(&built, &finished).map_err(Error::file("copy", &built))?;
    report::line(&format!("{} is the whole installation.", finished.display()));
    Ok(())
}

//! `cargo xtask demo`: from a fresh clone to the shop page with the chat. The proxy serves it and says its address.

use std::env;

use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::{build, report, setup};

/// Sets up, builds, and becomes the demo server, so that Ctrl-C reaches it and nothing else is on stdout.
pub(crate) fn run(project: &Project, port: u16, api: &str) -> Result<(), Error> {
    setup::for_build(project)?;
    build::widget(project)?;
    report::line("Building the proxy …");
    Process::new(project, "cargo", "build --package chat-proxy --features demo").run()?;
    let program = project.target().join("debug").join(format!("chat-proxy{}", env::consts::EXE_SUFFIX));
    Process::new(project, program, &format!("demo --port {port} --api {api} --widget-dir"))
        .argument(project.dist())
        .become_it()
}

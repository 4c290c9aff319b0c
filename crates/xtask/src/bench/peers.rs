//! The programs that the widget is measured beside, as a site would serve them: one small script each, compressed.

use std::fs;
use std::path::PathBuf;

use crate::bundle::{SMALL, esbuild};
use crate::compress;
use crate::error::Error;
use crate::node_tools::TestPackage;
use crate::process::Process;
use crate::project::Project;

/// Puts them into a folder.
pub(super) fn prepare(project: &Project) -> Result<PathBuf, Error> {
    TestPackage::DEEP_CHAT.ensure(project)?;
    let folder = project.target().join("bench");
    fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    for (name, source) in [("floor", "benches/floor/floor.js"), ("deep-chat", "benches/deep-chat/chat.js")] {
        Process::new(project, esbuild(project), "--bundle --format=iife")
            .arguments(SMALL)
            .variable("NODE_PATH", TestPackage::DEEP_CHAT.modules(project))
            .argument(project.path(source))
            .argument(format!("--outfile={}", folder.join(format!("{name}.js")).display()))
            .run()?;
    }
    compress::folder(&folder, &project.memory().join("compressed-peers"))?;
    Ok(folder)
}

//! The module for rich text: compiled, bound and made small as Trunk does it with the widget, since Trunk compiles one
//! package alone.

use std::fs;
use std::path::Path;

use super::names::put;
use super::page::Optimization;
use super::{Compiled, MARKDOWN, script};
use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::recipe::Recipe;
use crate::setup::WASM as TARGET;

/// Puts the module into the folder.
pub(super) fn build(project: &Project, folder: &Path) -> Result<Compiled, Error> {
    // Cargo keeps what it compiles where it keeps the widget's, for the next build.
    let cargo = Process::new(project, "cargo", "build --quiet --locked --lib --profile widget --target")
        .arguments(TARGET)
        .arguments("--package")
        .argument(MARKDOWN);
    Recipe::under_way().apply(cargo).run()?;
    let compiled = project.target().join(TARGET).join("widget").join(format!("{}.wasm", MARKDOWN.replace('-', "_")));

    let workshop = project.memory().join(MARKDOWN);
    // The widget says where the program lies, under the name that it gets here.
    Process::new(project, project.rust_tool("wasm-bindgen"), "--target web --no-typescript --omit-default-module-path")
        .argument("--out-name")
        .argument(MARKDOWN)
        .argument("--out-dir")
        .argument(&workshop)
        .argument(&compiled)
        .run()?;

    let optimization = Optimization::read(&project.path("index.html"))?;
    let bound = workshop.join(format!("{MARKDOWN}_bg.wasm"));
    let small = workshop.join(format!("{MARKDOWN}_small.wasm"));
    Process::new(project, project.node_commands().join("wasm-opt"), &optimization.arguments())
        .argument(&bound)
        .argument("--output")
        .argument(&small)
        .run()?;

    let script = script(project, &workshop.join(format!("{MARKDOWN}.js")), "esm", &[])?;
    let wasm = fs::read(&small).map_err(Error::file("read", &small))?;
    Ok(Compiled { script: put(folder, MARKDOWN, ".js", &script)?, wasm: put(folder, MARKDOWN, "_bg.wasm", &wasm)? })
}

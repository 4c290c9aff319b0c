//! Which tools the project needs for what, in the order in which they are installed. It does not know how.

use std::time::Instant;

use crate::browser::Browser;
use crate::error::Error;
use crate::node_tools::{self, TestPackage};
use crate::optional;
use crate::pins::Pins;
use crate::process::Process;
use crate::project::{Project, on_path};
use crate::redis;
use crate::report::{self, Seconds};
use crate::rust_tools::{self, RustTool};

/// What the widget is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Everything it takes to build the widget.
pub(crate) fn for_build(project: &Project) -> Result<(), Error> {
    let start = Instant::now();
    tools_for_build(project, &Pins::read(project)?)?;
    rust_tools::clean(project)?;
    done(start);
    Ok(())
}

/// Everything it takes to build the widget as it goes to visitors: the standard library's sources besides.
pub(crate) fn for_release(project: &Project) -> Result<(), Error> {
    ensure_sources(project)?;
    for_build(project)
}

/// Everything it takes to build and test, a Redis among it, and what some tests use where it is to be had; also the browser
/// to test with.
pub(crate) fn for_tests(project: &Project) -> Result<Browser, Error> {
    let start = Instant::now();
    let pins = Pins::read(project)?;
    tools_for_build(project, &pins)?;
    for package in [TestPackage::SDK, TestPackage::AXE, TestPackage::VITE] {
        package.ensure(project)?;
    }
    RustTool::CARGO_DENY.ensure(project, &pins.cargo_deny)?;
    rust_tools::clean(project)?;
    redis::ensure(project)?;
    let browser = Browser::ensure(project)?;
    optional::provide(project);
    done(start);
    Ok(browser)
}

fn tools_for_build(project: &Project, pins: &Pins) -> Result<(), Error> {
    ensure_wasm_target(project)?;
    // The quick ones first: whoever lacks npm learns it in the first seconds.
    node_tools::ensure(project, pins)?;
    RustTool::WASM_BINDGEN.ensure(project, &pins.wasm_bindgen)?;
    RustTool::TRUNK.ensure(project, &pins.trunk)
}

fn ensure_wasm_target(project: &Project) -> Result<(), Error> {
    let libraries = Process::new(project, "rustc", "--print target-libdir --target").argument(WASM).output(&[])?;
    let folder = project.path(String::from_utf8_lossy(&libraries).trim());
    if folder.is_dir() {
        return Ok(());
    }
    rustup(project, &format!("Rust's standard library for {WASM}"), &format!("target add {WASM}"))
}

fn ensure_sources(project: &Project) -> Result<(), Error> {
    let toolchain = Process::new(project, "rustc", "--print sysroot").output(&[])?;
    let folder = project.path(String::from_utf8_lossy(&toolchain).trim()).join("lib/rustlib/src/rust/library/std");
    if folder.is_dir() {
        Ok(())
    } else {
        rustup(project, "The source of Rust's standard library", "component add rust-src")
    }
}

fn rustup(project: &Project, what: &str, arguments: &str) -> Result<(), Error> {
    if on_path("rustup").is_none() {
        return Err(Error::Missing {
            what: format!("{what} is missing, and so is rustup, which would install it"),
            by_hand: "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh".to_owned(),
        });
    }
    report::step(&format!("Installing: {what}"), || {
        Process::new(project, "rustup", arguments).run_quietly(&log(project, "rustup"))
    })
}

/// Where a step's output is kept.
pub(crate) fn log(project: &Project, step: &str) -> std::path::PathBuf {
    project.tools().join("log").join(format!("{step}.log"))
}

fn done(start: Instant) {
    report::line(&format!("Set-up is complete ({}).", Seconds(start.elapsed())));
}

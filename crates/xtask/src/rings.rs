//! `cargo xtask test`: the rings of checks, from the fastest to the one that drives a real browser. It knows which
//! commands make up a ring; what they check is their own business.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::browser::Browser;
use crate::error::Error;
use crate::node_tools::TestPackage;
use crate::process::Process;
use crate::project::Project;
use crate::report::{self, Seconds};
use crate::setup::WASM;
use crate::tally::Tally;
use crate::{build, in_browser, setup, weigh};

/// One ring; the order here is the order of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ring {
    /// cargo fmt
    Format,
    /// clippy and rustdoc with warnings denied, native and wasm
    Lint,
    /// cargo-deny: licenses, sources, bans
    Deny,
    /// chat-core and chat-markdown, natively
    Core,
    /// The proxy against the simulator over real sockets, and this program's own tests
    Services,
    /// The widget's units in a headless browser
    Widget,
    /// The built widget: its weight, and in a real browser against the proxy and the simulator
    EndToEnd,
}

impl Ring {
    fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Lint => "lint",
            Self::Deny => "deny",
            Self::Core => "core",
            Self::Services => "services",
            Self::Widget => "widget",
            Self::EndToEnd => "end-to-end",
        }
    }

    fn run(self, project: &Project, browser: &Browser) -> Result<Tally, Failed> {
        let cargo = |arguments: &str| Process::new(project, "cargo", arguments);
        match self {
            Self::Format => check(cargo("fmt --all --check")),
            Self::Lint => lint(project),
            Self::Deny => deny(project),
            Self::Core => test(cargo("test --no-fail-fast --package chat-core --package chat-markdown")),
            // Whether a widget was built here before is nothing to these tests: they have a small one of their own.
            Self::Services => test(
                cargo("test --no-fail-fast --package chat-proxy --package secondme-sim --package xtask --all-features")
                    .variable("SECONDME_CHAT_DIST", project.memory().join("no-widget")),
            ),
            Self::Widget => units(project, browser),
            Self::EndToEnd => end_to_end(project, browser),
        }
    }
}

/// Runs the named rings, or all, until one fails; then says what came of each.
pub(crate) fn run(project: &Project, named: &[Ring]) -> Result<ExitCode, Error> {
    let browser = setup::for_tests(project)?;
    let chosen = Ring::value_variants().iter().filter(|ring| named.is_empty() || named.contains(ring));
    let mut rows = Vec::new();
    let mut total = Tally::default();
    let mut failed = false;
    for ring in chosen {
        let name = ring.name();
        if failed {
            rows.push(format!("  {name:<12}not run"));
            continue;
        }
        report::line(&format!("\n== {name} =="));
        let start = Instant::now();
        let result = ring.run(project, &browser);
        let (tally, word) = match &result {
            Ok(tally) => (*tally, "passed"),
            Err(failure) => (failure.tally, "FAILED"),
        };
        rows.push(row(name, word, start.elapsed(), tally));
        total += tally;
        if let Err(Failed { error, .. }) = result {
            report::line(&format!("error: {error}"));
            failed = true;
        }
    }
    report::line(&format!("\n{}\n", rows.join("\n")));
    report::line(&format!("{} passed, {} failed", total.passed, total.failed));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn row(name: &str, word: &str, time: Duration, tally: Tally) -> String {
    format!("  {name:<12}{word:<8}{:>8}{:>6} passed{:>4} failed", Seconds(time), tally.passed, tally.failed)
}

/// A ring that failed, with what was counted until then. A failure that is no test's counts as one.
struct Failed {
    error: Error,
    tally: Tally,
}

impl Failed {
    fn without_tests(error: Error) -> Self {
        Self { error, tally: Tally { passed: 0, failed: 1 } }
    }
}

/// A command that is one check by itself.
fn check(process: Process) -> Result<Tally, Failed> {
    process.run().map_err(Failed::without_tests)?;
    Ok(Tally { passed: 1, failed: 0 })
}

/// A command that runs tests and prints how many. None at all is a failure: it would look like success.
fn test(process: Process) -> Result<Tally, Failed> {
    let mut tally = Tally::default();
    let line = process.line().to_owned();
    match process.run_watched(|line| tally.read(line)) {
        Ok(()) if tally.passed == 0 => {
            Err(Failed::without_tests(Error::Failed { line, status: "it ran no test".to_owned() }))
        }
        Ok(()) => Ok(tally),
        Err(error) => {
            tally.failed = tally.failed.max(1);
            Err(Failed { error, tally })
        }
    }
}

/// The parts that live in a browser, each in a headless one of its own.
fn units(project: &Project, browser: &Browser) -> Result<Tally, Failed> {
    // As a list, since a path may have spaces in it.
    let runner = format!("target.{WASM}.runner=[{:?}, \"in-browser\"]", project.program().display().to_string());
    let mut total = Tally::default();
    for package in ["secondme-chat", "chat-markdown", "leptos-shop"] {
        let process = Process::new(
            project,
            "cargo",
            &format!("test --no-fail-fast --package {package} --all-features --tests --target {WASM}"),
        )
        .argument("--config")
        .argument(&runner)
        .variable(in_browser::RUNNER, project.rust_tool("wasm-bindgen-test-runner"))
        .variable("WASM_BINDGEN_USE_BROWSER", "1")
        // A place whose days have 23 and 25 hours once a year, for the tests that name days.
        .variable("TZ", "Europe/Berlin")
        .variable("CHROMEDRIVER", &browser.driver);
        total = with(total, test(process))?;
    }
    Ok(total)
}

/// The same tests once for each of SecondMe's APIs: a widget must not be able to tell which is behind its proxy.
fn end_to_end(project: &Project, browser: &Browser) -> Result<Tally, Failed> {
    build::widget(project).map_err(Failed::without_tests)?;
    weigh::check(project).map_err(Failed::without_tests)?;
    let mut total = Tally { passed: 1, failed: 0 };
    for api in ["visitor-chat", "avatar-hub"] {
        report::line(&format!("SECONDME_API={api}"));
        let process = Process::new(project, "cargo", "test --no-fail-fast --package secondme-chat --test e2e")
            .variable("CHROME", &browser.chrome)
            .variable("CHROMEDRIVER", &browser.driver)
            .variable("SECONDME_CHAT_DIST", project.dist())
            .variable("SECONDME_CHAT_AXE", TestPackage::AXE.entry(project))
            .variable("SECONDME_CHAT_VITE", TestPackage::VITE.folder(project))
            .variable("SECONDME_API", api);
        total = with(total, test(process))?;
    }
    Ok(total)
}

fn lint(project: &Project) -> Result<Tally, Failed> {
    let mut total = Tally::default();
    for arguments in [
        "clippy --workspace --all-targets --all-features -- -D warnings".to_owned(),
        format!(
            "clippy --package secondme-chat --package chat-core --package chat-markdown --package leptos-shop --all-targets \
             --all-features --target {WASM} \
             -- -D warnings"
        ),
        // As the widget goes to visitors.
        format!("clippy --package secondme-chat --lib --target {WASM} -- -D warnings"),
        "doc --workspace --exclude secondme-chat --no-deps --all-features --document-private-items".to_owned(),
        format!(
            "doc --package secondme-chat --package chat-markdown --all-features --no-deps --document-private-items --target \
             {WASM}"
        ),
    ] {
        let process = Process::new(project, "cargo", &arguments).variable("RUSTDOCFLAGS", "-D warnings");
        total = with(total, check(process))?;
    }
    Ok(total)
}

/// What was counted before, and what came now.
fn with(mut total: Tally, now: Result<Tally, Failed>) -> Result<Tally, Failed> {
    match now {
        Ok(tally) => {
            total += tally;
            Ok(total)
        }
        Err(Failed { error, tally }) => {
            total += tally;
            Err(Failed { error, tally: total })
        }
    }
}

/// Known vulnerabilities are looked up only where their database is: fetching it needs a host of its own.
fn deny(project: &Project) -> Result<Tally, Failed> {
    // cargo-deny looks at every platform's dependencies, and a build has only brought this one's.
    Process::new(project, "cargo", "fetch --locked").run().map_err(Failed::without_tests)?;
    let checks = "--offline check --hide-inclusion-graph --allow license-not-encountered bans licenses sources";
    let mut process = Process::new(project, project.rust_tool("cargo-deny"), checks);
    if advisories().is_some() {
        process = process.argument("advisories");
    } else {
        report::line("Known vulnerabilities are not looked up: their database is missing; `cargo deny fetch` gets it.");
    }
    check(process)
}

/// cargo-deny's copy of the database of vulnerabilities.
fn advisories() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")))?;
    let folders = fs::read_dir(home.join("advisory-dbs")).ok()?;
    folders.filter_map(Result::ok).map(|entry| entry.path()).find(|path| path.join(".git").is_dir())
}

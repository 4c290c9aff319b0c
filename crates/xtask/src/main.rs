//! `cargo xtask …`: one entry for set-up, demo, tests and distribution. It knows the project's layout and its tools;
//! it does not know what the widget or the proxy do.

mod bench;
mod browser;
mod build;
mod bundle;
mod compress;
mod demo;
mod error;
mod fingerprint;
mod in_browser;
mod mutants;
mod node_tools;
mod optional;
mod pins;
mod process;
mod program;
mod project;
mod recipe;
mod redis;
mod report;
mod rings;
mod rust_tools;
mod setup;
mod system;
mod tally;
mod weigh;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Error;
use crate::project::Project;
use crate::rings::Ring;

/// One entry for everything a developer of SecondMe Chat does.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", version, about)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what the project needs into .tools/, and skip what is there
    Setup {
        /// Also what only the tests need: cargo-deny, Redis, Chromium, ChromeDriver
        #[arg(long)]
        tests: bool,
    },
    /// Build the widget and serve the demo shop with the simulated SecondMe
    Demo {
        /// Where to listen on loopback; another free port is taken if this one is in use
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Which of SecondMe's APIs the proxy speaks: visitor-chat or avatar-hub
        #[arg(long, default_value = "visitor-chat")]
        api: String,
    },
    /// Run the rings of tests, all of them unless some are named
    Test {
        /// The rings to run, in the order of the full run
        #[arg(value_enum)]
        rings: Vec<Ring>,
    },
    /// Build the widget for release and print what each file weighs
    Dist {
        /// Also build the proxy with the widget's files in it, as target/dist/chat-proxy
        #[arg(long)]
        proxy: bool,
    },
    /// Measure what the widget and the proxy cost beside others, and write the figures into docs/benchmarks.md
    Bench(bench::Wish),
    /// Put faults into a copy of the core, one at a time, and see whether its tests notice
    Mutants,
    /// Trunk's last step: write widget.js, the parts that are fetched later, and the compressed files
    #[command(hide = true)]
    Bundle,
    /// Cargo's runner for tests in the browser
    #[command(hide = true)]
    InBrowser {
        /// The tests' file, and what it is told
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    run(Arguments::parse().task).unwrap_or_else(|error| {
        report::line(&format!("error: {error}"));
        ExitCode::FAILURE
    })
}

fn run(task: Task) -> Result<ExitCode, Error> {
    if let Task::InBrowser { arguments } = &task {
        return in_browser::run(arguments).map(ExitCode::from);
    }
    let project = Project::locate()?;
    match task {
        Task::Setup { tests: false } => setup::for_build(&project)?,
        Task::Setup { tests: true } => drop(setup::for_tests(&project)?),
        Task::Demo { port, api } => demo::run(&project, port, &api)?,
        Task::Test { rings } => return rings::run(&project, &rings),
        Task::Dist { proxy } => {
            weigh::run(&project)?;
            if proxy {
                program::build(&project)?;
            }
        }
        Task::Bench(wish) => bench::run(&project, &wish)?,
        Task::Mutants => mutants::run(&project)?,
        Task::Bundle => bundle::run(&project)?,
        Task::InBrowser { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

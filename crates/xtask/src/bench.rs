//! `cargo xtask bench`: what the widget costs a page and the proxy a request, beside others, in docs/benchmarks.md. It knows
//! the targets and says what misses them; why is written there by hand.
#![expect(clippy::print_stdout, reason = "the tables are this task's result")]

mod document;
mod figures;
mod peers;
mod targets;

use clap::{Args, ValueEnum};
use serde::de::DeserializeOwned;

use crate::browser::Browser;
use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::{build, setup};
use figures::{Proxy, Widget};

/// What is asked for at the command line.
#[derive(Debug, Args)]
pub(crate) struct Wish {
    /// What to measure: the widget and the proxy unless something is named
    #[arg(value_enum)]
    what: Vec<Bench>,
    /// How many times everything is measured; the figures are medians
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// One round, which is printed and not written down
    #[arg(long)]
    quick: bool,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// The built widget in a browser, beside a hand-written floor and deep-chat
    Widget,
    /// The proxy, beside a bare handler
    Proxy,
    /// How long frames take with 5,000 messages, beside 50; printed only
    Frames,
}

/// Builds what is needed, measures, prints, and writes down.
pub(crate) fn run(project: &Project, wish: &Wish) -> Result<(), Error> {
    setup::for_release(project)?;
    let browser = setup::for_tests(project)?;
    let all = [Bench::Widget, Bench::Proxy];
    let rounds = if wish.quick { 1 } else { wish.rounds };
    for bench in if wish.what.is_empty() { &all } else { &wish.what[..] } {
        let (name, table) = match bench {
            Bench::Widget => ("widget", widget(project, &browser, rounds)?),
            Bench::Proxy => ("proxy", proxy(project, rounds)?),
            Bench::Frames => {
                frames(project, &browser)?;
                continue;
            }
        };
        println!("{table}");
        if !wish.quick {
            document::write(project, name, &table)?;
        }
    }
    Ok(())
}

fn widget(project: &Project, browser: &Browser, rounds: u32) -> Result<String, Error> {
    build::release(project)?;
    let peers = peers::prepare(project)?;
    let process = cargo(project, "bench --profile test --package secondme-chat --bench side_by_side", rounds)
        .variable("CHROME", &browser.chrome)
        .variable("SECONDME_CHAT_DIST", project.dist())
        .variable("SECONDME_CHAT_PEERS", peers);
    let figures: Widget = measured(process)?;
    Ok(figures.table(&targets::machine(&figures.browser, rounds)))
}

fn proxy(project: &Project, rounds: u32) -> Result<String, Error> {
    let figures: Proxy = measured(cargo(project, "bench --package chat-proxy --bench request", rounds))?;
    Ok(figures.table(&targets::machine("a release build", rounds)))
}

fn frames(project: &Project, browser: &Browser) -> Result<(), Error> {
    build::release(project)?;
    Process::new(project, "cargo", "bench --profile test --package secondme-chat --bench frames")
        .variable("CHROME", &browser.chrome)
        .variable("CHROMEDRIVER", &browser.driver)
        .variable("SECONDME_CHAT_DIST", project.dist())
        .run()
}

fn cargo(project: &Project, arguments: &str, rounds: u32) -> Process {
    Process::new(project, "cargo", arguments).variable("SECONDME_CHAT_ROUNDS", rounds.to_string())
}

/// What a measurement says at its end.
fn measured<T: DeserializeOwned>(process: Process) -> Result<T, Error> {
    let line = process.line().to_owned();
    let output = process.output(b"")?;
    serde_json::from_slice(&output)
        .map_err(|error| Error::Failed { line, status: format!("it told no figures: {error}") })
}

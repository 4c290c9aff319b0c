//! What is measured of the widget, in which unit, and what it may cost at most. Bytes are held by `cargo xtask test` too.

use std::fs;
use std::thread;

use super::figures::Unit;

/// One row of the widget's table.
pub(super) struct Row {
    /// The figure's name in what the measurement tells.
    pub(super) key: &'static str,
    pub(super) words: &'static str,
    pub(super) unit: Unit,
    pub(super) limit: Limit,
}

/// What the widget may cost.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    /// So many times what the floor costs.
    Times(f64),
    /// So much, whatever the floor costs, in the row's unit.
    Absolute(f64),
}

const fn row(key: &'static str, words: &'static str, unit: Unit, limit: Limit) -> Row {
    Row { key, words, unit, limit }
}

/// In the order of the table.
pub(super) const ROWS: [Row; 14] = [
    row("bytes until launcher", "bytes until the launcher is there", Unit::Kilobytes, Limit::Absolute(3.0)),
    row("bytes until open", "bytes until open", Unit::Kilobytes, Limit::Absolute(92.0)),
    row("bytes later", "bytes later, with nothing waiting for them", Unit::Kilobytes, Limit::Absolute(60.0)),
    row("launcher", "launcher on the screen, slow", Unit::Milliseconds, Limit::Times(1.1)),
    row("load", "load, main thread", Unit::Milliseconds, Limit::Times(1.5)),
    row("load and open", "load and open, main thread", Unit::Milliseconds, Limit::Times(1.5)),
    row("longest task", "longest task of these (0: none took 50 ms)", Unit::Milliseconds, Limit::Absolute(50.0)),
    row("stream", "2,000 chunks at 200 a second, main thread", Unit::Milliseconds, Limit::Times(1.4)),
    row("burst", "the same in one burst", Unit::Milliseconds, Limit::Times(3.0)),
    row("pairs", "1,000 pairs rendered, main thread", Unit::Milliseconds, Limit::Times(1.2)),
    row("heap", "JavaScript's and WebAssembly's heap with them", Unit::Megabytes, Limit::Times(3.0)),
    row("memory", "the renderer's memory (PSS) with them", Unit::Megabytes, Limit::Times(1.3)),
    row("key", "main thread for each key typed with them", Unit::Milliseconds, Limit::Times(1.1)),
    row("on top", "200 chunks on top of them, main thread", Unit::Milliseconds, Limit::Times(1.4)),
];

/// What the figures depend on.
pub(super) fn machine(program: &str, rounds: u32) -> String {
    let field = |path: &str, name: &str, separator: char| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(separator));
        line.map(|value| value.trim().trim_matches('"').to_owned())
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = field("/proc/cpuinfo", "model name", ':').unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let system = field("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(|| std::env::consts::OS.to_owned());
    let rounds = if rounds == 1 { "one round".to_owned() } else { format!("medians of {rounds} rounds") };
    format!("{cores} cores ({processor}), {system}, {program}, {rounds}.")
}

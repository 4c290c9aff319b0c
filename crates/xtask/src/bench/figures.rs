//! From what a measurement told to a table for people: medians, ratios within each round, and what misses its target.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::targets::{Limit, ROWS, Row};

/// What the widget's measurement tells: by round, program and figure, in milliseconds or bytes.
#[derive(Deserialize)]
pub(super) struct Widget {
    pub(super) browser: String,
    rounds: Vec<BTreeMap<String, BTreeMap<String, f64>>>,
}

/// What the proxy's tells: by round, kind of request and server, in microseconds.
#[derive(Deserialize)]
pub(super) struct Proxy {
    rounds: Vec<BTreeMap<String, BTreeMap<String, f64>>>,
}

/// What a figure is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Kilobytes,
    Megabytes,
    Milliseconds,
}

const FLOOR: &str = "floor";
const PEER: &str = "deep-chat";
const OURS: &str = "secondme";

impl Widget {
    pub(super) fn table(&self, machine: &str) -> String {
        let mut lines = vec![
            machine.to_owned(),
            String::new(),
            "| | floor | deep-chat | **SecondMe Chat** | at most |".to_owned(),
            "|---|---|---|---|---|".to_owned(),
        ];
        lines.extend(ROWS.iter().map(|row| self.row(row)));
        let misses: Vec<_> = ROWS.iter().filter_map(|row| self.miss(row)).collect();
        let summary = if misses.is_empty() { "Nothing misses its target." } else { "What misses its target:" };
        lines.extend([String::new(), summary.to_owned(), String::new()]);
        lines.extend(misses);
        lines.join("\n")
    }

    fn row(&self, row: &Row) -> String {
        let of = |program| row.unit.tell(self.median(program, row.key));
        let limit = match row.limit {
            Limit::Times(limit) => limit.to_string(),
            Limit::Absolute(limit) => format!("{limit} {}", row.unit.name()),
        };
        let beside = |program| match row.limit {
            Limit::Times(_) => format!("{:.2} ({})", self.ratio(program, row.key), of(program)),
            Limit::Absolute(_) => of(program),
        };
        let [floor, peer, ours] = [of(FLOOR), beside(PEER), beside(OURS)];
        format!("| {} | {floor} | {peer} | **{ours}** | {limit} |", row.words)
    }

    fn miss(&self, row: &Row) -> Option<String> {
        let (found, limit, unit) = match row.limit {
            Limit::Times(limit) => (self.ratio(OURS, row.key), limit, " times the floor".to_owned()),
            Limit::Absolute(limit) => {
                (self.median(OURS, row.key) / row.unit.size(), limit, format!(" {}", row.unit.name()))
            }
        };
        let excess = (found / limit - 1.0) * 100.0;
        let Row { words, .. } = row;
        (found > limit)
            .then(|| format!("- {words}: {found:.2}{unit} where {limit} are allowed, {excess:.0} % too much."))
    }

    fn median(&self, program: &str, key: &str) -> f64 {
        median(self.rounds.iter().map(|round| figure(round, program, key)).collect())
    }

    /// Within each round, since what else the machine does differs from round to round.
    fn ratio(&self, program: &str, key: &str) -> f64 {
        median(self.rounds.iter().map(|round| figure(round, program, key) / figure(round, FLOOR, key)).collect())
    }
}

impl Proxy {
    pub(super) fn table(&self, machine: &str) -> String {
        let mut lines = vec![
            machine.to_owned(),
            String::new(),
            "| | bare handler | one that asks SecondMe | **chat-proxy** |".to_owned(),
            "|---|---|---|---|".to_owned(),
        ];
        for request in ["init", "send"] {
            let of = |server: &str| median(self.rounds.iter().map(|round| figure(round, request, server)).collect());
            let ratio = |server: &str, to: &str| {
                median(
                    self.rounds
                        .iter()
                        .map(|round| figure(round, request, server) / figure(round, request, to))
                        .collect(),
                )
            };
            lines.push(format!(
                "| `{request}` | {:.0} µs | {:.2} ({:.0} µs) | **{:.2} ({:.0} µs)**, {:.2} of one that asks |",
                of("bare"),
                ratio("relay", "bare"),
                of("relay"),
                ratio("proxy", "bare"),
                of("proxy"),
                ratio("proxy", "relay"),
            ));
        }
        lines.join("\n")
    }
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Kilobytes => "KB",
            Self::Megabytes => "MB",
            Self::Milliseconds => "ms",
        }
    }

    /// In what a measurement tells.
    fn size(self) -> f64 {
        match self {
            Self::Kilobytes => 1_000.0,
            Self::Megabytes => 1_000_000.0,
            Self::Milliseconds => 1.0,
        }
    }

    fn tell(self, figure: f64) -> String {
        let number = figure / self.size();
        let digits = usize::from(number < 100.0 && number != 0.0);
        format!("{number:.digits$} {}", self.name())
    }
}

/// A figure that was not told is none, which no target allows.
fn figure(round: &BTreeMap<String, BTreeMap<String, f64>>, of: &str, key: &str) -> f64 {
    round.get(of).and_then(|figures| figures.get(key)).copied().unwrap_or(f64::NAN)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    match figures.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => figures[odd / 2],
        even => f64::midpoint(figures[even / 2 - 1], figures[even / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(figures: &[[f64; 2]]) -> Widget {
        let all = |value: f64| ROWS.iter().map(|row| (row.key.to_owned(), value)).collect::<BTreeMap<_, _>>();
        let rounds = figures.iter().map(|[floor, ours]| {
            [(FLOOR, *floor), (PEER, 2.0 * floor), (OURS, *ours)]
                .map(|(name, value)| (name.to_owned(), all(value)))
                .into()
        });
        Widget { browser: "Chrome/1".to_owned(), rounds: rounds.collect() }
    }

    #[test]
    fn ratios_are_taken_within_a_round_and_their_median_is_told() {
        let widget = rounds(&[[10.0, 20.0], [100.0, 110.0], [20.0, 26.0]]);
        assert_eq!(widget.median(OURS, "load"), 26.0);
        assert_eq!(widget.ratio(OURS, "load"), 1.3);
        assert_eq!(widget.row(&ROWS[4]), "| load, main thread | 20.0 ms | 2.00 (40.0 ms) | **1.30 (26.0 ms)** | 1.5 |");
    }

    #[test]
    fn what_misses_its_target_is_named_with_how_much() {
        let check = |ours: f64, row: usize, expected: Option<&str>| {
            assert_eq!(rounds(&[[10.0, ours]]).miss(&ROWS[row]).as_deref(), expected);
        };
        check(15.0, 4, None);
        check(18.0, 4, Some("- load, main thread: 1.80 times the floor where 1.5 are allowed, 20 % too much."));
        check(92_000.0, 1, None);
        check(115_000.0, 1, Some("- bytes until open: 115.00 KB where 92 are allowed, 25 % too much."));
    }

    #[test]
    fn the_middle_of_an_even_number_lies_between_two() {
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(vec![3.0]), 3.0);
        assert!(median(Vec::new()).is_nan());
    }
}

//! What this program says about itself. All of it goes to stderr, so that stdout stays free for results.
#![expect(clippy::print_stderr, reason = "telling the developer what happens is this module's point")]

use std::fmt::Display;
use std::time::{Duration, Instant};

use crate::error::Error;

/// Says one line.
pub(crate) fn line(text: &str) {
    eprintln!("{text}");
}

/// Does one step and says in one line what it is and how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    eprint!("{name} … ");
    let start = Instant::now();
    let result = work();
    match &result {
        Ok(_) => eprintln!("{}", Seconds(start.elapsed())),
        Err(_) => eprintln!("failed after {}", Seconds(start.elapsed())),
    }
    result
}

/// A duration as a person says it: `0.3 s`, `94 s`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seconds(pub Duration);

impl Display for Seconds {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = self.0.as_secs_f64();
        let text = if seconds < 10.0 { format!("{seconds:.1} s") } else { format!("{seconds:.0} s") };
        formatter.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_times_have_a_decimal_and_long_ones_do_not() {
        for (milliseconds, text) in [(40, "0.0 s"), (340, "0.3 s"), (9_900, "9.9 s"), (94_400, "94 s")] {
            assert_eq!(Seconds(Duration::from_millis(milliseconds)).to_string(), text);
        }
    }
}

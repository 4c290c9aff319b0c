//! How many requests each API key had in the last minute. It knows no request.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

/// The span in which requests are counted (Avatar Hub, "Important Notes": per minute).
const WINDOW: Duration = Duration::from_secs(60);

/// The moments of the requests that were let through, by key.
#[derive(Default)]
pub(crate) struct Limits {
    passed: HashMap<String, VecDeque<Instant>>,
    /// How many requests were not let through.
    pub(crate) refused: u64,
}

impl Limits {
    /// Whether one more request of this key is let through: at most `limit` of them in any minute. One that is refused
    /// does not count.
    pub(crate) fn pass(&mut self, api_key: &str, limit: usize, now: Instant) -> bool {
        let passed = self.passed.entry(api_key.into()).or_default();
        while passed.front().is_some_and(|first| now.duration_since(*first) >= WINDOW) {
            passed.pop_front();
        }
        let free = passed.len() < limit;
        if free {
            passed.push_back(now);
        } else {
            self.refused += 1;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides_and_each_key_has_its_own() {
        let mut limits = Limits::default();
        let start = Instant::now();
        let mut pass = |key: &str, seconds: u64| limits.pass(key, 2, start + Duration::from_secs(seconds));
        for (key, seconds, expected) in [
            ("sk-1", 0, true),
            ("sk-1", 30, true),
            ("sk-1", 59, false),
            ("sk-2", 59, true),
            ("sk-1", 60, true),
            ("sk-1", 89, false),
            ("sk-1", 90, true),
            ("sk-1", 119, false),
        ] {
            assert_eq!(pass(key, seconds), expected, "{key} at {seconds} s");
        }
        assert_eq!(limits.refused, 3);
    }
}

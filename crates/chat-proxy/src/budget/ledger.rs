//! Which of a key's requests are in use, and when they come back. Time comes in as a value; nothing here knows a clock.

use std::collections::VecDeque;
use std::time::Duration;

/// The requests of the last window. Each comes back exactly one window after it was taken, so that no window of that length
/// ever holds more than the limit; a bucket that refills steadily would let through twice as many.
///
/// All times are since the same, arbitrary beginning.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    limit: u32,
    window: Duration,
    uses: VecDeque<Use>,
    closed_until: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Use {
    at: Duration,
    requests: u32,
}

impl Ledger {
    pub(crate) fn new(limit: u32, window: Duration) -> Self {
        Self { limit, window, uses: VecDeque::new(), closed_until: Duration::ZERO }
    }

    /// How many requests are in use.
    pub(crate) fn in_use(&self, now: Duration) -> u32 {
        self.uses.iter().filter(|taken| taken.at + self.window > now).map(|taken| taken.requests).sum()
    }

    /// How many requests may be taken.
    pub(crate) fn room(&self, now: Duration) -> u32 {
        if now < self.closed_until { 0 } else { self.limit.saturating_sub(self.in_use(now)) }
    }

    /// Takes so many requests, all or none.
    pub(crate) fn take(&mut self, now: Duration, requests: u32) -> bool {
        self.uses.retain(|taken| taken.at + self.window > now);
        let fits = requests <= self.room(now);
        if fits {
            self.note(now, requests);
        }
        fits
    }

    /// Writes down what was taken elsewhere, whether or not it fits.
    pub(crate) fn note(&mut self, at: Duration, requests: u32) {
        let place = self.uses.partition_point(|taken| taken.at <= at);
        self.uses.insert(place, Use { at, requests });
    }

    /// Forgets what is written down, and writes down this.
    pub(crate) fn replace(&mut self, uses: impl Iterator<Item = (Duration, u32)>) {
        self.uses.clear();
        for (at, requests) in uses {
            self.note(at, requests);
        }
    }

    /// From when on so many requests can be taken, if nobody takes any before; none where they are more than the limit.
    pub(crate) fn opens_at(&self, now: Duration, requests: u32) -> Option<Duration> {
        let mut used = self.in_use(now);
        let start = now.max(self.closed_until);
        let allowed = self.limit.checked_sub(requests)?;
        if used <= allowed {
            return Some(start);
        }
        for taken in self.uses.iter().filter(|taken| taken.at + self.window > now) {
            used -= taken.requests;
            if used <= allowed {
                return Some(start.max(taken.at + self.window));
            }
        }
        None
    }

    /// Nothing can be taken before then.
    pub(crate) fn close(&mut self, until: Duration) {
        self.closed_until = self.closed_until.max(until);
    }

    /// From now on so many may be in use; what is in use stays so.
    pub(crate) fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_request_comes_back_one_window_after_its_use() {
        let mut ledger = Ledger::new(3, 60 * SECOND);
        assert!(ledger.take(SECOND, 2) && ledger.take(2 * SECOND, 1));
        let check = |at: u32, room: u32| assert_eq!(ledger.room(at * SECOND), room, "{at}");
        check(2, 0);
        check(60, 0);
        check(61, 2);
        check(62, 3);
    }

    #[test]
    fn it_says_from_when_on_requests_fit() {
        let mut ledger = Ledger::new(3, 60 * SECOND);
        assert!(ledger.take(SECOND, 2) && ledger.take(5 * SECOND, 1));
        let check = |ledger: &Ledger, requests: u32, expected: Option<u32>| {
            assert_eq!(ledger.opens_at(10 * SECOND, requests), expected.map(|at| at * SECOND), "{requests}");
        };
        check(&ledger, 0, Some(10));
        check(&ledger, 1, Some(61));
        check(&ledger, 2, Some(61));
        check(&ledger, 3, Some(65));
        check(&ledger, 4, None);
        ledger.close(63 * SECOND);
        check(&ledger, 2, Some(63));
        check(&ledger, 3, Some(65));
        assert_eq!((ledger.room(62 * SECOND), ledger.room(63 * SECOND)), (0, 2));
    }

    #[test]
    fn what_was_taken_elsewhere_counts_in_its_own_time() {
        let mut ledger = Ledger::new(3, 60 * SECOND);
        assert!(ledger.take(10 * SECOND, 1));
        ledger.note(5 * SECOND, 4);
        assert_eq!((ledger.in_use(10 * SECOND), ledger.room(10 * SECOND)), (5, 0));
        assert_eq!(ledger.opens_at(10 * SECOND, 1), Some(65 * SECOND));
    }
}

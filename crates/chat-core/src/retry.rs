//! When the next attempt to connect is due: exponential back-off with full jitter. Chance comes in as a seed.

use core::time::Duration;

use crate::json::{Json, Portable, Reader};

/// The shortest window that an attempt is spread over.
pub const FIRST: Duration = Duration::from_secs(1);
/// The longest.
pub const LONGEST: Duration = Duration::from_secs(30);

/// A run of attempts that failed. Each wait is drawn evenly from a window that doubles from [`FIRST`] to [`LONGEST`], so
/// that many widgets which lose the same server do not come back at the same moment.
#[derive(Clone, Debug, Default)]
pub struct Backoff {
    failures: u32,
    /// Stays with the widget that was given it: two that share a conversation need not share their luck.
    chance: u64,
}

impl Portable for Backoff {
    fn pack(&self, list: &mut Vec<Json>) {
        self.failures.pack(list);
    }

    fn unpack(reader: &mut Reader) -> Self {
        Self { failures: u32::unpack(reader), ..Self::default() }
    }
}

impl Backoff {
    /// A fresh run. Two widgets must not be given the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { failures: 0, chance: seed }
    }

    /// Changes the luck, and nothing else.
    pub(crate) fn reseed(&mut self, seed: u64) {
        self.chance = seed;
    }

    /// The wait before the next attempt; each call counts one more failure.
    pub fn next_wait(&mut self) -> Duration {
        let window = FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        // Never nothing at all: a failure is to be seen before it is mended.
        Duration::from_millis(1 + self.draw() % u64::try_from(window.as_millis()).unwrap_or(u64::MAX))
    }

    /// An attempt worked: the next run starts from the shortest window.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// SplitMix64: enough for spreading load, and no dependency in the wasm.
    fn draw(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_doubles_up_to_its_bound() {
        let mut longest = [Duration::ZERO; 12];
        for seed in 0..500 {
            let mut backoff = Backoff::new(seed);
            for longest in &mut longest {
                *longest = (*longest).max(backoff.next_wait());
            }
        }
        for (failures, longest) in longest.into_iter().enumerate() {
            let window = Duration::from_secs(1 << failures.min(10)).min(LONGEST);
            assert!(longest <= window, "{failures}: {longest:?}");
            assert!(longest > window * 9 / 10, "{failures}: {longest:?} never comes near {window:?}");
        }
    }

    #[test]
    fn widgets_that_lose_the_server_at_once_do_not_come_back_at_once() {
        let mut buckets = [0_u32; 10];
        for seed in 0..10_000 {
            let wait = Backoff::new(seed).next_wait();
            let bucket = usize::try_from(wait.as_millis() / 100).unwrap().min(9);
            buckets[bucket] += 1;
        }
        assert!(buckets.iter().all(|count| (850..1150).contains(count)), "{buckets:?}");
    }

    #[test]
    fn success_starts_over() {
        let mut backoff = Backoff::new(7);
        for _ in 0..8 {
            backoff.next_wait();
        }
        backoff.reset();
        assert!(backoff.next_wait() <= FIRST);
    }
}

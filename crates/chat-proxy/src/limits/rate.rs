//! So many a minute for each of many keys, in memory that stays small.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

/// After so many counts, keys that used nothing of late are forgotten.
const SWEEP_EVERY: u32 = 1024;

/// What may be counted by.
pub(crate) trait Key: Hash + Eq + Clone {}
impl<K: Hash + Eq + Clone> Key for K {}

/// A limit for each key: so many at once, which come back evenly over a minute.
pub(crate) struct Rate<K: Key> {
    limiter: RateLimiter<K, HashMapStateStore<K>, DefaultClock>,
    clock: DefaultClock,
    counts: AtomicU32,
}

impl<K: Key> Rate<K> {
    pub(crate) fn per_minute(limit: NonZeroU32) -> Self {
        let limiter = RateLimiter::hashmap(Quota::per_minute(limit));
        Self { limiter, clock: DefaultClock::default(), counts: AtomicU32::new(0) }
    }

    /// Counts one for the key, or says after which time there is room for one.
    pub(crate) fn count(&self, key: &K) -> Result<(), Duration> {
        if self.counts.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(key).map_err(|refusal| refusal.wait_time_from(self.clock.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_a_limit_of_its_own() {
        let rate = Rate::per_minute(NonZeroU32::new(3).unwrap());
        let count = |key: u32| (0..5).filter(|_| rate.count(&key).is_ok()).count();
        assert_eq!((count(1), count(2), count(1)), (3, 3, 0));
        let wait = rate.count(&1).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(20), "{wait:?}");
    }

    #[test]
    fn keys_that_come_once_do_not_fill_the_memory() {
        // A use is forgotten after a sixtieth of a millisecond.
        let rate = Rate::per_minute(NonZeroU32::new(u32::MAX).unwrap());
        for key in 0..100 * SWEEP_EVERY {
            assert!(rate.count(&key).is_ok());
        }
        assert!(rate.limiter.len() <= 2 * SWEEP_EVERY as usize, "{}", rate.limiter.len());
    }
}

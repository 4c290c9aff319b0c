//! What this replica itself has in use of a key, numbered, so that it can be told to Redis any number of times and counts
//! once.

use std::collections::VecDeque;
use std::time::Duration;

/// Requests of the last window.
#[derive(Debug)]
pub(super) struct OwnUses {
    window: Duration,
    uses: VecDeque<Use>,
    next: u64,
}

#[derive(Clone, Copy, Debug)]
struct Use {
    at: Duration,
    first: u64,
    requests: u32,
}

impl OwnUses {
    pub(super) fn new(window: Duration) -> Self {
        Self { window, uses: VecDeque::new(), next: 0 }
    }

    /// Numbers for so many requests, the first of them; they are not given out again, whether or not they are used.
    pub(super) fn number(&mut self, requests: u32) -> u64 {
        let first = self.next;
        self.next += u64::from(requests);
        first
    }

    pub(super) fn note(&mut self, at: Duration, first: u64, requests: u32) {
        self.uses.retain(|taken| taken.at + self.window > at);
        self.uses.push_back(Use { at, first, requests });
    }

    pub(super) fn in_use(&self, now: Duration) -> u32 {
        self.taken(now).map(|(_, requests)| requests).sum()
    }

    /// When how many were taken that are in use.
    pub(super) fn taken(&self, now: Duration) -> impl Iterator<Item = (Duration, u32)> {
        self.in_window(now).map(|taken| (taken.at, taken.requests))
    }

    /// Each request in use: its number, and its age in milliseconds.
    pub(super) fn recent(&self, now: Duration) -> impl Iterator<Item = (u64, u64)> {
        self.in_window(now).flat_map(move |taken| {
            let age = u64::try_from(now.saturating_sub(taken.at).as_millis()).unwrap_or(u64::MAX);
            (taken.first..taken.first + u64::from(taken.requests)).map(move |number| (number, age))
        })
    }

    fn in_window(&self, now: Duration) -> impl Iterator<Item = &Use> {
        self.uses.iter().filter(move |taken| taken.at + self.window > now)
    }
}

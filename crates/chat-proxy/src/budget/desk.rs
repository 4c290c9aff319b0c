//! One key's account with what this replica itself used of it, and the verdicts for those who wait.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use super::account::{Account, Verdict};
use super::link::Link;
use super::own_uses::OwnUses;
use super::queue::Place;
use super::store::Reply;
use super::{Allowed, Patience};

/// One key's account and line, and what wakes the task that serves the line.
pub(super) struct Desk {
    pub(super) account: Account<oneshot::Sender<Verdict>>,
    pub(super) own: OwnUses,
    /// What was in use when Redis was lost.
    pub(super) held: u32,
    pub(super) changed: Arc<Notify>,
    pub(super) is_served: bool,
}

impl Desk {
    pub(super) fn new(allowed: Allowed, patience: Patience) -> Self {
        Self {
            account: Account::new(allowed.requests, allowed.window, patience),
            own: OwnUses::new(allowed.window),
            held: 0,
            changed: Arc::default(),
            is_served: false,
        }
    }

    /// Turns away who waits in vain, and lets in whom this replica can let in by itself.
    pub(super) fn settle(&mut self, now: Duration, link: &Link, allowed: &Allowed) {
        self.account.ledger.set_limit(link.own_limit(now, self.held, allowed));
        self.refuse(now);
        for (holder, requests) in self.account.serve(now) {
            let first = self.own.number(requests);
            self.own.note(now, first, requests);
            // Whoever left meanwhile does not hear it, and the requests count as used.
            let _ = holder.send(Ok(()));
        }
    }

    /// Turns away who waits in vain.
    pub(super) fn refuse(&mut self, now: Duration) {
        for (holder, over) in self.account.refuse(now) {
            let _ = holder.send(Err(over));
        }
    }

    /// Lets in whoever stands there, with requests that Redis granted.
    pub(super) fn admit(&mut self, now: Duration, place: Place, first: u64, requests: u32) {
        self.own.note(now, first, requests);
        if let Some(holder) = self.account.admit(place) {
            let _ = holder.send(Ok(()));
        }
    }

    /// Goes by what Redis says of all replicas.
    pub(super) fn learn(&mut self, now: Duration, reply: &Reply) {
        self.account.ledger.replace(reply.ages.iter().map(|age| (now.saturating_sub(*age), 1)));
        self.account.ledger.set_limit(reply.limit);
        if !reply.settling.is_zero() {
            self.account.ledger.close(now + reply.settling);
        }
    }

    /// Goes by what this replica itself used.
    pub(super) fn fall_back(&mut self, now: Duration) {
        self.held = self.own.in_use(now);
        self.account.ledger.replace(self.own.taken(now));
        self.changed.notify_one();
    }
}

//! The requests that SecondMe allows for an avatar's key: never more in any minute than it allows, shared fairly among the
//! visitors. It knows neither HTTP nor what a request is for.

mod account;
mod key;
mod ledger;
mod queue;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chat_core::wire::VisitorId;
use thiserror::Error;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

pub use key::BudgetKey;

use account::{Account, Verdict};
use queue::Place;

/// Beyond this nobody waits for a key that SecondMe closed.
const LONGEST_CLOSURE: Duration = Duration::from_secs(3600);

/// How many requests there are, and for how long one is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Requests of a key in any window.
    pub requests: u32,
    /// How long a request is in use: SecondMe's minute, and a margin for the different times that requests travel.
    pub window: Duration,
}

/// Who may wait for requests, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The longest wait.
    pub wait: Duration,
    /// How many may wait for a key.
    pub line: usize,
    /// How many of them on behalf of the same visitor.
    pub line_of_visitor: usize,
}

/// Who keeps the budget at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetState {
    /// This process, for itself.
    Alone,
    /// Nobody yet: Redis was not reached so far.
    Connecting,
    /// All replicas together, in Redis.
    Shared,
    /// This process, its own share: Redis was lost.
    OwnShare,
}

/// The requests are used up, and waiting would take too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("SecondMe's limit for this avatar is reached; try again in {} s", self.seconds())]
pub struct OverBudget {
    /// Whoever comes back after this time is let in, if nobody new came before.
    pub retry_after: Duration,
}

impl OverBudget {
    /// The time in whole seconds, at least one, as `Retry-After` has it.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        whole_seconds(self.retry_after)
    }
}

/// A time to wait as `Retry-After` has it: rounded up, and never zero.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    (wait + Duration::from_millis(999)).as_secs().max(1)
}

/// The budgets of all keys. Clones share them.
#[derive(Clone)]
pub struct Budget {
    shared: Arc<Shared>,
}

struct Shared {
    allowed: Allowed,
    patience: Patience,
    beginning: Instant,
    desks: Mutex<HashMap<BudgetKey, Desk>>,
}

/// One key's account, and what wakes the task that serves its line.
struct Desk {
    account: Account<oneshot::Sender<Verdict>>,
    changed: Arc<Notify>,
    is_served: bool,
}

impl Budget {
    /// A budget that this process keeps for itself.
    #[must_use]
    pub fn new(allowed: Allowed, patience: Patience) -> Self {
        let desks = Mutex::default();
        Self { shared: Arc::new(Shared { allowed, patience, beginning: Instant::now(), desks }) }
    }

    /// Waits for the visitor's turn and takes so many requests of the key, all at once. They are meant to be made now: a
    /// request that is made much later is counted by SecondMe in another minute than here.
    ///
    /// # Errors
    /// [`OverBudget`] where they can't be had in time, at once where that is certain.
    pub async fn take(&self, key: BudgetKey, visitor: &VisitorId, requests: u32) -> Result<(), OverBudget> {
        let (speak, verdict) = oneshot::channel();
        let place = {
            let now = self.shared.now();
            let mut desks = self.shared.desks();
            let desk = desks.entry(key).or_insert_with(|| self.shared.desk());
            let place = desk.account.join(now, visitor, requests, speak)?;
            desk.settle(now);
            if desk.account.first().is_some() && !desk.is_served {
                desk.is_served = true;
                tokio::spawn(serve(Arc::clone(&self.shared), key));
            }
            desk.changed.notify_one();
            place
        };
        // Whoever no longer waits must not hold up those behind.
        let _leaving = Leaving { shared: &self.shared, key, place };
        // The verdict is always spoken, unless the runtime ends.
        verdict.await.unwrap_or(Err(OverBudget { retry_after: self.shared.allowed.window }))
    }

    /// SecondMe said that the limit is reached: nothing is taken for that long, or for a quarter of the window where
    /// SecondMe named no time.
    pub fn close(&self, key: BudgetKey, wait: Option<Duration>) {
        let until = self.shared.now() + wait.unwrap_or(self.shared.allowed.window / 4).min(LONGEST_CLOSURE);
        let mut desks = self.shared.desks();
        let desk = desks.entry(key).or_insert_with(|| self.shared.desk());
        desk.account.ledger.close(until);
        desk.changed.notify_one();
    }

    /// Who keeps the budget at the moment.
    #[must_use]
    pub fn state(&self) -> BudgetState {
        BudgetState::Alone
    }

    /// How many requests could be taken now.
    #[must_use]
    pub fn left(&self, key: BudgetKey) -> u32 {
        let now = self.shared.now();
        self.shared.desks().get(&key).map_or(self.shared.allowed.requests, |desk| desk.account.ledger.room(now))
    }
}

impl Shared {
    fn now(&self) -> Duration {
        self.beginning.elapsed()
    }

    fn desks(&self) -> MutexGuard<'_, HashMap<BudgetKey, Desk>> {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn desk(&self) -> Desk {
        Desk {
            account: Account::new(self.allowed.requests, self.allowed.window, self.patience),
            changed: Arc::default(),
            is_served: false,
        }
    }
}

impl Desk {
    /// Speaks every verdict that can be spoken now. Whoever left meanwhile does not hear it, and the requests count as used.
    fn settle(&mut self, now: Duration) {
        for holder in self.account.serve(now) {
            let _ = holder.send(Ok(()));
        }
        for (holder, over) in self.account.refuse(now) {
            let _ = holder.send(Err(over));
        }
    }
}

/// Serves a key's line until nobody waits.
async fn serve(shared: Arc<Shared>, key: BudgetKey) {
    loop {
        let (next, changed) = {
            let now = shared.now();
            let mut desks = shared.desks();
            let Some(desk) = desks.get_mut(&key) else { return };
            desk.settle(now);
            let Some(next) = desk.account.next(now) else {
                desk.is_served = false;
                return;
            };
            (shared.beginning + next, Arc::clone(&desk.changed))
        };
        tokio::select! {
            () = tokio::time::sleep_until(next) => {}
            () = changed.notified() => {}
        }
    }
}

/// Gives up the place of whoever stops waiting, for whatever reason.
struct Leaving<'a> {
    shared: &'a Shared,
    key: BudgetKey,
    place: Place,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if let Some(desk) = self.shared.desks().get_mut(&self.key) {
            desk.account.leave(self.place);
            desk.changed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests;

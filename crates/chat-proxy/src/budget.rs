//! The requests that SecondMe allows for an avatar's key: never more in any minute than it allows, shared fairly among the
//! visitors. It knows neither HTTP nor what a request is for.

mod account;
mod counter;
mod desk;
mod key;
mod ledger;
mod link;
mod own_uses;
mod presence;
mod queue;
mod store;

use std::sync::Arc;
use std::time::Duration;

use chat_core::wire::VisitorId;
use secrecy::SecretString;
use thiserror::Error;
use tokio::sync::oneshot;

pub use key::BudgetKey;

use counter::Counter;
use queue::Place;
use store::Store;

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
    counter: Arc<Counter>,
}

impl Budget {
    /// A budget that this process keeps for itself.
    #[must_use]
    pub fn new(allowed: Allowed, patience: Patience) -> Self {
        Self { counter: Arc::new(Counter::new(allowed, patience, None)) }
    }

    /// A budget that all replicas keep together in the Redis or Valkey at this address. While it is away, each of them keeps
    /// to its own share.
    ///
    /// # Errors
    /// [`BadStore`] where the address makes no sense. Redis need not be there yet.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn shared(allowed: Allowed, patience: Patience, redis_url: &SecretString) -> Result<Self, BadStore> {
        let store = Store::new(redis_url, allowed).map_err(|_| BadStore)?;
        let counter = Arc::new(Counter::new(allowed, patience, Some(store)));
        tokio::spawn(presence::keep(Arc::downgrade(&counter)));
        Ok(Self { counter })
    }

    /// Waits for the visitor's turn and takes so many requests of the key, all at once. They are meant to be made now: a
    /// request that is made much later is counted by SecondMe in another minute than here.
    ///
    /// # Errors
    /// [`OverBudget`] where they can't be had in time, at once where that is certain.
    pub async fn take(&self, key: BudgetKey, visitor: &VisitorId, requests: u32) -> Result<(), OverBudget> {
        let (speak, verdict) = oneshot::channel();
        let place = self.counter.join(key, visitor, requests, speak)?;
        // Whoever no longer waits must not hold up those behind.
        let _leaving = Leaving { counter: &self.counter, key, place };
        // The verdict is always spoken, unless the runtime ends.
        verdict.await.unwrap_or(Err(OverBudget { retry_after: self.counter.allowed.window }))
    }

    /// SecondMe said that the limit is reached: nothing is taken for that long, or for a quarter of the window where
    /// SecondMe named no time.
    pub fn close(&self, key: BudgetKey, wait: Option<Duration>) {
        let wait = wait.unwrap_or(self.counter.allowed.window / 4).min(LONGEST_CLOSURE);
        let until = self.counter.now() + wait;
        self.counter.with(key, |desk| desk.account.ledger.close(until));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(presence::tell_closed(Arc::clone(&self.counter), key, wait));
        }
    }

    /// Who keeps the budget at the moment.
    #[must_use]
    pub fn state(&self) -> BudgetState {
        self.counter.state().link.state()
    }

    /// How many requests could be taken now, as far as this replica knows.
    #[must_use]
    pub fn left(&self, key: BudgetKey) -> u32 {
        let now = self.counter.now();
        let state = self.counter.state();
        state.desks.get(&key).map_or(self.counter.allowed.requests, |desk| desk.account.ledger.room(now))
    }

    /// Tells the other replicas that this one uses nothing any more, so that nothing is reserved for it. Where the budget is
    /// shared, nothing can be taken here afterwards.
    pub async fn leave(&self) {
        presence::end(&self.counter).await;
    }
}

/// The address of Redis makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("CHAT_PROXY_REDIS_URL must be an address such as redis://127.0.0.1:6379/0.")]
pub struct BadStore;

impl Allowed {
    /// A replica that was not heard of for so long is on its own.
    fn silence(&self) -> Duration {
        self.window / 10
    }

    /// A replica that was not heard of for so long is gone, and its share with it.
    fn retention(&self) -> Duration {
        self.window * 10
    }
}

/// Gives up the place of whoever stops waiting, for whatever reason.
struct Leaving<'a> {
    counter: &'a Counter,
    key: BudgetKey,
    place: Place,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.counter.with(self.key, |desk| desk.account.leave(self.place));
    }
}

#[cfg(test)]
mod tests;

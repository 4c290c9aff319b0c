//! All desks of this replica, and the tasks that serve their lines: by itself, or by asking Redis for each who is first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chat_core::wire::VisitorId;
use redis::RedisError;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use super::account::Verdict;
use super::desk::Desk;
use super::link::Link;
use super::queue::Place;
use super::store::{Call, Connection, Reply, Store};
use super::{Allowed, BudgetKey, BudgetState, OverBudget, Patience};

/// What the clones of a budget share.
pub(super) struct Counter {
    pub(super) allowed: Allowed,
    patience: Patience,
    beginning: Instant,
    pub(super) store: Option<Store>,
    /// Whether this replica told Redis that it ends; locked while a sign of life is on its way.
    pub(super) has_left: tokio::sync::Mutex<bool>,
    state: Mutex<State>,
}

pub(super) struct State {
    pub(super) desks: HashMap<BudgetKey, Desk>,
    pub(super) link: Link,
    pub(super) connection: Option<Connection>,
    /// While Redis is being told what was used without it, nothing more is used without it.
    pub(super) is_reporting: bool,
}

/// What the task that serves a line does next.
enum Step {
    Done,
    Wait(Duration, Arc<Notify>),
    Ask(Connection, Place, Call),
}

impl Counter {
    pub(super) fn new(allowed: Allowed, patience: Patience, store: Option<Store>) -> Self {
        let link = if store.is_some() { Link::connecting() } else { Link::alone() };
        let state = State { desks: HashMap::new(), link, connection: None, is_reporting: false };
        Self {
            allowed,
            patience,
            beginning: Instant::now(),
            store,
            has_left: tokio::sync::Mutex::default(),
            state: Mutex::new(state),
        }
    }

    /// The time since the counter began.
    pub(super) fn now(&self) -> Duration {
        self.beginning.elapsed()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something at a key's desk, and lets the task that serves the line see it.
    pub(super) fn with<T>(&self, key: BudgetKey, change: impl FnOnce(&mut Desk) -> T) -> T {
        let mut state = self.state();
        let desk = state.desks.entry(key).or_insert_with(|| Desk::new(self.allowed, self.patience));
        let outcome = change(desk);
        desk.changed.notify_one();
        outcome
    }

    /// Joins a key's line, which is served from then on.
    pub(super) fn join(
        self: &Arc<Self>,
        key: BudgetKey,
        visitor: &VisitorId,
        requests: u32,
        speak: oneshot::Sender<Verdict>,
    ) -> Result<Place, OverBudget> {
        let now = self.now();
        let state = &mut *self.state();
        let desk = state.desks.entry(key).or_insert_with(|| Desk::new(self.allowed, self.patience));
        let place = desk.account.join(now, visitor, requests, speak)?;
        if is_by_itself(&state.link, state.is_reporting) {
            desk.settle(now, &state.link, &self.allowed);
        }
        if desk.account.first().is_some() && !desk.is_served {
            desk.is_served = true;
            tokio::spawn(serve(Arc::clone(self), key));
        }
        desk.changed.notify_one();
        Ok(place)
    }

    /// Redis did not answer: from now on each key has this replica's own share.
    pub(super) fn lose(&self, error: &RedisError) {
        let now = self.now();
        let state = &mut *self.state();
        state.connection = None;
        if state.link.lose(now) {
            tracing::warn!(%error, "Redis is away: this replica keeps to its own share of the budget");
            state.desks.values_mut().for_each(|desk| desk.fall_back(now));
        }
    }

    fn step(&self, key: BudgetKey) -> Step {
        let now = self.now();
        let state = &mut *self.state();
        let Some(desk) = state.desks.get_mut(&key) else { return Step::Done };
        let is_shared = state.link.state() == BudgetState::Shared;
        if is_by_itself(&state.link, state.is_reporting) {
            desk.settle(now, &state.link, &self.allowed);
        } else if is_shared {
            desk.refuse(now);
        }
        let (Some((place, requests)), Some(next)) = (desk.account.first(), desk.account.next(now)) else {
            desk.is_served = false;
            return Step::Done;
        };
        match &state.connection {
            Some(connection) if is_shared && !state.is_reporting && next <= now => {
                let call = Call {
                    wanted: requests,
                    first: desk.own.number(requests),
                    touches: true,
                    cap: state.link.cap(now, desk.held, &self.allowed),
                    believed: state.link.replicas(),
                    ..Call::to_ask(key, &desk.own, now)
                };
                Step::Ask(connection.clone(), place, call)
            }
            _ if is_by_itself(&state.link, state.is_reporting) => Step::Wait(next, Arc::clone(&desk.changed)),
            // Nothing can be done before Redis has spoken, which wakes this task.
            _ => Step::Wait(next.max(now + self.pause()), Arc::clone(&desk.changed)),
        }
    }

    fn hear(&self, place: Place, call: &Call, reply: &Reply) {
        let now = self.now();
        let state = &mut *self.state();
        // Redis may have been lost while this answer was on its way; what it grants counts all the same.
        if state.link.state() == BudgetState::Shared {
            state.link.heard(now, reply.replicas, &self.allowed);
        }
        let Some(desk) = state.desks.get_mut(&call.key) else { return };
        if reply.granted {
            desk.admit(now, place, call.first, call.wanted);
        }
        if state.link.state() == BudgetState::Shared {
            desk.learn(now, reply);
            if !reply.granted {
                desk.account.ledger.close(now + self.pause());
            }
        } else {
            desk.account.ledger.replace(desk.own.taken(now));
        }
    }

    /// The least time between two questions about the same thing.
    fn pause(&self) -> Duration {
        self.allowed.window / 100
    }
}

fn is_by_itself(link: &Link, is_reporting: bool) -> bool {
    !is_reporting && matches!(link.state(), BudgetState::Alone | BudgetState::OwnShare)
}

/// Serves a key's line until nobody waits.
async fn serve(counter: Arc<Counter>, key: BudgetKey) {
    loop {
        match counter.step(key) {
            Step::Done => return,
            Step::Wait(until, changed) => {
                tokio::select! {
                    () = tokio::time::sleep_until(counter.beginning + until) => {}
                    () = changed.notified() => {}
                }
            }
            Step::Ask(connection, place, call) => {
                let Some(store) = &counter.store else { return };
                match store.call(connection, &call).await {
                    Ok(reply) => counter.hear(place, &call, &reply),
                    Err(error) => counter.lose(&error),
                }
            }
        }
    }
}

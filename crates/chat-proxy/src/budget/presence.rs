//! This replica's sign of life in Redis, which is also how it notices that Redis is away or back.

use std::sync::{Arc, Weak};
use std::time::Duration;

use redis::RedisError;

use super::counter::Counter;
use super::store::{Call, Connection, Reply, Store};
use super::{BudgetKey, BudgetState};

/// Gives signs of life for as long as the counter exists: several in the time after which a replica counts as silent.
pub(super) async fn keep(counter: Weak<Counter>) {
    loop {
        let pause = {
            let Some(counter) = counter.upgrade() else { return };
            let Some(store) = &counter.store else { return };
            let has_left = counter.has_left.lock().await;
            if *has_left {
                return;
            }
            if let Err(error) = give(&counter, store).await {
                counter.lose(&error);
            }
            counter.state().is_reporting = false;
            counter.allowed.silence() / 3
        };
        tokio::time::sleep(pause).await;
    }
}

/// Takes this replica off the list, after its last sign of life. Without a connection, nothing is granted any more.
pub(super) async fn end(counter: &Counter) {
    *counter.has_left.lock().await = true;
    let connection = counter.state().connection.take();
    if let (Some(store), Some(connection)) = (&counter.store, connection)
        && let Err(error) = store.leave(connection).await
    {
        tracing::warn!(%error, "Redis does not hear that this replica ends; its share stays reserved for some minutes");
    }
}

/// Tells the other replicas that SecondMe closed a key. Where that fails, each of them finds out by itself.
pub(super) async fn tell_closed(counter: Arc<Counter>, key: BudgetKey, wait: Duration) {
    let connection = counter.state().connection.clone();
    if let (Some(store), Some(connection)) = (&counter.store, connection)
        && let Err(error) = store.close(connection, key, wait).await
    {
        counter.lose(&error);
    }
}

async fn give(counter: &Counter, store: &Store) -> Result<(), RedisError> {
    let known = counter.state().connection.clone();
    let connection = match known {
        Some(connection) => connection,
        None => store.connect().await?,
    };
    let was_shared = counter.state().link.state() == BudgetState::Shared;
    // What was used without Redis is told before anybody may think that this replica told everything.
    counter.state().is_reporting = !was_shared;
    let keys: Vec<_> = counter.state().desks.keys().copied().collect();
    let mut replies = Vec::with_capacity(keys.len());
    for key in keys {
        let reply = ask(counter, store, &connection, key, false).await?;
        replies.push((counter.now(), key, reply));
    }
    let reply = ask(counter, store, &connection, BudgetKey::NONE, true).await?;
    let mut state = counter.state();
    state.link.heard(counter.now(), reply.replicas, &counter.allowed);
    state.connection = Some(connection);
    state.is_reporting = false;
    // From here on the lines go by what Redis says; and where they wait, it may have changed.
    for (at, key, reply) in replies {
        if let Some(desk) = state.desks.get_mut(&key) {
            desk.learn(at, &reply);
            desk.changed.notify_one();
        }
    }
    if !was_shared {
        tracing::info!(replicas = reply.replicas, "the budget is shared in Redis");
    }
    Ok(())
}

async fn ask(
    counter: &Counter,
    store: &Store,
    connection: &Connection,
    key: BudgetKey,
    touches: bool,
) -> Result<Reply, RedisError> {
    let call = {
        let (now, state) = (counter.now(), counter.state());
        let (believed, desk) = (state.link.replicas(), state.desks.get(&key));
        let (held, own) = desk.map_or((0, Vec::new()), |desk| (desk.held, desk.own.recent(now).collect()));
        let cap = state.link.cap(now, held, &counter.allowed);
        Call { key, wanted: 0, first: 0, touches, cap, believed, own }
    };
    store.call(connection.clone(), &call).await
}

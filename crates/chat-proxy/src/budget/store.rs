//! Redis or Valkey as the replicas' common ledger: one script, and how it is called. It decides nothing about when.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError, Script};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::key::BudgetKey;
use super::{Allowed, own_uses::OwnUses};

/// How long Redis may take. It answers within a millisecond, and visitors wait meanwhile.
const TIMEOUT: Duration = Duration::from_millis(250);
/// All names begin so; what is in braces keeps them together in a cluster.
const NAMES: &str = "{secondme-chat-budget}";

/// A connection that several calls can share.
pub(super) type Connection = MultiplexedConnection;

/// The common ledger, and who this replica is in it.
pub(super) struct Store {
    client: Client,
    script: Script,
    /// Random, so that it tells nothing.
    replica: String,
    allowed: Allowed,
}

/// One call of the script.
pub(super) struct Call {
    pub key: BudgetKey,
    /// How many requests to take; 0 to be told how things stand.
    pub wanted: u32,
    /// The number of the first of them.
    pub first: u64,
    /// Whether this replica has reported everything that it used, of all keys.
    pub touches: bool,
    /// The most that this replica may have in use while Redis is young.
    pub cap: u32,
    /// How many replicas this one believes there are.
    pub believed: u32,
    /// Numbers and ages, in milliseconds, of what this replica has in use.
    pub own: Vec<(u64, u64)>,
}

/// What the script says.
pub(super) struct Reply {
    pub granted: bool,
    /// How many may be in use by all replicas, as far as it concerns this one.
    pub limit: u32,
    /// How long nobody gets anything, because Redis has only begun or SecondMe closed the key.
    pub settling: Duration,
    /// How many replicas there are.
    pub replicas: u32,
    /// How long ago each request that is in use was taken.
    pub ages: Vec<Duration>,
}

impl Store {
    pub(super) fn new(url: &SecretString, allowed: Allowed) -> Result<Self, RedisError> {
        let client = Client::open(url.expose_secret().trim())?;
        let replica = Uuid::new_v4().simple().to_string();
        Ok(Self { client, script: Script::new(include_str!("script.lua")), replica, allowed })
    }

    pub(super) async fn connect(&self) -> Result<Connection, RedisError> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(TIMEOUT)).set_response_timeout(Some(TIMEOUT));
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    pub(super) async fn call(&self, mut connection: Connection, call: &Call) -> Result<Reply, RedisError> {
        let mut invocation = self.script.prepare_invoke();
        invocation
            .key(format!("{NAMES}:uses:{}", call.key))
            .key(replicas())
            .key(format!("{NAMES}:epoch"))
            .key(closed(call.key));
        invocation.arg(self.allowed.requests).arg(millis(self.allowed.window));
        invocation.arg(millis(self.allowed.silence())).arg(millis(self.allowed.retention()));
        invocation.arg(&self.replica).arg(call.wanted).arg(call.first);
        invocation.arg(u8::from(call.touches)).arg(call.cap).arg(call.believed);
        for (number, age) in &call.own {
            invocation.arg(number).arg(age);
        }
        let (granted, limit, settling, replicas, ages): (u8, u32, u64, u32, Vec<u64>) =
            invocation.invoke_async(&mut connection).await?;
        Ok(Reply {
            granted: granted == 1,
            limit,
            settling: Duration::from_millis(settling),
            replicas,
            ages: ages.into_iter().map(Duration::from_millis).collect(),
        })
    }

    /// Nobody gets anything of the key for that long.
    pub(super) async fn close(
        &self,
        mut connection: Connection,
        key: BudgetKey,
        wait: Duration,
    ) -> Result<(), RedisError> {
        let mut command = redis::cmd("SET");
        command.arg(closed(key)).arg(1).arg("PX").arg(millis(wait).max(1)).query_async(&mut connection).await
    }

    /// Takes this replica off the list: it uses nothing any more.
    pub(super) async fn leave(&self, mut connection: Connection) -> Result<(), RedisError> {
        redis::cmd("ZREM").arg(replicas()).arg(&self.replica).query_async(&mut connection).await
    }
}

impl Call {
    /// A call that takes nothing.
    pub(super) fn to_ask(key: BudgetKey, own: &OwnUses, now: Duration) -> Self {
        let own = own.recent(now).collect();
        Self { key, wanted: 0, first: 0, touches: false, cap: 0, believed: 0, own }
    }
}

fn closed(key: BudgetKey) -> String {
    format!("{NAMES}:closed:{key}")
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn replicas() -> String {
    format!("{NAMES}:replicas")
}

#[cfg(test)]
mod tests;

//! The script in a real Redis, in situations that are set up by hand: nothing here waits for time to pass.

use super::*;
use crate::redis_server::RedisServer;

const ALLOWED: Allowed = Allowed { requests: 60, window: Duration::from_secs(60) };

/// Some replicas, the first of which asks.
struct World {
    server: RedisServer,
    replicas: Vec<Store>,
}

impl World {
    /// Redis has been running for so many seconds, and so many replicas have just been heard of.
    async fn new(age: u64, replicas: usize) -> Self {
        let server = RedisServer::start().await;
        let replicas = (0..replicas).map(|_| Store::new(&server.url().into(), ALLOWED).unwrap()).collect();
        let world = Self { server, replicas };
        for number in 0..world.replicas.len() {
            world.call(number, 0, &[]).await;
        }
        world.since(age).await;
        world
    }

    async fn now(&self) -> u64 {
        let (seconds, _): (u64, u64) = self.server.ask(&["TIME"]).await;
        seconds * 1000
    }

    async fn since(&self, age: u64) {
        let since = (self.now().await - age * 1000).to_string();
        self.server.ask::<u32>(&["HSET", "{secondme-chat-budget}:epoch", "since", &since]).await;
    }

    /// A replica was last heard of so many seconds ago.
    async fn silent(&self, number: usize, seconds: u64) {
        let at = (self.now().await - seconds * 1000).to_string();
        self.server.ask::<u32>(&["ZADD", &replicas(), &at, &self.replicas[number].replica]).await;
    }

    /// A replica wants so many requests, and reports what it used: so many, so many seconds ago.
    async fn call(&self, number: usize, wanted: u32, own: &[(u64, u64)]) -> Reply {
        let mut numbers = 1000..;
        let own = own.iter().flat_map(|(requests, age)| {
            numbers
                .by_ref()
                .take(usize::try_from(*requests).unwrap())
                .map(|number| (number, age * 1000))
                .collect::<Vec<_>>()
        });
        let own = own.collect();
        self.tell(number, Call { wanted, own, ..call() }).await
    }

    async fn tell(&self, number: usize, call: Call) -> Reply {
        let store = &self.replicas[number];
        store.call(store.connect().await.unwrap(), &call).await.unwrap()
    }

    /// Whether so many are granted and one more is not.
    async fn check_room(&self, number: usize, room: u32) {
        assert!(!self.call(number, room + 1, &[]).await.granted, "{} are too many", room + 1);
        if room > 0 {
            assert!(self.call(number, room, &[]).await.granted, "{room} are there");
        }
    }
}

fn call() -> Call {
    Call { key: BudgetKey::NONE, wanted: 0, first: 0, touches: true, cap: 60, believed: 0, own: Vec::new() }
}

#[tokio::test]
async fn all_replicas_together_have_the_limit() {
    let world = World::new(100, 2).await;
    assert!(world.call(0, 45, &[]).await.granted);
    let reply = world.call(1, 16, &[]).await;
    assert_eq!((reply.granted, reply.replicas, reply.ages.len(), reply.limit), (false, 2, 45, 60));
    world.check_room(1, 15).await;
}

#[tokio::test]
async fn what_was_used_without_redis_counts_once_and_for_its_time() {
    let world = World::new(100, 2).await;
    for _ in 0..3 {
        let reply = world.call(0, 0, &[(20, 10), (7, 70)]).await;
        assert_eq!(reply.ages.len(), 20, "seven are older than a window");
    }
    world.check_room(1, 40).await;
}

#[tokio::test]
async fn nobody_gets_anything_before_all_can_be_back() {
    let world = World::new(0, 2).await;
    let reply = world.call(0, 1, &[]).await;
    assert!(!reply.granted && reply.settling > Duration::ZERO);
    world.since(30).await;
    assert!(world.call(0, 1, &[]).await.granted);
}

#[tokio::test]
async fn in_a_young_epoch_nobody_exceeds_the_share() {
    let world = World::new(30, 2).await;
    world.check_room(0, 30).await;
    // Who believes in more replicas than are back keeps to the smaller share, and who held less when Redis was lost to that.
    let own = |wanted, cap, believed| Call { wanted, cap, believed, first: 500, ..call() };
    assert!(!world.tell(1, own(16, 60, 4)).await.granted);
    assert!(!world.tell(1, own(5, 4, 0)).await.granted);
    assert!(world.tell(1, own(4, 4, 0)).await.granted);
}

#[tokio::test]
async fn a_server_that_started_anew_is_young() {
    let world = World::new(100, 2).await;
    world.server.ask::<u32>(&["HSET", "{secondme-chat-budget}:epoch", "run", "another"]).await;
    assert!(!world.call(0, 1, &[]).await.granted);
}

#[tokio::test]
async fn the_share_of_the_silent_is_reserved_until_they_are_forgotten() {
    let world = World::new(100, 3).await;
    world.silent(2, 30).await;
    world.check_room(0, 40).await;
    world.silent(2, 601).await;
    world.check_room(1, 20).await;
}

#[tokio::test]
async fn what_the_silent_used_does_not_come_back_before_they_are_heard_of() {
    let world = World::new(100, 2).await;
    world.call(1, 0, &[(50, 55)]).await;
    // 75 seconds ago it was used, 15 seconds ago it would have come back.
    age_uses(&world, 20).await;
    world.silent(1, 20).await;
    assert!(!world.call(0, 11, &[]).await.granted, "it was not heard of since");
    world.silent(1, 10).await;
    world.check_room(0, 30).await;
}

#[tokio::test]
async fn what_secondme_closed_is_closed_for_all() {
    let world = World::new(100, 2).await;
    let store = &world.replicas[0];
    let wait = Duration::from_secs(2000);
    store.close(store.connect().await.unwrap(), BudgetKey::NONE, wait).await.unwrap();
    let reply = world.call(1, 1, &[]).await;
    assert!(!reply.granted && reply.settling > wait / 2);
    world.server.ask::<u32>(&["DEL", &closed(BudgetKey::NONE)]).await;
    world.check_room(1, 60).await;
}

#[tokio::test]
async fn whoever_leaves_has_no_share() {
    let world = World::new(100, 2).await;
    let leaving = &world.replicas[1];
    leaving.leave(leaving.connect().await.unwrap()).await.unwrap();
    assert_eq!(world.call(0, 0, &[]).await.replicas, 1);
    world.check_room(0, 60).await;
}

/// All uses are so many seconds older.
async fn age_uses(world: &World, seconds: u64) {
    let uses = format!("{NAMES}:uses:{}", BudgetKey::NONE);
    let members: Vec<String> = world.server.ask(&["ZRANGE", &uses, "0", "-1"]).await;
    for member in members {
        let by = format!("-{}", seconds * 1000);
        world.server.ask::<String>(&["ZINCRBY", &uses, &by, &member]).await;
    }
}

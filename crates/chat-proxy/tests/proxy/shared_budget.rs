//! Several replicas and a real Redis: they share the budget, and whatever becomes of Redis, all together never use more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chat_core::wire::VisitorId;
use chat_proxy::Settings;
use chat_proxy::budget::{Allowed, Budget, BudgetKey, BudgetState, Patience};
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::redis_server::RedisServer;
use crate::support::{Answer, Proxy, settings_at};

const LIMIT: u32 = 20;
const WINDOW: Duration = Duration::from_millis(2400);
/// What SecondMe would call a minute: shorter than the window by a margin, because a grant is seen after it was made.
const MINUTE: Duration = Duration::from_millis(1600);
const API_KEY: &str = "sk-do-not-store";

/// Replicas under more load than the limit lets through, and everything that they were granted.
struct Load {
    replicas: Vec<Budget>,
    grants: Arc<Mutex<Vec<(Instant, usize)>>>,
    stopped: Arc<AtomicBool>,
    visitors: JoinSet<()>,
}

fn replica(server: &RedisServer) -> Budget {
    let patience = Patience { wait: WINDOW, line: 100, line_of_visitor: 10 };
    Budget::shared(Allowed { requests: LIMIT, window: WINDOW }, patience, &server.url().into()).unwrap()
}

fn key() -> BudgetKey {
    BudgetKey::of(&API_KEY.into())
}

impl Load {
    async fn start(server: &RedisServer, replicas: usize) -> Self {
        let replicas: Vec<_> = (0..replicas).map(|_| replica(server)).collect();
        for replica in &replicas {
            until_state(replica, BudgetState::Shared).await;
        }
        let (grants, stopped) = (Arc::default(), Arc::default());
        let mut load = Self { replicas, grants, stopped, visitors: JoinSet::new() };
        for number in 0..load.replicas.len() {
            for visitor in 0..6 {
                load.visitor(number, visitor);
            }
        }
        load
    }

    /// Somebody who never has enough.
    fn visitor(&mut self, number: usize, visitor: u32) {
        let (budget, grants, stopped) =
            (self.replicas[number].clone(), Arc::clone(&self.grants), Arc::clone(&self.stopped));
        self.visitors.spawn(async move {
            let visitor = VisitorId::parse(format!("web_private_{visitor}")).unwrap();
            while !stopped.load(Ordering::SeqCst) {
                match budget.take(key(), &visitor, 1).await {
                    Ok(()) => grants.lock().unwrap().push((Instant::now(), number)),
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        });
    }

    /// How many were granted to a replica since then, within the longest that a minute is.
    fn most_in_a_minute(&self, replica: Option<usize>, since: Instant) -> usize {
        let grants = self.grants.lock().unwrap();
        let own = |who: usize| replica.is_none_or(|replica| replica == who);
        let times: Vec<_> = grants.iter().filter(|(at, who)| *at >= since && own(*who)).map(|(at, _)| *at).collect();
        let counts = times.iter().map(|start| {
            let end = *start + MINUTE;
            times.iter().filter(|at| (*start..end).contains(*at)).count()
        });
        counts.max().unwrap_or(0)
    }

    fn granted_since(&self, replica: usize, since: Instant) -> usize {
        self.grants.lock().unwrap().iter().filter(|(at, who)| *at >= since && *who == replica).count()
    }

    async fn stop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        while let Some(visitor) = self.visitors.join_next().await {
            visitor.unwrap();
        }
    }
}

async fn until_state(replica: &Budget, state: BudgetState) {
    let reached = async {
        while replica.state() != state {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reached).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_share_and_never_use_more_together() {
    let server = RedisServer::start().await;
    let start = Instant::now();
    let mut load = Load::start(&server, 3).await;
    tokio::time::sleep(3 * WINDOW).await;
    load.stop().await;
    assert!(load.most_in_a_minute(None, start) <= LIMIT as usize);
    for number in 0..3 {
        assert!(load.granted_since(number, start) > 0, "replica {number} got nothing");
    }

    // Nothing in Redis tells whose key it is or who talked.
    let names: Vec<String> = server.ask(&["KEYS", "*"]).await;
    let uses = names.iter().find(|name| name.contains(":uses:")).unwrap();
    let members: Vec<String> = server.ask(&["ZRANGE", uses, "0", "-1"]).await;
    assert!(!members.is_empty());
    for text in names.iter().chain(&members) {
        assert!(!text.contains("private") && !text.contains("do-not-store"), "{text}");
    }

    // When the others have ended and what they used has come back, one replica has everything.
    for replica in &load.replicas[1..] {
        replica.leave().await;
    }
    let last = load.replicas[0].clone();
    load.replicas.truncate(1);
    tokio::time::sleep(WINDOW + WINDOW).await;
    let visitor = VisitorId::parse("web_1").unwrap();
    assert_eq!(last.take(key(), &visitor, LIMIT).await, Ok(()));
    let over = last.take(key(), &visitor, LIMIT + 1).await.unwrap_err();
    assert!(over.retry_after <= WINDOW);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_keeps_to_its_share_until_it_is_back() {
    let mut server = RedisServer::start().await;
    let start = Instant::now();
    let mut load = Load::start(&server, 2).await;
    tokio::time::sleep(2 * WINDOW).await;

    server.kill();
    for replica in &load.replicas {
        until_state(replica, BudgetState::OwnShare).await;
    }
    let lost = Instant::now();
    tokio::time::sleep(4 * WINDOW).await;
    for number in 0..2 {
        let share = LIMIT as usize / 2;
        assert!(load.most_in_a_minute(Some(number), lost + WINDOW) <= share, "replica {number} is over its share");
        assert!(load.granted_since(number, lost + 2 * WINDOW) > 0, "replica {number} has no share");
    }

    server.start_again().await;
    for replica in &load.replicas {
        until_state(replica, BudgetState::Shared).await;
    }
    let back = Instant::now();
    tokio::time::sleep(3 * WINDOW).await;
    load.stop().await;
    assert!(load.most_in_a_minute(None, start) <= LIMIT as usize, "the limit holds through loss and return");
    for number in 0..2 {
        assert!(load.granted_since(number, back) > 0, "replica {number} got nothing after the return");
    }

    // Shared again: one takes more than its share where the other takes nothing.
    tokio::time::sleep(WINDOW + WINDOW).await;
    assert_eq!(load.replicas[0].take(key(), &VisitorId::parse("web_1").unwrap(), LIMIT).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_reached_redis_uses_nothing_until_it_does() {
    let mut server = RedisServer::start().await;
    server.kill();
    let replica = replica(&server);
    until_state(&replica, BudgetState::OwnShare).await;
    let visitor = VisitorId::parse("web_1").unwrap();
    assert!(replica.take(key(), &visitor, 1).await.is_err());
    server.start_again().await;
    until_state(&replica, BudgetState::Shared).await;
    assert_eq!(replica.take(key(), &visitor, 1).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_young_redis_gives_no_more_than_shares_and_later_everything() {
    let server = RedisServer::start().await;
    let (first, second) = (replica(&server), replica(&server));
    until_state(&first, BudgetState::Shared).await;
    until_state(&second, BudgetState::Shared).await;
    let visitor = VisitorId::parse("web_1").unwrap();
    assert!(first.take(key(), &visitor, LIMIT).await.is_err());
    tokio::time::sleep(WINDOW + WINDOW / 2).await;
    assert_eq!(first.take(key(), &visitor, LIMIT).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_secondme_closed_for_one_is_closed_for_all() {
    let server = RedisServer::start().await;
    let (first, second) = (replica(&server), replica(&server));
    until_state(&first, BudgetState::Shared).await;
    until_state(&second, BudgetState::Shared).await;
    first.close(key(), Some(Duration::from_secs(600)));
    let visitor = VisitorId::parse("web_1").unwrap();
    assert!(first.take(key(), &visitor, 1).await.unwrap_err().seconds() > 60);
    // Word of it travels by way of Redis.
    let refused = loop {
        if let Err(over) = second.take(key(), &visitor, 1).await {
            break over;
        }
    };
    assert!(refused.seconds() > 60, "{refused}");
}

#[tokio::test]
async fn the_proxy_says_who_keeps_the_budget() {
    let mut server = RedisServer::start().await;
    let settings = Settings { redis_url: Some(server.url().into()), ..settings_at(([127, 0, 0, 1], 1).into()) };
    let proxy = Proxy::start(settings).await;
    let until = async |budget: &str| {
        loop {
            let answer = Answer::of(proxy.request(Method::GET, "/readyz")).await;
            if answer.body() == json!({"status": "ready", "budget": budget}) {
                assert_eq!(answer.status, 200);
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    until("shared").await;
    server.kill();
    until("own share").await;
    let metrics = Answer::of(proxy.request(Method::GET, "/metrics")).await.text;
    assert!(metrics.contains("chat_proxy_budget_shared 0.0"), "{metrics}");
}

//! The budget as requests meet it, in tokio's paused time.

use std::sync::Arc;

use futures_util::future::join_all;

use tokio::time::Instant;

use super::account::Verdict;
use super::*;

const WINDOW: Duration = Duration::from_secs(61);

fn budget(requests: u32) -> (Budget, BudgetKey) {
    let patience = Patience { wait: Duration::from_secs(10), line: 100, line_of_visitor: 10 };
    (Budget::new(Allowed { requests, window: WINDOW }, patience), BudgetKey::of(&"sk-a-key".into()))
}

fn visitor(number: u32) -> VisitorId {
    VisitorId::parse(format!("web_{number}")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn many_at_once_get_what_there_is_and_the_rest_hear_when_to_come_back() {
    let (budget, key) = budget(60);
    let take = async |number| budget.take(key, &visitor(number), 1).await;
    let outcomes = join_all((0..100).map(take)).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 60);
    assert!(outcomes.contains(&Err(OverBudget { retry_after: WINDOW })));
    assert_eq!(budget.left(key), 0);
    tokio::time::sleep(WINDOW).await;
    assert_eq!(budget.left(key), 60);
    assert_eq!(take(100).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_is_let_in_when_requests_come_back() {
    let (budget, key) = budget(6);
    assert_eq!(budget.take(key, &visitor(1), 6).await, Ok(()));
    tokio::time::sleep(WINDOW - Duration::from_secs(5)).await;
    let start = Instant::now();
    assert_eq!(budget.take(key, &visitor(2), 6).await, Ok(()));
    assert_eq!(start.elapsed().as_secs(), 5, "in the paused clock's seconds");
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_holds_nobody_up() {
    let (budget, key) = budget(6);
    assert_eq!(budget.take(key, &visitor(1), 3).await, Ok(()));
    tokio::time::sleep(Duration::from_secs(52)).await;
    let (waits, second) = (budget.clone(), visitor(2));
    let first = tokio::spawn(async move { waits.take(key, &second, 5).await });
    tokio::task::yield_now().await;
    let (waits, third) = (budget.clone(), visitor(3));
    let second = tokio::spawn(async move { waits.take(key, &third, 1).await });
    tokio::task::yield_now().await;
    assert!(!first.is_finished() && !second.is_finished(), "the first in line reserves, the second fits and waits");
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(second.await.unwrap(), Ok(()));
    assert_eq!(budget.left(key), 2);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_secondme_closed_stays_closed_for_that_long() {
    let (budget, key) = budget(60);
    budget.close(key, Some(Duration::from_secs(30)));
    let over = budget.take(key, &visitor(1), 1).await.unwrap_err();
    assert_eq!(over.seconds(), 30);
    let other = BudgetKey::of(&"sk-another-key".into());
    assert_eq!(budget.take(other, &visitor(1), 1).await, Ok(()));
    tokio::time::sleep(Duration::from_secs(21)).await;
    assert_eq!(budget.take(key, &visitor(1), 1).await, Ok(()), "nine seconds are not too long to wait");
    budget.close(key, None);
    assert_eq!(budget.take(key, &visitor(1), 1).await.unwrap_err().retry_after, WINDOW / 4);
}

#[tokio::test(start_paused = true)]
async fn a_line_is_bounded_for_all_and_for_each_visitor() {
    let (budget, key) = budget(200);
    budget.close(key, Some(Duration::from_secs(9)));
    let take = |number| {
        let budget = budget.clone();
        async move { budget.take(key, &visitor(number), 1).await }
    };
    let outcomes = join_all((0..20).map(|_| take(1)).chain((2..200).map(take))).await;
    let served = |outcomes: &[Verdict]| outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!((served(&outcomes[..20]), served(&outcomes[20..])), (10, 90));
}

#[test]
fn the_time_to_wait_is_rounded_up() {
    let check = |millis: u64, seconds: u64| {
        assert_eq!(OverBudget { retry_after: Duration::from_millis(millis) }.seconds(), seconds, "{millis}");
    };
    check(0, 1);
    check(1000, 1);
    check(1001, 2);
    check(59_001, 60);
}

/// In real time and on several threads, nobody is forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_heard_under_load() {
    let patience = Patience { wait: Duration::from_secs(10), line: 1000, line_of_visitor: 1000 };
    let window = Duration::from_millis(20);
    let budget = Arc::new(Budget::new(Allowed { requests: 50, window }, patience));
    let key = BudgetKey::of(&"sk-a-key".into());
    let tasks = (0..500).map(|number| {
        let budget = Arc::clone(&budget);
        tokio::spawn(async move { budget.take(key, &visitor(number % 7), 1 + number % 3).await })
    });
    let outcomes = join_all(tasks).await;
    assert!(outcomes.into_iter().all(|outcome| outcome.unwrap().is_ok()));
}

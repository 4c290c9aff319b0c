//! Waiting for what must come. It does not know for what.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Far longer than anything takes here, on a busy machine too: only what never comes is waited for this long.
const BOUND: Duration = Duration::from_secs(20);

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(25);

/// Looks until there is something to be seen.
pub(crate) async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(BOUND, what, look).await
}

/// As [`until`], for what takes its time even when all is well.
pub(crate) async fn until_within<T>(bound: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + bound;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < end, "it never came to this: {what}");
        sleep(PAUSE).await;
    }
}

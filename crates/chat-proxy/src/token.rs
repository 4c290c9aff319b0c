//! The app token, shared by all requests: fetched once by however many of them, kept, renewed before it expires. It does
//! not know how a token is asked for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use secrecy::SecretString;
use tokio::time::Instant;

use crate::upstream::Fault;

/// Longer lifetimes are cut to this: the document's seven days.
const LONGEST_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A token as it was granted.
pub(crate) struct Grant {
    pub value: SecretString,
    /// How long it is valid from now on.
    pub life: Duration,
}

/// A token that can be used now.
pub(crate) struct Token {
    pub value: SecretString,
    renew_at: Instant,
    expires_at: Instant,
}

type Outcome = Result<Arc<Token>, Fault>;
type Fetch = Box<dyn Fn() -> BoxFuture<'static, Result<Grant, Fault>> + Send + Sync>;

/// Holds the token and whoever is waiting for one.
pub(crate) struct TokenCache {
    fetch: Fetch,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    pending: Option<Shared<BoxFuture<'static, Outcome>>>,
}

impl TokenCache {
    pub(crate) fn new(fetch: impl Fn() -> BoxFuture<'static, Result<Grant, Fault>> + Send + Sync + 'static) -> Self {
        Self { fetch: Box::new(fetch), state: Arc::default() }
    }

    /// A valid token. All who ask while one is being fetched get that one, or the fault that kept it from coming; a fault
    /// is not kept. A token near its end is still given out while its successor is on the way.
    pub(crate) async fn get(&self) -> Outcome {
        let pending = {
            let mut state = lock(&self.state);
            let now = Instant::now();
            let valid = state.current.clone().filter(|token| now < token.expires_at);
            match valid {
                Some(token) if now < token.renew_at => return Ok(token),
                Some(token) => {
                    // Begun as a task of its own, it needs nobody who waits for it.
                    drop(self.pending(&mut state));
                    return Ok(token);
                }
                None => self.pending(&mut state),
            }
        };
        pending.await
    }

    /// Forgets a token that SecondMe refused, unless another one has taken its place already.
    pub(crate) fn refused(&self, token: &Arc<Token>) {
        let mut state = lock(&self.state);
        if state.current.as_ref().is_some_and(|current| Arc::ptr_eq(current, token)) {
            state.current = None;
        }
    }

    fn pending(&self, state: &mut State) -> Shared<BoxFuture<'static, Outcome>> {
        // One that is over and still here belongs to a task that panicked.
        if let Some(pending) = state.pending.as_ref().filter(|pending| pending.peek().is_none()) {
            return pending.clone();
        }
        let (fetching, cache) = ((self.fetch)(), Arc::clone(&self.state));
        // Its own task, so that it goes on when the request that began it is given up by its client.
        let task = tokio::spawn(async move {
            let outcome = fetching.await.map(|grant| Arc::new(Token::from(grant)));
            let mut state = lock(&cache);
            state.pending = None;
            if let Ok(token) = &outcome {
                state.current = Some(Arc::clone(token));
            }
            outcome
        });
        let pending =
            async move { task.await.unwrap_or(Err(Fault::Broken("the token's task ended"))) }.boxed().shared();
        state.pending = Some(pending.clone());
        pending
    }
}

/// Renewed in the last tenth of its life, but at most five minutes early; not used in its very last part, so that it does
/// not expire on its way.
impl From<Grant> for Token {
    fn from(grant: Grant) -> Self {
        let (now, life) = (Instant::now(), grant.life.min(LONGEST_LIFE));
        Self {
            value: grant.value,
            renew_at: now + (life - (life / 10).min(Duration::from_secs(300))),
            expires_at: now + (life - (life / 50).min(Duration::from_secs(10))),
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// A source whose n-th token is `n`, valid for 1000 seconds and a second on its way; the listed calls fail.
    fn cache(failing: &'static [u64]) -> (Arc<TokenCache>, Arc<AtomicU64>) {
        let calls = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&calls);
        let cache = TokenCache::new(move || {
            let call = counter.fetch_add(1, Ordering::SeqCst) + 1;
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                if failing.contains(&call) {
                    return Err(Fault::TimedOut);
                }
                Ok(Grant { value: call.to_string().into(), life: Duration::from_secs(1000) })
            }
            .boxed()
        });
        (Arc::new(cache), calls)
    }

    async fn value(cache: &TokenCache) -> String {
        cache.get().await.map_or_else(|fault| fault.to_string(), |token| token.value.expose_secret().to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_one_fetch() {
        let (cache, calls) = cache(&[]);
        let all = futures_util::future::join_all((0..100).map(|_| value(&cache))).await;
        assert!(all.iter().all(|value| value == "1"));
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_one_fault_and_the_next_tries_again() {
        let (cache, calls) = cache(&[1]);
        let all = futures_util::future::join_all((0..10).map(|_| cache.get())).await;
        assert!(all.iter().all(|outcome| matches!(outcome, Err(Fault::TimedOut))));
        assert_eq!(value(&cache).await, "2");
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_near_its_end_is_used_while_the_next_comes() {
        let (cache, calls) = cache(&[2]);
        assert_eq!(value(&cache).await, "1");
        tokio::time::sleep(Duration::from_secs(950)).await;
        let all = futures_util::future::join_all((0..10).map(|_| value(&cache))).await;
        assert!(all.iter().all(|value| value == "1"));
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(calls.load(Ordering::SeqCst), 2, "the second fetch failed and the first token is still good");
        assert_eq!(value(&cache).await, "1");
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(value(&cache).await, "3");
    }

    #[tokio::test(start_paused = true)]
    async fn an_expired_token_is_never_given_out() {
        let (cache, _) = cache(&[]);
        assert_eq!(value(&cache).await, "1");
        tokio::time::sleep(Duration::from_secs(1000)).await;
        assert_eq!(value(&cache).await, "2");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_token_goes_once() {
        let (cache, calls) = cache(&[]);
        let first = cache.get().await.unwrap();
        cache.refused(&first);
        let second = cache.get().await.unwrap();
        cache.refused(&first);
        assert!(Arc::ptr_eq(&second, &cache.get().await.unwrap()));
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_fetch_outlives_whoever_began_it() {
        let (cache, calls) = cache(&[]);
        drop(tokio::time::timeout(Duration::from_millis(10), cache.get()).await);
        assert_eq!(value(&cache).await, "1");
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }
}

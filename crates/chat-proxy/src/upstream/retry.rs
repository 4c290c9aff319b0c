//! What is asked of SecondMe once more, when, and until when. It doesn't know what is asked.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use super::fault::Fault;
use crate::config::LONGEST_UPSTREAM_TIMEOUT;

/// A request is made at most this often: each counts for the key's limit, and a visitor waits meanwhile.
const ATTEMPTS: u32 = 3;
/// The longest wait before the first repetition; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// The moment by which a call of the widget is answered, whatever steps and repetitions that takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Instant);

/// What a repetition of a request can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repetition {
    /// The same as the request alone.
    Harmless,
    /// It is taken for a second request, so that there is none unless the first was not even begun.
    Doubles,
}

impl Deadline {
    pub(super) fn after(time: Duration) -> Self {
        Self(Instant::now() + time.min(LONGEST_UPSTREAM_TIMEOUT))
    }

    /// The outcome of the work, or [`Fault::TimedOut`] at the deadline.
    pub(super) async fn bound<T>(self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        timeout_at(self.0, work).await.unwrap_or(Err(Fault::TimedOut))
    }

    fn allows(self, wait: Duration) -> bool {
        Instant::now() + wait < self.0
    }
}

/// Attempts it until it works, fails for good, or there is no time or attempt left; `attempt` gets the number of attempts
/// before it. The last fault is the one that is told.
pub(super) async fn retry<T, F>(
    deadline: Deadline,
    repetition: Repetition,
    attempt: impl Fn(u32) -> F,
) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
{
    let mut before = 0;
    loop {
        let fault = match attempt(before).await {
            Err(fault) if before + 1 < ATTEMPTS && repetition.may_help(&fault) => fault,
            outcome => return outcome,
        };
        let wait = fault.retry_after().map_or_else(|| back_off(before), Duration::from_secs);
        if !deadline.allows(wait) {
            return Err(fault);
        }
        sleep(wait).await;
        before += 1;
    }
}

impl Repetition {
    fn may_help(self, fault: &Fault) -> bool {
        match fault {
            Fault::Unreachable(_) => true,
            Fault::Cut | Fault::Refused { status: 502..=504, .. } => self == Self::Harmless,
            // No time is left after a time-out, and what was understood and refused is refused again.
            _ => false,
        }
    }
}

/// Half of the window for certain, half by chance, so that visitors whom one hiccup meets do not come back as one.
fn back_off(before: u32) -> Duration {
    let half = FIRST_WAIT * (1 << before) / 2;
    let chance = Uuid::new_v4().as_u128() % half.as_nanos().max(1);
    half + Duration::from_nanos(u64::try_from(chance).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const TIME: Duration = Duration::from_secs(15);

    fn refused(status: u16, retry_after: Option<u64>) -> Fault {
        Fault::Refused { status, sub_code: None, retry_after }
    }

    /// Lets every attempt meet the fault, and expects so many of them.
    async fn check(repetition: Repetition, fault: Fault, expected: u32) {
        let attempts = Cell::new(0);
        let outcome: Result<(), Fault> = retry(Deadline::after(TIME), repetition, |before| {
            assert_eq!(before, attempts.replace(before + 1));
            let fault = fault.clone();
            async { Err(fault) }
        })
        .await;
        assert_eq!((outcome, attempts.get()), (Err(fault.clone()), expected), "{repetition:?} {fault}");
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_may_pass_is_repeated() {
        for (fault, harmless, doubles) in [
            (Fault::Unreachable("refused".into()), 3, 3),
            (Fault::Cut, 3, 1),
            (refused(502, None), 3, 1),
            (refused(503, None), 3, 1),
            (refused(504, None), 3, 1),
            (refused(503, Some(2)), 3, 1),
            (refused(503, Some(3600)), 1, 1),
            (refused(500, None), 1, 1),
            (refused(429, Some(1)), 1, 1),
            (refused(401, None), 1, 1),
            (Fault::TimedOut, 1, 1),
            (Fault::Broken("it is nonsense"), 1, 1),
            (Fault::OverBudget { retry_after: 1 }, 1, 1),
        ] {
            check(Repetition::Harmless, fault.clone(), harmless).await;
            check(Repetition::Doubles, fault, doubles).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_that_is_asked_for_is_kept() {
        let start = Instant::now();
        check(Repetition::Harmless, refused(503, Some(6)), 3).await;
        assert_eq!(start.elapsed().as_secs(), 12);
        let start = Instant::now();
        check(Repetition::Harmless, refused(503, Some(8)), 2).await;
        assert_eq!(start.elapsed().as_secs(), 8, "a third attempt would come after the deadline");
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_success_is_the_outcome() {
        let outcome = retry(Deadline::after(TIME), Repetition::Harmless, |before| async move {
            if before < 2 { Err(Fault::Cut) } else { Ok(before) }
        });
        assert_eq!(outcome.await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_goes_on_after_the_deadline() {
        let start = Instant::now();
        let outcome = Deadline::after(TIME).bound(std::future::pending::<Result<(), Fault>>()).await;
        assert_eq!((outcome, start.elapsed().as_secs()), (Err(Fault::TimedOut), TIME.as_secs()));
        let forever = Deadline::after(Duration::MAX).bound(std::future::pending::<Result<(), Fault>>()).await;
        assert_eq!(forever, Err(Fault::TimedOut));
    }

    #[test]
    fn each_wait_is_drawn_from_a_window_that_doubles() {
        for before in 0..ATTEMPTS {
            let window = FIRST_WAIT * (1 << before);
            let waits: Vec<_> = (0..200).map(|_| back_off(before)).collect();
            assert!(waits.iter().all(|wait| (window / 2..window).contains(wait)), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait != waits[0]), "chance takes part");
        }
    }
}

//! The frames that wait for their turn on one socket, one reply after the other. It knows time, but no connection.

use std::{collections::VecDeque, future, time::Duration};

use tokio::time::{self, Instant};

use crate::world::Delivery;

/// What the socket does next.
pub(super) enum Step {
    /// Send this frame.
    Frame(String),
    /// Drop the connection without a word.
    Cut,
}

/// Frames in their order, and when the first of them is due.
#[derive(Default)]
pub(super) struct Outbox {
    steps: VecDeque<Step>,
    due: Option<Instant>,
}

impl Outbox {
    /// Adds one reply behind those that wait already, so that two replies never mix.
    pub(super) fn put(&mut self, delivery: Delivery, interval: Duration) {
        self.steps.extend(delivery.frames.into_iter().map(Step::Frame));
        if delivery.cut {
            self.steps.push_back(Step::Cut);
        }
        self.due.get_or_insert_with(|| Instant::now() + interval);
    }

    /// Waits for the next step, for ever if there is none. Nothing is lost when the wait is given up.
    pub(super) async fn next(&mut self, interval: impl Fn() -> Duration) -> Step {
        if let Some(due) = self.due {
            time::sleep_until(due).await;
        }
        let Some(step) = self.steps.pop_front() else { return future::pending().await };
        // The rate is read anew for each frame: it may have been changed in the middle of a reply.
        self.due = (!self.steps.is_empty()).then(|| Instant::now() + interval());
        step
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    fn reply(frames: &[&str], cut: bool) -> Delivery {
        Delivery { frames: frames.iter().map(|frame| (*frame).to_owned()).collect(), cut }
    }

    /// The clock of these tests is tokio's paused one: the times are exact and nobody waits for them.
    #[tokio::test(start_paused = true)]
    async fn frames_come_in_order_at_a_rate_that_may_change() {
        let start = Instant::now();
        let interval = Cell::new(40 * MILLISECOND);
        let mut outbox = Outbox::default();
        outbox.put(reply(&["a", "b", "c"], false), interval.get());
        outbox.put(reply(&["d"], true), interval.get());
        for (expected, at, next_interval) in
            [(Some("a"), 40, 40), (Some("b"), 80, 5), (Some("c"), 85, 0), (Some("d"), 85, 0), (None, 85, 0)]
        {
            interval.set(next_interval * MILLISECOND);
            // The frame at hand is due already; a new rate counts from the one after it.
            let frame = match outbox.next(|| interval.get()).await {
                Step::Frame(frame) => Some(frame),
                Step::Cut => None,
            };
            assert_eq!(frame.as_deref(), expected);
            assert_eq!(start.elapsed(), at * MILLISECOND, "{expected:?}");
        }
        let idle = time::timeout(Duration::from_hours(1), outbox.next(|| interval.get())).await;
        assert!(idle.is_err(), "an empty outbox waits");
    }
}

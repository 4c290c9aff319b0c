//! The steps that wait for their turn on one socket, one reply after the other. It knows time, but no connection.

use std::{collections::VecDeque, future, time::Duration};

use tokio::time::{self, Instant};

use crate::{
    step::{Action, Step},
    world::Reply,
};

/// Steps in their order, and when the first of them is due.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Waiting>,
    due: Option<Instant>,
}

/// One step, and whether another socket may take it over.
pub(super) struct Waiting {
    step: Step,
    resume: bool,
}

impl Waiting {
    pub(super) fn action(&self) -> &Action {
        &self.step.action
    }
}

impl Outbox {
    /// Adds one reply behind those that wait already, so that two replies never mix.
    pub(super) fn put(&mut self, reply: Reply, interval: Duration) {
        let resume = reply.resume;
        self.waiting.extend(reply.steps.into_iter().map(|step| Waiting { step, resume }));
        if self.due.is_none() {
            self.wait(interval);
        }
    }

    /// Waits for the next step, for ever if there is none. Nothing is lost when the wait is given up.
    pub(super) async fn next(&mut self, interval: impl Fn() -> Duration) -> Waiting {
        if let Some(due) = self.due {
            time::sleep_until(due).await;
        }
        let Some(next) = self.waiting.pop_front() else { return future::pending().await };
        // The rate is read anew for each step: it may have been changed in the middle of a reply.
        self.wait(interval());
        next
    }

    /// Takes back a step that could not be done.
    pub(super) fn put_back(&mut self, waiting: Waiting) {
        self.waiting.push_front(waiting);
    }

    /// What another socket may take over.
    pub(super) fn into_rest(self) -> Vec<Step> {
        self.waiting.into_iter().filter(|waiting| waiting.resume).map(|waiting| waiting.step).collect()
    }

    fn wait(&mut self, interval: Duration) {
        self.due = self.waiting.front().map(|next| Instant::now() + interval + next.step.pause);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    fn step(frame: &str, pause: u32) -> Step {
        let action = if frame == "cut" { Action::Cut } else { Action::Text(frame.into()) };
        Step { pause: pause * MILLISECOND, action }
    }

    fn reply(steps: &[(&str, u32)], resume: bool) -> Reply {
        Reply { steps: steps.iter().map(|(frame, pause)| step(frame, *pause)).collect(), resume }
    }

    /// The clock of these tests is tokio's paused one: the times are exact and nobody waits for them.
    #[tokio::test(start_paused = true)]
    async fn frames_come_in_order_at_a_rate_that_may_change() {
        let start = Instant::now();
        let interval = Cell::new(40 * MILLISECOND);
        let mut outbox = Outbox::default();
        outbox.put(reply(&[], false), interval.get());
        outbox.put(reply(&[("a", 0), ("b", 0), ("c", 0)], false), interval.get());
        outbox.put(reply(&[("d", 0), ("e", 200), ("cut", 0)], false), interval.get());
        for (expected, at, next_interval) in
            [("a", 40, 40), ("b", 80, 5), ("c", 85, 0), ("d", 85, 0), ("e", 285, 0), ("cut", 285, 0)]
        {
            interval.set(next_interval * MILLISECOND);
            // The frame at hand is due already; a new rate counts from the one after it.
            let waiting = outbox.next(|| interval.get()).await;
            assert_eq!(waiting.action(), &step(expected, 0).action);
            assert_eq!(start.elapsed(), at * MILLISECOND, "{expected:?}");
        }
        let idle = time::timeout(Duration::from_hours(1), outbox.next(|| interval.get())).await;
        assert!(idle.is_err(), "an empty outbox waits");
    }

    #[tokio::test(start_paused = true)]
    async fn the_rest_is_what_was_not_done_and_may_go_on() {
        let mut outbox = Outbox::default();
        outbox.put(reply(&[("a", 0), ("b", 0)], true), MILLISECOND);
        outbox.put(reply(&[("lost", 0)], false), MILLISECOND);
        outbox.put(reply(&[("c", 7)], true), MILLISECOND);
        let first = outbox.next(|| MILLISECOND).await;
        let second = outbox.next(|| MILLISECOND).await;
        assert_eq!(first.action(), &Action::Text("a".into()));
        outbox.put_back(second);
        assert_eq!(outbox.into_rest(), [step("b", 0), step("c", 7)]);
    }
}

//! One key's ledger and the line of those who wait for it. Time comes in as a value; who waits is a type parameter, so that
//! a simulation tests what the proxy runs.

use std::time::Duration;

use chat_core::wire::VisitorId;

use super::ledger::Ledger;
use super::queue::{Place, Queue, Waiting};
use super::{OverBudget, Patience};

/// What became of somebody who waited.
pub(crate) type Verdict = Result<(), OverBudget>;

/// One key's ledger and line.
#[derive(Clone, Debug)]
pub(crate) struct Account<T> {
    pub(crate) ledger: Ledger,
    queue: Queue<Ticket<T>>,
    patience: Patience,
    /// What is said where requests never fit: by then, another limit may hold.
    window: Duration,
}

#[derive(Clone, Debug)]
struct Ticket<T> {
    holder: T,
    until: Duration,
}

impl<T> Account<T> {
    pub(crate) fn new(limit: u32, window: Duration, patience: Patience) -> Self {
        Self { ledger: Ledger::new(limit, window), queue: Queue::new(), patience, window }
    }

    /// Joins the line, unless the line is full. Whoever joined hears a verdict from [`Account::serve`] or
    /// [`Account::refuse`], perhaps at once.
    pub(crate) fn join(
        &mut self,
        now: Duration,
        visitor: &VisitorId,
        requests: u32,
        holder: T,
    ) -> Result<Place, OverBudget> {
        if self.queue.len() >= self.patience.line || self.queue.count(visitor) >= self.patience.line_of_visitor {
            let (ledger, last) = self.after_all(now);
            return Err(self.over(&ledger, now, last, requests));
        }
        let ticket = Ticket { holder, until: now + self.patience.wait };
        Ok(self.queue.join(Waiting { visitor: visitor.clone(), requests, ticket }))
    }

    /// Gives up a place. Nothing happens where the verdict was spoken already.
    pub(crate) fn leave(&mut self, place: Place) {
        self.queue.leave(place);
    }

    /// Lets in whoever is first, for as long as the ledger has room; says whom, and how many requests that took.
    pub(crate) fn serve(&mut self, now: Duration) -> Vec<(T, u32)> {
        let mut served = Vec::new();
        while let Some((place, requests)) = self.first()
            && self.ledger.take(now, requests)
        {
            served.extend(self.admit(place).map(|holder| (holder, requests)));
        }
        served
    }

    /// Lets in whoever stands there; the requests were taken elsewhere.
    pub(crate) fn admit(&mut self, place: Place) -> Option<T> {
        self.queue.serve(place).map(|waiting| waiting.ticket.holder)
    }

    /// Turns away all who can't be served in time even if nobody new comes. Comes before [`Account::serve`]: whoever is first
    /// and waits in vain stands before others for whom there is room.
    pub(crate) fn refuse(&mut self, now: Duration) -> Vec<(T, OverBudget)> {
        let (mut ledger, mut last, mut late) = (self.ledger.clone(), now, Vec::new());
        for (place, waiting) in self.queue.iter() {
            match ledger.opens_at(last, waiting.requests) {
                Some(at) if at <= waiting.ticket.until => {
                    ledger.note(at, waiting.requests);
                    last = at;
                }
                _ => late.push(place),
            }
        }
        let late: Vec<_> = late.into_iter().filter_map(|place| self.queue.leave(place)).collect();
        late.into_iter()
            .map(|waiting| (waiting.ticket.holder, self.over(&ledger, now, last, waiting.requests)))
            .collect()
    }

    /// Who is first, with the requests that are wanted.
    pub(crate) fn first(&self) -> Option<(Place, u32)> {
        self.queue.first().map(|(place, waiting)| (place, waiting.requests))
    }

    /// When there is something to do next if nobody comes or goes; none where nobody waits.
    pub(crate) fn next(&self, now: Duration) -> Option<Duration> {
        let (_, requests) = self.first()?;
        let late = self.queue.iter().map(|(_, waiting)| waiting.ticket.until).min()?;
        Some(self.ledger.opens_at(now, requests).map_or(late, |at| at.min(late)))
    }

    /// The ledger as it will be when all who wait have been served, and when the last of them will be.
    fn after_all(&self, now: Duration) -> (Ledger, Duration) {
        let (mut ledger, mut last) = (self.ledger.clone(), now);
        for (_, waiting) in self.queue.iter() {
            if let Some(at) = ledger.opens_at(last, waiting.requests) {
                ledger.note(at, waiting.requests);
                last = at;
            }
        }
        (ledger, last)
    }

    /// Who is turned away comes back to the end of the line, so all who wait now are served before.
    fn over(&self, ledger: &Ledger, now: Duration, last: Duration, requests: u32) -> OverBudget {
        let at = ledger.opens_at(last, requests).unwrap_or(now + self.window);
        OverBudget { retry_after: at.saturating_sub(now) }
    }
}

#[cfg(test)]
mod tests;

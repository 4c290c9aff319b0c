//! How this replica stands with Redis, and what it may use by itself meanwhile. It knows neither Redis nor a clock.

use std::time::Duration;

use super::{Allowed, BudgetState};

/// How this replica stands with Redis.
#[derive(Debug)]
pub(super) struct Link {
    standing: Standing,
    /// When Redis was last lost, whether or not it is back.
    lost_at: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// There is none.
    Alone,
    /// It was not tried yet.
    Connecting,
    /// It answers.
    Shared(Contact),
    /// It does not answer; none where it never did.
    Lost(Option<Contact>),
}

/// What is known from Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Contact {
    first: Duration,
    last: Duration,
    replicas: u32,
}

impl Link {
    pub(super) fn alone() -> Self {
        Self { standing: Standing::Alone, lost_at: None }
    }

    pub(super) fn connecting() -> Self {
        Self { standing: Standing::Connecting, lost_at: None }
    }

    pub(super) fn state(&self) -> BudgetState {
        match self.standing {
            Standing::Alone => BudgetState::Alone,
            Standing::Connecting => BudgetState::Connecting,
            Standing::Shared(_) => BudgetState::Shared,
            Standing::Lost(_) => BudgetState::OwnShare,
        }
    }

    /// Redis answered and knows this replica as one of so many.
    pub(super) fn heard(&mut self, now: Duration, replicas: u32, allowed: &Allowed) {
        let first = match self.standing {
            Standing::Shared(contact) => contact.first,
            // The others have not forgotten this replica.
            Standing::Lost(Some(contact)) if now < contact.last + allowed.retention() => contact.first,
            _ => now,
        };
        self.standing = Standing::Shared(Contact { first, last: now, replicas });
    }

    /// Redis did not answer. Says whether that is news.
    pub(super) fn lose(&mut self, now: Duration) -> bool {
        let contact = match self.standing {
            Standing::Connecting => None,
            Standing::Shared(contact) => Some(contact),
            Standing::Alone | Standing::Lost(_) => return false,
        };
        self.standing = Standing::Lost(contact);
        self.lost_at = contact.map(|_| now);
        true
    }

    /// How many replicas there were when Redis was last heard of; 0 where it never was.
    pub(super) fn replicas(&self) -> u32 {
        match self.standing {
            Standing::Shared(contact) | Standing::Lost(Some(contact)) => contact.replicas,
            _ => 0,
        }
    }

    /// The most that this replica may have in use by itself, where it had `held` in use when Redis was lost.
    ///
    /// For one window after the loss, and the time until the others notice, that is no more than it held: then all
    /// replicas together use no more than they held together, which was within the limit. After that, each one's share.
    pub(super) fn own_limit(&self, now: Duration, held: u32, allowed: &Allowed) -> u32 {
        match self.standing {
            Standing::Alone => allowed.requests,
            Standing::Lost(Some(contact)) if contact.last >= contact.first + allowed.silence() => {
                (allowed.requests / contact.replicas.max(1)).min(self.cap(now, held, allowed))
            }
            // The others may not know yet that they share with this one, or it does not know with how many.
            _ => 0,
        }
    }

    /// What bounds the own uses for some time after a loss even when Redis is back, if it came back empty.
    pub(super) fn cap(&self, now: Duration, held: u32, allowed: &Allowed) -> u32 {
        match self.lost_at {
            Some(lost_at) if now < lost_at + allowed.window + allowed.silence() => held,
            _ => allowed.requests,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: Allowed = Allowed { requests: 60, window: Duration::from_secs(60) };

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn without_redis_everything_is_its_own() {
        assert_eq!(Link::alone().own_limit(at(0), 0, &ALLOWED), 60);
    }

    #[test]
    fn after_a_loss_it_uses_what_it_held_and_then_its_share() {
        let mut link = Link::connecting();
        link.heard(at(0), 3, &ALLOWED);
        link.heard(at(100), 3, &ALLOWED);
        assert!(link.lose(at(101)) && !link.lose(at(102)), "it is news once");
        let check =
            |now: u64, held: u32, limit: u32| assert_eq!(link.own_limit(at(now), held, &ALLOWED), limit, "{now}");
        check(101, 5, 5);
        check(101, 0, 0);
        check(101, 50, 20);
        check(166, 5, 5);
        check(167, 5, 20);
        check(10_000, 0, 20);
    }

    #[test]
    fn whoever_the_others_do_not_know_has_no_share() {
        let mut link = Link::connecting();
        assert_eq!(link.own_limit(at(0), 0, &ALLOWED), 0);
        assert!(link.lose(at(0)));
        assert_eq!(link.own_limit(at(1000), 0, &ALLOWED), 0, "Redis was never reached");
        assert_eq!(link.cap(at(1), 0, &ALLOWED), 60, "nothing was lost that others could use now");
        link.heard(at(1000), 2, &ALLOWED);
        link.heard(at(1005), 2, &ALLOWED);
        assert!(link.lose(at(1006)));
        assert_eq!(link.own_limit(at(2000), 0, &ALLOWED), 0, "it was lost before the others were heard of");
        link.heard(at(1006), 2, &ALLOWED);
        assert!(link.lose(at(1007)));
        assert_eq!(link.own_limit(at(2000), 0, &ALLOWED), 30);
    }

    #[test]
    fn a_loss_bounds_for_a_while_after_it_is_over() {
        let mut link = Link::connecting();
        link.heard(at(0), 2, &ALLOWED);
        assert_eq!(link.cap(at(1), 7, &ALLOWED), 60);
        assert!(link.lose(at(10)));
        link.heard(at(11), 2, &ALLOWED);
        assert_eq!((link.cap(at(12), 7, &ALLOWED), link.cap(at(76), 7, &ALLOWED)), (7, 60));
        assert_eq!((link.replicas(), link.state()), (2, BudgetState::Shared));
    }
}

//! Simulated time: visitors come at random and the rules must hold whatever they do.

use std::time::Duration;

use chat_core::wire::VisitorId;
use proptest::prelude::*;

use super::*;

const WINDOW: Duration = Duration::from_secs(61);
const LIMIT: u32 = 60;
const PATIENCE: Patience = Patience { wait: Duration::from_secs(10), line: 40, line_of_visitor: 6 };

/// Somebody comes so many milliseconds after the one before.
#[derive(Clone, Debug)]
struct Arrival {
    after: u64,
    visitor: u8,
    requests: u32,
    gives_up: bool,
}

fn arrivals() -> impl Strategy<Value = Vec<Arrival>> {
    let after = prop_oneof![4 => 0..50_u64, 4 => 0..2000_u64, 1 => 0..70_000_u64];
    let requests = prop_oneof![3 => Just(1_u32), 1 => Just(6), 1 => 1..=10_u32];
    let visitor = prop_oneof![1 => Just(0_u8), 1 => 0..8_u8];
    let arrival = (after, visitor, requests, prop::bool::weighted(0.1))
        .prop_map(|(after, visitor, requests, gives_up)| Arrival { after, visitor, requests, gives_up });
    prop::collection::vec(arrival, 1..200)
}

/// Who waits, and what was done for others meanwhile.
#[derive(Clone, Debug)]
struct Guest {
    number: usize,
    visitor: u8,
}

#[derive(Clone)]
struct World {
    account: Account<Guest>,
    now: Duration,
    /// When how many requests were let in, and whose.
    served: Vec<(Duration, u32, Guest)>,
    refused: Vec<(Duration, Guest, OverBudget)>,
    wants: Vec<u32>,
}

fn visitor(number: u8) -> VisitorId {
    VisitorId::parse(format!("web_{number}")).unwrap()
}

impl World {
    fn new() -> Self {
        let account = Account::new(LIMIT, WINDOW, PATIENCE);
        Self { account, now: Duration::ZERO, served: Vec::new(), refused: Vec::new(), wants: Vec::new() }
    }

    fn settle(&mut self) {
        let refused = self.account.refuse(self.now);
        self.refused.extend(refused.into_iter().map(|(guest, over)| (self.now, guest, over)));
        for (guest, requests) in self.account.serve(self.now) {
            assert_eq!(requests, self.wants[guest.number]);
            self.served.push((self.now, requests, guest));
        }
    }

    /// Lets time pass, and wakes the account exactly when it asked for it.
    fn advance(&mut self, until: Duration) {
        while let Some(next) = self.account.next(self.now).filter(|next| *next <= until) {
            assert!(next > self.now, "it asks to be woken in a future that comes");
            self.now = next;
            self.settle();
        }
        self.now = until;
    }

    fn arrive(&mut self, arrival: &Arrival) -> Option<Place> {
        let guest = Guest { number: self.wants.len(), visitor: arrival.visitor };
        self.wants.push(arrival.requests);
        let outcome = self.account.join(self.now, &visitor(arrival.visitor), arrival.requests, guest.clone());
        match outcome {
            Ok(place) => {
                self.settle();
                Some(place)
            }
            Err(over) => {
                self.refused.push((self.now, guest, over));
                None
            }
        }
    }

    fn run(&mut self, arrivals: &[Arrival], mut each: impl FnMut(&Self, usize)) {
        for arrival in arrivals {
            let refused = self.refused.len();
            self.advance(self.now + Duration::from_millis(arrival.after));
            let place = self.arrive(arrival);
            if let Some(place) = place.filter(|_| arrival.gives_up) {
                self.account.leave(place);
                self.settle();
            }
            each(self, refused);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_window_ever_holds_more_than_the_limit(arrivals in arrivals()) {
        let mut world = World::new();
        world.run(&arrivals, |_, _| {});
        world.advance(world.now + 10 * WINDOW);
        for (start, ..) in &world.served {
            let inside = world.served.iter().filter(|(at, ..)| at >= start && *at < *start + WINDOW);
            prop_assert!(inside.map(|(_, requests, _)| requests).sum::<u32>() <= LIMIT);
        }
    }

    /// Whoever is in line hears a verdict within the time that anybody waits, and room is never left unused before the
    /// first in line.
    #[test]
    fn everybody_hears_a_verdict_in_time(arrivals in arrivals()) {
        let mut world = World::new();
        world.run(&arrivals, |world, _| {
            if let Some((_, requests)) = world.account.first() {
                assert!(world.account.ledger.room(world.now) < requests);
            }
        });
        world.advance(world.now + PATIENCE.wait);
        prop_assert!(world.account.first().is_none());
    }

    /// While somebody waits, another visitor is served at most once more often than there are rounds until the one's turn.
    #[test]
    fn no_visitor_starves(arrivals in arrivals()) {
        let mut world = World::new();
        let mut joined: Vec<(usize, u64, usize)> = Vec::new();
        for arrival in &arrivals {
            world.advance(world.now + Duration::from_millis(arrival.after));
            let rounds = world.account.queue.rounds(&visitor(arrival.visitor)) + 1;
            joined.push((world.wants.len(), rounds, world.served.len()));
            world.arrive(arrival);
        }
        world.advance(world.now + WINDOW);
        for (number, rounds, before) in joined {
            let Some(end) = world.served.iter().position(|(.., guest)| guest.number == number) else { continue };
            let own_visitor = world.served[end].2.visitor;
            for other in (0..8).filter(|other| *other != own_visitor) {
                let meanwhile = &world.served[before.min(end)..end];
                let times = meanwhile.iter().filter(|(.., guest)| guest.visitor == other).count() as u64;
                prop_assert!(times <= rounds + 1, "visitor {other} was served {times} times within {rounds} rounds");
            }
        }
    }

    /// Whoever is turned away and comes back when told is let in at once, if nobody new came.
    #[test]
    fn retry_after_is_true(arrivals in arrivals()) {
        let mut world = World::new();
        world.run(&arrivals, |world, before| {
            for (at, guest, over) in &world.refused[before..] {
                // What was said while time passed is no longer about this world.
                if *at != world.now {
                    continue;
                }
                let mut alone = world.clone();
                alone.advance(world.now + over.retry_after);
                let served = alone.served.len();
                let again = Arrival {
                    after: 0, visitor: guest.visitor, requests: world.wants[guest.number], gives_up: false,
                };
                alone.arrive(&again);
                assert_eq!(alone.served.len(), served + 1, "{over:?}");
                assert!(over.retry_after > Duration::ZERO);
            }
        });
    }
}

#[test]
fn a_flood_waits_behind_everyone_else() {
    let mut world = World::new();
    let one = |visitor: u8, requests: u32| Arrival { after: 0, visitor, requests, gives_up: false };
    for _ in 0..10 {
        world.arrive(&one(0, 6));
        world.advance(world.now + Duration::from_secs(1));
    }
    world.advance(Duration::from_secs(55));
    for arrival in [one(0, 1), one(0, 1), one(0, 6), one(1, 6), one(2, 1)] {
        world.arrive(&arrival);
    }
    world.advance(Duration::from_secs(70));
    let order = world.served[10..].iter().map(|(at, requests, guest)| (at.as_secs(), guest.visitor, *requests));
    let order: Vec<_> = order.collect();
    assert_eq!(order, [(61, 0, 1), (62, 1, 6), (62, 2, 1), (62, 0, 1), (63, 0, 6)]);
}

#[test]
fn who_wants_more_than_there_ever_is_hears_so_at_once() {
    let mut world = World::new();
    world.arrive(&Arrival { after: 0, visitor: 1, requests: LIMIT + 1, gives_up: false });
    assert_eq!(world.refused[0].2.retry_after, WINDOW);
}

#[test]
fn whoever_waits_in_vain_keeps_nobody_out() {
    let mut world = World::new();
    let one = |visitor: u8, requests: u32| Arrival { after: 0, visitor, requests, gives_up: false };
    world.arrive(&one(0, 52));
    world.advance(Duration::from_secs(55));
    world.arrive(&one(1, 58));
    world.arrive(&one(2, 1));
    assert_eq!(world.served.len(), 1, "the first in line has reserved what there is");
    world.account.ledger.note(world.now, 5);
    world.settle();
    let refused: Vec<_> = world.refused.iter().map(|(_, guest, _)| guest.visitor).collect();
    assert_eq!((refused, world.served[1..].iter().map(|(.., guest)| guest.visitor).collect()), (vec![1], vec![2]));
}

//! Who waits for requests of one key, in the order in which they are served: one from each visitor, round after round. It
//! knows neither time nor how many requests there are.

use std::collections::BTreeMap;

use chat_core::wire::VisitorId;

/// Where somebody stands. A visitor stands at most once in each round, so that whoever floods stands in late rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    round: u64,
    arrival: u64,
}

/// Somebody who waits.
#[derive(Clone, Debug)]
pub(crate) struct Waiting<T> {
    pub visitor: VisitorId,
    /// How many requests are wanted at once. The first in line reserves them: nobody who wants less slips past.
    pub requests: u32,
    pub ticket: T,
}

/// All who wait.
#[derive(Clone, Debug)]
pub(crate) struct Queue<T> {
    waiting: BTreeMap<Place, Waiting<T>>,
    /// The round that was served last. Whoever comes joins a later one, so that each round ends.
    round: u64,
    arrivals: u64,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self { waiting: BTreeMap::new(), round: 0, arrivals: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// How many wait on behalf of this visitor.
    pub(crate) fn count(&self, visitor: &VisitorId) -> usize {
        self.waiting.values().filter(|waiting| waiting.visitor == *visitor).count()
    }

    /// Takes the next place of the newcomer's visitor.
    pub(crate) fn join(&mut self, newcomer: Waiting<T>) -> Place {
        let own = self.waiting.iter().rev().find(|(_, waiting)| waiting.visitor == newcomer.visitor);
        let round = own.map_or(self.round, |(place, _)| place.round) + 1;
        self.arrivals += 1;
        let place = Place { round, arrival: self.arrivals };
        self.waiting.insert(place, newcomer);
        place
    }

    /// How many rounds there are until the visitor's last place is served; places that were given up leave theirs behind.
    #[cfg(test)]
    pub(crate) fn rounds(&self, visitor: &VisitorId) -> u64 {
        let own = self.waiting.iter().rev().find(|(_, waiting)| waiting.visitor == *visitor);
        own.map_or(0, |(place, _)| place.round.saturating_sub(self.round))
    }

    pub(crate) fn first(&self) -> Option<(Place, &Waiting<T>)> {
        self.waiting.first_key_value().map(|(place, waiting)| (*place, waiting))
    }

    /// All, the first one first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Place, &Waiting<T>)> {
        self.waiting.iter().map(|(place, waiting)| (*place, waiting))
    }

    /// Takes out whoever stands there because the turn has come.
    pub(crate) fn serve(&mut self, place: Place) -> Option<Waiting<T>> {
        self.round = self.round.max(place.round);
        self.waiting.remove(&place)
    }

    /// Takes out whoever stands there and gives up.
    pub(crate) fn leave(&mut self, place: Place) -> Option<Waiting<T>> {
        self.waiting.remove(&place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters are visitors who join, a dot serves one.
    fn check(events: &str, served: &str) {
        let (mut queue, mut order) = (Queue::new(), String::new());
        let mut serve = |queue: &mut Queue<char>| {
            let place = queue.first().map(|(place, _)| place);
            order.extend(place.and_then(|place| queue.serve(place)).map(|waiting| waiting.ticket));
        };
        for event in events.chars() {
            if event == '.' {
                serve(&mut queue);
            } else {
                let visitor = VisitorId::parse(event.to_ascii_lowercase().to_string()).unwrap();
                queue.join(Waiting { visitor, requests: 1, ticket: event });
            }
        }
        while queue.len() > 0 {
            serve(&mut queue);
        }
        assert_eq!(order, served, "{events}");
    }

    #[test]
    fn visitors_take_turns() {
        check("abc", "abc");
        check("aaabbc", "abcaba");
        check("aaaaab", "abaaaa");
        check("aaa.b", "aaba");
        check("aaaa..bc", "aaabca");
        check("ab.a.b.a", "ababa");
    }
}

//! What is due when. Things due at the same moment happen in the order they were planned.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub(crate) struct Schedule<T> {
    due: BinaryHeap<Reverse<(u64, u64)>>,
    things: std::collections::HashMap<u64, T>,
    planned: u64,
}

impl<T> Schedule<T> {
    pub(crate) fn new() -> Self {
        Self { due: BinaryHeap::new(), things: std::collections::HashMap::new(), planned: 0 }
    }

    pub(crate) fn plan(&mut self, at: u64, thing: T) {
        self.planned += 1;
        self.due.push(Reverse((at, self.planned)));
        self.things.insert(self.planned, thing);
    }

    pub(crate) fn next(&mut self) -> Option<(u64, T)> {
        let Reverse((at, name)) = self.due.pop()?;
        self.things.remove(&name).map(|thing| (at, thing))
    }
}

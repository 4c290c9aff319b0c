//! What happens the next few times and then no more. It knows not what that is.

use std::collections::VecDeque;

/// Values for the occasions to come, each for so many of them, in the order in which they were added.
pub(crate) struct Next<T>(VecDeque<(u32, T)>);

impl<T> Default for Next<T> {
    fn default() -> Self {
        Next(VecDeque::new())
    }
}

impl<T: Clone> Next<T> {
    /// Adds a value for `count` occasions behind those that are planned already.
    pub(crate) fn add(&mut self, count: u32, value: T) {
        if count > 0 {
            self.0.push_back((count, value));
        }
    }

    /// The value for the occasion at hand, if one is planned.
    pub(crate) fn claim(&mut self) -> Option<T> {
        let (left, value) = self.0.front_mut()?;
        *left -= 1;
        let (left, value) = (*left, value.clone());
        if left == 0 {
            self.0.pop_front();
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_as_often_as_planned_and_in_their_order() {
        let mut next = Next::default();
        for (count, value) in [(2, 'a'), (0, 'b'), (1, 'c')] {
            next.add(count, value);
        }
        let claimed: Vec<Option<char>> = (0..4).map(|_| next.claim()).collect();
        assert_eq!(claimed, [Some('a'), Some('a'), Some('c'), None]);
    }
}

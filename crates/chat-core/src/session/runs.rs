//! Which chunks of a reply have come, and where in its text each belongs. It knows lengths, not texts.

use crate::portable_struct;

/// The chunks that have come, in the order of their indexes; neighbours are one run, so that a reply which comes in order
/// is a single one however long it gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs(Vec<Run>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    first: i64,
    last: i64,
    bytes: usize,
}

portable_struct!(Runs { 0 });
portable_struct!(Run { first, last, bytes });

impl Runs {
    /// Where the text of the frame that ends a reply goes: behind every chunk.
    pub(super) const END: i64 = 1 << 40;

    /// Takes note of a chunk and says at which byte of the reply its text goes; `None` where it has come before.
    pub(super) fn place(&mut self, index: i64, bytes: usize) -> Option<usize> {
        let after = self.0.partition_point(|run| run.first <= index);
        let offset = self.0[..after].iter().map(|run| run.bytes).sum();
        if let Some(run) = after.checked_sub(1).map(|before| &mut self.0[before]) {
            if index <= run.last {
                // The end may be told twice, first without and then with its text.
                let told_empty = index == Self::END && run.bytes == 0 && bytes > 0;
                run.bytes += if told_empty { bytes } else { 0 };
                return told_empty.then_some(offset);
            }
            if run.last + 1 == index {
                run.last = index;
                run.bytes += bytes;
                self.join(after);
                return Some(offset);
            }
        }
        self.0.insert(after, Run { first: index, last: index, bytes });
        self.join(after + 1);
        Some(offset)
    }

    /// True where a chunk of that index has come.
    pub(super) fn contains(&self, index: i64) -> bool {
        let after = self.0.partition_point(|run| run.first <= index);
        after > 0 && index <= self.0[after - 1].last
    }

    /// The index after the highest chunk's.
    pub(super) fn next(&self) -> i64 {
        self.0.iter().rev().find(|run| run.last < Self::END).map_or(0, |run| run.last + 1)
    }

    /// True where the end has been told.
    pub(super) fn ended(&self) -> bool {
        self.contains(Self::END)
    }

    /// True where no chunk is missing between the first and the highest that has come. A reply in one frame has no
    /// others.
    pub(super) fn whole(&self) -> bool {
        match self.0.as_slice() {
            [] => true,
            [only] => only.first == 0 || only.first == Self::END,
            [chunks, end] => chunks.first == 0 && end.first == Self::END,
            _ => false,
        }
    }

    /// True where there is text.
    pub(super) fn has_text(&self) -> bool {
        self.0.iter().any(|run| run.bytes > 0)
    }

    /// Joins the run at this place with the one before it, where they are neighbours. The end stays by itself.
    fn join(&mut self, place: usize) {
        if let (Some(before), Some(run)) =
            (place.checked_sub(1).map(|before| self.0[before]), self.0.get(place).copied())
            && before.last + 1 == run.first
            && run.first != Self::END
        {
            self.0[place - 1] = Run { first: before.first, last: run.last, bytes: before.bytes + run.bytes };
            self.0.remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts chunks together as a reply does.
    fn assembled(chunks: &[(i64, &str)]) -> (String, Runs) {
        let mut runs = Runs::default();
        let mut text = String::new();
        for (index, chunk) in chunks {
            if let Some(offset) = runs.place(*index, chunk.len()) {
                text.insert_str(offset, chunk);
            }
        }
        (text, runs)
    }

    #[test]
    fn chunks_in_order_are_one_run() {
        let (text, runs) = assembled(&[(0, "a"), (1, "b"), (2, ""), (3, "c"), (Runs::END, "d")]);
        assert_eq!((text.as_str(), runs.whole(), runs.ended(), runs.next()), ("abcd", true, true, 4));
        assert_eq!(runs.0.len(), 2);
    }

    #[test]
    fn every_order_gives_the_same_text() {
        let chunks = [(0, "Hé"), (1, "llo "), (2, "wör"), (3, "ld"), (Runs::END, "!")];
        let mut order = vec![0, 1, 2, 3, 4];
        let mut seen = 0;
        permute(&mut order, 0, &mut |order| {
            let shuffled: Vec<_> = order.iter().map(|place| chunks[*place]).collect();
            let (text, runs) = assembled(&shuffled);
            assert_eq!((text.as_str(), runs.whole(), runs.next()), ("Héllo wörld!", true, 4), "{order:?}");
            seen += 1;
        });
        assert_eq!(seen, 120);
    }

    fn permute(order: &mut Vec<usize>, from: usize, each: &mut impl FnMut(&[usize])) {
        if from == order.len() {
            return each(order);
        }
        for place in from..order.len() {
            order.swap(from, place);
            permute(order, from + 1, each);
            order.swap(from, place);
        }
    }

    #[test]
    fn what_came_before_is_known() {
        let (text, runs) =
            assembled(&[(0, "a"), (1, "b"), (0, "a"), (1, "x"), (Runs::END, ""), (Runs::END, "c"), (Runs::END, "c")]);
        assert_eq!((text.as_str(), runs.contains(1), runs.contains(2)), ("abc", true, false));
    }

    #[test]
    fn a_gap_shows() {
        let check = |chunks: &[(i64, &str)], whole: bool| assert_eq!(assembled(chunks).1.whole(), whole, "{chunks:?}");
        check(&[(0, "a"), (2, "c")], false);
        check(&[(0, "a"), (2, "c"), (1, "b")], true);
        check(&[(1, "b"), (Runs::END, "")], false);
        check(&[(Runs::END, "all")], true);
        check(&[], true);
    }
}

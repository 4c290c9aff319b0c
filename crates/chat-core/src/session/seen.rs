//! Which frames have come before, by what the server calls them. Bounded: only the newest are remembered.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::wire::Frame;

/// A resent frame follows its first sending closely.
const REMEMBERED: usize = 4_096;

/// Fingerprints instead of names: a name's length is the server's choice.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Sorted.
    known: Vec<u64>,
    order: VecDeque<u64>,
}

impl Seen {
    /// True the first time. A frame without a name of its own is always new.
    pub(super) fn is_new(&mut self, frame: &Frame) -> bool {
        let Some(identity) = frame.identity() else { return true };
        let mut hasher = DefaultHasher::new();
        identity.hash(&mut hasher);
        let fingerprint = hasher.finish();
        let Err(place) = self.known.binary_search(&fingerprint) else { return false };
        self.known.insert(place, fingerprint);
        self.order.push_back(fingerprint);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
            && let Ok(place) = self.known.binary_search(&oldest)
        {
            self.known.remove(place);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(seq_id: Option<&str>, kind: Option<&str>, message_id: Option<&str>) -> Frame {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Frame { seq_id: owned(seq_id), kind: owned(kind), message_id: owned(message_id), ..Frame::default() }
    }

    #[test]
    fn the_same_three_names_are_the_same_frame() {
        let mut seen = Seen::default();
        let mut check = |new: bool, frame: &Frame| assert_eq!(seen.is_new(frame), new, "{frame:?}");
        check(true, &frame(Some("1"), Some("msg"), Some("a")));
        check(false, &frame(Some("1"), Some("msg"), Some("a")));
        check(true, &frame(Some("2"), Some("msg"), Some("a")));
        check(true, &frame(Some("1"), Some("hint"), Some("a")));
        check(true, &frame(Some("1"), Some("msg"), Some("b")));
        check(true, &frame(None, Some("msg"), Some("a")));
        check(true, &frame(None, Some("msg"), Some("a")));
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut seen = Seen::default();
        for name in 0..2 * REMEMBERED {
            assert!(seen.is_new(&frame(Some(&name.to_string()), None, None)));
        }
        assert_eq!((seen.known.len(), seen.order.len()), (REMEMBERED, REMEMBERED));
        assert!(!seen.is_new(&frame(Some(&(2 * REMEMBERED - 1).to_string()), None, None)));
    }
}

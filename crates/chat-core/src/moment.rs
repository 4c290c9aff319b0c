//! Time as a value: the shell reads its clock and hands the reading in.

use core::ops::{Add, Sub};
use core::time::Duration;

use crate::portable_struct;

/// A reading of the wall clock, in whole milliseconds since 1970 (what `Date.now()` gives).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

portable_struct!(Moment { 0 });

impl Moment {
    /// How long it is from this moment until `later`; zero if that has passed.
    #[must_use]
    pub fn until(self, later: Self) -> Duration {
        Duration::from_millis(later.0.saturating_sub(self.0))
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(milliseconds(duration)))
    }
}

impl Sub<Duration> for Moment {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(milliseconds(duration)))
    }
}

/// `as_millis` is 128 bits wide; a duration that does not fit 64 is "never" all the same.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Makes of the wall clock's readings a time that never goes back. A clock that is set back would otherwise push every
/// deadline into the future, and with it the chat's recovery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Steady {
    /// What must be added to a reading.
    ahead: u64,
    last: Moment,
}

portable_struct!(Steady { ahead, last });

impl Steady {
    /// The steady time of this reading.
    pub(crate) fn read(&mut self, reading: Moment) -> Moment {
        let steady = Moment(reading.0.saturating_add(self.ahead));
        if steady < self.last {
            self.ahead += self.last.0 - steady.0;
        }
        self.last = self.last.max(steady);
        self.last
    }

    /// The reading at which the wall clock will stand then.
    pub(crate) fn reading_at(&self, steady: Moment) -> Moment {
        Moment(steady.0.saturating_sub(self.ahead))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_back_stands_still_and_goes_on() {
        let mut steady = Steady::default();
        let readings = [1_000, 2_000, 500, 600, 700, 5_000];
        let times = readings.map(|reading| steady.read(Moment(reading)).0);
        assert_eq!(times, [1_000, 2_000, 2_000, 2_100, 2_200, 6_500]);
        assert_eq!(steady.reading_at(Moment(7_500)), Moment(6_000));
    }
}

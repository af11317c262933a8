//! How long to wait before the next attempt.

use std::time::Duration;

/// Exponential back-off with a limit and jitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackOff {
    /// Wait after the first failed attempt.
    pub first: Duration,
    /// Longest wait, jitter included.
    pub most: Duration,
}

impl Default for BackOff {
    /// 15 seconds at first, one hour at most.
    fn default() -> Self {
        Self { first: Duration::from_secs(15), most: Duration::from_secs(3600) }
    }
}

/// A random number from 0 to 999 that spreads attempts in time, so that jobs that failed together do not
/// all come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jitter(u32);

impl Jitter {
    /// Takes any random number modulo 1000.
    #[must_use]
    pub fn new(random: u32) -> Self {
        Self(random % 1000)
    }
}

impl BackOff {
    /// Wait after the `attempt`-th attempt (from 1) failed: doubled with each attempt, less up to a fifth by
    /// jitter, never more than [`BackOff::most`].
    ///
    /// ```
    /// use landfast_domain::presentations::back_off::{BackOff, Jitter};
    /// use std::time::Duration;
    ///
    /// let back_off = BackOff::default();
    /// assert_eq!(back_off.wait(1, Jitter::new(0)), Duration::from_secs(15));
    /// assert_eq!(back_off.wait(3, Jitter::new(0)), Duration::from_secs(60));
    /// assert_eq!(back_off.wait(3, Jitter::new(500)), Duration::from_secs(54));
    /// assert_eq!(back_off.wait(99, Jitter::new(0)), Duration::from_secs(3600));
    /// ```
    #[must_use]
    pub fn wait(&self, attempt: u32, jitter: Jitter) -> Duration {
        let doublings = attempt.saturating_sub(1).min(30);
        let full = self.first.checked_mul(1_u32 << doublings).map_or(self.most, |wait| wait.min(self.most));
        full - full / 5 * jitter.0 / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn waits_stay_within_a_fifth_below_the_limit(attempt in 0_u32..200, random in any::<u32>(), first in 0_u64..5000, most in 0_u64..50_000) {
            let back_off = BackOff { first: Duration::from_secs(first), most: Duration::from_secs(most) };
            let (wait, full) = (back_off.wait(attempt, Jitter::new(random)), back_off.wait(attempt, Jitter::new(0)));
            prop_assert!(wait <= full && full <= back_off.most);
            prop_assert!(wait >= full * 4 / 5);
            prop_assert!(back_off.wait(attempt + 1, Jitter::new(0)) >= full);
        }
    }
}

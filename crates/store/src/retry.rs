//! Waiting between tries.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// How often a write transaction is tried before its loss is reported.
pub(crate) const TRIES: u32 = 20;

/// Shortest pause's upper bound.
const FIRST: Duration = Duration::from_millis(2);

/// How often the upper bound doubles; the longest pause is 256 ms.
const DOUBLINGS: u32 = 7;

/// Pause after a lost try, counted from 0.
///
/// Random between a half and the whole of a bound that doubles each time, so that transactions which
/// met once do not meet again at the next try.
pub(crate) fn pause(lost: u32) -> Duration {
    let bound = FIRST * 2_u32.pow(lost.min(DOUBLINGS));
    let half = bound / 2;
    // A hasher's random keys are random enough to spread tries.
    let random = RandomState::new().build_hasher().finish();
    let micros = u64::try_from(half.as_micros()).unwrap_or(u64::MAX).max(1);
    half + Duration::from_micros(random % micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_differ() {
        for (lost, low, high) in [(0, 1, 2), (1, 2, 4), (7, 128, 256), (19, 128, 256), (u32::MAX, 128, 256)] {
            for _ in 0..20 {
                let pause = pause(lost);
                assert!((Duration::from_millis(low)..=Duration::from_millis(high)).contains(&pause), "{pause:?}");
            }
        }
        let pauses: std::collections::HashSet<_> = (0..20).map(|_| pause(7)).collect();
        assert!(pauses.len() > 10, "{pauses:?}");
    }
}

//! Shares and how sure they are.

use super::real;
use serde::Serialize;

/// Two-sided 95 % point of the normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// An interval from `low` to `high`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

/// Share `k/n`, 0 to 1; `None` when there is nothing to share.
///
/// ```
/// use landfast_analytics::stats::share;
///
/// assert_eq!(share(1, 4), Some(0.25));
/// assert_eq!(share(0, 0), None);
/// ```
#[must_use]
pub fn share(k: usize, n: usize) -> Option<f64> {
    (n > 0).then(|| real(k) / real(n))
}

/// Wilson's 95 % interval of a share of `k` out of `n`, within 0…1; `None` without cases.
///
/// With `p = k/n` and `z =` [`Z_95`]: centre `(p + z²/2n) / (1 + z²/n)`, half width
/// `z·√(p(1 − p)/n + z²/4n²) / (1 + z²/n)`.
///
/// ```
/// use landfast_analytics::stats::wilson_interval;
///
/// let interval = wilson_interval(10, 20).unwrap();
/// assert!((interval.low - 0.2993).abs() < 1e-4 && (interval.high - 0.7007).abs() < 1e-4);
/// ```
#[must_use]
pub fn wilson_interval(k: usize, n: usize) -> Option<Interval> {
    let p = share(k.min(n), n)?;
    let n = real(n);
    let z2 = Z_95 * Z_95;
    let scale = 1.0 + z2 / n;
    let centre = (p + z2 / (2.0 * n)) / scale;
    let half = Z_95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / scale;
    Some(Interval { low: (centre - half).max(0.0), high: (centre + half).min(1.0) })
}

/// Newcombe's 95 % interval of the difference `k₁/n₁ − k₂/n₂` of two independent shares; `None` when one of
/// them has no cases.
///
/// With the Wilson limits `l₁, u₁, l₂, u₂` and `d = p₁ − p₂`: from `d − √((p₁ − l₁)² + (u₂ − p₂)²)` to
/// `d + √((u₁ − p₁)² + (p₂ − l₂)²)`.
///
/// ```
/// use landfast_analytics::stats::newcombe_interval;
///
/// // The example of Newcombe's paper: 56 of 70 against 48 of 80.
/// let interval = newcombe_interval((56, 70), (48, 80)).unwrap();
/// assert!((interval.low - 0.0524).abs() < 1e-4 && (interval.high - 0.3339).abs() < 1e-4);
/// ```
#[must_use]
pub fn newcombe_interval(first: (usize, usize), second: (usize, usize)) -> Option<Interval> {
    let (p1, p2) = (share(first.0, first.1)?, share(second.0, second.1)?);
    let (w1, w2) = (wilson_interval(first.0, first.1)?, wilson_interval(second.0, second.1)?);
    let d = p1 - p2;
    Some(Interval { low: d - (p1 - w1.low).hypot(w2.high - p2), high: d + (w1.high - p1).hypot(p2 - w2.low) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn extremes_stay_within_zero_and_one() {
        assert_eq!(wilson_interval(0, 0), None);
        assert_eq!(wilson_interval(0, 5).unwrap().low, 0.0);
        assert_eq!(wilson_interval(5, 5).unwrap().high, 1.0);
        assert_eq!(newcombe_interval((1, 2), (0, 0)), None);
    }

    proptest! {
        #[test]
        fn intervals_hold_the_estimate((k, n) in (1_usize..200).prop_flat_map(|n| (0..=n, Just(n)))) {
            let (p, interval) = (share(k, n).unwrap(), wilson_interval(k, n).unwrap());
            prop_assert!(interval.low <= p + 1e-12 && p <= interval.high + 1e-12);
            let same = newcombe_interval((k, n), (k, n)).unwrap();
            prop_assert!((same.low + same.high).abs() < 1e-12);
        }
    }
}

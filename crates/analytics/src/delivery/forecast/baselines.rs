//! The forecasts of the original as quantile forecasts, to measure against.

use super::monte_carlo::{MAX_WEEKS, Throughput};
use crate::stats::{ascending, mean, real};
use serde::Serialize;

/// A way to forecast when a backlog is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The simulation, from the window that a backtest chose.
    MonteCarlo,
    /// The original's main forecast; see [`pert_quantile`].
    Pert,
    /// Backlog by mean throughput, a tenth up and down; see [`velocity_quantile`].
    Velocity,
}

/// Weeks of a PERT forecast at a probability (delivery specification 5.5): with `N` as there, the mean `M`,
/// the mean of the `N` best weeks `O` and of the `N` worst `W`, each at least 0.007 a week, for a backlog `B`
///
/// `t_o = B/O`, `t_m = B/M`, `t_w = min(B/W, 5·t_o)`, `mean = (t_o + 4·t_m + t_w)/6`,
/// `deviation = (t_w − t_o)/6`, `quantile = mean + z·deviation`,
///
/// limited to ten years. The mean is the original's date; it gives no probabilities, so its spread is the
/// textbook's. Limits are applied in the right order, the cap of five times first. At most three weeks:
/// `O = M = W`.
///
/// ```
/// use landfast_analytics::delivery::forecast::{Throughput, pert_quantile};
///
/// let steady = Throughput::new([5.0; 6]).unwrap();
/// assert!((pert_quantile(&steady, 6.0, 20.0, 0.85) - 4.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn pert_quantile(window: &Throughput, factor: f64, backlog: f64, probability: f64) -> f64 {
    let weeks = ascending(window.weeks());
    let third = (real(weeks.len()) / 3.0).floor().max(1.0);
    let extremes = whole(if weeks.len() <= 3 { real(weeks.len()) } else { factor.min(third).max(1.0) });
    let rate = |weeks: &[f64]| mean(weeks).unwrap_or(0.0).max(0.007);
    let best = rate(weeks.get(weeks.len().saturating_sub(extremes)..).unwrap_or_default());
    let worst = rate(weeks.get(..extremes).unwrap_or_default());
    let optimistic = backlog / best;
    let pessimistic = (backlog / worst).min(5.0 * optimistic);
    let expected = (optimistic + 4.0 * backlog / rate(&weeks) + pessimistic) / 6.0;
    limited(expected + deviate(probability) * (pessimistic - optimistic) / 6.0)
}

/// Weeks of a forecast by velocity ± 10 %: backlog by mean throughput `v` at 50 %, by `0.95·v` at 70 % and
/// by `0.9·v` from 85 % on; in between by straight lines. Limited to ten years; `v` is at least 0.007.
///
/// The original's cards show the range and no probabilities; this reads its safe end as safe.
#[must_use]
pub fn velocity_quantile(window: &Throughput, backlog: f64, probability: f64) -> f64 {
    let velocity = mean(window.weeks()).unwrap_or(0.0).max(0.007);
    let caution = if probability <= 0.7 { (probability - 0.5) * 0.25 } else { 0.05 + (probability - 0.7) / 3.0 };
    limited(backlog / (velocity * (1.0 - caution.clamp(-0.1, 0.1))))
}

fn limited(weeks: f64) -> f64 {
    weeks.clamp(0.0, f64::from(MAX_WEEKS))
}

/// Deviate of the standard normal distribution, by straight lines between the levels of interest.
fn deviate(probability: f64) -> f64 {
    const TABLE: [(f64, f64); 5] = [
        (0.5, 0.0),
        (0.7, 0.524_400_512_708),
        (0.85, 1.036_433_389_494),
        (0.95, 1.644_853_626_951),
        (0.99, 2.326_347_874_041),
    ];
    let mirrored = probability.max(1.0 - probability).min(0.99);
    let at = TABLE.windows(2).find_map(|pair| match pair {
        [(low, from), (high, to)] if mirrored <= *high => Some(from + (to - from) * (mirrored - low) / (high - low)),
        _ => None,
    });
    at.unwrap_or_default() * if probability < 0.5 { -1.0 } else { 1.0 }
}

#[expect(clippy::as_conversions, reason = "at least 1 and at most the number of weeks; a fraction is cut")]
fn whole(count: f64) -> usize {
    count as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_date_of_the_original() {
        // Vector of the original: 50 items, factor 3, ten weeks.
        let window = Throughput::new([5.0, 7.0, 4.0, 6.0, 8.0, 5.0, 9.0, 7.0, 3.0, 10.0]).unwrap();
        let (best, worst) = (9.0, 4.0);
        let expected = (50.0 / best + 4.0 * 50.0 / 6.4 + 50.0 / worst) / 6.0;
        assert!((pert_quantile(&window, 3.0, 50.0, 0.5) - expected).abs() < 1e-12);
        let wider = pert_quantile(&window, 3.0, 50.0, 0.85) - expected;
        assert!((wider - 1.036_433_389_494 * (50.0 / worst - 50.0 / best) / 6.0).abs() < 1e-12);
    }

    #[test]
    fn a_bad_third_is_capped_at_five_times_the_best() {
        let window = Throughput::new([0.0, 0.0, 6.0, 6.0, 0.0, 6.0]).unwrap();
        assert!((pert_quantile(&window, 6.0, 12.0, 0.5) - (2.0 + 4.0 * 4.0 + 10.0) / 6.0).abs() < 1e-12);
        let idle = Throughput::new([0.0]).unwrap();
        assert_eq!(pert_quantile(&idle, 6.0, 12.0, 0.5), 522.0);
    }

    #[test]
    fn velocity_has_a_tenth_of_caution_at_most() {
        let window = Throughput::new([2.0, 6.0]).unwrap();
        let at = |probability| velocity_quantile(&window, 36.0, probability);
        assert_eq!((at(0.5), at(0.85)), (9.0, 10.0));
        assert!((at(0.7) - 36.0 / 3.8).abs() < 1e-12 && at(0.95) == 10.0);
    }

    #[test]
    fn deviates_are_symmetrical() {
        assert!((deviate(0.3) + deviate(0.7)).abs() < 1e-12 && deviate(0.5).abs() < 1e-12);
    }
}

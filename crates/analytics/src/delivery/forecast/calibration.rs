//! How good forecasts with probabilities were.

use crate::stats::real;
use serde::Serialize;

/// The probabilities forecasts are judged at.
pub const LEVELS: [f64; 4] = [0.5, 0.7, 0.85, 0.95];

/// A forecast and what came of it, in weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Weeks forecast at each of [`LEVELS`].
    pub forecast: [f64; 4],
    /// Weeks it took.
    pub actual: f64,
}

/// How forecasts of one probability did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Level {
    /// The probability that was promised, 0 to 1.
    pub promised: f64,
    /// Share of the cases in which the work was done in time, 0 to 1. Well calibrated: equal to `promised`.
    pub hit_rate: f64,
    /// Mean pinball loss in weeks; see [`pinball_loss`].
    pub pinball: f64,
}

/// How a method of forecasting did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Number of forecasts.
    pub cases: usize,
    /// One entry for each of [`LEVELS`].
    pub levels: Vec<Level>,
    /// Mean of the levels' pinball losses, in weeks.
    pub pinball: f64,
}

impl Calibration {
    /// Share of the forecasts of this probability that held; `None` for one that is not among [`LEVELS`].
    #[must_use]
    pub fn hit_rate(&self, promised: f64) -> Option<f64> {
        self.levels.iter().find(|level| (level.promised - promised).abs() < 1e-9).map(|level| level.hit_rate)
    }

    /// By how much the loss is below another's, 0 to 1: `1 − own/other`. Negative when it is above; `None`
    /// when the other has no loss.
    #[must_use]
    pub fn improvement_on(&self, other: &Self) -> Option<f64> {
        (other.pinball > 0.0).then(|| 1.0 - self.pinball / other.pinball)
    }
}

/// Pinball loss of a quantile forecast `q` at probability `p` when `y` came out: `p·(y − q)` if `y > q`, else
/// `(1 − p)·(q − y)`. Not negative, in the unit of `y`; smallest on average for the true quantile.
///
/// ```
/// use landfast_analytics::delivery::forecast::pinball_loss;
///
/// assert_eq!(pinball_loss(0.75, 10.0, 14.0), 3.0);
/// assert_eq!(pinball_loss(0.75, 10.0, 6.0), 1.0);
/// ```
#[must_use]
pub fn pinball_loss(probability: f64, forecast: f64, actual: f64) -> f64 {
    if actual > forecast { probability * (actual - forecast) } else { (1.0 - probability) * (forecast - actual) }
}

/// Hit rates and losses of forecasts. `None` without any.
#[must_use]
pub fn calibrate(observations: &[Observation]) -> Option<Calibration> {
    if observations.is_empty() {
        return None;
    }
    let cases = real(observations.len());
    let levels: Vec<Level> = LEVELS
        .iter()
        .enumerate()
        .map(|(place, promised)| {
            let pairs = || observations.iter().filter_map(move |seen| Some((*seen.forecast.get(place)?, seen.actual)));
            Level {
                promised: *promised,
                hit_rate: real(pairs().filter(|(forecast, actual)| actual <= forecast).count()) / cases,
                pinball: pairs().map(|(forecast, actual)| pinball_loss(*promised, forecast, actual)).sum::<f64>()
                    / cases,
            }
        })
        .collect();
    let pinball = levels.iter().map(|level| level.pinball).sum::<f64>() / real(levels.len());
    Some(Calibration { cases: observations.len(), levels, pinball })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hit_rates_count_the_cases_that_were_in_time() {
        let seen = |actual| Observation { forecast: [4.0, 5.0, 6.0, 8.0], actual };
        let calibration = calibrate(&[seen(4.0), seen(5.5), seen(7.0), seen(9.0)]).unwrap();
        let rates: Vec<f64> = calibration.levels.iter().map(|level| level.hit_rate).collect();
        assert_eq!(rates, [0.25, 0.25, 0.5, 0.75]);
        assert_eq!((calibration.hit_rate(0.85), calibration.hit_rate(0.9)), (Some(0.5), None));
        // At 50 %: (0 + 0.75 + 1.5 + 2.5) / 4.
        assert_eq!(calibration.levels[0].pinball, 1.1875);
        assert_eq!(calibrate(&[]), None);
    }

    #[test]
    fn the_loss_is_smallest_at_the_true_quantile() {
        let loss = |forecast: f64| (1..=100).map(|actual| pinball_loss(0.85, forecast, f64::from(actual))).sum::<f64>();
        assert!(loss(85.0) < loss(80.0) && loss(85.0) < loss(90.0));
    }

    #[test]
    fn improvement_compares_losses() {
        let of = |forecast: f64| calibrate(&[Observation { forecast: [forecast; 4], actual: 10.0 }]).unwrap();
        assert!(of(10.5).improvement_on(&of(12.0)).is_some_and(|share| (share - 0.75).abs() < 1e-12));
        assert_eq!(of(12.0).improvement_on(&of(10.0)), None);
    }
}

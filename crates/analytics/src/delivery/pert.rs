//! Forecasts of three points from the best, the usual and the worst weeks (delivery specification 5.5).

use super::numbers::{count, cut_count, mean_or_zero};
use super::weeks::WeekSum;

/// Longest forecast in days: ten years.
pub const MAX_FORECAST_DAYS: f64 = 3653.0;

/// Slowest rate a forecast reckons with, per day.
pub const MIN_RATE: f64 = 0.001;

/// The pessimistic forecast is at most so many times the optimistic one.
const MAX_SPREAD: f64 = 5.0;

/// A forecast of three points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PertForecast {
    /// (tₒ + 4·t_m + t_w)/6 in days.
    pub days: f64,
    /// O: rate of the best weeks, per day.
    pub optimistic_rate: f64,
    /// M: rate of all weeks, per day.
    pub likely_rate: f64,
    /// W: rate of the worst weeks, per day.
    pub pessimistic_rate: f64,
    /// Whether the forecast was cut to [`MAX_FORECAST_DAYS`]: it is "beyond ten years", not a date.
    pub is_beyond_limit: bool,
}

/// How many of the best and of the worst weeks count: N = max(1, min(f, max(1, ⌊n/3⌋))).
///
/// ```
/// use landfast_analytics::delivery::pert::extreme_weeks;
/// assert_eq!((extreme_weeks(16, 6.0), extreme_weeks(16, 3.0), extreme_weeks(4, 1.2)), (5, 3, 1));
/// ```
#[must_use]
pub fn extreme_weeks(weeks: usize, factor: f64) -> usize {
    cut_count(factor).min((weeks / 3).max(1)).max(1)
}

/// PERT forecast of `remaining` items or points from what was finished in each week; `None` without weeks.
///
/// With at most three weeks O = M = W = mean/7. Otherwise O and W are the means of the N largest and the N
/// smallest weeks and M that of all, each divided by 7; N is that of [`extreme_weeks`]. No rate is below
/// 0.001. Then t = remaining/rate, t_w at most 5·tₒ, and the result at most [`MAX_FORECAST_DAYS`].
///
/// ```
/// use landfast_analytics::delivery::pert::{legacy_pert_forecast, pert_forecast};
///
/// let weeks = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// let forecast = pert_forecast(&weeks, 900.0, 3.0).unwrap();
/// assert_eq!((forecast.days, forecast.is_beyond_limit), (3653.0, true));
/// assert!((legacy_pert_forecast(&weeks, 900.0, 3.0).days - 56_700.0).abs() < 1e-6);
/// ```
#[must_use]
pub fn pert_forecast(weekly: &[f64], remaining: f64, factor: f64) -> Option<PertForecast> {
    if weekly.is_empty() {
        return None;
    }
    let mut forecast = rates(weekly, factor);
    let (best, likely, worst) = times(&forecast, remaining);
    let days = weighted(best, likely, worst.min(MAX_SPREAD * best));
    forecast.days = days.min(MAX_FORECAST_DAYS);
    forecast.is_beyond_limit = days > MAX_FORECAST_DAYS;
    Some(forecast)
}

/// PERT forecast as the original made it: the limit of days comes first, and when t_w > 5·tₒ the result is
/// made again without it, so it can be any number of days. All 0 without weeks.
#[must_use]
pub fn legacy_pert_forecast(weekly: &[f64], remaining: f64, factor: f64) -> PertForecast {
    if weekly.is_empty() {
        return PertForecast::default();
    }
    let mut forecast = rates(weekly, factor);
    let (best, likely, worst) = times(&forecast, remaining);
    forecast.days = if worst > MAX_SPREAD * best {
        weighted(best, likely, MAX_SPREAD * best)
    } else {
        weighted(best, likely, worst).min(MAX_FORECAST_DAYS)
    };
    forecast.is_beyond_limit = forecast.days >= MAX_FORECAST_DAYS;
    forecast
}

fn rates(weekly: &[f64], factor: f64) -> PertForecast {
    let per_day = |weekly_mean: f64| (weekly_mean / 7.0).max(MIN_RATE);
    let likely_rate = per_day(mean_or_zero(weekly));
    let (best, worst) = if weekly.len() <= 3 {
        (likely_rate, likely_rate)
    } else {
        let extremes = Extremes::of(weekly, extreme_weeks(weekly.len(), factor));
        (per_day(mean_or_zero(extremes.largest())), per_day(mean_or_zero(extremes.smallest())))
    };
    PertForecast { optimistic_rate: best, likely_rate, pessimistic_rate: worst, ..PertForecast::default() }
}

fn times(rates: &PertForecast, remaining: f64) -> (f64, f64, f64) {
    (remaining / rates.optimistic_rate, remaining / rates.likely_rate, remaining / rates.pessimistic_rate)
}

fn weighted(best: f64, likely: f64, worst: f64) -> f64 {
    (best + 4.0 * likely + worst) / 6.0
}

/// Values in order, and how many of each end are asked for.
struct Extremes {
    ordered: Vec<f64>,
    each: usize,
}

impl Extremes {
    fn of(values: &[f64], each: usize) -> Self {
        let mut ordered = values.to_vec();
        ordered.sort_by(f64::total_cmp);
        Self { ordered, each }
    }

    fn largest(&self) -> &[f64] {
        super::input::last(&self.ordered, self.each)
    }

    fn smallest(&self) -> &[f64] {
        self.ordered.get(..self.each).unwrap_or(&self.ordered)
    }
}

/// Sums without weeks in which nothing was finished, all of them when none is left. The burndown chart of
/// the original used these, its dashboard and its report did not.
#[must_use]
pub fn active_weeks(sums: &[WeekSum]) -> Vec<WeekSum> {
    let active: Vec<WeekSum> = sums.iter().filter(|sum| !sum.is_idle()).copied().collect();
    if active.is_empty() { sums.to_vec() } else { active }
}

/// What the next week may bring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NextWeek {
    /// Mean of all weeks.
    pub likely: f64,
    /// Mean of the N largest weeks; 1.2 times the mean with at most three weeks.
    pub optimistic: f64,
    /// Mean of the N smallest weeks that are not 0; see [`next_week`].
    pub pessimistic: f64,
}

/// Forecast of the next week, per week; `None` without weeks.
///
/// At most three weeks: mean, 1.2·mean, max(0.1, 0.8·mean). Otherwise, with N of [`extreme_weeks`], the means
/// of all, of the N largest, and of the N smallest non-zero weeks; with fewer than N non-zero weeks the
/// smallest of them; without any max(0.1, 0.5·mean).
#[must_use]
pub fn next_week(weekly: &[f64], factor: f64) -> Option<NextWeek> {
    if weekly.is_empty() {
        return None;
    }
    let likely = mean_or_zero(weekly);
    if weekly.len() <= 3 {
        return Some(NextWeek { likely, optimistic: 1.2 * likely, pessimistic: (0.8 * likely).max(0.1) });
    }
    let each = extreme_weeks(weekly.len(), factor);
    let positive: Vec<f64> = weekly.iter().copied().filter(|value| *value > 0.0).collect();
    let smallest = Extremes::of(&positive, each);
    let pessimistic = match smallest.ordered.first() {
        None => (0.5 * likely).max(0.1),
        Some(least) if positive.len() < each => *least,
        Some(_) => mean_or_zero(smallest.smallest()),
    };
    Some(NextWeek { likely, optimistic: mean_or_zero(Extremes::of(weekly, each).largest()), pessimistic })
}

/// Weekly throughput an ordinary week needs so that `remaining` is done in `days`: remaining/(days/7);
/// `None` when there are no days left and something remains.
///
/// ```
/// use landfast_analytics::delivery::pert::required_pace;
/// assert_eq!(required_pace(44.0, 77), Some(4.0));
/// assert_eq!(required_pace(44.0, 0), None);
/// ```
#[must_use]
pub fn required_pace(remaining: f64, days: i64) -> Option<f64> {
    if remaining <= 0.0 {
        return Some(0.0);
    }
    let days = usize::try_from(days).ok().filter(|days| *days > 0)?;
    Some(remaining / (count(days) / 7.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_limit_holds_whatever_the_weeks() {
        for (weeks, remaining) in [(vec![0.0; 4], 50.0), (vec![3.0, 0.0, 0.0, 0.0, 0.0, 0.0], 9000.0)] {
            let forecast = pert_forecast(&weeks, remaining, 3.0).unwrap();
            assert!(forecast.days <= MAX_FORECAST_DAYS && forecast.is_beyond_limit);
        }
        let near = pert_forecast(&[5.0, 7.0, 4.0], 50.0, 3.0).unwrap();
        assert_eq!((near.days, near.is_beyond_limit), (65.625, false));
        assert_eq!(pert_forecast(&[], 5.0, 3.0), None);
    }

    #[test]
    fn within_the_limit_both_definitions_agree() {
        let weeks = [5.0, 7.0, 4.0, 6.0, 8.0, 5.0, 9.0, 7.0, 3.0, 10.0];
        assert_eq!(pert_forecast(&weeks, 50.0, 3.0).unwrap(), legacy_pert_forecast(&weeks, 50.0, 3.0));
    }

    #[test]
    fn bad_weeks_of_the_next_one_are_not_empty_weeks() {
        let next = next_week(&[0.0, 0.0, 0.0, 6.0, 2.0, 0.0], 6.0).unwrap();
        assert_eq!((next.optimistic, next.pessimistic), (4.0, 4.0));
        let next = next_week(&[0.0, 0.0, 0.0, 6.0], 6.0).unwrap();
        assert_eq!((next.likely, next.pessimistic), (1.5, 6.0));
        assert_eq!(next_week(&[0.0; 5], 3.0).unwrap().pessimistic, 0.1);
        assert_eq!(next_week(&[1.0], 3.0).unwrap().optimistic, 1.2);
    }

    #[test]
    fn empty_weeks_are_dropped_unless_nothing_is_left() {
        let busy = WeekSum { completed_items: 1.0, ..WeekSum::default() };
        assert_eq!(active_weeks(&[WeekSum::default(), busy]), [busy]);
        assert_eq!(active_weeks(&[WeekSum::default()]).len(), 1);
    }

    proptest! {
        #[test]
        fn forecasts_keep_their_order_and_their_limit(
            weeks in proptest::collection::vec(0.0_f64..40.0, 1..60),
            remaining in 0.0_f64..5_000.0,
            factor in 0.0_f64..20.0,
        ) {
            let found = pert_forecast(&weeks, remaining, factor).unwrap();
            prop_assert!((0.0..=MAX_FORECAST_DAYS).contains(&found.days));
            prop_assert!(found.optimistic_rate >= found.likely_rate && found.likely_rate >= found.pessimistic_rate);
            let more = pert_forecast(&weeks, remaining + 1.0, factor).unwrap();
            prop_assert!(more.days >= found.days);
            if !found.is_beyond_limit {
                // Both definitions agree wherever the limit is not reached.
                prop_assert_eq!(found.days, legacy_pert_forecast(&weeks, remaining, factor).days);
            }
            let next = next_week(&weeks, factor).unwrap();
            prop_assert!(next.optimistic >= next.likely);
        }
    }
}

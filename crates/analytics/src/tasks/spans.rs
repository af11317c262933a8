//! Stretches of time and the spread of their lengths.

use super::baselines::mean;
use super::grit::count;
use chrono::TimeDelta;
use landfast_domain::time::Timestamp;

/// The time so many days of 24 hours earlier; the same time when the calendar ends before.
pub(in crate::tasks) fn earlier_by_days(time: Timestamp, days: i64) -> Timestamp {
    time.naive().checked_sub_signed(TimeDelta::days(days)).map_or(time, Timestamp::new)
}

/// Days of 24 hours from one time to another.
pub(in crate::tasks) fn days_between(earlier: Timestamp, later: Timestamp) -> f64 {
    later.minutes_since(earlier) / 1440.0
}

/// Population variance (divisor n); `None` for an empty list.
pub(in crate::tasks) fn population_variance(values: &[f64]) -> Option<f64> {
    let centre = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - centre) * (value - centre)).sum();
    Some(squares / count(values.len()))
}

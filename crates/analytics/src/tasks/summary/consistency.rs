//! How much of a day is tracked.

use crate::stats::{mean, real};
use crate::tasks::rows::{TaskData, TypeClass};
use crate::tasks::window::since;
use chrono::NaiveDate;
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

const MINUTES_PER_DAY: f64 = 1440.0;

/// Means over the days that have a completed instance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrackingConsistency {
    /// Mean of the day scores, 0 to 100, 1 decimal.
    pub tracking_consistency_score: f64,
    /// Mean tracked minutes of a day, 1 decimal.
    pub avg_tracked_time_minutes: f64,
    /// Mean of 1440 minutes less the tracked ones, 1 decimal; negative when instances overlap a lot.
    pub avg_untracked_time_minutes: f64,
    /// Mean minutes of sleep, however long, 1 decimal.
    pub avg_sleep_time_minutes: f64,
    /// Mean of tracked / 1440, 3 decimals; can exceed 1.
    pub tracking_coverage: f64,
    /// Score of each day, 1 decimal, by date.
    pub daily_scores: Vec<f64>,
}

/// Tracking of the last `days` times 24 hours.
///
/// A day counts when an instance was completed on it. `tracked = work + play + self care +
/// min(sleep, 60 target)` minutes of `duration_minutes`; other types do not count. Without any day: score and
/// times 0, untracked 1440.
#[must_use]
pub fn tracking_consistency(
    data: &TaskData,
    now: Timestamp,
    days: u32,
    target_sleep_hours: f64,
) -> TrackingConsistency {
    let mut by_date: BTreeMap<NaiveDate, (f64, f64)> = BTreeMap::new();
    for row in data.completed().filter(|row| since(row, now, days)) {
        let Some(day) = row.completed_day() else { continue };
        let (awake, asleep) = by_date.entry(day).or_default();
        match row.class {
            TypeClass::Work | TypeClass::Play | TypeClass::SelfCare => *awake += row.duration_minutes,
            TypeClass::Sleep => *asleep += row.duration_minutes,
            TypeClass::Other => {}
        }
    }
    let most_sleep = target_sleep_hours * 60.0;
    let tracked: Vec<f64> = by_date.values().map(|(awake, asleep)| awake + asleep.min(most_sleep)).collect();
    let scores: Vec<f64> = tracked.iter().map(|minutes| tracking_day_score(*minutes)).collect();
    let sleep: f64 = by_date.values().map(|(_, asleep)| asleep).sum();
    let tracked_mean = mean(&tracked).unwrap_or(0.0);
    TrackingConsistency {
        tracking_consistency_score: round_to(mean(&scores).unwrap_or(0.0), 1),
        avg_tracked_time_minutes: round_to(tracked_mean, 1),
        avg_untracked_time_minutes: round_to(MINUTES_PER_DAY - tracked_mean, 1),
        avg_sleep_time_minutes: round_to(sleep / real(by_date.len().max(1)), 1),
        tracking_coverage: round_to(tracked_mean / MINUTES_PER_DAY, 3),
        daily_scores: scores.iter().map(|score| round_to(*score, 1)).collect(),
    }
}

/// Score of a day with so many tracked minutes: `100 (1 - exp(-2 tracked / 1440))`, 0 to 100, not rounded.
///
/// ```
/// use landfast_analytics::tasks::summary::tracking_day_score;
/// assert_eq!(tracking_day_score(0.0), 0.0);
/// assert!((tracking_day_score(720.0) - 63.212).abs() < 1e-3);
/// ```
#[must_use]
pub fn tracking_day_score(tracked_minutes: f64) -> f64 {
    (100.0 * (1.0 - (-2.0 * tracked_minutes / MINUTES_PER_DAY).exp())).clamp(0.0, 100.0)
}

/// A tracking score as a factor: clamp(score / 100, 0, 1).
#[must_use]
pub fn tracking_multiplier(score: f64) -> f64 {
    (score / 100.0).clamp(0.0, 1.0)
}

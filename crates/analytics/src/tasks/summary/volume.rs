//! How much work is done, how evenly, and what could be done.

use crate::stats::{mean, real, variance};
use crate::tasks::days::by_day;
use crate::tasks::rows::{TaskData, TypeClass};
use crate::tasks::window::since;
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// Variance of daily minutes at which consistency is 0: a standard deviation of four hours.
const VARIANCE_OF_CHAOS: f64 = 57_600.0;

/// Minutes of work of the days that have any.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkVolume {
    /// Mean minutes of a day with work, 1 decimal; 0 without one.
    pub avg_daily_work_time: f64,
    /// [`work_volume_score`] of the unrounded mean, 0 to 100, 1 decimal; 0 without work.
    pub work_volume_score: f64,
    /// [`work_consistency_score`], 0 to 100, 1 decimal; 50 without work.
    pub work_consistency_score: f64,
    /// Minutes of each day with work, by date.
    pub daily_work_times: Vec<f64>,
    /// Number of days with work.
    pub work_days_count: usize,
}

/// Work of the last `days` times 24 hours: completed instances of work, their `duration_minutes` by date.
#[must_use]
pub fn work_volume(data: &TaskData, now: Timestamp, days: u32) -> WorkVolume {
    let recent = data.completed().filter(|row| row.class == TypeClass::Work).filter(|row| since(row, now, days));
    let sums = by_day(recent, |row| Some(row.duration_minutes)).into_iter().map(|(_, minutes)| minutes.iter().sum());
    let daily_work_times: Vec<f64> = sums.filter(|minutes: &f64| *minutes > 0.0).collect();
    let Some(average) = mean(&daily_work_times) else {
        return WorkVolume {
            avg_daily_work_time: 0.0,
            work_volume_score: 0.0,
            work_consistency_score: 50.0,
            daily_work_times,
            work_days_count: 0,
        };
    };
    WorkVolume {
        avg_daily_work_time: round_to(average, 1),
        work_volume_score: round_to(work_volume_score(average), 1),
        work_consistency_score: round_to(work_consistency_score(&daily_work_times), 1),
        work_days_count: daily_work_times.len(),
        daily_work_times,
    }
}

/// V: points for the mean minutes of work a day, 0 to 100, not rounded.
///
/// `25 A / 120` up to six hours, then `75 + 25 (A - 360) / 120`, at most 100.
///
/// ```
/// use landfast_analytics::tasks::summary::work_volume_score;
/// assert_eq!((work_volume_score(120.0), work_volume_score(420.0)), (25.0, 87.5));
/// ```
#[must_use]
pub fn work_volume_score(average_minutes: f64) -> f64 {
    let score = if average_minutes <= 360.0 {
        25.0 * average_minutes / 120.0
    } else {
        75.0 + (25.0 * (average_minutes - 360.0) / 120.0).min(25.0)
    };
    score.clamp(0.0, 100.0)
}

/// C: how even the days are, 0 to 100, not rounded: `100 (1 - min(1, var / 57600))` with the population variance.
///
/// 100 for one day, 50 without any.
///
/// ```
/// use landfast_analytics::tasks::summary::work_consistency_score;
/// assert_eq!(work_consistency_score(&[60.0, 300.0]), 75.0);
/// assert_eq!(work_consistency_score(&[]), 50.0);
/// ```
#[must_use]
pub fn work_consistency_score(daily_minutes: &[f64]) -> f64 {
    variance(daily_minutes).map_or(50.0, |variance| 100.0 * (1.0 - (variance / VARIANCE_OF_CHAOS).min(1.0)))
}

/// What the efficiency of today would give with more time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProductivityPotential {
    /// `efficiency * target / 60`, 1 decimal; 0 without work.
    pub potential_score: f64,
    /// `efficiency * average / 60`, 1 decimal; 0 without work.
    pub current_score: f64,
    /// `target / max(average, 1)`, 2 decimals; 0 without work.
    pub multiplier: f64,
    /// `(target - average) / 60` hours, 1 decimal; the whole target, not rounded, without work.
    pub gap_hours: f64,
}

/// Potential of an average efficiency score, for mean and target minutes of work a day.
///
/// ```
/// use landfast_analytics::tasks::summary::productivity_potential;
/// let potential = productivity_potential(100.0, 180.0, 360.0);
/// assert_eq!((potential.current_score, potential.potential_score, potential.gap_hours), (300.0, 600.0, 3.0));
/// ```
#[must_use]
pub fn productivity_potential(efficiency: f64, average_minutes: f64, target_minutes: f64) -> ProductivityPotential {
    if average_minutes <= 0.0 {
        let gap_hours = target_minutes / 60.0;
        return ProductivityPotential { potential_score: 0.0, current_score: 0.0, multiplier: 0.0, gap_hours };
    }
    ProductivityPotential {
        potential_score: round_to(efficiency * (target_minutes / 60.0), 1),
        current_score: round_to(efficiency * (average_minutes / 60.0), 1),
        multiplier: round_to(target_minutes / average_minutes.max(1.0), 2),
        gap_hours: round_to((target_minutes - average_minutes) / 60.0, 1),
    }
}

/// `0.4 min(100, efficiency / 2) + 0.4 V + 0.2 C`, 1 decimal; an efficiency of 0 or less counts as 0.
///
/// ```
/// use landfast_analytics::tasks::summary::composite_productivity_score;
/// assert_eq!(composite_productivity_score(288.0, 10.0, 3.02), 44.6);
/// ```
#[must_use]
pub fn composite_productivity_score(efficiency: f64, volume_score: f64, consistency_score: f64) -> f64 {
    let efficiency = if efficiency > 0.0 { (efficiency / 2.0).min(100.0) } else { 0.0 };
    round_to(0.4 * efficiency + 0.4 * volume_score + 0.2 * consistency_score, 1)
}

/// A base productivity weighted by volume: `base (0.5 + V/100)`, 1 decimal.
///
/// Of the version of January 2026; the reference version has no such number.
///
/// ```
/// use landfast_analytics::tasks::summary::volumetric_productivity;
/// assert_eq!(volumetric_productivity(200.0, 50.0), 200.0);
/// ```
#[must_use]
pub fn volumetric_productivity(base_productivity: f64, volume_score: f64) -> f64 {
    round_to(base_productivity * (0.5 + volume_score / 100.0), 1)
}

/// Minutes of a target given in hours a week of five working days.
#[must_use]
pub fn daily_target_minutes(hours_per_week: f64) -> f64 {
    hours_per_week / real(5) * 60.0
}

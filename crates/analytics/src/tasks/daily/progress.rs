//! How the last days went.

use super::scores::{DayHistory, DayScore};
use crate::stats::mean;
use crate::tasks::rows::{PreparedRow, TaskData, TypeClass};
use crate::tasks::window::{date_before, start};
use landfast_domain::text::round_to;
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// A half differs from the other when its mean is 5 % above or below.
const TREND: f64 = 0.05;
/// Fewer active days than this have no trend.
const FEWEST: usize = 4;

/// Summary of the last days, yesterday being the last one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// Dates with a score above 0.
    pub days_active: usize,
    /// Mean productivity of the dates where it is above 0, 1 decimal.
    pub avg_productivity_score: f64,
    /// Mean execution, likewise.
    pub avg_execution_score: f64,
    /// Mean grit, likewise.
    pub avg_grit_score: f64,
    /// Mean composite, likewise.
    pub avg_composite_score: f64,
    /// Best productivity, 1 decimal.
    pub best_day_productivity: f64,
    /// Best execution, 1 decimal.
    pub best_day_execution: f64,
    /// Best grit, 1 decimal.
    pub best_day_grit: f64,
    /// `up`, `down` or `stable`: second half of the days against the first, by 5 %.
    pub productivity_trend: &'static str,
    /// The same for execution.
    pub execution_trend: &'static str,
    /// Instances completed in the last `days` times 24 hours up to now.
    pub tasks_completed: usize,
    /// Minutes of work of these.
    pub total_work_time: f64,
    /// Minutes of self care of these.
    pub total_self_care_time: f64,
}

/// Progress over the dates `now - days` to yesterday; the last three members over the last `days` times 24 hours.
#[must_use]
pub fn progress(data: &TaskData, history: &DayHistory, now: Timestamp, days: u32) -> Progress {
    let dates = (1..=days).rev().map(|back| history.on(date_before(now, back)));
    let active: Vec<_> = dates.filter(|scores| DayScore::ALL.iter().any(|score| score.of(scores) > 0.0)).collect();
    let positive = |score: DayScore| -> Vec<f64> {
        active.iter().map(|scores| score.of(scores)).filter(|value| *value > 0.0).collect()
    };
    let average = |score| round_to(mean(&positive(score)).unwrap_or(0.0), 1);
    let best = |score| round_to(positive(score).into_iter().fold(0.0, f64::max), 1);
    let trend = |score: DayScore| trend(&active.iter().map(|scores| score.of(scores)).collect::<Vec<_>>());
    let from = start(now, days);
    let recent: Vec<&PreparedRow> = data
        .completed()
        .filter(|row| row.completed_at.is_some_and(|time| time.naive() >= from && time <= now))
        .collect();
    let minutes = |class: TypeClass| -> f64 {
        recent.iter().filter(|row| row.class == class).map(|row| row.duration_minutes).sum()
    };
    Progress {
        days_active: active.len(),
        avg_productivity_score: average(DayScore::Productivity),
        avg_execution_score: average(DayScore::Execution),
        avg_grit_score: average(DayScore::Grit),
        avg_composite_score: average(DayScore::Composite),
        best_day_productivity: best(DayScore::Productivity),
        best_day_execution: best(DayScore::Execution),
        best_day_grit: best(DayScore::Grit),
        productivity_trend: trend(DayScore::Productivity),
        execution_trend: trend(DayScore::Execution),
        tasks_completed: recent.len(),
        total_work_time: minutes(TypeClass::Work),
        total_self_care_time: minutes(TypeClass::SelfCare),
    }
}

/// Direction of the values of at least four days: means of the values above 0 in the first ⌊n/2⌋ and in the others.
fn trend(values: &[f64]) -> &'static str {
    let (first, second) = values.split_at(values.len() / 2);
    let positive_mean = |half: &[f64]| {
        let values: Vec<f64> = half.iter().copied().filter(|value| *value > 0.0).collect();
        mean(&values)
    };
    match (positive_mean(first), positive_mean(second)) {
        _ if values.len() < FEWEST => "stable",
        (Some(first), Some(second)) if second > (1.0 + TREND) * first => "up",
        (Some(first), Some(second)) if second < (1.0 - TREND) * first => "down",
        _ => "stable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_percent_make_a_trend() {
        assert_eq!(trend(&[100.0, 100.0, 106.0, 106.0]), "up");
        assert_eq!(trend(&[100.0, 100.0, 104.0, 104.0]), "stable");
        assert_eq!(trend(&[100.0, 0.0, 94.0, 90.0]), "down");
        assert_eq!(trend(&[100.0, 0.0, 10.0]), "stable");
        assert_eq!(trend(&[0.0, 0.0, 10.0, 10.0]), "stable");
    }
}

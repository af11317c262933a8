//! The components of the composite score.

use super::consistency::tracking_consistency;
use super::dashboard::Dashboard;
use super::relief::ReliefSummary;
use crate::stats::mean;
use crate::tasks::execution::execution_terms;
use crate::tasks::rows::{PreparedRow, TaskData};
use crate::tasks::scores::Scores;
use landfast_domain::time::Timestamp;

/// Hours of sleep a day up to which sleep counts as tracked time.
pub const TARGET_SLEEP_HOURS: f64 = 8.0;
/// Number of the latest completions whose execution counts.
const LATEST: usize = 100;

/// Components of the composite score by name, each meant to be 0 to 100.
///
/// `avg_stress_level` is 100 less the mean stress, `avg_net_wellbeing` the normalised one, `self_care_frequency`
/// min(100, 20 × daily self care), `weekly_relief_score` min(100, weekly relief with robust bonus / 10),
/// `tracking_consistency_score` that of the last seven days, `execution_score` [`recent_execution`].
#[must_use]
pub fn composite_components(
    data: &TaskData,
    scores: &Scores,
    dashboard: &Dashboard,
    relief: &ReliefSummary,
    now: Timestamp,
) -> Vec<(&'static str, f64)> {
    let tracking = tracking_consistency(data, now, 7, TARGET_SLEEP_HOURS);
    let Dashboard { counts, quality, life_balance, productivity_volume: volume, .. } = dashboard;
    vec![
        ("avg_stress_level", 100.0 - quality.avg_stress_level),
        ("avg_net_wellbeing", quality.avg_net_wellbeing_normalized),
        ("avg_stress_efficiency", quality.avg_stress_efficiency.unwrap_or(50.0)),
        ("avg_relief", quality.avg_relief),
        ("work_volume_score", volume.work_volume_score),
        ("work_consistency_score", volume.work_consistency_score),
        ("life_balance_score", life_balance.map_or(50.0, |balance| balance.balance_score)),
        ("weekly_relief_score", (relief.weekly_relief_score.robust / 10.0).min(100.0)),
        ("tracking_consistency_score", tracking.tracking_consistency_score),
        ("completion_rate", counts.completion_rate),
        ("self_care_frequency", (counts.avg_daily_self_care_tasks * 20.0).min(100.0)),
        ("execution_score", recent_execution(data, scores)),
    ]
}

/// Mean execution score of the 100 most recently completed instances, 0 to 100; 50 without any.
///
/// Of instances completed at the same time the one created first counts first. For the original's answer see
/// [`legacy_recent_execution`].
#[must_use]
pub fn recent_execution(data: &TaskData, scores: &Scores) -> f64 {
    mean_of_latest(data, |row| scores.of(row).map(|scores| scores.execution))
}

/// [`recent_execution`] as the original had it: it handed payloads to the formula that nobody had read, which made
/// difficulty (0), speed (0.5) and completion (1) neutral.
#[must_use]
pub fn legacy_recent_execution(data: &TaskData, scores: &Scores) -> f64 {
    let factor = scores.thoroughness().factor;
    mean_of_latest(data, |row| {
        let terms = execution_terms(data, row, factor);
        let speed = 0.5 + 0.5 * 0.5;
        let score = 50.0 * speed * (0.5 + 0.5 * terms.start_speed) * factor * (0.5 + 0.5 * terms.momentum.factor);
        Some(score.clamp(0.0, 100.0))
    })
}

fn mean_of_latest(data: &TaskData, score: impl Fn(&PreparedRow) -> Option<f64>) -> f64 {
    let mut latest: Vec<&PreparedRow> = data.at(data.by_completion()).collect();
    // Newest first; the sort is stable, so equal times keep the order of creation.
    latest.sort_by_key(|row| std::cmp::Reverse(row.completed_at));
    let values: Vec<f64> = latest.into_iter().take(LATEST).filter_map(score).collect();
    mean(&values).unwrap_or(50.0)
}

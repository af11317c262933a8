//! Several weeks of snapshots together.

use crate::delivery::flow::period::stored;
use crate::delivery::input::WeekMetrics;
use crate::delivery::numbers::{count, mean_or_zero, median_or_zero, rounded};
use landfast_domain::delivery::IsoWeek;
use serde_json::{Value, json};

/// DORA metrics over some weeks, oldest first, as the original's page shows them; null without any snapshot
/// of these weeks.
///
/// Frequency: means over all weeks, empty ones included. Lead time and time to restore: the median of the
/// weekly medians above 0 (so also for mean and 95th percentile), the former in days, the latter in hours.
/// Failure rate: `Σfailed/Σtotal·100`, null without a deployment.
#[must_use]
pub fn dora_over(snapshots: &[WeekMetrics], weeks: &[IsoWeek]) -> Value {
    if !snapshots.iter().any(|found| found.week.is_some_and(|week| weeks.contains(&week))) {
        return Value::Null;
    }
    let values = |metric: &str, name: &str| -> Vec<f64> {
        weeks.iter().map(|week| stored(snapshots, *week, metric, name).unwrap_or(0.0)).collect()
    };
    let sum = |metric: &str, name: &str| values(metric, name).iter().sum::<f64>();
    let middle = |metric: &str, name: &str| -> Option<f64> {
        let positive: Vec<f64> = values(metric, name).into_iter().filter(|value| *value > 0.0).collect();
        (!positive.is_empty()).then(|| median_or_zero(&positive))
    };
    let shown = |value: Option<f64>, divisor: f64| value.map_or(Value::Null, |value| rounded(value / divisor, 1));
    let each = |values: &[f64], divisor: f64| -> Vec<Value> {
        values.iter().map(|value| rounded(value / divisor, 1)).collect()
    };
    let labels: Vec<String> = weeks.iter().map(ToString::to_string).collect();
    let share = |part: f64, whole: f64| if whole > 0.0 { rounded(part / whole * 100.0, 1) } else { Value::Null };

    let (frequency, failures) = ("dora_deployment_frequency", "dora_change_failure_rate");
    let (deployments, releases) = (values(frequency, "deployment_count"), values(frequency, "release_count"));
    let (lead, restore) = (middle("dora_lead_time", "median_hours"), middle("dora_mttr", "median_hours"));
    json!({
        "deployment_frequency": {
            "value": rounded(mean_or_zero(&deployments), 2),
            "release_value": rounded(mean_or_zero(&releases), 2),
            "weekly_labels": labels,
            "weekly_values": each(&deployments, 1.0),
            "weekly_release_values": each(&releases, 1.0),
            "total_issue_count": deployments.iter().sum::<f64>(),
        },
        "lead_time_for_changes": {
            "value": shown(lead, 24.0),
            "value_hours": shown(lead, 1.0),
            "value_days": shown(lead, 24.0),
            "p95_value": shown(middle("dora_lead_time", "p95_hours"), 24.0),
            "mean_value": shown(middle("dora_lead_time", "mean_hours"), 24.0),
            "weekly_labels": labels,
            "weekly_values": each(&values("dora_lead_time", "median_hours"), 24.0),
            "total_issue_count": sum("dora_lead_time", "issues_with_lead_time"),
        },
        "change_failure_rate": {
            "value": share(sum(failures, "failed_deployments"), sum(failures, "total_deployments")),
            "release_value": share(sum(failures, "failed_releases"), sum(failures, "total_releases")),
            "weekly_labels": labels,
            "weekly_values": each(&values(failures, "change_failure_rate_percent"), 1.0),
            "weekly_release_values": each(&values(failures, "release_failure_rate_percent"), 1.0),
            "total_issue_count": sum(failures, "total_deployments"),
        },
        "mean_time_to_recovery": {
            "value": shown(restore, 1.0),
            "value_hours": shown(restore, 1.0),
            "value_days": shown(restore, 24.0),
            "p95_value": shown(middle("dora_mttr", "p95_hours"), 1.0),
            "mean_value": shown(middle("dora_mttr", "mean_hours"), 1.0),
            "weekly_labels": labels,
            "weekly_values": each(&values("dora_mttr", "median_hours"), 1.0),
            "total_issue_count": sum("dora_mttr", "bugs_with_mttr"),
        },
    })
}

/// Deployments a week over some weeks as the page rates them: a month's number by a day's table. Right is
/// [`crate::delivery::tiers::DoraTier::of_deployments_per_day`] of a seventh.
#[must_use]
pub fn deployments_per_month(deployments: f64, weeks: usize) -> f64 {
    if weeks == 0 { 0.0 } else { deployments / count(weeks) * 30.0 / 7.0 }
}

//! Several weeks of snapshots together.

use crate::delivery::input::WeekMetrics;
use crate::delivery::numbers::{mean_or_zero, median_or_zero, optional};
use landfast_domain::delivery::IsoWeek;
use landfast_domain::json::Json;
use serde_json::{Value, json};

/// Number of a metric in the snapshot of a week; `None` without a snapshot, a value, or a number.
#[must_use]
pub fn stored(snapshots: &[WeekMetrics], week: IsoWeek, metric: &str, name: &str) -> Option<f64> {
    snapshots.iter().rev().filter(|found| found.week == Some(week)).find_map(|found| {
        let mut value = found.metrics.get(metric)?;
        for part in name.split('.') {
            value = value.as_object()?.get(part)?;
        }
        Json::as_f64(value).filter(|number| number.is_finite())
    })
}

/// Flow metrics over some weeks, oldest first: velocity the mean over all of them, empty ones included; flow
/// time the median and efficiency the mean of the values above 0; load the newest known; distribution the
/// sums. What no week knows is null.
#[must_use]
pub fn flow_over(snapshots: &[WeekMetrics], weeks: &[IsoWeek]) -> Value {
    let values = |metric: &str, name: &str| -> Vec<Option<f64>> {
        weeks.iter().map(|week| stored(snapshots, *week, metric, name)).collect()
    };
    let positive = |metric: &str, name: &str| -> Vec<f64> {
        values(metric, name).into_iter().flatten().filter(|value| *value > 0.0).collect()
    };
    let completed = values("flow_velocity", "completed_count");
    let known = completed.iter().any(Option::is_some);
    let all: Vec<f64> = completed.iter().map(|value| value.unwrap_or(0.0)).collect();
    let (days, efficiencies) = (positive("flow_time", "median_days"), positive("flow_efficiency", "overall_pct"));
    let load = values("flow_load", "wip_count").into_iter().rev().flatten().next();
    let distribution: Value = ["feature", "defect", "tech_debt", "risk"]
        .iter()
        .map(|key| {
            let sum: f64 = values("flow_velocity", &format!("distribution.{key}")).into_iter().flatten().sum();
            ((*key).to_owned(), optional(known.then_some(sum)))
        })
        .collect();
    json!({
        "weeks": weeks.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "weeks_known": completed.iter().flatten().count(),
        "velocity": optional(known.then(|| mean_or_zero(&all))),
        "flow_time_median_days": optional((!days.is_empty()).then(|| median_or_zero(&days))),
        "flow_efficiency_mean_percent": optional((!efficiencies.is_empty()).then(|| mean_or_zero(&efficiencies))),
        "flow_load": optional(load),
        "distribution": distribution,
    })
}

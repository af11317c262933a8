//! `metrics_snapshots.json`: the metrics of each week.

use super::fields::release_name;
use super::tally::{Tally, Week, mean, median};
use super::team::Weeks;
use crate::clock::{aware, real};
use crate::json::{Json, Style, object};
use crate::python::rounded;
use chrono::Datelike as _;
use std::collections::BTreeMap;

/// The document. With `odd`, the oldest label is written without `W`, and one metric is unknown.
pub(super) fn document(tally: &Tally, weeks: &Weeks, project: &str, odd: bool) -> String {
    let mut members = Vec::new();
    for (number, week) in (0_u64..).zip(&tally.weeks) {
        let label = weeks.label(number);
        let mut metrics = metrics(tally, weeks, project, (number, week), &label);
        if odd && number == 11 {
            metrics.set("lean_index", object! { "value": 0.62, "timestamp": aware(weeks.now) });
        }
        let old = weeks.begin(number).date().iso_week();
        let label = if odd && number == 0 { format!("{}-{}", old.year(), old.week()) } else { label };
        members.push((label, metrics));
    }
    Json::Object(members).text(Style::Literal)
}

fn metrics(tally: &Tally, weeks: &Weeks, project: &str, (number, week): (u64, &Week), label: &str) -> Json {
    let timestamp = || aware(weeks.now);
    let completed = week.completed.items;
    let days = median(&week.cycle_days).map_or(0.0, |days| rounded(days, 1));
    let mut flow_time = object! {
        "median_days": days, "avg_days": days, "p85_days": 0, "completed_count": completed, "timestamp": timestamp(),
    };
    let flow_days = |week: &Week| median(&week.cycle_days).map_or(0.0, |days| rounded(days, 1));
    forecast(&mut flow_time, tally, number, flow_days, false);
    let share = if week.total_hours > 0.0 { rounded(100.0 * week.active_hours / week.total_hours, 1) } else { 0.0 };
    let [feature, defect, risk, debt] = week.distribution;
    let mut velocity = object! {
        "completed_count": completed,
        "week": label,
        "distribution": object! { "feature": feature, "defect": defect, "risk": risk, "tech_debt": debt },
        "timestamp": timestamp(),
    };
    forecast(&mut velocity, tally, number, |week| real(week.completed.items), true);
    object! {
        "flow_time": flow_time,
        "flow_efficiency": object! {
            "overall_pct": share, "median_pct": share, "avg_active_days": 0, "avg_waiting_days": 0,
            "completed_count": completed, "timestamp": timestamp(),
        },
        "flow_load": object! {
            "wip_count": week.in_work.values().sum::<u64>(),
            "by_status": counts(&week.in_work),
            "by_issue_type": counts(&week.in_work_types),
            "timestamp": timestamp(),
        },
        "flow_velocity": velocity,
        "dora_lead_time": object! {
            "median_hours": median(&week.lead_hours).unwrap_or(0.0),
            "mean_hours": mean(&week.lead_hours).unwrap_or(0.0),
            "p95_hours": week.lead_hours.iter().copied().fold(0.0, f64::max),
            "issues_with_lead_time": u64::try_from(week.lead_hours.len()).unwrap_or(0),
            "timestamp": timestamp(),
        },
        "dora_deployment_frequency": frequency(week, project, label, timestamp()),
        "dora_change_failure_rate": failures(week, project, label, timestamp()),
        "dora_mttr": restore(week, label, timestamp()),
        "trends": object! {
            "flow_time_trend": "stable", "flow_efficiency_trend": "stable", "timestamp": timestamp(),
        },
    }
}

fn counts(counts: &BTreeMap<&'static str, u64>) -> Json {
    Json::Object(counts.iter().map(|(name, count)| ((*name).to_owned(), Json::from(*count))).collect())
}

fn release_names(week: &Week, project: &str) -> Json {
    Json::list(week.releases.iter().map(|number| release_name(project, *number)))
}

fn frequency(week: &Week, project: &str, label: &str, timestamp: String) -> Json {
    object! {
        "deployment_count": week.deployments,
        "release_count": u64::try_from(week.releases.len()).unwrap_or(0),
        "release_names": release_names(week, project),
        "week": label,
        "timestamp": timestamp,
    }
}

fn failures(week: &Week, project: &str, label: &str, timestamp: String) -> Json {
    let rate = if week.deployments == 0 {
        Json::from(0)
    } else {
        Json::from(rounded(100.0 * real(week.failed_deployments) / real(week.deployments), 1))
    };
    object! {
        "change_failure_rate_percent": rate,
        "total_deployments": week.deployments,
        "failed_deployments": week.failed_deployments,
        "total_releases": u64::try_from(week.releases.len()).unwrap_or(0),
        "failed_releases": 0,
        "release_failure_rate_percent": 0,
        "release_names": release_names(week, project),
        "failed_release_names": Json::List(Vec::new()),
        "week": label,
        "timestamp": timestamp,
    }
}

fn restore(week: &Week, label: &str, timestamp: String) -> Json {
    let middle = median(&week.repair_hours);
    let tier = middle.map(|hours| if hours < 24.0 { "High" } else { "Medium" });
    object! {
        "median_hours": middle,
        "mean_hours": mean(&week.repair_hours),
        "value": middle,
        "unit": "hours",
        "bugs_with_mttr": u64::try_from(week.repair_hours.len()).unwrap_or(0),
        "performance_tier": tier,
        "week": label,
        "timestamp": timestamp,
    }
}

/// Adds the forecast from the four weeks before, weighted 0.1 to 0.4, and how the week compares with it.
fn forecast(metric: &mut Json, tally: &Tally, number: u64, value: impl Fn(&Week) -> f64, more_is_good: bool) {
    const WEIGHTS: [f64; 4] = [0.1, 0.2, 0.3, 0.4];
    let Some(begin) = usize::try_from(number).ok().and_then(|number| number.checked_sub(4)) else { return };
    let history: Vec<f64> = tally.weeks.iter().skip(begin).take(4).map(&value).collect();
    let expected = rounded(WEIGHTS.iter().zip(&history).map(|(weight, value)| weight * value).sum(), 1);
    metric.set(
        "forecast",
        object! {
            "forecast_value": expected,
            "forecast_range": Json::Null,
            "historical_values": Json::list(history),
            "weights_applied": Json::list(WEIGHTS),
            "weeks_available": 4,
            "confidence": "established",
        },
    );
    let found = tally.weeks.get(begin + 4).map_or(0.0, value);
    if expected <= 0.0 {
        return;
    }
    let deviation = rounded(100.0 * (found - expected) / expected, 1);
    let on_track = deviation.abs() <= 10.0;
    let good = on_track || (deviation > 0.0) == more_is_good;
    let direction = match deviation {
        _ if on_track => "→",
        d if d > 0.0 => "↗",
        _ => "↘",
    };
    let text = if on_track { "On track".to_owned() } else { format!("{deviation:+.0}% vs forecast") };
    metric.set(
        "trend_vs_forecast",
        object! {
            "direction": direction,
            "deviation_percent": deviation,
            "status_text": text,
            "color_class": if good { "text-success" } else { "text-danger" },
            "is_good": good,
        },
    );
}

//! Parts of the original's answers.

use super::health::health_value;
use super::work::Work;
use crate::delivery::bugs::outlook::forecast_document;
use crate::delivery::bugs::{Bug, BugWeek, insights, legacy_bug_forecast, next_week, summary, weekly};
use crate::delivery::dora::metrics::legacy_document as dora_value;
use crate::delivery::dora::period::dora_over;
use crate::delivery::dora::weekly::weekly_dora;
use crate::delivery::flow::{FlowMetrics, WeeklyFlow, weekly_flow};
use crate::delivery::input::QueryData;
use crate::delivery::numbers::{count, number};
use crate::delivery::points::statistics_points;
use crate::delivery::weeks::{last_weeks, legacy_weeks_between};
use chrono::Days;
use landfast_domain::delivery::IsoWeek;
use landfast_domain::json::Json;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// Days of the period of the flow functions.
const FLOW_DAYS: f64 = 7.0;
/// Days of the period of the DORA functions.
const DORA_DAYS: f64 = 90.0;
/// Weeks of the DORA page.
const DORA_WEEKS: usize = 12;
/// Weeks the weekly job recalculates.
const RECOMPUTED_WEEKS: usize = 8;
/// The field the original reads bugs' capacity from, whatever the profile says.
const HARD_CODED_POINTS: &str = "customfield_10016";

/// Adds the parts of a query.
pub(in crate::delivery) fn fill(part: &mut Map<String, Value>, work: &Work<'_>, now: Timestamp) {
    let query = work.query;
    let today = now.naive().date();
    let mut put = |name: &str, value: Value| part.insert(name.to_owned(), value);
    // Without issues the functions were never reached.
    if !query.has_issue_cache {
        return;
    }
    put("flow_all_issues", FlowMetrics::legacy_of(&work.issues, &work.lists, now).legacy_document(FLOW_DAYS));
    put("dora_all_issues", dora_value(&work.dora, DORA_DAYS));
    put("dora_last_12_weeks_from_snapshots", dora_over(&query.snapshots, &last_weeks(today, DORA_WEEKS)));
    if query.has_changelog {
        put("weekly_snapshots_recomputed_last_8", weekly_value(work, now));
    }
    put("health", health_value(query, now));
    let bugs = bugs_value(query, &work.bugs, now);
    match uncounted(query) {
        None => put("bugs", bugs),
        Some(reason) => {
            put("bugs", json!({ "original_raises": reason }));
            put("bugs_with_coerced_points", bugs)
        }
    };
}

fn weekly_value(work: &Work<'_>, now: Timestamp) -> Value {
    let (lists, issues) = work.weekly();
    let weeks = last_weeks(now.naive().date(), RECOMPUTED_WEEKS);
    let week = |flow: &WeeklyFlow| {
        let mut metrics = flow.legacy_document();
        metrics.extend(weekly_dora(&work.dora, flow.week, now).legacy_document());
        (flow.week.to_string(), Value::Object(metrics))
    };
    Value::Object(weekly_flow(issues, lists, &weeks, now).iter().map(week).collect())
}

/// Why the original fails to add up the points of a query's issues; `None` when it does not.
fn uncounted(query: &QueryData) -> Option<String> {
    let mut sum = "int";
    for issue in query.development_issues() {
        let Some(value) = issue.fields.get(HARD_CODED_POINTS).filter(|value| value.is_truthy()) else { continue };
        let kind = match value {
            Json::Number(points) => {
                sum = if points.is_integer() { sum } else { "float" };
                continue;
            }
            Json::Bool(_) | Json::Null => continue,
            Json::String(_) => "str",
            Json::Array(_) => "list",
            Json::Object(_) => "dict",
        };
        return Some(format!("TypeError: unsupported operand type(s) for +=: '{sum}' and '{kind}'"));
    }
    None
}

fn bugs_value(query: &QueryData, all: &[Bug], now: Timestamp) -> Value {
    let to = now.naive();
    let days = Days::new(u64::try_from(query.settings.data_points_count).unwrap_or(0) * 7);
    let from = to.checked_sub_days(days).unwrap_or(to);
    let weeks = weekly(all, &legacy_weeks_between(from.date(), to.date()));
    let hard_coded = |issue: &crate::delivery::IssueRow| statistics_points(issue.fields.get(HARD_CODED_POINTS));
    let all_points: f64 = query.development_issues().map(hard_coded).sum();
    let found = summary(all, &weeks, (from, to), all_points);
    let resolved: Vec<f64> = weeks.iter().map(|week| count(week.resolved)).collect();
    let zero = |value: Option<f64>| number(value.unwrap_or(0.0));
    json!({
        "date_from": Timestamp::new(from).to_iso_text(),
        "date_to": now.to_iso_text(),
        "summary": {
            "total_bugs": found.total,
            "open_bugs": found.open,
            "closed_bugs": found.closed,
            "resolution_rate": zero(found.resolution_rate),
            "avg_resolution_time_days": zero(found.mean_days),
            "bugs_created_last_4_weeks": found.recently_created,
            "bugs_resolved_last_4_weeks": found.recently_resolved,
            "trend_direction": found.trend,
            "total_bug_points": number(found.points),
            "open_bug_points": number(found.open_points),
            "capacity_consumed_by_bugs": number(found.capacity),
        },
        "weekly": weeks.iter().map(week_value).collect::<Vec<_>>(),
        "forecast": forecast_document(legacy_bug_forecast(found.open, &resolved), to.date()),
        "next_week": next_week_value(query, all, &weeks),
        "insights": insights(&found, &weeks),
    })
}

fn week_value(week: &BugWeek) -> Value {
    json!({
        "week": week.week.to_string(),
        "week_start_date": week.week.monday().to_string(),
        "bugs_created": week.created,
        "bugs_resolved": week.resolved,
        "bugs_points_created": number(week.points_created),
        "bugs_points_resolved": number(week.points_resolved),
        "net_bugs": week.net(),
        "net_points": number(week.points_created - week.points_resolved),
        "cumulative_open_bugs": week.change,
    })
}

fn next_week_value(query: &QueryData, bugs: &[Bug], weeks: &[BugWeek]) -> Value {
    let label = weeks.last().and_then(|week| IsoWeek::of(week.week.monday() + Days::new(7)));
    let label = label.map(|week| week.to_string());
    let next = |of: &dyn Fn(&BugWeek) -> f64| {
        let values: Vec<f64> = weeks.iter().map(of).collect();
        next_week(&values).map_or(Value::Null, |(likely, most, least)| {
            json!({"most_likely": number(likely), "optimistic": number(most), "pessimistic": number(least), "next_week": label})
        })
    };
    let mut value = json!({
        "created": next(&|week| count(week.created)),
        "resolved": next(&|week| count(week.resolved)),
        "insufficient_data": weeks.is_empty() || bugs.is_empty(),
    });
    if query.settings.show_points
        && let Some(members) = value.as_object_mut()
    {
        members.insert("created_points".to_owned(), next(&|week| week.points_created));
        members.insert("resolved_points".to_owned(), next(&|week| week.points_resolved));
    }
    value
}

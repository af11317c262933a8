//! Right values beside those of the original.

use super::health::forecast_days;
use super::work::Work;
use crate::delivery::bugs::{Bug, bug_forecast, insights, summary, weekly};
use crate::delivery::dora::metrics::{Deployments, Hours};
use crate::delivery::dora::weekly::weekly_dora;
use crate::delivery::dora::{DoraWork, period::dora_over};
use crate::delivery::flow::period::flow_over;
use crate::delivery::flow::{CycleTimes, FlowMetrics, active_work, aging, cumulative_flow, weekly_flow};
use crate::delivery::forecast::{BacktestOptions, PlanOptions, Simulation, plan_items, plan_points};
use crate::delivery::health::score::{HealthInputs, explain_score, score};
use crate::delivery::input::QueryData;
use crate::delivery::numbers::{count, number, optional};
use crate::delivery::tiers::DoraTier;
use crate::delivery::velocity::{Column, trend, variation_percent};
use crate::delivery::weeks::{last_weeks, weekly_sums, weeks_between};
use chrono::{Days, NaiveTime};
use landfast_domain::delivery::IsoWeek;
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// Weeks of cycle times, cumulative flow and DORA metrics.
const WEEKS: usize = 12;

/// Right values of a query.
pub(in crate::delivery) fn metrics(work: &Work<'_>, now: Timestamp) -> Map<String, Value> {
    let Work { query, lists, issues, dora, bugs, .. } = work;
    let mut parts = Map::new();
    let mut put = |name: &str, value: Value| parts.insert(name.to_owned(), value);
    let today = now.naive().date();
    let weeks = last_weeks(today, WEEKS);
    let since = weeks.first().map_or(today, |week| week.monday());
    let start = Timestamp::new(since.and_time(NaiveTime::MIN));
    let past = CycleTimes::of(issues, (start, now), &query.settings.calendar);
    put("flow", FlowMetrics::of(issues, lists, now).document());
    put("flow_by_week", weekly_flow(issues, lists, &weeks, now).iter().map(week_value).collect());
    put("flow_from_snapshots", flow_over(&query.snapshots, &weeks));
    put("cycle_time", json!(past));
    put("aging", json!(aging(issues, past.as_ref(), now)));
    put("active_work", json!(active_work(issues, now)));
    put("cumulative_flow", json!(cumulative_flow(issues, lists, (since, today))));
    put("dora", dora_value(dora, &weeks, now));
    put("dora_from_snapshots", dora_over(&query.snapshots, &weeks));
    put("bugs", bugs_value(query, bugs, now));
    let options = PlanOptions {
        today,
        calendar: query.settings.calendar.clone(),
        simulation: Simulation::default(),
        backtest: BacktestOptions::default(),
    };
    let items = plan_items(query, &options);
    let inputs = health_inputs(query, items.as_ref().and_then(|plan| plan.deadline_probability));
    put("health", json!(score(&inputs)));
    put("health_explanation", json!(explain_score(&inputs)));
    put("forecast_items", json!(items));
    put("forecast_points", json!(query.settings.show_points.then(|| plan_points(query, &options)).flatten()));
    put("working_days_per_week", json!(query.settings.calendar.days_per_week()));
    put("legacy_forecast_days", number(forecast_days(query)));
    parts
}

fn week_value(week: &crate::delivery::flow::WeeklyFlow) -> Value {
    let metrics = crate::stats::Spread::of(week.days.iter().copied());
    json!({
        "week": week.week.to_string(),
        "completed": week.completed,
        "flow_time_days": metrics,
        "flow_efficiency_percent": crate::stats::mean(&week.efficiencies),
        "flow_load": week.load,
        "flow_load_by_status": week.load_by_status,
    })
}

/// DORA metrics of whole weeks. Deployments of a day are those of the period by its days.
fn dora_value(work: &DoraWork<'_>, weeks: &[IsoWeek], now: Timestamp) -> Value {
    let found: Vec<_> = weeks.iter().map(|week| weekly_dora(work, *week, now)).collect();
    let mut all = Deployments::default();
    for week in &found {
        all.total += week.deployments.total;
        all.failed += week.deployments.failed;
        all.releases.extend(week.deployments.releases.iter().cloned());
        all.failed_releases.extend(week.deployments.failed_releases.iter().cloned());
    }
    let hours = |of: &dyn Fn(&crate::delivery::dora::weekly::WeeklyDora) -> &Option<Hours>| {
        let values: Vec<f64> =
            found.iter().filter_map(|week| of(week).as_ref()).flat_map(|hours| hours.values().to_vec()).collect();
        Hours::of(&values)
    };
    let (lead, restore) = (hours(&|week| &week.lead_time), hours(&|week| &week.restore));
    let days = count(weeks.len()) * 7.0;
    let per_day = (days > 0.0 && !work.tasks.is_empty()).then(|| count(all.total) / days);
    let shown = |hours: &Option<Hours>, tier: &dyn Fn(f64) -> DoraTier| {
        hours.as_ref().map(|hours| {
            json!({"median_hours": hours.median(), "mean_hours": hours.mean(), "p95_hours": hours.p95(),
                "cases": hours.cases(), "tier": tier(hours.median()).as_str()})
        })
    };
    json!({
        "weeks": weeks.len(),
        "deployments": all.total,
        "releases": all.releases.len(),
        "deployments_per_day": optional(per_day),
        "deployment_tier": per_day.map(|rate| DoraTier::of_deployments_per_day(rate).as_str()),
        "lead_time": shown(&lead, &|hours| DoraTier::of_lead_time_days(hours / 24.0)),
        "change_failure_percent": optional(all.failure_percent()),
        "change_failure_tier": all.failure_percent().map(|rate| DoraTier::of_failure_percent(rate).as_str()),
        "release_failure_percent": optional(all.release_failure_percent()),
        "time_to_restore": shown(&restore, &DoraTier::of_restore_hours),
    })
}

fn bugs_value(query: &QueryData, all: &[Bug], now: Timestamp) -> Value {
    let to = now.naive();
    let days = Days::new(u64::try_from(query.settings.data_points_count).unwrap_or(0) * 7);
    let from = to.checked_sub_days(days).unwrap_or(to);
    let weeks = weekly(all, &weeks_between(from.date(), to.date()));
    let all_points: f64 = query.development_issues().map(|issue| issue.points).sum();
    let found = summary(all, &weeks, (from, to), all_points);
    // The running week is not over and would look slow.
    let whole = weeks.iter().filter(|week| IsoWeek::of(to.date()) != Some(week.week));
    let resolved: Vec<f64> = whole.map(|week| count(week.resolved)).collect();
    let forecast = bug_forecast(found.open, &resolved);
    json!({
        "open": found.open,
        "created": found.total,
        "resolution_rate": optional(found.resolution_rate),
        "mean_days": optional(found.mean_days),
        "capacity": optional((all_points > 0.0).then_some(found.capacity)),
        "weeks_to_resolve": forecast.map(|forecast| json!({
            "optimistic": number(forecast.optimistic),
            "likely": number(forecast.likely),
            "pessimistic": number(forecast.pessimistic),
        })),
        "insights": insights(&found, &weeks),
    })
}

fn health_inputs(query: &QueryData, deadline_probability: Option<f64>) -> HealthInputs {
    let window = query.window();
    let sums = weekly_sums(window);
    let finished: Vec<f64> = sums.iter().map(|(_, sum)| sum.completed_items).collect();
    let (done, created) = (finished.iter().sum::<f64>(), window.iter().map(|row| row.created_items).sum::<f64>());
    // What there was to do when the window began.
    let initial = query.remaining_items() + done - created;
    HealthInputs {
        weeks: sums.len(),
        velocity_cv: variation_percent(&finished, 1),
        deadline_probability,
        scope_growth: (initial > 0.0).then(|| created / initial * 100.0),
        recent_change: trend(window, Column::Items).and_then(|trend| trend.change_percent),
    }
}

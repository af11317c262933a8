//! Answers to tables of inputs of single functions.

use super::budget::budget_document;
use crate::delivery::budget::{BudgetSettings, Revision, legacy_tier};
use crate::delivery::bugs::legacy_bug_forecast;
use crate::delivery::bugs::outlook::forecast_document;
use crate::delivery::field_rule::FieldRule;
use crate::delivery::health::six::{Bugs, Dashboard, Dora, Finance, Flow, SixInputs, legacy_six};
use crate::delivery::health::{LegacyHealthInputs, legacy_health};
use crate::delivery::input::QueryData;
use crate::delivery::tiers::{DoraTier, flow_efficiency_tier, flow_load_tier, flow_time_tier, flow_velocity_tier};
use landfast_domain::delivery::{IsoWeek, parse_date, parse_instant};
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// Answers of the tables of flow, DORA, health, bugs and budget of a document in the shape of the reference
/// answers: each entry with its inputs as they were given, and the outputs calculated here. A table the
/// document lacks is left out. The budget is that of `query`.
#[must_use]
pub fn work_vectors(inputs: &Value, query: Option<&QueryData>) -> Value {
    let now = inputs.get("frozen_now").and_then(Value::as_str).and_then(parse_instant).map(|(now, _)| now);
    let mut vectors = Map::new();
    let mut tables = |name: &str, of: &dyn Fn(&str, f64) -> &'static str| {
        if let Some(tables) = inputs.pointer(&format!("/vectors/{name}")).and_then(Value::as_object) {
            let rated = tables.iter().map(|(metric, entries)| {
                (metric.clone(), answered(entries, "tier", &|entry| json!(of(metric, float(entry, "in")))))
            });
            vectors.insert(name.to_owned(), rated.collect());
        }
    };
    tables("dora_tiers", &dora_tier);
    tables("flow_tiers", &flow_tier);
    let mut table = |name: &str, key: &str, answer: &dyn Fn(&Value) -> Value| {
        if let Some(entries) = inputs.pointer(&format!("/vectors/{name}")) {
            vectors.insert(name.to_owned(), answered(entries, key, answer));
        }
    };
    table("field_value_filter", "out", &field_value_filter);
    table("bug_forecast", "out", &|entry| bug_forecast(entry, now).unwrap_or_default());
    if let Some(entries) = inputs.pointer("/vectors/health_dashboard").and_then(Value::as_array) {
        vectors.insert("health_dashboard".to_owned(), entries.iter().map(health_dashboard).collect());
    }
    let mut answers = Map::new();
    answers.insert("vectors".to_owned(), Value::Object(vectors));
    if let Some(entries) = inputs.get("health_v3") {
        answers.insert(
            "health_v3".to_owned(),
            answered(entries, "out", &|entry| legacy_six(&six_inputs(given(entry))).document()),
        );
    }
    if let Some(entries) = inputs.get("budget_health_tier") {
        let tier = |entry: &Value| {
            let percent = given(entry).get(0).and_then(Value::as_f64).unwrap_or_default();
            json!(legacy_tier(percent, given(entry).get(1).and_then(Value::as_bool).unwrap_or_default()).as_str())
        };
        answers.insert("budget_health_tier".to_owned(), answered(entries, "out", &tier));
    }
    if let (Some(asked), Some(query), Some(now)) = (inputs.get("budget"), query, now) {
        answers.insert("budget".to_owned(), budget(asked, query, now).unwrap_or_default());
    }
    Value::Object(answers)
}

fn answered(entries: &Value, key: &str, answer: &dyn Fn(&Value) -> Value) -> Value {
    let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
    let with_answer = |entry: &Value| {
        let mut members = entry.as_object().cloned().unwrap_or_default();
        members.insert(key.to_owned(), answer(entry));
        Value::Object(members)
    };
    entries.iter().map(with_answer).collect()
}

fn given(entry: &Value) -> &Value {
    entry.get("in").unwrap_or(&Value::Null)
}

fn float(value: &Value, key: &str) -> f64 {
    value.get(key).and_then(Value::as_f64).unwrap_or_default()
}

fn dora_tier(metric: &str, value: f64) -> &'static str {
    let tier = match metric {
        "deployments_per_day" => DoraTier::of_deployments_per_day(value),
        "lead_time_days" => DoraTier::of_lead_time_days(value),
        "cfr_percent" => DoraTier::of_failure_percent(value),
        _ => DoraTier::of_restore_hours(value),
    };
    tier.as_str()
}

fn flow_tier(metric: &str, value: f64) -> &'static str {
    match metric {
        "flow_load" => flow_load_tier(value),
        "flow_velocity" => flow_velocity_tier(value),
        "flow_time" => flow_time_tier(value),
        _ => flow_efficiency_tier(value),
    }
}

fn field_value_filter(entry: &Value) -> Value {
    let rule = FieldRule::parse(given(entry).as_str().unwrap_or_default());
    rule.map_or(json!([null, null]), |rule| json!([rule.field, rule.values]))
}

fn bug_forecast(entry: &Value, now: Option<Timestamp>) -> Option<Value> {
    let open = usize::try_from(entry.get("open")?.as_u64()?).ok()?;
    let resolved: Vec<f64> = entry.get("resolved")?.as_array()?.iter().filter_map(Value::as_f64).collect();
    Some(forecast_document(legacy_bug_forecast(open, &resolved), now?.naive().date()))
}

fn health_dashboard(entry: &Value) -> Value {
    let given = given(entry);
    let trend = match given.get("trend_direction").and_then(Value::as_str) {
        Some("improving") => "improving",
        Some("declining") => "declining",
        _ => "stable",
    };
    let found = legacy_health(&LegacyHealthInputs {
        velocity_cv: float(given, "velocity_cv"),
        schedule_variance_days: float(given, "schedule_variance_days"),
        scope_change_rate: float(given, "scope_change_rate"),
        trend_direction: trend,
        recent_velocity_change: float(given, "recent_velocity_change"),
    });
    json!({"in": given, "score": found.score, "label": found.label, "reason": found.reason})
}

fn six_inputs(given: &Value) -> SixInputs {
    // Groups that say of themselves that they hold nothing are not known.
    let group = |name: &str| given.get(name).filter(|group| group.get("has_data") != Some(&Value::Bool(false)));
    let trend = |board: &Value, name: &str| board.get("trend_direction").and_then(Value::as_str) == Some(name);
    SixInputs {
        dashboard: group("dashboard_metrics").map(|board| Dashboard {
            completion_percentage: float(board, "completion_percentage"),
            current_velocity_items: float(board, "current_velocity_items"),
            velocity_cv: float(board, "velocity_cv"),
            is_improving: trend(board, "improving"),
            is_stable: trend(board, "stable"),
            recent_velocity_change: float(board, "recent_velocity_change"),
            schedule_variance_days: float(board, "schedule_variance_days"),
            completion_confidence: float(board, "completion_confidence"),
        }),
        dora: group("dora_metrics").map(|dora| Dora {
            change_failure_rate: float(dora, "change_failure_rate"),
            mttr_hours: float(dora, "mttr_hours"),
        }),
        flow: group("flow_metrics").map(|flow| Flow {
            velocity: float(flow, "velocity"),
            efficiency: float(flow, "efficiency"),
            flow_time: float(flow, "flow_time"),
            wip: float(flow, "wip"),
            mix: flow.get("work_distribution").and_then(mix),
        }),
        bugs: group("bug_metrics").map(|bugs| Bugs {
            resolution_rate: float(bugs, "resolution_rate"),
            capacity: float(bugs, "capacity_consumed_by_bugs"),
            age_days: float(bugs, "avg_age_days"),
        }),
        scope_change_rate: given.get("scope_metrics").map(|scope| float(scope, "scope_change_rate")),
        finance: group("budget_metrics").map(|budget| Finance {
            burn_variance: float(budget, "burn_rate_variance_pct"),
            runway_gap: float(budget, "runway_vs_baseline_pct"),
            utilisation_gap: float(budget, "utilization_vs_pace_pct"),
        }),
    }
}

/// Shares of features, defects and technical debt in percent of the total.
fn mix(distribution: &Value) -> Option<[f64; 3]> {
    let total = float(distribution, "total");
    (total > 0.0).then(|| ["feature", "defect", "tech_debt"].map(|key| float(distribution, key) / total * 100.0))
}

fn budget(asked: &Value, query: &QueryData, now: Timestamp) -> Option<Value> {
    let inputs = asked.get("inputs")?;
    let settings = inputs.get("budget_settings")?;
    let revision = |entry: &Value| {
        let at = |place: usize| entry.get(place).and_then(Value::as_f64);
        let week = IsoWeek::parse(entry.get(0)?.as_str()?)?;
        Some(Revision { week, weeks: at(1)?, weekly_cost: at(2)?, total: at(3)? })
    };
    let plan = BudgetSettings {
        weeks: float(settings, "time_allocated_weeks"),
        weekly_cost: float(settings, "team_cost_per_week_eur"),
        total: float(settings, "budget_total_eur"),
        baseline_items: float(settings, "baseline_velocity_items"),
        baseline_points: float(settings, "baseline_velocity_points"),
        start: settings.get("created_at").and_then(Value::as_str).and_then(|text| parse_date(text.get(..10)?)),
        ..BudgetSettings::default()
    };
    let revisions: Vec<Revision> = inputs.get("revisions")?.as_array()?.iter().filter_map(revision).collect();
    let week = IsoWeek::parse(inputs.get("week")?.as_str()?)?;
    let labels = asked.as_object()?.keys().filter_map(|key| IsoWeek::parse(key.strip_prefix("budget_at_")?));
    let mut document = budget_document(query, &plan, &revisions, (week, now), &labels.collect::<Vec<_>>());
    document.as_object_mut()?.insert("inputs".to_owned(), inputs.clone());
    Some(document)
}

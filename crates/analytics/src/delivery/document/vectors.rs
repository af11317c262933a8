//! Answers to tables of inputs of single functions.

use crate::delivery::burndown::sampled_forecast;
use crate::delivery::confidence::{confidence_intervals, deadline_probability};
use crate::delivery::next_value::{BadInput, Better, NextValue, against_forecast, flow_load_range, next_value};
use crate::delivery::numbers::number;
use crate::delivery::pert::legacy_pert_forecast;
use crate::delivery::points::{scope_points, statistics_points};
use crate::delivery::scope::{Amount, ScopeClass, ScopeRules, classify, remaining_total_points, total_points};
use crate::delivery::weeks::{calendar_bucket, legacy_parse_label, max_iso_week, sunday_bucket};
use chrono::{Datelike as _, NaiveDate};
use landfast_domain::delivery::credentials::strip_like_legacy;
use landfast_domain::delivery::keys::canonical_text;
use landfast_domain::delivery::{Digests, IsoWeek, parse_date, parse_instant};
use landfast_domain::json::Json;
use serde_json::{Map, Value, json};

/// Answers of the tables below `vectors` of a document in the shape of the reference answers: each entry has
/// its inputs as they were given, and the outputs calculated here.
///
/// A table this version does not know is left out. An entry whose inputs are not in the document has a null
/// output.
#[must_use]
pub fn vectors(inputs: &Value) -> Value {
    let mut answers = Map::new();
    let mut table = |name: &str, keys: &[&str], answer: &dyn Fn(&Value) -> Vec<Value>| {
        if let Some(entries) = inputs.pointer(&format!("/vectors/{name}")).and_then(Value::as_array) {
            answers.insert(name.to_owned(), entries.iter().map(|entry| answered(entry, keys, answer(entry))).collect());
        }
    };
    table("iso_weeks", &WEEK_KEYS, &|entry| week_names(entry).unwrap_or_default());
    table("parse_week_label", &["out"], &|entry| vec![json!(legacy_parse_label(text(given(entry))))]);
    table("week_start", &["monday"], &|entry| vec![week_start(given(entry)).unwrap_or_default()]);
    table("forecast", &["out"], &|entry| vec![next_value_value(next_value(&floats(given(entry))))]);
    table("trend_vs_forecast", &["out"], &|entry| vec![against_forecast_value(given(entry))]);
    table("flow_load_range", &["out"], &|entry| {
        let range = flow_load_range(float(given(entry)));
        vec![range.map_or_else(raised, |(lower, upper)| json!({"lower": number(lower), "upper": number(upper)}))]
    });
    table("total_points", &["out"], &|entry| vec![total_points_value(given(entry)).unwrap_or_default()]);
    table("pert_rates", &["out"], &|entry| vec![pert_rates(entry)]);
    table("confidence_intervals", &["ci"], &|entry| {
        let [days, mean, deviation] = numbers(given(entry));
        let found = confidence_intervals(days, mean, deviation);
        let (d50, d80, d95) = (number(found.days_50), number(found.days_80), number(found.days_95));
        vec![json!({"ci_50": d50, "ci_80": d80, "ci_95": d95})]
    });
    table("deadline_probability", &["out"], &|entry| {
        let [to_deadline, days, deviation, mean] = numbers(given(entry));
        vec![number(deadline_probability(to_deadline, days, deviation, mean))]
    });
    table("scope_status", &["out"], &|entry| vec![scope_status(given(entry))]);
    table("story_points_statistics", &["out"], &|entry| vec![number(statistics_points(Some(&parsed(given(entry)))))]);
    table("story_points_scope", &["out", "estimated"], &|entry| {
        let found = scope_points(entry.get("field").and_then(Value::as_str), Some(&parsed(given(entry))));
        vec![number(found.points), json!(found.is_estimated)]
    });
    table("remaining_total_points", &["out"], &|entry| {
        let [estimated, points, remaining, completed, completed_points] = numbers(given(entry));
        let estimated = Amount { items: estimated, points };
        let completed = Amount { items: completed, points: completed_points };
        vec![number(remaining_total_points(estimated, remaining, completed))]
    });
    let monday = inputs.get("frozen_now").and_then(Value::as_str).and_then(parse_instant);
    let monday = monday.and_then(|(now, _)| IsoWeek::of(now.naive().date())).map(IsoWeek::monday);
    table("burndown_forecast_daily", &["out"], &|entry| vec![sampled(given(entry), monday).unwrap_or_default()]);
    table("strip_credentials", &["out"], &|entry| {
        let stripped = strip_like_legacy(&parsed(given(entry))).dump();
        vec![serde_json::from_str(&stripped).unwrap_or_default()]
    });
    if let Some(years) = inputs.pointer("/vectors/max_iso_week").and_then(Value::as_object) {
        let weeks = years.keys().map(|year| (year.clone(), json!(year.parse().ok().and_then(max_iso_week))));
        answers.insert("max_iso_week".to_owned(), Value::Object(weeks.collect()));
    }
    json!({ "vectors": answers })
}

/// Answers of the table `vectors.hashes`, keys of caches, with the digests and the points field the
/// caller brings; null without such a table.
#[must_use]
pub fn hash_vectors(inputs: &Value, digests: &Digests, points_field: &str) -> Value {
    let Some(given) = inputs.pointer("/vectors/hashes") else { return Value::Null };
    let member = |name: &str| given.get(name).cloned().unwrap_or_default();
    let (jql, unicode, fields) = (member("jql"), member("unicode_jql"), member("fields"));
    let mappings = parsed(&member("field_mappings"));
    let flat = mappings.as_object().cloned().unwrap_or_default();
    let key = json!({"jql": jql, "period": 30});
    json!({
        "jql": jql,
        "field_mappings": member("field_mappings"),
        "fields": fields,
        "jira_data_cache_key_30d": digests.data_cache_key(text(&jql), 30),
        "legacy_cache_key_30d": digests.mapped_cache_key(text(&jql), &flat, 30),
        "config_hash": digests.config_hash(text(&jql), text(&fields), &mappings, points_field),
        "jql_hash": digests.jql_hash(text(&jql)),
        "canonical_json_for_jira_data_cache_key": canonical_text(&parsed(&key)),
        "unicode_jql": unicode,
        "unicode_jira_data_cache_key_30d": digests.data_cache_key(text(&unicode), 30),
    })
}

/// Outputs of the table of weeks.
const WEEK_KEYS: [&str; 5] =
    ["label", "monday", "sunday", "velocity_bucket_sunday_based", "throughput_bucket_calendar_year"];

/// The entry with these members set; members that have no value become null.
fn answered(entry: &Value, keys: &[&str], values: Vec<Value>) -> Value {
    let mut answer = entry.as_object().cloned().unwrap_or_default();
    let mut values = values.into_iter();
    for key in keys {
        answer.insert((*key).to_owned(), values.next().unwrap_or_default());
    }
    Value::Object(answer)
}

/// What stands in place of the answer to inputs a function refuses.
fn raised<T>(_: T) -> Value {
    json!({"raises": "ValueError"})
}

/// A forecast as documents hold it: null without one.
pub(super) fn next_value_value(found: Result<Option<NextValue>, BadInput>) -> Value {
    match found {
        Err(error) => raised(error),
        Ok(None) => Value::Null,
        Ok(Some(next)) => {
            let list = |values: &[f64]| values.iter().copied().map(number).collect::<Value>();
            json!({
                "forecast_value": number(next.value),
                "forecast_range": null,
                "historical_values": list(&next.history),
                "weights_applied": list(&next.weights),
                "weeks_available": next.history.len(),
                "confidence": next.confidence(),
            })
        }
    }
}

fn against_forecast_value(given: &Value) -> Value {
    let [current, forecast] = numbers(given);
    let better = given.get(2).and_then(Value::as_str).and_then(Better::parse);
    let Some(better) = better else { return raised(()) };
    against_forecast(current, forecast, better).map_or_else(raised, |found| {
        json!({
            "direction": found.arrow.to_string(),
            "deviation_percent": number(found.deviation_percent),
            "status_text": found.text,
            "color_class": found.class,
            "is_good": found.is_good,
        })
    })
}

fn week_names(entry: &Value) -> Option<Vec<Value>> {
    let date = parse_date(entry.get("date")?.as_str()?)?;
    let week = IsoWeek::of(date)?;
    let texts = [
        week.to_string(),
        week.monday().to_string(),
        week.sunday().to_string(),
        sunday_bucket(date),
        calendar_bucket(date),
    ];
    Some(texts.into_iter().map(Value::from).collect())
}

fn week_start(given: &Value) -> Option<Value> {
    let year = i32::try_from(given.get(0)?.as_i64()?).ok()?;
    let week = u32::try_from(given.get(1)?.as_u64()?).ok()?;
    Some(Value::from(IsoWeek::new(year, week)?.monday().to_string()))
}

/// `[total items, estimated items, estimated points, statistics, fallback]`; the statistics are null, or a
/// list of rows. Null when they are only named.
fn total_points_value(given: &Value) -> Option<Value> {
    let [items, estimated, points] = numbers(given);
    let completed = match given.get(3)? {
        Value::Null => None,
        Value::Array(rows) => {
            let sum = |key: &str| rows.iter().map(|row| row.get(key).map_or(0.0, float)).sum::<f64>();
            Some(Amount { items: sum("completed_items"), points: sum("completed_points") })
        }
        _ => return None,
    };
    let estimated = Amount { items: estimated, points };
    let (total, average) = total_points(items, estimated, completed, given.get(4)?.as_bool()?);
    Some(json!([number(total), number(average)]))
}

fn pert_rates(entry: &Value) -> Value {
    let list = |name: &str| entry.get(name).map(floats).unwrap_or_default();
    let [items, points] = numbers(entry.get("remaining").unwrap_or(&Value::Null));
    let factor = entry.get("pert_factor").map_or(0.0, float);
    let forecasts = [("weekly_items", items), ("weekly_points", points)]
        .map(|(name, remaining)| legacy_pert_forecast(&list(name), remaining, factor));
    let parts = forecasts.iter().flat_map(|found| [found.days, found.optimistic_rate, found.pessimistic_rate]);
    parts.map(number).collect()
}

/// `[status, category, rules]`.
fn scope_status(given: &Value) -> Value {
    let part = |place: usize| given.get(place).map(text).unwrap_or_default();
    let rules = given.get(2).unwrap_or(&Value::Null);
    let names = |key: &str| -> Vec<String> {
        let list = rules.get(key).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|name| name.as_str().map(str::to_owned)).collect()
    };
    let by_name = rules.get("method").and_then(Value::as_str) == Some("status_names");
    let overrides = rules.get("status_name_overrides").and_then(Value::as_object).into_iter().flatten();
    let rules = ScopeRules {
        overrides: overrides
            .filter_map(|(name, class)| Some((name.clone(), ScopeClass::parse(class.as_str()?)?)))
            .collect(),
        names: by_name.then(|| (names("completed_statuses"), names("in_progress_statuses"))),
    };
    Value::from(classify(part(0), part(1), &rules).as_str())
}

/// `[start, rate]`; the line begins on the Monday of the document's week.
fn sampled(given: &Value, monday: Option<NaiveDate>) -> Option<Value> {
    let [start, rate] = numbers(given);
    let points = sampled_forecast(start, rate, monday?);
    let (day, value) = points.last()?;
    Some(json!([points.len(), format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()), number(*value)]))
}

fn given(entry: &Value) -> &Value {
    entry.get("in").unwrap_or(&Value::Null)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn float(value: &Value) -> f64 {
    value.as_f64().unwrap_or(0.0)
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().map(float).collect()
}

/// The first so many numbers of a list; 0 for what is missing.
fn numbers<const N: usize>(value: &Value) -> [f64; N] {
    let list = floats(value);
    std::array::from_fn(|place| list.get(place).copied().unwrap_or(0.0))
}

fn parsed(value: &Value) -> Json {
    Json::parse(&value.to_string()).unwrap_or(Json::Null)
}

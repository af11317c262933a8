//! Weeks, scope, velocity, forecasts, burndown and scope change equal the answers of the original.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may panic, also in their helpers"
)]

#[path = "support/delivery.rs"]
mod support;

use landfast_analytics::delivery::{QueryData, document, hash_vectors, vectors};
use landfast_domain::delivery::{Profile, ProfileId, ProjectData, QueryId, QueryKey};
use landfast_domain::time::Timestamp;
use landfast_legacy::delivery::DIGESTS;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use support::{Sample, assert_same, leaves};

/// Members of a query that are looked at here.
const PARTS: [&str; 20] = [
    "path",
    "inputs",
    "jira_cache",
    "changelog_file",
    "issue_counts",
    "changelog_merged_issues",
    "scope_from_issues",
    "weekly_statistics_from_issues",
    "velocity",
    "weekly_averages",
    "weekly_throughput_window",
    "pert_rates",
    "weekly_forecast",
    "performance_trend",
    "dashboard_metrics",
    "total_points",
    "scope_metrics",
    "scope_weekly_growth_original",
    "scope_weekly_growth_expected",
    "burndown",
];

/// Tables of `vectors` that are looked at here.
const TABLES: [&str; 17] = [
    "iso_weeks",
    "parse_week_label",
    "week_start",
    "max_iso_week",
    "forecast",
    "trend_vs_forecast",
    "flow_load_range",
    "total_points",
    "pert_rates",
    "confidence_intervals",
    "deadline_probability",
    "scope_status",
    "story_points_statistics",
    "story_points_scope",
    "remaining_total_points",
    "burndown_forecast_daily",
    "strip_credentials",
];

fn only(value: &Value, names: &[&str]) -> Value {
    let members = value.as_object().unwrap().iter().filter(|(name, _)| names.contains(&name.as_str()));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
}

#[test]
fn queries_give_the_answers_of_the_original() {
    let sample = Sample::read();
    let answer = document(&sample.profiles, &sample.queries, sample.now());
    assert_same(&sample.expected["aliases"], &answer["aliases"], &[]);
    assert_eq!(
        (&answer["frozen_now"], &answer["timezone"]),
        (&sample.expected["frozen_now"], &sample.expected["timezone"])
    );
    let mut compared = 0;
    for (alias, expected) in sample.expected["queries"].as_object().unwrap() {
        let mut names = PARTS.to_vec();
        names.push("next_value_forecasts");
        let expected = only(expected, &names);
        compared += leaves(&expected);
        assert_same(&expected, &answer["queries"][alias], &[]);
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn single_functions_give_the_answers_of_the_original() {
    let sample = Sample::read();
    let answer = vectors(&sample.expected);
    let named: Vec<(String, &str)> = sample.expected["vectors"]["total_points"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry["in"][3].is_string())
        .map(|(place, _)| (format!("/total_points/{place}/out"), "the weekly rows are only named, not given"))
        .collect();
    let excluded: Vec<(&str, &str)> = named.iter().map(|(path, reason)| (path.as_str(), *reason)).collect();
    let expected = only(&sample.expected["vectors"], &TABLES);
    assert_same(&expected, &answer["vectors"], &excluded);
    // The table names no points field; it was made with that of the first profile.
    let points_field = sample.queries[0].settings.points_field.as_deref().unwrap();
    assert_same(&sample.expected["vectors"]["hashes"], &hash_vectors(&sample.expected, &DIGESTS, points_field), &[]);
}

/// A query of nothing but these weekly rows.
fn query_of(statistics: &Value, factor: f64) -> QueryData {
    let key = QueryKey::new(ProfileId::new("p").unwrap(), QueryId::new("q").unwrap());
    let settings = json!({"forecast_settings": {"pert_factor": factor, "deadline": "2026-03-31"}, "show_points": true});
    let profile = Profile::new(key.profile.clone(), Some(settings.to_string()), None).unwrap();
    let scope = json!({"remaining_items": 40, "remaining_total_points": 12.5});
    let data = ProjectData::new(key.clone(), json!({"statistics": statistics, "project_scope": scope}).to_string());
    QueryData::new("q1", key, &profile, None, None, Some(&data.unwrap()), &[])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn odd_rows_are_reported_and_never_break_the_document(
        rows in prop::collection::vec(
            (
                prop::sample::select(vec!["2025-12-15", "2025-12-08", "2024-12-30", "2024-01-01", "2025-06-01", "soon"]),
                prop::sample::select(vec![json!(3), json!(0), json!(null), json!("4"), json!("many"), json!(2.5)]),
            ),
            0..40,
        ),
        factor in 0.0_f64..15.0,
    ) {
        let statistics: Value =
            rows.iter().map(|(date, done)| json!({"date": date, "completed_items": done, "created_items": done})).collect();
        let query = query_of(&statistics, factor);
        let answer = document(&[], &[query], Timestamp::parse("2025-12-17 10:00").unwrap());
        let metrics = &answer["queries"]["q1"]["metrics"];
        let undated = rows.iter().filter(|(date, _)| *date == "soon").count();
        prop_assert_eq!(metrics["statistics_issues"]["undated_rows"].as_array().map(Vec::len), Some(undated));
        let days = metrics["pert"]["items"]["days"].as_f64();
        prop_assert_eq!(days.is_some(), undated < rows.len());
        prop_assert!(days.is_none_or(|days| days <= 3653.0));
        // The right burndown always ends with what is left today.
        let series = metrics["burndown"]["items"]["series"].as_array().unwrap();
        prop_assert_eq!(series.last(), Some(&json!({"date": "2025-12-17", "remaining": 40})));
    }
}

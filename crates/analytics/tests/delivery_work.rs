//! Flow, DORA, health, bugs and budget equal the answers of the original.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may panic, also in their helpers"
)]

#[path = "support/delivery.rs"]
mod support;

use landfast_analytics::delivery::{document, work_vectors};
use serde_json::{Map, Value};
use support::{Sample, assert_same, leaves};

/// Members of a query that are looked at here.
const PARTS: [&str; 7] = [
    "flow_all_issues",
    "dora_all_issues",
    "dora_last_12_weeks_from_snapshots",
    "weekly_snapshots_recomputed_last_8",
    "health",
    "bugs",
    "bugs_with_coerced_points",
];

/// Tables of `vectors` that are looked at here.
const TABLES: [&str; 5] = ["dora_tiers", "flow_tiers", "field_value_filter", "bug_forecast", "health_dashboard"];

fn only(value: &Value, names: &[&str]) -> Value {
    let members = value.as_object().unwrap().iter().filter(|(name, _)| names.contains(&name.as_str()));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
}

#[test]
fn queries_give_the_answers_of_the_original() {
    let sample = Sample::read();
    let answer = document(&sample.profiles, &sample.queries, sample.now());
    let mut compared = 0;
    for (alias, expected) in sample.expected["queries"].as_object().unwrap() {
        let expected = only(expected, &PARTS);
        compared += leaves(&expected);
        assert_same(&expected, &answer["queries"][alias], &[]);
    }
    assert!(compared > 600, "{compared}");
}

#[test]
fn single_functions_give_the_answers_of_the_original() {
    let sample = Sample::read();
    // The budget was calculated with the rows of the first query.
    let answer = work_vectors(&sample.expected, sample.queries.first());
    assert_same(&only(&sample.expected["vectors"], &TABLES), &answer["vectors"], &[]);
    for name in ["health_v3", "budget", "budget_health_tier"] {
        assert_same(&sample.expected[name], &answer[name], &[]);
    }
}

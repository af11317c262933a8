//! Quantities of single instances and tasks against the original's answers.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may panic, also in their helpers"
)]

mod support;

use landfast_analytics::tasks::aversion::{aversion_scores, aversion_trend};
use landfast_analytics::tasks::instances::{explain_instance, per_instance, per_task};
use landfast_analytics::tasks::rows::{TaskData, TaskInput};
use landfast_domain::time::Timestamp;
use serde_json::{Value, json};
use support::compare::{Rules, assert_equal, leaves};
use support::fixtures::{TaskFixture, golden, now};

fn input(fixture: &TaskFixture) -> TaskInput<'_> {
    TaskInput {
        tasks: &fixture.tasks,
        instances: &fixture.instances,
        preferences: &fixture.preferences,
        popup_responses: &fixture.popup_responses,
    }
}

/// Places of the values that are documented as rounded.
fn decimals(path: &str) -> Option<i32> {
    match path.rsplit('/').next()? {
        "stress_efficiency_raw" => Some(4),
        "stress_efficiency" | "stress_relief_correlation_score" | "behavioral_score" | "behavioral_score_raw" => {
            Some(2)
        }
        "efficiency_score" => Some(2),
        "priority_score" => Some(3),
        _ if path.contains("/obstacles_") => Some(2),
        _ => None,
    }
}

#[test]
fn every_number_of_every_instance_is_that_of_the_original() {
    let fixture = TaskFixture::original();
    let expected = &golden("expected.json")["per_instance"];
    let actual = per_instance(&TaskData::new(&input(&fixture)), now(), now());
    assert_equal(expected, &actual, Rules { decimals, ..Rules::STRICT });
    assert!(leaves(expected) > 9_000, "{}", leaves(expected));
}

#[test]
fn averages_and_baselines_of_every_task_are_those_of_the_original() {
    let fixture = TaskFixture::original();
    let expected = &golden("expected.json")["per_task"];
    assert_equal(expected, &per_task(&input(&fixture)), Rules::STRICT);
    assert!(leaves(expected) > 400, "{}", leaves(expected));
}

#[test]
fn baselines_of_rows_are_those_of_histories() {
    let fixture = TaskFixture::original();
    let data = TaskData::new(&input(&fixture));
    let averages = per_task(&input(&fixture));
    for (id, expected) in averages.as_object().unwrap() {
        let baseline = data.baselines().get(id.as_str());
        assert_eq!(expected["baseline_robust"].as_f64(), baseline.map(|baseline| baseline.robust), "{id}");
        assert_eq!(expected["baseline_sensitive"].as_f64(), baseline.map(|baseline| baseline.sensitive), "{id}");
    }
}

#[test]
fn aversion_scores_are_those_of_the_reference() {
    let fixture = TaskFixture::tracked();
    let data = TaskData::new(&input(&fixture));
    let scores = aversion_scores(&data, now());
    let by_id: serde_json::Map<String, Value> =
        data.rows().iter().map(|row| (row.instance_id.clone(), json!(scores[row.position]))).collect();
    let days = aversion_trend(&data, &scores, now(), 90);
    let defined = golden("expected_defined.json");
    let two = |_: &str| Some(2);
    let rules = Rules { decimals: two, ..Rules::STRICT };
    assert_equal(&defined["calculate_aversion_score"], &Value::Object(by_id), rules);
    let trend = json!({
        "dates": days.iter().map(|day| day.date.to_string()).collect::<Vec<_>>(),
        "values": days.iter().map(|day| day.mean).collect::<Vec<_>>(),
    });
    assert_equal(&defined["aversion_score_trend_90d"], &trend, Rules::STRICT);
}

#[test]
fn explanations_end_in_the_number_they_explain() {
    let fixture = TaskFixture::tracked();
    let data = TaskData::new(&input(&fixture));
    let now = now();
    let document = per_instance(&data, now, now);
    let aversion = aversion_scores(&data, now);
    let mut completed = 0;
    for (row, numbers) in data.rows().iter().zip(document.as_array().unwrap()) {
        let explanations = explain_instance(&data, row, now, now);
        for explanation in &explanations {
            let expected = match explanation.quantity {
                "aversion_score" => aversion[row.position],
                quantity => numbers[quantity].as_f64(),
            };
            assert_eq!(explanation.result, expected, "{} of {}", explanation.quantity, row.instance_id);
        }
        assert_eq!(explanations.len(), if row.is_completed() { 9 } else { 5 });
        completed += usize::from(row.is_completed());
    }
    assert_eq!(completed, 290);
}

#[test]
fn a_fresh_start_keeps_the_baselines() {
    let (whole, fresh) = (TaskFixture::original(), TaskFixture::fresh_start());
    let (whole, fresh) = (TaskData::new(&input(&whole)), TaskData::new(&input(&fresh)));
    assert_eq!(fresh.fresh_start(), Timestamp::parse("2025-10-12 12:55"));
    assert!(fresh.rows().len() < whole.rows().len());
    assert_eq!(fresh.baselines(), whole.baselines());
    assert!(fresh.rows().iter().enumerate().all(|(position, row)| row.position == position));
}

//! Recommendations, capacity, frequency and effectiveness against the golden answers of the sample.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic, also in their helpers")]

mod support;

use landfast_analytics::recommend::{
    CapacityOptions, Filters, Request, by_category_json, capacity_json, capacity_patterns,
    completion_frequency_patterns, document, effectiveness_json, from_instances_json, picks_json,
    recommendation_effectiveness,
};
use landfast_analytics::tasks::rows::{TaskData, TaskInput};
use serde_json::{Map, Value, json};
use support::compare::{Rules, assert_equal, leaves};
use support::fixtures::{TaskFixture, golden, now};

/// Displayed scores and efficiency histories are rounded; everything else is not.
const RULES: Rules = Rules { decimals, excluded: |_| None };

fn decimals(path: &str) -> Option<i32> {
    if path.ends_with("/score") {
        Some(1)
    } else if path.ends_with("/historical_efficiency") {
        Some(2)
    } else {
        None
    }
}

fn data(fixture: &TaskFixture) -> TaskData {
    TaskData::new(&TaskInput {
        tasks: &fixture.tasks,
        instances: &fixture.instances,
        preferences: &fixture.preferences,
        popup_responses: &fixture.popup_responses,
    })
}

/// The golden answers below a key, and ours to the questions they contain.
fn answers(key: &str, answer: impl Fn(&Request) -> Value) -> (Value, Value) {
    let expected = golden("expected.json")[key].clone();
    let mut actual = expected.clone();
    for question in actual.as_object_mut().unwrap().values_mut() {
        question["result"] = answer(&Request::from_json(question));
    }
    (expected, actual)
}

#[test]
fn category_picks_are_those_of_the_original() {
    let data = data(&TaskFixture::original());
    let expected = golden("expected.json")["recommendations"].clone();
    let actual: Map<String, Value> = expected
        .as_object()
        .unwrap()
        .keys()
        .map(|name| {
            let limit = name.strip_prefix("max_duration=").map(|minutes| json!({ "max_duration": minutes }));
            (name.clone(), picks_json(&data, &limit.map(|limit| Filters::from_json(&limit)).unwrap_or_default()))
        })
        .collect();
    assert!(leaves(&expected) >= 100);
    assert_equal(&expected, &Value::Object(actual), RULES);
}

#[test]
fn rankings_of_templates_are_those_of_the_original() {
    let data = data(&TaskFixture::original());
    let (expected, actual) = answers("recommendations_by_category", |request| by_category_json(&data, request));
    assert!(leaves(&expected) >= 1000);
    assert_equal(&expected, &actual, RULES);
}

#[test]
fn rankings_of_open_instances_are_those_of_the_original() {
    let data = data(&TaskFixture::original());
    let (expected, actual) = answers("recommendations_from_instances", |request| from_instances_json(&data, request));
    assert!(leaves(&expected) >= 500);
    assert_equal(&expected, &actual, RULES);
}

#[test]
fn patterns_of_capacity_are_those_of_the_reference() {
    let data = data(&TaskFixture::tracked());
    let expected = golden("expected_defined.json");
    let names: Vec<&String> =
        expected.as_object().unwrap().keys().filter(|key| key.starts_with("get_capacity_patterns")).collect();
    assert_eq!(names.len(), 2);
    for name in names {
        let expected = &expected[name];
        let options = CapacityOptions {
            window_hours: expected["window_hours"].as_f64().unwrap(),
            days: u32::try_from(expected["days"].as_u64().unwrap()).unwrap(),
            ..CapacityOptions::default()
        };
        assert_equal(expected, &capacity_json(&capacity_patterns(&data, now(), &options)), RULES);
    }
}

#[test]
fn rhythms_are_those_of_the_reference() {
    let data = data(&TaskFixture::tracked());
    let expected = golden("expected_defined.json")["get_completion_frequency_patterns"].clone();
    let actual = json!(completion_frequency_patterns(&data, now()));
    assert_eq!(actual.as_object().unwrap().len(), expected.as_object().unwrap().len());
    assert_equal(&expected, &actual, RULES);
}

#[test]
fn effectiveness_is_that_of_the_reference() {
    let data = data(&TaskFixture::tracked());
    let found = recommendation_effectiveness(&data, now(), &Default::default());
    let expected = golden("expected_defined.json")["get_recommendation_effectiveness"].clone();
    assert_equal(&expected, &effectiveness_json(&found), RULES);
}

#[test]
fn the_document_holds_the_golden_keys_of_default_questions() {
    let data = data(&TaskFixture::tracked());
    let actual = Value::Object(document(&data, now()));
    let (expected, defined) = (golden("expected.json"), golden("expected_defined.json"));
    assert_equal(&expected["recommendations"], &actual["recommendations"], RULES);
    for name in actual.as_object().unwrap().keys().filter(|name| name.starts_with("get_")) {
        assert_equal(&defined[name], &actual[name], RULES);
    }
}

#[test]
fn every_ranked_answer_says_why() {
    let data = data(&TaskFixture::original());
    let request = Request::from_json(&json!({ "metrics": ["relief_score", "duration_minutes"], "limit": 50 }));
    let answers = [by_category_json(&data, &request), from_instances_json(&data, &request)];
    for answer in answers.iter().flat_map(|list| list.as_array().unwrap()) {
        let reasons = answer["reasons"].as_array().unwrap();
        let points: f64 = reasons.iter().map(|reason| reason["points"].as_f64().unwrap()).sum();
        assert!((points - answer["score_total"].as_f64().unwrap()).abs() < 1e-9);
        assert!(reasons.iter().all(|reason| reason["basis"].is_string() && reason["rank"].as_u64().unwrap() >= 1));
    }
}

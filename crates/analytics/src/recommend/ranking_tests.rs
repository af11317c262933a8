//! Tests of the ranking.

use super::testing::Sample;
use super::*;
use crate::recommend::candidate::Basis;
use serde_json::json;

fn two_tasks() -> Sample {
    let mut sample = Sample::default();
    sample.task("a", "Alpha", 30);
    sample.task("b", "Beta", 20);
    sample.completed("a", 80.0, 40.0, 25.0).task_difficulty.set_raw("90");
    sample.completed("b", 60.0, 150.0, 5.0).task_difficulty.set_raw("10");
    sample
}

#[test]
fn the_best_sum_of_points_comes_first() {
    let data = two_tasks().data();
    let by = |metrics: &[&str]| -> Vec<(String, f64)> {
        recommendations_by_category(&data, metrics, &Filters::default(), 3)
            .into_iter()
            .map(|found| (found.candidate.task_id, found.score))
            .collect()
    };
    assert_eq!(by(&[]), [("a".to_owned(), 80.0), ("b".to_owned(), 60.0)]);
    assert_eq!(by(&["", "emotional_load"]), [("b".to_owned(), 95.0), ("a".to_owned(), 75.0)]);
    // 80 + 75 against 60 + 95: equal sums stay in the order of the store.
    assert_eq!(by(&["relief_score", "emotional_load"])[0], ("a".to_owned(), 77.5));
    assert_eq!(by(&["duration_minutes"])[1], ("b".to_owned(), 0.0));
    assert_eq!(by(&["no_such_metric"]), [("a".to_owned(), 0.0), ("b".to_owned(), 0.0)]);
}

#[test]
fn an_easy_task_comes_first_unlike_in_the_original() {
    let data = two_tasks().data();
    let first = |found: Vec<Recommendation>| found[0].candidate.task_id.clone();
    let metrics = ["task_difficulty"];
    assert_eq!(first(recommendations_by_category(&data, &metrics, &Filters::default(), 1)), "b");
    let legacy = legacy_recommendations_by_category(&data, &metrics, &Filters::default(), 1);
    assert_eq!((legacy[0].score, legacy[0].candidate.task_id.as_str()), (0.0, "a"));

    let mut sample = two_tasks();
    for (task, difficulty) in [("a", 70), ("b", 20)] {
        let cell = format!(r#"{{"expected_difficulty": {difficulty}}}"#);
        sample.instance(task, "initialized").predicted.set_raw(cell);
    }
    let data = sample.data();
    assert_eq!(first(recommendations_from_instances(&data, &metrics, &Filters::default(), 1)), "b");
    assert_eq!(first(legacy_recommendations_from_instances(&data, &metrics, &Filters::default(), 1)), "a");
}

#[test]
fn reasons_tell_value_place_and_origin() {
    let data = two_tasks().data();
    let found = recommendations_by_category(&data, &["emotional_load", "x"], &Filters::default(), 1);
    let [load, unknown] = found[0].reasons.as_slice() else { panic!("two metrics") };
    assert_eq!((load.value, load.points, load.rank, load.candidates), (Some(5.0), 95.0, Some(1), 2));
    assert_eq!((load.basis, load.completed, load.typical), (Some(Basis::History), 1, Some(15.0)));
    assert_eq!((unknown.value, unknown.points, unknown.rank), (None, 0.0, None));
    let explained = explain_recommendation(&found[0]);
    assert_eq!(explained.result, Some(found[0].score));
    assert_eq!(explained.result, Some(47.5));
}

#[test]
fn only_open_instances_are_ranked() {
    let mut sample = two_tasks();
    sample.instance("a", "initialized");
    sample.instance("a", "Cancelled");
    sample.instance("a", "completed");
    sample.instance("a", "active").is_deleted.set_raw("True");
    sample.instance("gone", "active");
    let data = sample.data();
    let filters = Filters { task_type: Some("Play".to_owned()), ..Filters::default() };
    let ids = |filters: &Filters| -> Vec<String> {
        let found = recommendations_from_instances(&data, &["relief_score"], filters, 9);
        found.into_iter().map(|found| found.candidate.instance_id.unwrap()).collect()
    };
    assert_eq!(ids(&Filters::default()), ["i2", "i6"]);
    // An instance whose template is gone passes every filter but those on the duration.
    assert_eq!(ids(&filters), ["i6"]);
    assert_eq!(ids(&Filters { min_duration: Some(1.0), ..Filters::default() }), ["i2"]);
}

#[test]
fn predictions_of_an_instance_fall_back_step_by_step() {
    let mut sample = two_tasks();
    let text = r#"{"expected_mental_energy": 20, "expected_cognitive_load": 40, "time_estimate_minutes": 0,
        "description": "second try"}"#;
    sample.instance("a", "active").predicted.set_raw(text);
    sample.tasks[0].default_initial_aversion.set_raw("30");
    let data = sample.data();
    let found = recommendations_from_instances(&data, &[], &Filters::default(), 1);
    let json = found[0].to_json();
    assert_eq!((&json["duration"], &json["description"]), (&json!(30.0), &json!("second try")));
    let expected = [
        ("mental_energy_needed", 20.0),
        ("task_difficulty", 40.0),
        ("cognitive_load", 40.0),
        ("emotional_load", 50.0),
        ("relief_score", 80.0),
        // (10 + 20 + 50 + 0 + 60) / 5
        ("stress_level", 28.0),
        ("net_wellbeing_normalized", 100.0),
    ];
    for (name, value) in expected {
        assert_eq!(json["sub_scores"][name], json!(value), "{name}");
    }
    assert_eq!(json["metric_values"], json!({"relief_score": 80.0}));
    assert_eq!(json["instance_id"], json!("i2"));
}

//! The golden answers about tasks: what the original program, its formulas, or an independent implementation of the
//! definitions said about the sample.

#![expect(clippy::unwrap_used, reason = "tests may panic, also in their helpers")]

mod support;

use landfast_analytics::tasks::document;
use landfast_analytics::tasks::rows::TaskInput;
use serde_json::Value;
use support::compare::{Rules, assert_equal, differences};
use support::fixtures::{TaskFixture, golden, now};

/// What is not compared here, with the reason.
const EXCLUDED: [(&str, &str); 1] = [("/_meta", "says how the file was made")];

/// Means of tasks that lie on a tie of the second decimal: the answers were summed with compensation, so their last digit
/// may differ.
const ROUNDED: [&str; 4] = [
    "/get_stress_efficiency_leaderboard/",
    "/get_task_performance_ranking/",
    "/get_task_relief_history/",
    "/get_task_efficiency_history/",
];

const RULES: Rules = Rules { decimals, excluded };

fn decimals(path: &str) -> Option<i32> {
    let of_history = path.starts_with("/recommendations") && path.ends_with("/historical_efficiency");
    (of_history || ROUNDED.iter().any(|start| path.starts_with(start))).then_some(2)
}

fn excluded(path: &str) -> Option<&'static str> {
    EXCLUDED.iter().find(|(excluded, _)| path == *excluded).map(|(_, reason)| *reason)
}

fn document_of(fixture: &TaskFixture) -> Value {
    let input = TaskInput {
        tasks: &fixture.tasks,
        instances: &fixture.instances,
        preferences: &fixture.preferences,
        popup_responses: &fixture.popup_responses,
    };
    document(&input, now())
}

#[test]
fn the_answers_of_the_original_are_met() {
    assert_equal(&golden("expected.json"), &document_of(&TaskFixture::original()), RULES);
}

#[test]
fn the_answers_after_a_fresh_start_are_met() {
    assert_equal(&golden("expected_fresh_start.json"), &document_of(&TaskFixture::fresh_start()), RULES);
}

#[test]
fn the_scores_of_days_are_met() {
    assert_equal(&golden("expected_day_scores.json"), &document_of(&TaskFixture::original()), RULES);
}

#[test]
fn the_definitions_are_met() {
    assert_equal(&golden("expected_defined.json"), &document_of(&TaskFixture::tracked()), RULES);
}

/// Where the number of each explanation stands in the document.
const HEADLINES: [(&str, &str); 19] = [
    ("completion_rate", "/get_dashboard_metrics/counts"),
    ("avg_relief", "/get_dashboard_metrics/quality"),
    ("avg_stress_level", "/get_dashboard_metrics/quality"),
    ("avg_net_wellbeing", "/get_dashboard_metrics/quality"),
    ("general_aversion_score", "/get_dashboard_metrics/aversion"),
    ("adjusted_wellbeing", "/get_dashboard_metrics/quality"),
    ("thoroughness_score", "/get_dashboard_metrics/quality"),
    ("balance_score", "/get_dashboard_metrics/life_balance"),
    ("work_volume_score", "/get_dashboard_metrics/productivity_volume"),
    ("work_consistency_score", "/get_dashboard_metrics/productivity_volume"),
    ("productivity_potential_score", "/get_dashboard_metrics/productivity_volume"),
    ("composite_productivity_score", "/get_dashboard_metrics/productivity_volume"),
    ("tracking_consistency_score", "/calculate_time_tracking_consistency_score/days=7,target_sleep_hours=8.0"),
    ("composite_score", "/composite_score"),
    ("weekly_relief_score_with_bonus_robust", "/get_relief_summary"),
    ("weekly_productivity_score", "/get_relief_summary"),
    ("weekly_grit_score", "/get_relief_summary"),
    ("percentage_of_goal", "/tracker_compare_to_goal"),
    ("target_points", "/tracker_productivity_points_target(30h)"),
];

#[test]
fn every_headline_is_explained_by_its_own_number() {
    let document = document_of(&TaskFixture::original());
    let explanations = document["headline_explanations"].as_array().unwrap();
    assert_eq!(explanations.len(), HEADLINES.len());
    for (explanation, (quantity, place)) in explanations.iter().zip(HEADLINES) {
        assert_eq!(explanation["quantity"], quantity);
        let plain = &document.pointer(place).unwrap()[quantity];
        assert!(plain.is_number() && explanation["result"] == *plain, "{quantity}: {explanation}");
        assert!(!explanation["inputs"].as_array().unwrap().is_empty(), "{quantity}");
    }
}

/// The step or input of this name.
fn term(explanation: &Value, list: &str, name: &str) -> f64 {
    let terms = explanation[list].as_array().unwrap();
    terms.iter().find(|term| term["name"] == name).unwrap()["value"].as_f64().unwrap()
}

#[test]
fn the_steps_of_a_headline_lead_to_it() {
    let document = document_of(&TaskFixture::original());
    let of = |quantity: &str| {
        let all = document["headline_explanations"].as_array().unwrap();
        all.iter().find(|explanation| explanation["quantity"] == quantity).unwrap()
    };
    for quantity in ["weekly_productivity_score", "weekly_grit_score", "composite_score"] {
        let steps = of(quantity)["steps"].as_array().unwrap();
        let sum: f64 = steps.iter().map(|step| step["value"].as_f64().unwrap()).sum();
        assert!((sum - of(quantity)["result"].as_f64().unwrap()).abs() < 0.1, "{quantity}: {sum}");
    }
    let stress = of("avg_stress_level");
    let mean = term(stress, "steps", "sum") / term(stress, "inputs", "n");
    assert!((mean - stress["result"].as_f64().unwrap()).abs() < 0.005);
    let consistency = of("work_consistency_score");
    let score = 100.0 * (1.0 - term(consistency, "steps", "var") / 57_600.0);
    assert!((score - consistency["result"].as_f64().unwrap()).abs() < 0.05);
}

#[test]
fn nothing_at_all_has_the_values_that_stand_for_nothing() {
    let document = document(&TaskInput::default(), now());
    let dashboard = &document["get_dashboard_metrics"];
    assert_eq!(dashboard.get("life_balance"), None);
    assert_eq!(dashboard["quality"]["avg_stress_efficiency"], Value::Null);
    assert_eq!(dashboard["quality"]["avg_net_wellbeing_normalized"], 50.0);
    assert_eq!(dashboard["quality"]["adjusted_wellbeing_normalized"], 50.0);
    assert_eq!(dashboard["quality"]["thoroughness_score"], 50.0);
    assert_eq!(dashboard["productivity_volume"]["work_consistency_score"], 50.0);
    let relief = &document["get_relief_summary"];
    assert_eq!((relief.get("avg_efficiency"), relief.get("total_obstacles_average_robust")), (None, None));
    assert_eq!(relief["weekly_obstacles_bonus_multiplier_robust"], 1.0);
    assert_eq!(document["get_weekly_hours_history"].get("days_with_data"), None);
    assert_eq!(document["get_life_balance"]["work_play_ratio"], 0.0);
    assert_eq!(document["composite_execution_score (corrected)"], 50.0);
    assert_eq!(document["tracker_compare_to_goal"]["status"], "no_data");
    let tracking = &document["calculate_time_tracking_consistency_score"]["days=7,target_sleep_hours=8.0"];
    assert_eq!(
        (&tracking["avg_untracked_time_minutes"], &tracking["tracking_coverage"]),
        (&1440.0.into(), &0.0.into())
    );
}

#[test]
fn a_changed_answer_is_noticed() {
    let expected = golden("expected.json");
    let mut document = document_of(&TaskFixture::original());
    document["get_dashboard_metrics"]["quality"]["avg_relief"] = Value::from(59.375);
    document["get_relief_summary"].as_object_mut().unwrap().remove("avg_efficiency");
    let found = differences(&expected, &document, RULES);
    assert!(found.contains(&"/get_relief_summary/avg_efficiency: missing".to_owned()), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("/get_dashboard_metrics/quality/avg_relief:")), "{found:?}");
}

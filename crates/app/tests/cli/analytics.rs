//! Comparison of two periods, the same on every store.

use crate::delivery::filled;
use crate::support::Sandbox;
use serde_json::Value;

const NOW: [&str; 2] = ["--now", "2025-12-27 18:00"];

fn compare<'a>(area: &'a str, first: &'a str, second: &'a str) -> Vec<&'a str> {
    let mut all = vec!["analytics", area, "--compare", first, "--with", second];
    all.extend(NOW);
    all
}

fn with_json(mut arguments: Vec<&str>) -> Vec<&str> {
    arguments.push("--json");
    arguments
}

fn metric<'a>(comparison: &'a Value, name: &str) -> &'a Value {
    comparison["metrics"].as_array().unwrap().iter().find(|metric| metric["metric"] == name).unwrap()
}

#[test]
fn two_periods_of_tasks() {
    let arguments = compare("tasks", "2025-11-21..2025-11-26", "2025-11-26..2025-12-01");
    let sandbox = Sandbox::new();
    let folder = sandbox.legacy_folder("nov2025");
    sandbox.expect(0, &["db", "migrate"]);
    sandbox.expect(0, &["import", &folder]);
    let answer = sandbox.json(&with_json(arguments.clone()));
    let comparison = &answer["comparison"];
    assert_eq!(comparison["first"][1], "2025-11-26 00:00:00", "{answer}");
    let per_day = metric(comparison, "completed_per_day");
    assert_eq!((&per_day["n_first"], &per_day["n_second"]), (&5.into(), &5.into()), "{per_day}");
    assert_eq!((&per_day["mean_first"], &per_day["mean_second"]), (&3.4.into(), &4.0.into()), "{per_day}");
    assert!(per_day["p_value"].is_f64() && per_day["interval_95"]["low"].is_f64(), "{per_day}");
    assert_eq!(metric(comparison, "relief_score")["n_second"], 20, "{answer}");
    let text = sandbox.expect(0, &arguments).stdout;
    assert!(text.contains("completed_per_day") && text.contains("2025-11-21 to before 2025-11-26"), "{text}");
}

#[test]
fn two_periods_of_each_query() {
    let sandbox = Sandbox::new();
    filled(&sandbox);
    let arguments = compare("delivery", "2025-10-01..2025-11-01", "2025-11-01..2025-12-01");
    let answer = sandbox.json(&with_json(arguments.clone()));
    let all = answer["comparisons"].as_array().unwrap();
    assert!(!all.is_empty(), "{answer}");
    for found in all {
        let weekly = metric(&found["comparison"], "items_completed_per_week");
        assert!(weekly["n_first"].is_number() && weekly["verdict"].is_string(), "{found}");
        assert!(found["query"].is_string() && found["profile"].is_string());
    }
    let text = sandbox.expect(0, &arguments).stdout;
    assert!(text.contains("items_completed_per_week") && text.contains("2025-10-01 to before 2025-11-01"), "{text}");
}

#[test]
fn a_period_that_is_none_is_told_exactly() {
    let sandbox = Sandbox::new();
    sandbox.expect(0, &["db", "migrate"]);
    let good = "2025-11-01..2025-12-01";
    for (first, second, reason) in [
        ("2025-11-01", good, "--compare \"2025-11-01\" is no period"),
        (good, "2025-11-31..2025-12-01", "--with \"2025-11-31..2025-12-01\" is no period: \"2025-11-31\" is no date"),
        ("2025-12-01..2025-12-01", good, "is empty: its end is not after its start"),
        (good, "2025-12-01..2026-01-01", "ends after today, 2025-12-27"),
    ] {
        for area in ["tasks", "delivery"] {
            let ran = sandbox.expect(2, &compare(area, first, second));
            assert!(ran.stderr.contains(reason) && ran.stderr.contains("FROM..TO"), "{ran:?}");
        }
    }
    sandbox.expect(2, &["analytics", "tasks", "--compare", good]);
    sandbox.expect(2, &["analytics", "delivery", "--with", good]);
}

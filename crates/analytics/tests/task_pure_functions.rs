//! Formulas without state against tables of inputs and outputs of the original.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may panic, also in their helpers"
)]

mod support;

use landfast_analytics::tasks::aversion::{
    ImprovementInputs, LoadInputs, WeightedMetric, aversion_multiplier, detect_spontaneous, difficulty_bonus,
    improvement_bonus, is_test_task, obstacle_scores, overall_improvement_ratio, spontaneous_threshold,
    weekly_bonus_multiplier,
};
use landfast_analytics::tasks::efficiency::efficiency_score;
use landfast_analytics::tasks::grit::focus_factor;
use landfast_analytics::tasks::procrastination::priority_score;
use landfast_analytics::tasks::productivity::{
    DayTimes, EnhancementInputs, ProductivityContext, ProductivityInputs, WorkTotal, baseline_score, enhanced_score,
    productivity_score,
};
use landfast_analytics::tasks::rows::{Curve, PreparedRow, ProductivitySettings, TaskData, TaskInput, TypeClass};
use landfast_analytics::tasks::summary::{composite_productivity_score, composite_score, productivity_potential};
use landfast_domain::json::Json;
use landfast_domain::record::Record;
use landfast_domain::tasks::{Task, TaskInstance};
use serde_json::{Map, Value, json};
use support::compare::{Rules, differences};
use support::fixtures::golden;

/// A key that describes the tables and holds none.
const CONTEXT: &str = "calculate_productivity_score_context";

#[test]
fn every_table_of_formulas_is_reproduced() {
    let tables = golden("pure_functions.json");
    let mut found = Vec::new();
    let mut rows = 0;
    for (name, table) in tables.as_object().unwrap() {
        if name == CONTEXT {
            continue;
        }
        for (number, row) in table.as_array().unwrap().iter().enumerate() {
            let actual = answer(name, &row["args"]);
            let compared = differences(&row["result"], &actual, rules(name));
            found.extend(compared.iter().map(|line| format!("{name}/{number}{line} for {}", row["args"])));
            rows += 1;
        }
    }
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
    assert!(rows > 500, "{rows}");
}

#[test]
fn the_default_settings_are_those_of_the_tables() {
    let context = &golden("pure_functions.json")[CONTEXT];
    let stated = &context["default_settings_used_when_productivity_settings_is_null"];
    let stated = Json::parse(&stated.to_string()).unwrap();
    let defaults = ProductivitySettings::default();
    assert_eq!(ProductivitySettings::of_caller(stated.as_object().unwrap()), defaults);
    assert_eq!(context["cancellation_penalties"], "built-in defaults");
    assert_eq!(context["play_penalty_threshold"], 2.0);
}

fn rules(name: &str) -> Rules {
    let decimals: fn(&str) -> Option<i32> = match name {
        "calculate_obstacles_scores" | "calculate_efficiency_score" | "calculate_baseline_productivity_score" => {
            |_| Some(2)
        }
        "compute_priority_score" => |_| Some(3),
        "calculate_composite_productivity_score" => |_| Some(1),
        "calculate_productivity_potential" => |path| Some(if path.ends_with("multiplier") { 2 } else { 1 }),
        "calculate_composite_score" => |path| {
            Some(if path.contains("normalized_weights") {
                3
            } else if path.contains("contributions") {
                2
            } else {
                1
            })
        },
        "calculate_productivity_score_with_enhancements" => {
            |path| Some(if path.contains("details") && !path.contains("achievement") { 3 } else { 2 })
        }
        _ => |_| None,
    };
    Rules { decimals, ..Rules::STRICT }
}

fn answer(name: &str, args: &Value) -> Value {
    let number = |key: &str| args[key].as_f64();
    let given = |key: &str| number(key).unwrap();
    let loads = || LoadInputs {
        stress_level: number("stress_level"),
        mental_energy: number("mental_energy"),
        difficulty: number("task_difficulty"),
    };
    match name {
        "calculate_difficulty_bonus" => json!(difficulty_bonus(number("current_aversion"), &loads())),
        "calculate_improvement_multiplier" => {
            json!(improvement_bonus(number("initial_aversion"), number("current_aversion")))
        }
        "calculate_aversion_multiplier" => {
            json!(aversion_multiplier(number("initial_aversion"), number("current_aversion"), &loads()))
        }
        "calculate_overall_improvement_ratio" => improvement(args),
        "get_task_type_multiplier" => {
            json!(TypeClass::of(args["task_type"].as_str().unwrap_or_default()).relief_weight())
        }
        "calculate_spontaneous_aversion_threshold" => json!(spontaneous_threshold(given("baseline_aversion"))),
        "detect_spontaneous_aversion" => {
            let spike = detect_spontaneous(number("baseline_aversion"), number("current_aversion"));
            json!([spike.is_spontaneous, spike.amount])
        }
        "calculate_obstacles_bonus_multiplier" => json!(weekly_bonus_multiplier(given("spike_amount"))),
        "calculate_obstacles_scores" => json!(obstacle_scores(
            number("baseline_aversion"),
            number("current_aversion"),
            number("expected_relief"),
            number("actual_relief"),
        )),
        "is_test_task" => json!(is_test_task(args["task_name"].as_str().unwrap_or_default())),
        "calculate_productivity_potential" => json!(productivity_potential(
            given("avg_efficiency_score"),
            given("avg_daily_work_time"),
            given("target_hours_per_day"),
        )),
        "calculate_composite_productivity_score" => json!(composite_productivity_score(
            given("efficiency_score"),
            given("volume_score"),
            given("consistency_score"),
        )),
        "calculate_composite_score" => json!(composite_score(
            &pairs(&args["components"]),
            &pairs(&args["weights"]),
            args["normalize_components"].as_bool().unwrap(),
        )),
        "calculate_productivity_score" => productivity(args),
        "calculate_efficiency_score" => {
            let mut instance = instance(&args["predicted_dict"], &args["actual_dict"]);
            instance.relief_score.set_raw(text(&args["relief_score"]));
            json!(efficiency_score(&prepared(&instance, "Work")))
        }
        "calculate_focus_factor" => {
            json!(focus_factor(&prepared(&instance(&args["predicted"], &args["actual"]), "Work")))
        }
        "compute_priority_score" => {
            let mut instance = instance(&Value::Null, &Value::Null);
            instance.procrastination_score.set_raw(text(&args["procrastination_score"]));
            instance.proactive_score.set_raw(text(&args["proactive_score"]));
            instance.predicted.set_raw(text(&args["predicted"]));
            json!(priority_score(&prepared(&instance, "Work")))
        }
        "calculate_baseline_productivity_score" => json!(baseline_score(
            given("completion_pct"),
            TypeClass::of(args["task_type"].as_str().unwrap()),
            given("time_actual_minutes"),
            given("time_estimate_minutes"),
            u32::try_from(args["self_care_tasks_today"].as_u64().unwrap()).unwrap(),
        )),
        "calculate_productivity_score_with_enhancements" => enhanced(args),
        other => panic!("no formula for {other}"),
    }
}

fn improvement(args: &Value) -> Value {
    let weights = &args["metric_weights"];
    let metrics = |key: &str| -> Vec<WeightedMetric> {
        let weighted =
            |(name, value): (&str, f64)| WeightedMetric { value, weight: weights[name].as_f64().unwrap_or(1.0) };
        pairs(&args[key]).into_iter().map(weighted).collect()
    };
    let (good, bad) = (metrics("high_performing_metrics"), metrics("poor_performing_metrics"));
    json!(overall_improvement_ratio(&ImprovementInputs {
        self_care_per_day: args["current_self_care_per_day"].as_f64().unwrap(),
        average_self_care_per_day: args["avg_self_care_per_day"].as_f64().unwrap(),
        relief_score: args["current_relief_score"].as_f64(),
        average_relief_score: args["avg_relief_score"].as_f64().unwrap(),
        good: &good,
        bad: &bad,
    }))
}

fn productivity(args: &Value) -> Value {
    let row = &args["row"];
    let mut instance = instance(&row["predicted_dict"], &row["actual_dict"]);
    instance.status.set_raw(text(&row["status"]));
    instance.completed_at.set_raw(text(&row["completed_at"]));
    let row = prepared(&instance, row["task_type"].as_str().unwrap());
    let settings = &args["productivity_settings"];
    let settings = settings.as_object().map(|_| Json::parse(&settings.to_string()).unwrap());
    let mut context = ProductivityContext {
        settings: settings.map_or_else(ProductivitySettings::default, |settings| {
            ProductivitySettings::of_caller(settings.as_object().unwrap())
        }),
        goal_hours: args["goal_hours_per_week"].as_f64(),
        week_hours: args["weekly_productive_hours"].as_f64(),
        work: args["weekly_work_summary"].as_object().map(|work| WorkTotal {
            minutes: work["total_work_time_minutes"].as_f64().unwrap(),
            days: usize::try_from(work["days_count"].as_u64().unwrap()).unwrap(),
        }),
        ..ProductivityContext::default()
    };
    for (day, count) in pairs(&args["self_care_tasks_per_day"]) {
        context.self_care_by_day.insert(day.parse().unwrap(), format!("{count:.0}").parse().unwrap());
    }
    for (day, times) in args["work_play_time_per_day"].as_object().unwrap_or(&Map::new()) {
        let minutes = |key: &str| times[key].as_f64().unwrap();
        let times = DayTimes { work_minutes: minutes("work_time"), play_minutes: minutes("play_time") };
        context.times_by_day.insert(day.parse().unwrap(), times);
    }
    json!(productivity_score(&ProductivityInputs::of(&row), &context))
}

fn enhanced(args: &Value) -> Value {
    let number = |key: &str| args[key].as_f64();
    let score = enhanced_score(&EnhancementInputs {
        baseline_score: number("baseline_score").unwrap(),
        estimate_minutes: number("time_estimate_minutes"),
        actual_minutes: number("time_actual_minutes"),
        completion_percent: number("completion_percentage"),
        curve: Curve::from_name(args["weekly_curve"].as_str().unwrap()),
        strength: number("weekly_curve_strength").unwrap(),
        goal_hours: number("goal_hours_per_week"),
        week_hours: number("weekly_productive_hours"),
    });
    let (mut applied, mut details) = (Vec::new(), Map::new());
    if let Some((multiplier, ratio)) = score.efficiency {
        applied.push("efficiency_bonus");
        let detail = json!({"multiplier": multiplier, "efficiency_ratio": ratio, "completion_time_ratio": ratio});
        details.insert("efficiency_bonus".to_owned(), detail);
    }
    if let Some((multiplier, achievement)) = score.goal {
        applied.push("goal_adjustment");
        let detail = json!({"multiplier": multiplier, "achievement_ratio": achievement});
        details.insert("goal_adjustment".to_owned(), detail);
    }
    json!({
        "final_score": score.final_score,
        "baseline_score": score.baseline_score,
        "enhancements_applied": applied,
        "enhancement_details": details,
    })
}

fn instance(predicted: &Value, actual: &Value) -> TaskInstance {
    let mut instance = TaskInstance::blank("i".into());
    instance.task_id.set_raw("t");
    instance.predicted.set_raw(predicted.to_string());
    instance.actual.set_raw(actual.to_string());
    instance
}

fn prepared(instance: &TaskInstance, task_type: &str) -> PreparedRow {
    let mut task = Task::blank("t".into());
    task.task_id.set_raw("t");
    task.task_type.set_raw(task_type);
    let input = TaskInput { tasks: &[task], instances: std::slice::from_ref(instance), ..TaskInput::default() };
    TaskData::new(&input).rows()[0].clone()
}

fn pairs(object: &Value) -> Vec<(&str, f64)> {
    let members = object.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value.as_f64().unwrap())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}

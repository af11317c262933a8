//! What holds for the scores of any set of instances.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may panic, also in their helpers"
)]

use landfast_analytics::tasks::aversion::LoadInputs;
use landfast_analytics::tasks::aversion::{aversion_multiplier, aversion_scores, detect_spontaneous, obstacle_scores};
use landfast_analytics::tasks::execution::{execution_score, momentum, thoroughness};
use landfast_analytics::tasks::grit::{completions_of, focus_factor, grit_terms};
use landfast_analytics::tasks::instances::per_instance;
use landfast_analytics::tasks::productivity::{ProductivityContext, ProductivityInputs, productivity_terms};
use landfast_analytics::tasks::rows::{TaskData, TaskInput};
use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_domain::time::Timestamp;
use proptest::prelude::*;

/// One payload value: a rating, something outside of the scale, a text, or nothing usable.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..=100_i32).prop_map(|rating| rating.to_string()),
        (-50.0..300.0_f64).prop_map(|number| format!("{number:.3}")),
        Just("\"45.0\"".to_owned()),
        Just("null".to_owned()),
        Just("NaN".to_owned()),
        Just("\"much\"".to_owned()),
        Just("[1]".to_owned()),
    ]
}

fn payload(keys: &'static [&'static str]) -> impl Strategy<Value = String> {
    let member = (prop::sample::select(keys), value()).prop_map(|(key, value)| format!("\"{key}\": {value}"));
    let object = prop::collection::vec(member, 0..12).prop_map(|members| format!("{{{}}}", members.join(", ")));
    prop_oneof![9 => object, 1 => Just("{broken".to_owned())]
}

const PREDICTED: &[&str] = &[
    "time_estimate_minutes",
    "estimate",
    "expected_relief",
    "expected_aversion",
    "initial_aversion",
    "aversion",
    "expected_mental_energy",
    "expected_difficulty",
    "expected_cognitive_load",
    "expected_emotional_load",
    "expected_physical_load",
    "motivation",
    "task_difficulty",
];
const ACTUAL: &[&str] = &[
    "completion_percent",
    "time_actual_minutes",
    "actual_relief",
    "actual_cognitive",
    "actual_emotional",
    "actual_physical",
    "relief_score",
    "stress_level",
    "task_difficulty",
];

fn time() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (1..=28_u32, 0..24_u32, 0..60_u32).prop_map(|(d, h, m)| format!("2025-12-{d:02} {h:02}:{m:02}")),
        1 => Just(String::new()),
        1 => Just("soon".to_owned()),
    ]
}

fn instance() -> impl Strategy<Value = TaskInstance> {
    let times = (time(), time(), time(), time());
    let status = prop::sample::select(vec!["completed", "active", "cancelled", ""]);
    let cells = (prop_oneof!["", "[0-9]{1,3}", "x"], prop_oneof!["", "[0-9]{1,2}"]);
    (0..4_u32, times, payload(PREDICTED), payload(ACTUAL), status, cells).prop_map(
        |(task, (created, initialized, started, completed), predicted, actual, status, (load, delay))| {
            let mut row = TaskInstance::blank("i".into());
            row.task_id.set_raw(format!("t{task}"));
            row.created_at.set_raw(created);
            row.initialized_at.set_raw(initialized);
            row.started_at.set_raw(started);
            row.completed_at.set_raw(completed);
            row.predicted.set_raw(predicted);
            row.actual.set_raw(actual);
            row.status.set_raw(status);
            row.cognitive_load.set_raw(load.as_str());
            row.task_difficulty.set_raw(load);
            row.delay_minutes.set_raw(delay);
            row
        },
    )
}

fn tasks() -> Vec<Task> {
    let task = |(id, task_type): (&str, &str)| {
        let mut task = Task::blank(id.into());
        task.task_id.set_raw(id);
        task.task_type.set_raw(task_type);
        task
    };
    [("t0", "Work"), ("t1", "Self care"), ("t2", "play")].into_iter().map(task).collect()
}

fn now() -> Timestamp {
    Timestamp::parse("2025-12-27 18:00").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_stay_within_their_ranges(instances in prop::collection::vec(instance(), 0..40)) {
        let tasks = tasks();
        let data = TaskData::new(&TaskInput { tasks: &tasks, instances: &instances, ..TaskInput::default() });
        let factor = thoroughness(&data, now(), 30).factor;
        prop_assert!((0.5..=1.3).contains(&factor));
        let context = ProductivityContext::of_history(&data, now());
        for row in data.rows() {
            prop_assert!((0.0..=100.0).contains(&row.behavioral_score) || row.behavioral_score == row.behavioral_score_raw);
            prop_assert!((0.0..=115.0).contains(&row.behavioral_score_raw));
            prop_assert!(row.stress_efficiency.is_none_or(|score| (0.0..=100.0).contains(&score)));
            prop_assert!((0.0..=100.0).contains(&row.stress_relief_correlation_score));
            prop_assert!(row.serendipity_factor >= 0.0 && row.disappointment_factor >= 0.0);
            prop_assert!((0.0..=1.0).contains(&focus_factor(row)));
            prop_assert!((0.0..=1.0).contains(&momentum(&data, row).factor));
            prop_assert!((0.0..=100.0).contains(&execution_score(&data, row, factor)));
            let grit = grit_terms(&data, row, completions_of(&data, row));
            prop_assert!((0.0..=1.0).contains(&grit.persistence.factor));
            prop_assert!((0.5..=1.5).contains(&grit.passion) && grit.time_bonus >= 1.0);
            let terms = productivity_terms(&ProductivityInputs::of(row), &context);
            prop_assert!((0.5..=1.5).contains(&terms.efficiency_multiplier) && terms.score.is_finite());
        }
        for score in aversion_scores(&data, now()).into_iter().flatten() {
            prop_assert!((0.0..=100.0).contains(&score));
        }
    }

    #[test]
    fn every_row_is_indexed_once(instances in prop::collection::vec(instance(), 0..40)) {
        let data = TaskData::new(&TaskInput { instances: &instances, ..TaskInput::default() });
        prop_assert_eq!(data.by_task().iter().map(|(_, rows)| rows.all.len()).sum::<usize>(), data.rows().len());
        prop_assert_eq!(data.by_day().values().map(Vec::len).sum::<usize>(), data.by_completion().len());
        prop_assert_eq!(data.completed().count(), instances.iter().filter(|row| !row.completed_at.is_blank()).count());
        let times: Vec<_> = data.at(data.by_completion()).map(|row| (row.completed_at, row.position)).collect();
        prop_assert!(times.is_sorted());
    }

    #[test]
    fn instances_of_other_tasks_do_not_change_a_rating(
        instances in prop::collection::vec(instance(), 1..20),
        other in instance(),
    ) {
        let mut more = instances.clone();
        more.push({ let mut other = other; other.task_id.set_raw("elsewhere"); other });
        let [few, many] = [&instances, &more]
            .map(|instances| TaskData::new(&TaskInput { instances, ..TaskInput::default() }));
        for (row, same) in few.rows().iter().zip(many.rows()) {
            prop_assert_eq!(row.stress_level.to_bits(), same.stress_level.to_bits());
            prop_assert_eq!(row.behavioral_score_raw.to_bits(), same.behavioral_score_raw.to_bits());
            prop_assert_eq!(row.spike_robust.to_bits(), same.spike_robust.to_bits());
        }
    }

    #[test]
    fn the_same_records_give_the_same_document(instances in prop::collection::vec(instance(), 0..20)) {
        let tasks = tasks();
        let input = TaskInput { tasks: &tasks, instances: &instances, ..TaskInput::default() };
        let document = || per_instance(&TaskData::new(&input), now(), now()).to_string();
        prop_assert_eq!(document(), document());
    }

    #[test]
    fn more_aversion_never_lowers_spike_multiplier_and_obstacles(
        baseline in 0.0..100.0_f64,
        current in 0.0..100.0_f64,
        more in 0.0..50.0_f64,
        relief in 0.0..100.0_f64,
    ) {
        let spike = |aversion: f64| detect_spontaneous(Some(baseline), Some(aversion));
        prop_assert!(spike(current).amount <= spike(current + more).amount);
        let multiplier = |aversion: f64| aversion_multiplier(None, Some(aversion), &LoadInputs::default());
        prop_assert!(multiplier(current) <= multiplier(current + more));
        let obstacles = |aversion: f64| obstacle_scores(Some(baseline), Some(aversion), Some(relief), Some(relief));
        for (less, greater) in obstacles(current).values().iter().zip(obstacles(current + more).values()) {
            prop_assert!(*less <= greater);
        }
    }
}

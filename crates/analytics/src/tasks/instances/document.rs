//! Every derived number of every instance, and the averages of every task, as one document.

use crate::tasks::aversion::obstacle_scores;
use crate::tasks::efficiency::efficiency_score;
use crate::tasks::execution::{THOROUGHNESS_DAYS, execution_score, momentum, thoroughness};
use crate::tasks::grit::{completions_of, focus_factor, grit_score, persistence};
use crate::tasks::history::TaskHistory;
use crate::tasks::procrastination::priority_score;
use crate::tasks::productivity::{ProductivityContext, ProductivityInputs, productivity_score};
use crate::tasks::rows::{PreparedRow, TaskData, TaskInput};
use landfast_domain::time::Timestamp;
use serde_json::{Map, Value, json};

/// All derived numbers of all loaded rows, in creation order.
///
/// Scores of completed instances are absent for others; `obstacles_robust` and `obstacles_sensitive` are present for
/// spontaneous aversion only. Productivity, grit and execution are those of the relief summary: in the context of all
/// completed rows, with the goal step.
#[must_use]
pub fn per_instance(data: &TaskData, now: Timestamp, now_utc: Timestamp) -> Value {
    let context = ProductivityContext::of_history(data, now);
    let thoroughness = thoroughness(data, now_utc, THOROUGHNESS_DAYS).factor;
    let row = |row: &PreparedRow| {
        let mut document = columns(row);
        if row.is_completed() {
            document.extend(scores(data, row, &context, thoroughness));
        }
        Value::Object(document)
    };
    data.rows().iter().map(row).collect()
}

/// Averages and baselines of each task of the table, by task id, as the original gives them.
///
/// An average that the original could not round, because a payload holds `NaN`, is `null`.
#[must_use]
pub fn per_task(input: &TaskInput<'_>) -> Value {
    let histories = TaskHistory::by_task(input.instances);
    let none = TaskHistory::default();
    let task = |id: &str| {
        let history = histories.get(id).unwrap_or(&none);
        let robust = history.baseline_aversion_robust().ok().flatten();
        let sensitive = history.baseline_aversion_sensitive().ok().flatten();
        json!({
            "previous_task_averages": history.legacy_task_averages().ok(),
            "previous_actual_averages": history.legacy_actual_averages().ok(),
            "initial_aversion": history.initial_aversion(),
            "previous_aversion_average": history.aversion_average().ok().flatten(),
            "baseline_robust": robust,
            "baseline_sensitive": sensitive,
            "batch": {"robust": robust, "sensitive": sensitive},
            "has_completed": history.legacy_has_completed(),
        })
    };
    let entry = |id: &str| (id.to_owned(), task(id));
    Value::Object(input.tasks.iter().map(|task| entry(task.task_id.legacy())).collect())
}

fn columns(row: &PreparedRow) -> Map<String, Value> {
    let mut document = Map::new();
    let mut add = |key: &str, value: Value| document.insert(key.to_owned(), value);
    add("instance_id", json!(row.instance_id));
    add("duration_minutes", json!(row.duration_minutes));
    add("relief_score", json!(row.relief_score));
    add("mental_energy_needed", json!(row.mental_energy_needed));
    add("task_difficulty", json!(row.task_difficulty));
    add("emotional_load", json!(row.emotional_load));
    add("environmental_effect", json!(row.environmental_effect));
    add("physical_load", json!(row.physical_load));
    add("expected_aversion", json!(row.expected_aversion));
    add("expected_relief", json!(row.expected_relief));
    add("stress_level", json!(row.stress_level));
    add("net_wellbeing", json!(row.net_wellbeing));
    add("net_wellbeing_normalized", json!(row.net_wellbeing_normalized));
    add("stress_efficiency_raw", json!(row.stress_efficiency_raw));
    add("stress_efficiency", json!(row.stress_efficiency));
    add("net_relief", json!(row.net_relief));
    add("serendipity_factor", json!(row.serendipity_factor));
    add("disappointment_factor", json!(row.disappointment_factor));
    add("stress_relief_correlation_score", json!(row.stress_relief_correlation_score));
    add("behavioral_score_raw", json!(row.behavioral_score_raw));
    add("behavioral_score", json!(row.behavioral_score));
    add("priority_score", json!(priority_score(row)));
    document
}

fn scores(data: &TaskData, row: &PreparedRow, context: &ProductivityContext, thoroughness: f64) -> Map<String, Value> {
    let completions = completions_of(data, row);
    let mut document = Map::new();
    let mut add = |key: &str, value: Value| document.insert(key.to_owned(), value);
    add("spontaneous_robust", json!(row.spontaneous_robust));
    add("spike_robust", json!(row.spike_robust));
    add("spontaneous_sensitive", json!(row.spontaneous_sensitive));
    add("spike_sensitive", json!(row.spike_sensitive));
    let obstacles = |baseline| {
        json!(obstacle_scores(baseline, row.stated_aversion(), row.expected_relief, row.actual.actual_relief))
    };
    if row.spontaneous_robust {
        add("obstacles_robust", obstacles(row.baseline_robust));
    }
    if row.spontaneous_sensitive {
        add("obstacles_sensitive", obstacles(row.baseline_sensitive));
    }
    add("productivity_score", json!(productivity_score(&ProductivityInputs::of(row), context)));
    add("efficiency_score", json!(efficiency_score(row)));
    add("grit_score", json!(grit_score(data, row, completions)));
    add("focus_factor", json!(focus_factor(row)));
    add("persistence_factor", json!(persistence(data, row, Some(completions.max(1))).factor));
    add("execution_score", json!(execution_score(data, row, thoroughness)));
    add("momentum_factor", json!(momentum(data, row).factor));
    document
}

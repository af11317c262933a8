//! What does not depend on the time: calculated when it is first asked for, and kept with the rows.

use super::aversion::{LoadInputs, aversion_multiplier};
use super::efficiency::{EfficiencySummary, efficiency_score, summary_of};
use super::execution::ExecutionParts;
use super::grit::{completions_of, grit_score};
use super::rows::{PreparedRow, TaskData};
use crate::stats::{mean, median};
use landfast_domain::text::round_to;

/// Scores of a completed instance at any time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::tasks) struct LastingScores {
    pub(in crate::tasks) efficiency: f64,
    pub(in crate::tasks) grit: f64,
    pub(in crate::tasks) execution: ExecutionParts,
    pub(in crate::tasks) aversion_multiplier: f64,
    pub(in crate::tasks) relief_duration: f64,
}

/// Means over rows, 2 decimals; 0 of nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::tasks) struct Means {
    pub(in crate::tasks) relief: f64,
    pub(in crate::tasks) cognitive_load: f64,
    pub(in crate::tasks) stress_level: f64,
    pub(in crate::tasks) net_wellbeing: f64,
    pub(in crate::tasks) net_wellbeing_normalized: f64,
    pub(in crate::tasks) stress_efficiency: f64,
    pub(in crate::tasks) aversion_of_completed: f64,
    pub(in crate::tasks) general_aversion: f64,
    pub(in crate::tasks) delay: f64,
    pub(in crate::tasks) estimation_accuracy: f64,
    /// Median, not a mean.
    pub(in crate::tasks) median_duration: f64,
}

/// Everything of this kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::tasks) struct Lasting {
    /// By position; `None` for rows that are not completed.
    pub(in crate::tasks) scores: Vec<Option<LastingScores>>,
    pub(in crate::tasks) means: Means,
    pub(in crate::tasks) efficiency: EfficiencySummary,
}

impl Lasting {
    pub(in crate::tasks) fn new(data: &TaskData) -> Self {
        let score = |row: &PreparedRow| row.is_completed().then(|| LastingScores::new(data, row));
        let scores: Vec<Option<LastingScores>> = data.rows().iter().map(score).collect();
        let scored = data.rows().iter().zip(&scores).filter_map(|(row, score)| Some((row, score.as_ref()?.efficiency)));
        Self { efficiency: summary_of(scored), means: Means::new(data), scores }
    }
}

impl LastingScores {
    fn new(data: &TaskData, row: &PreparedRow) -> Self {
        let initial = row.predicted.initial_aversion.unwrap_or(0.0);
        let multiplier = aversion_multiplier(Some(initial), Some(row.expected_aversion), &LoadInputs::default());
        Self {
            efficiency: efficiency_score(row),
            grit: grit_score(data, row, completions_of(data, row)),
            execution: ExecutionParts::of(data, row),
            aversion_multiplier: multiplier,
            relief_duration: row.relief_score * row.duration_minutes * multiplier * row.class.relief_weight() / 60.0,
        }
    }
}

impl Means {
    fn new(data: &TaskData) -> Self {
        let rows = data.rows();
        let all = |value: fn(&PreparedRow) -> f64| average(rows.iter().map(value));
        let delay = |row: &PreparedRow| Some(row.started_at?.minutes_since(row.created_at?));
        let timed = data.completed().filter(|row| row.duration_minutes > 0.0 && row.estimate_minutes > 0.0);
        let durations: Vec<f64> = rows.iter().map(|row| row.duration_minutes).collect();
        let active = average(rows.iter().filter(|row| row.is_active()).map(|row| row.expected_aversion));
        Self {
            relief: all(|row| row.relief_score),
            cognitive_load: average(rows.iter().filter_map(|row| row.cognitive_load)),
            stress_level: all(|row| row.stress_level),
            net_wellbeing: all(|row| row.net_wellbeing),
            net_wellbeing_normalized: all(|row| row.net_wellbeing_normalized),
            stress_efficiency: average(rows.iter().filter_map(|row| row.stress_efficiency)),
            aversion_of_completed: average(data.completed().map(|row| row.expected_aversion)),
            general_aversion: if active == 0.0 { all(|row| row.expected_aversion) } else { active },
            delay: average(rows.iter().filter_map(delay)),
            estimation_accuracy: average(timed.map(|row| row.duration_minutes / row.estimate_minutes)),
            median_duration: round_to(median(&durations).unwrap_or(0.0), 2),
        }
    }
}

/// Mean rounded to 2 decimals; 0 without values.
pub(in crate::tasks) fn average(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    round_to(mean(&values).unwrap_or(0.0), 2)
}

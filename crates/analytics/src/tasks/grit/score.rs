//! The grit score of one instance.

use super::factors::{
    Persistence, count, difficulty_share, focus_factor, legacy_focus_factor, passion_factor, persistence, time_bonus,
};
use crate::tasks::rows::{PreparedRow, TaskData};

/// The terms of a grit score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GritTerms {
    /// p: completion in percent, where missing and 0 count as 100.
    pub completion_percent: f64,
    /// Persistence with its parts.
    pub persistence: Persistence,
    /// Focus, 0 to 1.
    pub focus: f64,
    /// Passion, 0.5 to 1.5.
    pub passion: f64,
    /// Time bonus, 1 or more.
    pub time_bonus: f64,
    /// The score, in points.
    pub score: f64,
}

/// Grit score (version 1.2), in points: p (0.5 + persistence)(0.5 + focus) passion time_bonus. Task analytics 6.
///
/// `completions` is the number of completions of the task among the rows looked at; 0 counts as 1.
#[must_use]
pub fn grit_score(data: &TaskData, row: &PreparedRow, completions: usize) -> f64 {
    grit_terms(data, row, completions).score
}

/// [`grit_score`] with the focus of the original; see [`legacy_focus_factor`].
#[must_use]
pub fn legacy_grit_score(data: &TaskData, row: &PreparedRow, completions: usize) -> f64 {
    terms(data, row, completions, legacy_focus_factor(row)).score
}

/// The terms of [`grit_score`].
#[must_use]
pub fn grit_terms(data: &TaskData, row: &PreparedRow, completions: usize) -> GritTerms {
    terms(data, row, completions, focus_factor(row))
}

/// Grit scores of all completed rows, in creation order, where the completions of each task are counted over all of them.
#[must_use]
pub fn grit_scores(data: &TaskData) -> Vec<f64> {
    data.completed().map(|row| grit_score(data, row, completions_of(data, row))).collect()
}

/// Number of completed rows of the task of a row.
#[must_use]
pub fn completions_of(data: &TaskData, row: &PreparedRow) -> usize {
    data.of_task_of(row).map_or(0, |task| task.completed.len())
}

fn terms(data: &TaskData, row: &PreparedRow, completions: usize, focus: f64) -> GritTerms {
    let completions = completions.max(1);
    let persistence = persistence(data, row, Some(completions));
    let passion = passion_factor(row);
    let time_bonus = time_bonus(row.estimate_minutes, row.actual.minutes(), difficulty_share(row), completions);
    let completion_percent = row.actual.completion_or_full();
    let score = completion_percent * (0.5 + persistence.factor) * (0.5 + focus) * passion * time_bonus;
    GritTerms { completion_percent, persistence, focus, passion, time_bonus, score }
}

/// Count multiplier of grit 1.1, which stood where persistence and focus stand now: clamp((1 + 0.015 (n - 1)^1.001) decay, 1, 5)
/// with decay = 1/(1 + (n - 100)/200) for n > 100. Task analytics 6, last paragraph.
///
/// ```
/// use landfast_analytics::tasks::grit::legacy_count_multiplier;
/// assert_eq!(legacy_count_multiplier(1), 1.0);
/// ```
#[must_use]
pub fn legacy_count_multiplier(completions: usize) -> f64 {
    let n = count(completions.max(1));
    let decay = if n > 100.0 { 1.0 / (1.0 + (n - 100.0) / 200.0) } else { 1.0 };
    ((1.0 + 0.015 * (n - 1.0).powf(1.001)) * decay).clamp(1.0, 5.0)
}

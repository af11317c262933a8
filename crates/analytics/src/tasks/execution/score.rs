//! The execution score of one instance.

use super::momentum::{Momentum, momentum};
use crate::tasks::aversion::{LoadInputs, difficulty_bonus};
use crate::tasks::rows::{PreparedRow, TaskData};

/// The terms of an execution score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExecutionTerms {
    /// d, 0 to 1: difficulty bonus of the first aversion.
    pub difficulty: f64,
    /// s, 0 to 1: speed against the estimate.
    pub speed: f64,
    /// q, 0 to 1: speed of the start.
    pub start_speed: f64,
    /// Completion factor, 0 to 1.
    pub completion: f64,
    /// Thoroughness factor, 0.5 to 1.3.
    pub thoroughness: f64,
    /// Momentum.
    pub momentum: Momentum,
    /// The score, 0 to 100.
    pub score: f64,
}

/// Execution score (version 1.2), 0 to 100: clamp(50 (1 + d)(0.5 + 0.5 s)(0.5 + 0.5 q) completion thoroughness
/// (0.5 + 0.5 momentum), 0, 100). Task analytics 7.
///
/// `thoroughness_factor` is the factor of [`thoroughness`](super::thoroughness()), which is the same for all instances.
#[must_use]
pub fn execution_score(data: &TaskData, row: &PreparedRow, thoroughness_factor: f64) -> f64 {
    execution_terms(data, row, thoroughness_factor).score
}

/// The terms of [`execution_score`].
#[must_use]
pub fn execution_terms(data: &TaskData, row: &PreparedRow, thoroughness_factor: f64) -> ExecutionTerms {
    let difficulty = difficulty(row);
    let speed = speed_factor(row.estimate_minutes, row.actual.minutes());
    let start_speed = start_minutes(row).map_or(0.5, start_speed_factor);
    let completion = completion_factor(row.actual.completion_or_full());
    let momentum = momentum(data, row);
    let parts = parts(difficulty, speed, start_speed, completion, &momentum);
    ExecutionTerms {
        difficulty,
        speed,
        start_speed,
        completion,
        thoroughness: thoroughness_factor,
        momentum,
        score: parts.score(thoroughness_factor),
    }
}

/// The execution score of an instance but for thoroughness, the one factor that depends on the time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::tasks) struct ExecutionParts {
    before: f64,
    after: f64,
}

impl ExecutionParts {
    pub(in crate::tasks) fn of(data: &TaskData, row: &PreparedRow) -> Self {
        let terms = execution_terms(data, row, 1.0);
        parts(terms.difficulty, terms.speed, terms.start_speed, terms.completion, &terms.momentum)
    }

    /// 0 to 100; see [`ExecutionTerms`].
    pub(in crate::tasks) fn score(self, thoroughness_factor: f64) -> f64 {
        (self.before * thoroughness_factor * self.after).clamp(0.0, 100.0)
    }
}

fn parts(difficulty: f64, speed: f64, start_speed: f64, completion: f64, momentum: &Momentum) -> ExecutionParts {
    ExecutionParts {
        before: 50.0 * (1.0 + difficulty) * (0.5 + 0.5 * speed) * (0.5 + 0.5 * start_speed) * completion,
        after: 0.5 + 0.5 * momentum.factor,
    }
}

/// Speed, 0 to 1: 1 for t/e <= 0.5; 1.5 - t/e up to 1; 0.5 e/t beyond; 0.5 without estimate or time.
///
/// ```
/// use landfast_analytics::tasks::execution::speed_factor;
/// assert_eq!((speed_factor(60.0, 20.0), speed_factor(60.0, 45.0), speed_factor(30.0, 60.0)), (1.0, 0.75, 0.25));
/// ```
#[must_use]
pub fn speed_factor(estimate_minutes: f64, actual_minutes: f64) -> f64 {
    if estimate_minutes <= 0.0 || actual_minutes <= 0.0 {
        return 0.5;
    }
    let ratio = actual_minutes / estimate_minutes;
    if ratio <= 0.5 {
        1.0
    } else if ratio <= 1.0 {
        1.5 - ratio
    } else {
        0.5 / ratio
    }
}

/// Speed of the start after x minutes, 0 to 1: 1 up to 5; 1 - 0.2 (x - 5)/25 up to 30; 0.8 - 0.3 (x - 30)/90 up to 120;
/// 0.5 exp(-(x - 120)/240) beyond.
///
/// ```
/// use landfast_analytics::tasks::execution::start_speed_factor;
/// assert_eq!((start_speed_factor(-3.0), start_speed_factor(30.0), start_speed_factor(75.0)), (1.0, 0.8, 0.65));
/// ```
#[must_use]
pub fn start_speed_factor(minutes: f64) -> f64 {
    if minutes <= 5.0 {
        1.0
    } else if minutes <= 30.0 {
        1.0 - 0.2 * (minutes - 5.0) / 25.0
    } else if minutes <= 120.0 {
        0.8 - 0.3 * (minutes - 30.0) / 90.0
    } else {
        0.5 * (-(minutes - 120.0) / 240.0).exp()
    }
}

/// Completion factor for p percent: 1 from 100; 0.9 + 0.01 (p - 90) from 90; 0.5 + 0.01 (p - 50) from 50; else p/100.
///
/// ```
/// use landfast_analytics::tasks::execution::completion_factor;
/// assert_eq!((completion_factor(120.0), completion_factor(75.0), completion_factor(20.0)), (1.0, 0.75, 0.2));
/// ```
#[must_use]
pub fn completion_factor(percent: f64) -> f64 {
    if percent >= 100.0 {
        1.0
    } else if percent >= 90.0 {
        0.9 + 0.01 * (percent - 90.0)
    } else if percent >= 50.0 {
        0.5 + 0.01 * (percent - 50.0)
    } else {
        percent / 100.0
    }
}

/// Minutes from initialisation to the start, or to completion when it was never started.
fn start_minutes(row: &PreparedRow) -> Option<f64> {
    let begin = row.initialized_at?;
    Some(row.started_at.or(row.completed_at)?.minutes_since(begin))
}

fn difficulty(row: &PreparedRow) -> f64 {
    let mental = row.predicted.mental_energy_needed.filter(|value| *value != 0.0);
    let loads = LoadInputs {
        stress_level: row.actual.stress_level,
        mental_energy: mental.or(row.predicted.cognitive_load),
        difficulty: row.predicted.task_difficulty,
    };
    difficulty_bonus(row.predicted.first_aversion(), &loads)
}

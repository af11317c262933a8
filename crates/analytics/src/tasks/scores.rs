//! The scores of all completed instances, calculated once.

use super::aversion::{LoadInputs, aversion_multiplier};
use super::clock::Clock;
use super::efficiency::efficiency_score;
use super::execution::{Thoroughness, execution_score, thoroughness};
use super::grit::{completions_of, grit_score};
use super::productivity::{ProductivityContext, ProductivityInputs, productivity_score};
use super::rows::{PreparedRow, TaskData};

/// Days of reminders that thoroughness looks back on.
const REMINDER_DAYS: u32 = 30;

/// Scores of a completed instance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowScores {
    /// Efficiency score, points.
    pub efficiency: f64,
    /// Productivity score in the context of the whole history with the goal step, points.
    pub productivity: f64,
    /// Grit score with the completions of the task counted over the whole history, points.
    pub grit: f64,
    /// Execution score, 0 to 100.
    pub execution: f64,
    /// M: aversion multiplier of initial and expected aversion (missing 0) without loads, 1 to 2.
    pub aversion_multiplier: f64,
    /// Relief duration score: relief score × duration in minutes × M × weight of the class / 60.
    pub relief_duration: f64,
}

/// Scores of all completed instances of a user at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    rows: Vec<Option<RowScores>>,
    thoroughness: Thoroughness,
    context: ProductivityContext,
}

impl Scores {
    /// Calculates all scores.
    #[must_use]
    pub fn new(data: &TaskData, clock: Clock) -> Self {
        let context = ProductivityContext::of_history(data, clock.local);
        let thoroughness = thoroughness(data, clock.utc, REMINDER_DAYS);
        let mut rows = vec![None; data.rows().len()];
        for row in data.completed() {
            if let Some(place) = rows.get_mut(row.position) {
                *place = Some(score(data, row, &context, thoroughness.factor));
            }
        }
        Self { rows, thoroughness, context }
    }

    /// Scores of a row; `None` for one that is not completed.
    #[must_use]
    pub fn of(&self, row: &PreparedRow) -> Option<&RowScores> {
        self.rows.get(row.position)?.as_ref()
    }

    /// Thoroughness over the last 30 days, which enters every execution score.
    #[must_use]
    pub fn thoroughness(&self) -> &Thoroughness {
        &self.thoroughness
    }

    /// The context of the productivity scores.
    #[must_use]
    pub fn context(&self) -> &ProductivityContext {
        &self.context
    }
}

fn score(data: &TaskData, row: &PreparedRow, context: &ProductivityContext, thoroughness_factor: f64) -> RowScores {
    let initial = row.predicted.initial_aversion.unwrap_or(0.0);
    let multiplier = aversion_multiplier(Some(initial), Some(row.expected_aversion), &LoadInputs::default());
    RowScores {
        efficiency: efficiency_score(row),
        productivity: productivity_score(&ProductivityInputs::of(row), context),
        grit: grit_score(data, row, completions_of(data, row)),
        execution: execution_score(data, row, thoroughness_factor),
        aversion_multiplier: multiplier,
        relief_duration: row.relief_score * row.duration_minutes * multiplier * row.class.relief_weight() / 60.0,
    }
}

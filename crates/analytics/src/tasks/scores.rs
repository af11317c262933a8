//! The scores of all completed instances, calculated once.

use super::clock::Clock;
use super::execution::{Thoroughness, thoroughness};
use super::lasting::LastingScores;
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
        let lasting = data.rows().iter().zip(&data.lasting().scores);
        let rows = lasting.map(|(row, lasting)| Some(score(row, lasting.as_ref()?, &context, thoroughness.factor)));
        let rows = rows.collect();
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

fn score(
    row: &PreparedRow,
    lasting: &LastingScores,
    context: &ProductivityContext,
    thoroughness_factor: f64,
) -> RowScores {
    RowScores {
        efficiency: lasting.efficiency,
        productivity: productivity_score(&ProductivityInputs::of(row), context),
        grit: lasting.grit,
        execution: lasting.execution.score(thoroughness_factor),
        aversion_multiplier: lasting.aversion_multiplier,
        relief_duration: lasting.relief_duration,
    }
}

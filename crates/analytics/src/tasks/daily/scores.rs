//! The scores of a day.

use crate::stats::mean;
use crate::tasks::execution::execution_score;
use crate::tasks::grit::grit_score;
use crate::tasks::productivity::{ProductivityContext, ProductivityInputs, productivity_score};
use crate::tasks::rows::{PreparedRow, TaskData};
use crate::tasks::scores::Scores;
use chrono::NaiveDate;
use landfast_domain::text::round_to;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Scores of one date, 2 decimals, 0 without completed instances.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct DayScores {
    /// Mean productivity score with the self-care count and the durations of the date, without weekly total and goal.
    pub productivity_score: f64,
    /// Mean execution score, 0 to 100.
    pub execution_score: f64,
    /// Mean grit score, the completions of each task counted on the date.
    pub grit_score: f64,
    /// Mean of the three.
    pub composite_score: f64,
}

/// One of the scores of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayScore {
    /// [`DayScores::productivity_score`].
    Productivity,
    /// [`DayScores::execution_score`].
    Execution,
    /// [`DayScores::grit_score`].
    Grit,
    /// [`DayScores::composite_score`].
    Composite,
}

impl DayScore {
    /// All scores, in the order in which ties are broken.
    pub const ALL: [Self; 4] = [Self::Productivity, Self::Execution, Self::Grit, Self::Composite];

    /// Name of the score.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Productivity => "productivity_score",
            Self::Execution => "execution_score",
            Self::Grit => "grit_score",
            Self::Composite => "composite_score",
        }
    }

    /// Its value.
    #[must_use]
    pub fn of(self, scores: &DayScores) -> f64 {
        match self {
            Self::Productivity => scores.productivity_score,
            Self::Execution => scores.execution_score,
            Self::Grit => scores.grit_score,
            Self::Composite => scores.composite_score,
        }
    }
}

/// Scores of every date with a completed instance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DayHistory(BTreeMap<NaiveDate, DayScores>);

impl DayHistory {
    /// Scores all dates.
    #[must_use]
    pub fn new(data: &TaskData, scores: &Scores) -> Self {
        Self(data.by_day().keys().map(|date| (*date, day_scores(data, scores, *date))).collect())
    }

    /// Scores of a date; zeros for one without completed instances.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> DayScores {
        self.0.get(&date).copied().unwrap_or_default()
    }

    /// Dates with their scores, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, &DayScores)> {
        self.0.iter().map(|(date, scores)| (*date, scores))
    }

    /// The `limit` best dates of a score among those with more than 0, best first; of equal ones the earlier first.
    #[must_use]
    pub fn best_days(&self, score: DayScore, limit: usize) -> Vec<(NaiveDate, f64)> {
        let mut days: Vec<(NaiveDate, f64)> =
            self.iter().map(|(date, scores)| (date, score.of(scores))).filter(|(_, value)| *value > 0.0).collect();
        days.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        days.truncate(limit);
        days
    }
}

/// Scores of one date. The original joined no task types and failed on almost every date.
#[must_use]
pub fn day_scores(data: &TaskData, scores: &Scores, date: NaiveDate) -> DayScores {
    let rows: Vec<&PreparedRow> = data.completed_on(date).collect();
    let context = ProductivityContext::of_day(rows.iter().copied(), data.settings());
    let mut completions: HashMap<&str, usize> = HashMap::new();
    for row in &rows {
        *completions.entry(&row.task_id).or_default() += 1;
    }
    let mean_of = |value: &dyn Fn(&PreparedRow) -> f64| {
        let values: Vec<f64> = rows.iter().map(|row| value(row)).collect();
        mean(&values).unwrap_or(0.0)
    };
    let thoroughness = scores.thoroughness().factor;
    let productivity = mean_of(&|row| productivity_score(&ProductivityInputs::of(row), &context));
    let execution = mean_of(&|row| execution_score(data, row, thoroughness));
    let grit = mean_of(&|row| grit_score(data, row, completions.get(&*row.task_id).copied().unwrap_or(1)));
    DayScores {
        productivity_score: round_to(productivity, 2),
        execution_score: round_to(execution, 2),
        grit_score: round_to(grit, 2),
        composite_score: round_to((productivity + execution + grit) / 3.0, 2),
    }
}

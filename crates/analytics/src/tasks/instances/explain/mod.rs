//! Explanations of the scores of one instance.

mod columns;
mod scores;

pub use columns::{
    explain_behavioral_score, explain_efficiency_score, explain_net_wellbeing, explain_stress_efficiency,
    explain_stress_level,
};
pub use scores::{explain_aversion_score, explain_execution_score, explain_grit_score, explain_productivity_score};

use crate::explain::Explanation;
use crate::tasks::execution::{THOROUGHNESS_DAYS, thoroughness};
use crate::tasks::productivity::ProductivityContext;
use crate::tasks::rhythm::Rhythm;
use crate::tasks::rows::{PreparedRow, TaskData};
use landfast_domain::time::Timestamp;

/// Explanations of all scores of a row. Productivity, grit, execution and efficiency are explained for completed rows
/// only, in the context of all completed rows and with the goal step.
#[must_use]
pub fn explain_instance(data: &TaskData, row: &PreparedRow, now: Timestamp, now_utc: Timestamp) -> Vec<Explanation> {
    let rhythm = Rhythm::of_task(data, &row.task_id, now);
    let mut explanations = vec![
        explain_stress_level(row),
        explain_net_wellbeing(row),
        explain_stress_efficiency(row),
        explain_behavioral_score(row),
        explain_aversion_score(row, Some(&rhythm), now),
    ];
    if row.is_completed() {
        let thoroughness = thoroughness(data, now_utc, THOROUGHNESS_DAYS).factor;
        explanations.extend([
            explain_productivity_score(row, &ProductivityContext::of_history(data, now)),
            explain_efficiency_score(row),
            explain_grit_score(data, row),
            explain_execution_score(data, row, thoroughness),
        ]);
    }
    explanations
}

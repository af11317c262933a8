//! Documents and explanations of the quantities of single instances and tasks.

mod document;
mod explain;

pub use document::{per_instance, per_task};
pub use explain::{
    explain_aversion_score, explain_behavioral_score, explain_efficiency_score, explain_execution_score,
    explain_grit_score, explain_instance, explain_net_wellbeing, explain_productivity_score, explain_stress_efficiency,
    explain_stress_level,
};

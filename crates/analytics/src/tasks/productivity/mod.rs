//! Productivity: how much was done against estimate, goal and kind of activity.

mod context;
mod enhance;
mod score;

pub use context::{productive_minutes_of_week, productivity_scores};
pub use enhance::{
    BaselineScore, EnhancedScore, EnhancementInputs, baseline_score, efficiency_multiplier, enhanced_score,
    goal_multiplier,
};
pub use score::{
    DayTimes, ProductivityContext, ProductivityInputs, ProductivityTerms, WorkTotal, cancellation_penalty,
    productivity_score, productivity_terms, work_multiplier,
};

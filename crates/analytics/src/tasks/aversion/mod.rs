//! Aversion: what is normal for a task, what stands out, and what overcoming it is worth.

mod improvement;
mod multiplier;
mod obstacles;
mod score;
mod spontaneous;
mod trend;

pub use improvement::{ImprovementInputs, WeightedMetric, overall_improvement_ratio};
pub use multiplier::{LoadInputs, aversion_multiplier, difficulty_bonus, improvement_bonus};
pub use obstacles::{ObstacleScores, is_test_task, legacy_obstacle_scores, obstacle_scores};
pub use score::{AversionComponent, AversionTerms, aversion_score, aversion_terms};
pub use spontaneous::{Spike, detect_spontaneous, spontaneous_threshold, weekly_bonus_multiplier};
pub use trend::{AversionDay, TaskAversion, aversion_by_task, aversion_scores, aversion_trend};

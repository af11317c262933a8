//! Calendar dates: scores, best days, milestones, progress.

mod milestone;
mod progress;
mod scores;

pub use milestone::{Milestone, milestone};
pub use progress::{Progress, progress};
pub use scores::{DayHistory, DayScore, DayScores, day_scores};

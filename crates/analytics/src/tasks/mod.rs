//! Quantities of the tasks area.

mod averages;
mod baselines;
mod gaps;
mod history;
mod legacy_answers;
mod number;
mod payload;

pub use averages::{Averages, ScaleReading, SkippedRating, TaskMeans};
pub use baselines::{Baselines, mean, median, quartile};
pub use gaps::{Gap, GapReport, find_gaps, gap_summary};
pub use history::{Attempt, TaskHistory};
pub use legacy_answers::{LegacyVersion, legacy_answers};
pub use number::{NotFinite, legacy_rating, legacy_round};

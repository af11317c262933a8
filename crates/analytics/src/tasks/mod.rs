//! Quantities of the tasks area.

pub mod aversion;
pub mod behavioral;
pub mod daily;
mod document;
pub mod efficiency;
pub mod execution;
pub mod grit;
pub mod instances;
pub mod procrastination;
pub mod productivity;
pub mod relations;
pub mod rhythm;
pub mod rows;
pub mod series;
pub mod summary;
pub mod weeks;
pub mod wellbeing;

mod averages;
mod baselines;
mod cache;
mod clock;
mod days;
mod gaps;
mod history;
mod lasting;
mod legacy_answers;
mod moments;
mod number;
mod payload;
mod scores;
mod spans;
mod window;

pub use averages::{Averages, ScaleReading, SkippedRating, TaskMeans};
pub use baselines::{Baselines, mean, median, quartile};
pub use cache::{TaskCache, TaskRecords};
pub use clock::Clock;
pub use document::document;
pub use gaps::{Gap, GapReport, find_gaps, gap_summary};
pub use history::{Attempt, TaskHistory};
pub use legacy_answers::{LegacyVersion, legacy_answers};
pub use number::{NotFinite, legacy_rating, legacy_round};
pub use scores::{RowScores, Scores};

/// How every value of the document of this area comes about.
#[must_use]
pub fn catalogue() -> crate::explain::Catalogue {
    crate::explain::Catalogue::read(include_str!("explanations.txt"))
}

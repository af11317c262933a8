//! Grit: sticking to what is hard.

mod factors;
mod score;

pub(in crate::tasks) use factors::count;
pub use factors::{
    Persistence, difficulty_share, focus_factor, focus_of, legacy_focus_factor, passion_factor, persistence, time_bonus,
};
pub use score::{
    GritTerms, completions_of, grit_score, grit_scores, grit_terms, legacy_count_multiplier, legacy_grit_score,
};

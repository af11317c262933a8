//! Execution: how hard, how fast and how well something was done.

mod momentum;
mod score;
mod thoroughness;

pub use momentum::{Momentum, momentum};
pub(in crate::tasks) use score::ExecutionParts;
pub use score::{
    ExecutionTerms, completion_factor, execution_score, execution_terms, speed_factor, start_speed_factor,
};
pub use thoroughness::{THOROUGHNESS_DAYS, Thoroughness, of_lengths, thoroughness};

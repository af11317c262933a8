//! Quantities of the presentations area: how long rendering jobs take, wait and stand, and why they fail.
//!
//! A job tells when it was made, when it ended and when its worker was last heard of, but not when a worker
//! took it or how its progress grew. So there are three sources, each with the quantities it can carry:
//!
//! | source | quantities |
//! |---|---|
//! | jobs | [`turnaround_minutes`], [`waiting_minutes`], [`failures`], [`retries`], [`throughput`], [`open_jobs`] |
//! | times in the names of files a job made | [`file_minutes`] |
//! | observations of a job over time | [`step_minutes`], [`standing_minutes`] |
//!
//! Times are UTC, durations in minutes. Jobs of the kind [`JobStatus::Other`] take part in no quantity but
//! the number of jobs.
//!
//! [`JobStatus::Other`]: landfast_domain::presentations::JobStatus::Other

mod ageing;
mod document;
mod durations;
mod explain;
mod failures;
mod files;
mod retries;
mod steps;
#[cfg(test)]
mod testing;
mod throughput;

pub use ageing::{AgeLevel, Limits, OpenJob, open_jobs};
pub use document::document;
pub use durations::{Waiting, turnaround_minutes, turnarounds, waiting, waiting_minutes};
pub use explain::{explain_failure_share, explain_retried_share, explain_throughput, explain_turnaround};
pub use failures::{CauseShare, Failures, cause_of, failures};
pub use files::{FileMinutes, FilesSpread, file_minutes, file_times, files_spread};
pub use retries::{Retries, retries};
pub use steps::{Observation, Step, StepMinutes, StepSpread, standing_minutes, step_minutes, step_spreads};
pub use throughput::{DayCount, Throughput, throughput};

/// How every value of the document of this area comes about.
#[must_use]
pub fn catalogue() -> crate::explain::Catalogue {
    crate::explain::Catalogue::read(include_str!("explanations.txt"))
}

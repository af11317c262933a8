//! The process against real databases.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod changed;
mod damage;
mod export;
mod forms;
mod resume;
mod samples;
mod sources;
mod support;

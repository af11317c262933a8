//! The process against real databases.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod changed;
mod damage;
mod export;
mod forms;
mod resume;
mod samples;
mod sources;
mod support;

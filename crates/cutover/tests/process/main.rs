//! The process against real databases.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

mod care;
mod changed;
mod damage;
mod damage_plants;
mod damage_table;
mod delivery;
mod export;
mod forms;
mod keeping;
mod presentations;
mod resume;
mod runs;
mod samples;
mod sources;
mod support;

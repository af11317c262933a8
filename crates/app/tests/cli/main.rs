//! The program as a person or a script meets it: arguments in, text and exit codes out.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "helpers of tests fail the test that called them, and nobody links tests"
)]

mod analytics;
mod archive;
mod backups;
mod contract;
mod copy;
mod delivery;
mod demo;
mod fallback;
mod first_start;
mod import;
mod interruption;
mod presentations;
mod reports;
mod retry;
mod rollback;
mod runs;
mod schema;
mod serve;
mod settings;
mod stages;
mod support;
mod tasks;

//! Tests of the databases through the crate's public interface.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "functions that tests call are tests too, which Clippy cannot know"
)]

mod areas;
mod ledgers;
mod migrations;
mod opening;
#[cfg(feature = "sqlite")]
mod processes;
mod records;
mod support;
mod transactions;

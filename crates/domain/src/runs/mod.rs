//! The runs area: analysis runs of dynamometer recordings and the files they made.
//!
//! The program this replaces keeps each run in a directory of JSON documents, in four layouts. Here the
//! documents are kept as text, byte for byte, and everything the program asks for is read from them by one
//! pure function, [`documents::read`]; a change edits a document and reads again. The files of a run stay
//! where they are and are listed with their hashes.
//!
//! | module | what it holds |
//! |---|---|
//! | [`manager`] | operations: create, update, delete, pages of the list |
//! | [`retention`] | removing old runs |
//! | [`documents`] | from documents to a run |
//! | [`state`] | `run_state.json`: reading, making, editing |
//! | [`manifest`] | manifests of both kinds, and the files they list |
//! | [`duplicates`] | which of several runs with one id keeps it |
//! | [`codes`] | stable codes of what can be odd |
//! | [`memory`] | runs in memory, for the file store |
//!
//! Runs belong to the installation, not to a user.

pub mod codes;
pub mod documents;
pub mod duplicates;
pub mod manager;
pub mod manifest;
pub mod memory;
pub mod retention;
pub mod state;

mod file;
mod id;
mod repository;
mod run;
#[cfg(test)]
mod tests;
mod values;

pub use file::{HashOutcome, RunFile, file_type, is_safe_path, last_part};
pub use id::RunId;
pub use repository::{RunCursor, RunFilter, RunPage, RunRepository};
pub use run::{Layout, Run, RunDocuments, RunStatus, TimeText};

/// Name of the kind of record for messages.
pub(crate) const ENTITY: &str = "run";

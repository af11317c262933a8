//! From legacy files to the database and back, as a process that proves that nothing was lost.
//!
//! [`import`] runs in stages: the sources are found and read ([`Stage::Plan`]), copied
//! ([`Stage::Backup`]), loaded ([`Stage::Load`]) and compared with the database ([`Stage::Verify`]). A dry
//! run ends after the first stage and gives the same kind of [`Report`]. [`verify`] compares again at any
//! later time, [`export`] writes the legacy files back.
//!
//! Invariants: nothing is ever written into a source folder, but for the divergence mark that
//! [`mark_diverged`] was asked for; no row is written before a verified copy of the sources exists; rows, the
//! bytes they were read from and the checkpoint are kept in one transaction; a record that does not become
//! a row is kept in quarantine with its bytes. The database is reached through
//! [`Store`](landfast_domain::Store) only.
//!
//! What is special about an area is behind two traits (`Area` and `Format`); the rest of the crate knows
//! documents, records and rows.

mod area;
mod backup;
mod bytes;
mod chunks;
mod digest;
mod discover;
mod diverged;
mod document;
mod error;
mod export;
mod import;
mod lease;
mod ledger;
mod load;
mod plan;
mod progress;
mod quarantine;
mod repair;
pub mod report;
mod rows;
mod tasks;
mod transact;
mod verify;

pub use digest::TableDigest;
pub use diverged::{Divergence, clear_diverged, mark_diverged, read_diverged};
pub use error::{Error, Result};
pub use export::{ExportReport, ExportRequest, ExportedFile, export};
pub use import::{ImportRequest, Limits, import};
pub use progress::{Progress, Quiet, Stage};
pub use quarantine::{Quarantined, list_quarantine};
pub use repair::{Repair, RepairReport};
pub use report::Report;
pub use verify::{VerifyRequest, digests, verify};

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
//! ```
//! use landfast_cutover::{ExportRequest, ImportRequest, Limits, Quiet, RunOptions, export, import};
//! use landfast_domain::accounts::UserId;
//! use landfast_domain::time::Timestamp;
//! use landfast_store::{Database, DatabaseUrl, PoolOptions};
//! use std::sync::atomic::AtomicBool;
//!
//! let folder = tempfile::tempdir()?;
//! let legacy = folder.path().join("data");
//! std::fs::create_dir(&legacy)?;
//! std::fs::write(legacy.join("tasks.csv"), "task_id,name\nt1,Read\nt2,\"open\n")?;
//! let database = Database::open(&DatabaseUrl::sqlite(folder.path().join("landfast.db")), PoolOptions::default())?;
//! database.migrations().migrate()?;
//!
//! let never = AtomicBool::new(false);
//! let request = ImportRequest {
//!     paths: &[legacy.clone()],
//!     user: UserId::guest(),
//!     dry_run: false,
//!     backup_root: &folder.path().join("backups"),
//!     max_quarantined: None,
//!     repairs: &[],
//!     prune: false,
//!     live: false,
//!     verify: true,
//!     run_id: "run-1".to_owned(),
//!     holder: "host, process 1, 7f3a".to_owned(),
//!     holder_is_alive: &|_| true,
//!     clock: &|| Timestamp::parse("2026-03-07 09:30").expect("a time"),
//!     limits: Limits::default(),
//!     runs: RunOptions::default(),
//! };
//! let report = import(&database, &request, &Quiet, &never)?;
//! assert_eq!((report.totals.loaded, report.totals.quarantined, report.exit_code), (1, 1, 3));
//!
//! let target = folder.path().join("back");
//! export(&database, &ExportRequest { user: UserId::guest(), target: &target, overwrite: false }, &Quiet, &never)?;
//! assert_eq!(std::fs::read(target.join("tasks.csv"))?, std::fs::read(legacy.join("tasks.csv"))?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is special about an area is behind two traits (`Area` and `Format`); the rest of the crate knows
//! documents, records and rows.

mod archive;
mod area;
mod backup;
mod bytes;
mod chunks;
mod copy;
mod delivery;
mod digest;
mod discover;
mod diverged;
mod document;
mod dual;
mod error;
mod export;
mod import;
mod keyed;
mod lease;
mod ledger;
mod load;
mod mend;
mod plan;
mod presentations;
mod progress;
mod quarantine;
mod repair;
pub mod report;
mod retention;
mod rollback;
mod rows;
mod runs;
mod tasks;
mod transact;
mod verify;

pub use archive::{ArchiveRequest, Archived, archivable, archive};
pub use backup::{sync_folder, write_synced};
pub use bytes::hash_file;
pub use copy::{CopyReport, copy, owned_rows, require_empty};
pub use digest::TableDigest;
pub use discover::holds_legacy_data;
pub use diverged::{Divergence, clear_diverged, mark_diverged, read_diverged};
pub use dual::{
    AreaStatus, Comparison, Copies, Difference, Drained, DualOptions, DualStore, KnownStage, Reconciled, Shadow,
};
pub use error::{Error, Result};
pub use export::{ExportReport, ExportRequest, ExportedFile, export};
pub use import::{ImportRequest, Limits, import};
pub use mend::{MendReport, MendRequest, Standing, mend_quarantined, rehearse_mend};
pub use progress::{Progress, Quiet, Stage};
pub use quarantine::{Quarantined, list_quarantine};
pub use repair::{Repair, RepairReport};
pub use report::Report;
pub use rollback::{RollbackRequest, RolledBack, put_in_place, rollback};
pub use runs::{HashFiles, RunOptions};
pub use verify::{VerifyRequest, digests, verify};

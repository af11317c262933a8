//! From the bytes of a document to rows, in batches that are kept as a whole or not at all.
//!
//! [`scan`] and [`load`] read a document in the same way and decide the same about each record; only
//! [`load`] writes. What a batch holds, the pieces of bytes it was read from and the checkpoint go into one
//! transaction, so a run that was killed anywhere goes on at the batch it did not keep.

mod batch;
mod decide;
mod keys;
mod merge;
mod room;
mod scan;
mod settle;
mod tally;
mod write;

pub(crate) use keys::TakenKeys;
pub(crate) use scan::{scan, stored_outcomes};
pub(crate) use tally::Loaded;
pub(crate) use write::{is_same, load, new_document, stored_bytes};

use crate::Limits;
use crate::lease::Lock;
use crate::progress::Progress;
use crate::report::FindingLog;
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::imports::Document;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What the database knows of a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    /// The document itself, when it was loaded in part or completely with these very bytes.
    pub(crate) current: Option<Document>,
    /// Versions with other bytes whose rows are compared with this one, oldest first.
    pub(crate) previous: Vec<Document>,
}

impl Ledger {
    /// Numbers of all versions.
    pub(crate) fn ids(&self) -> Vec<i64> {
        self.previous.iter().chain(&self.current).map(|document| document.id.0).collect()
    }
}

/// A document as it is about to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    /// Area of the folder.
    pub(crate) area: &'static str,
    /// Label of the folder.
    pub(crate) source: &'a str,
    /// Path below the folder.
    pub(crate) path: &'a str,
    /// File to read.
    pub(crate) file: &'a Path,
    /// SHA-256 the file must have.
    pub(crate) sha256: &'a str,
    /// Length the file must have.
    pub(crate) size_bytes: u64,
}

/// What [`scan`] needs.
pub(crate) struct DocumentScan<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) user: &'a UserId,
    pub(crate) input: Input<'a>,
    pub(crate) ledger: &'a Ledger,
    /// Keys of the kind that rows of other sources have; `None` for a document that is loaded already.
    pub(crate) taken: Option<&'a mut TakenKeys>,
    pub(crate) prune: bool,
    pub(crate) live: bool,
    pub(crate) limits: &'a Limits,
    pub(crate) log: &'a mut FindingLog,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) interrupt: &'a AtomicBool,
}

/// What [`load`] needs.
pub(crate) struct DocumentLoad<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) user: &'a UserId,
    pub(crate) input: Input<'a>,
    /// The file in the legacy folder, of which `input` names a verified copy.
    pub(crate) original: &'a Path,
    pub(crate) modified_ns: i64,
    pub(crate) ledger: &'a Ledger,
    /// Records the document holds, as counted by the scan.
    pub(crate) records: u64,
    /// What became of the records is decided anew, though the document was loaded before.
    pub(crate) again: bool,
    pub(crate) prune: bool,
    pub(crate) live: bool,
    pub(crate) limits: &'a Limits,
    pub(crate) log: &'a mut FindingLog,
    pub(crate) lock: &'a Lock<'a>,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) interrupt: &'a AtomicBool,
}

/// Codes of findings and reasons that come from comparing with the database.
pub(crate) mod code {
    /// A key is taken by a row from another source.
    pub(crate) const ID_IN_OTHER_SOURCE: &str = "id-in-other-source";
    /// The same record is there already, from another source.
    pub(crate) const SAME_IN_OTHER_SOURCE: &str = "same-in-other-source";
    /// Source and database were both changed since the last import.
    pub(crate) const CHANGED_ON_BOTH_SIDES: &str = "changed-on-both-sides";
    /// The row was deleted in the database; the source still has it, unchanged.
    pub(crate) const DELETED_IN_DATABASE: &str = "deleted-in-database";
    /// The source does not have the record any more.
    pub(crate) const GONE_FROM_SOURCE: &str = "gone-from-source";
    /// The folder does not have the file any more.
    pub(crate) const FILE_GONE: &str = "file-gone-from-source";
    /// The source changed while it was imported.
    pub(crate) const SOURCE_CHANGED: &str = "source-changed";
    /// An older copy of a source could not be removed.
    pub(crate) const BACKUP_NOT_REMOVED: &str = "backup-not-removed";
}

//! Why a cutover step stopped.

use landfast_domain::cutover::{Area, Stage};
use landfast_legacy::csv::CsvError;
use std::io;
use std::path::{Path, PathBuf};

/// Result of a cutover step.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a cutover step stopped. Odd content of a source is not an error: it is a finding or goes into
/// quarantine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database refused, or another migrator holds the lock ([`landfast_domain::Error::Busy`]).
    #[error(transparent)]
    Store(#[from] landfast_domain::Error),
    /// A legacy folder could not be read.
    #[error(transparent)]
    Legacy(#[from] landfast_legacy::Error),
    /// Reading the bytes of a document failed.
    #[error("{path}: {source}")]
    Read {
        /// The document.
        path: String,
        /// The failure.
        #[source]
        source: CsvError,
    },
    /// The file system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb: `read`, `write`, `rename`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The refusal.
        #[source]
        source: io::Error,
    },
    /// No known layout was found below the given paths.
    #[error("no legacy data found below {paths}")]
    NothingRecognised {
        /// The paths, with commas.
        paths: String,
    },
    /// A file changed between the plan and the backup. Nothing was written to the database.
    #[error("{} changed while it was being read; stop the program that writes it and try again", path.display())]
    SourceChanged {
        /// The file.
        path: PathBuf,
    },
    /// More records would go into quarantine than the caller allows. Nothing was written.
    #[error("{found} records would go into quarantine, {allowed} are allowed")]
    TooManyQuarantined {
        /// Records that cannot be loaded.
        found: u64,
        /// The limit.
        allowed: u64,
    },
    /// The copies of the sources do not fit. Nothing was written.
    #[error("the backup needs {needed} bytes in {}, {free} are free", path.display())]
    NoSpace {
        /// Folder of the backups.
        path: PathBuf,
        /// Bytes of the copies.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// A backup could not be made or is not what it should be.
    #[error("backup {}: {reason}", path.display())]
    Backup {
        /// Folder or file of the backup.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The bytes kept in the database for a document are damaged.
    #[error("{path}: kept piece {ordinal} is damaged: {reason}")]
    Chunk {
        /// The document.
        path: String,
        /// Number of the piece, from 0.
        ordinal: i64,
        /// What is wrong.
        reason: String,
    },
    /// Nothing, or more than one record, is in quarantine at a place.
    #[error("{place}: {reason}")]
    NoSuchEntry {
        /// Path and line.
        place: String,
        /// What is there instead.
        reason: String,
    },
    /// Bytes that were to replace a record in quarantine cannot be loaded either.
    #[error("{place}: cannot be loaded: {reason}")]
    NotMended {
        /// Path and line.
        place: String,
        /// What is wrong with them.
        reason: String,
    },
    /// Sources are archived only when the database is known to hold everything.
    #[error("not archived: {differences} differences, {quarantined} records in quarantine")]
    NotClean {
        /// Differences the verification found.
        differences: u64,
        /// Records that are not loaded.
        quarantined: u64,
    },
    /// The target of a copy holds something already.
    #[error("the target is not empty: it holds {rows} rows and {documents} imported documents")]
    NotEmpty {
        /// Rows of a user.
        rows: u64,
        /// Imported documents of that user.
        documents: u64,
    },
    /// A copy does not hold what was copied.
    #[error("rows of kind `{entity}` of user {user} differ between the databases")]
    CopyDiffers {
        /// The user.
        user: String,
        /// Kind of record.
        entity: String,
    },
    /// A document is only half loaded.
    #[error("{path} is only half loaded; run the import again to finish it")]
    HalfLoaded {
        /// The document.
        path: String,
    },
    /// A stored path would lead out of the target folder.
    #[error("the path {path:?} of a document leads out of the target folder")]
    HostilePath {
        /// The path.
        path: String,
    },
    /// An export would overwrite a file.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A record cannot be written in the form of its file.
    #[error("{path}: record `{key}` cannot be written: {reason}")]
    Render {
        /// The file.
        path: String,
        /// Key of the record.
        key: String,
        /// What is in the way.
        reason: String,
    },
    /// A file without changes did not come out as it went in.
    #[error("{path} came out with SHA-256 {found}, but went in with {expected}")]
    NotReproduced {
        /// The document.
        path: String,
        /// SHA-256 of the source.
        expected: String,
        /// SHA-256 of what was written.
        found: String,
    },
    /// An export did not reach every row, for instance because a row's position was tampered with.
    #[error("{written} of {total} rows of kind `{entity}` were exported")]
    RowsLeft {
        /// Kind of record.
        entity: &'static str,
        /// Rows that were written.
        written: u64,
        /// Rows there are.
        total: u64,
    },
    /// A divergence mark cannot be understood.
    #[error("{}: {reason}", path.display())]
    Mark {
        /// The mark.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Files and database have recorded stages that exclude each other: one of them was replaced, for instance by
    /// an older copy.
    #[error("{area}: the files have recorded stage {files}, the database {database}; one of them was replaced")]
    StagesDisagree {
        /// The area.
        area: Area,
        /// What is recorded beside the files.
        files: String,
        /// What is recorded in the database.
        database: String,
    },
    /// Stages are changed one step at a time.
    #[error("{area} is at stage {from}; {to} is not one step away")]
    NoSuchStep {
        /// The area.
        area: Area,
        /// Its stage.
        from: Stage,
        /// What was asked for.
        to: Stage,
    },
    /// The following store lacks something, so the stage stays.
    #[error("{area}: {count} changed items are not in both stores yet")]
    StillDirty {
        /// The area.
        area: Area,
        /// Marked items.
        count: u64,
    },
    /// Files and database differ, so the stage stays.
    #[error("{area}: files and database differ in {count} fields")]
    StillDifferent {
        /// The area.
        area: Area,
        /// Fields.
        count: u64,
    },
    /// The caller asked to stop; nothing of the current step was kept.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// Exit code of the command line contract: 5 when another migrator is at work, 130 when interrupted,
    /// else 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Store(landfast_domain::Error::Busy { .. }) => 5,
            Self::Interrupted => 130,
            Self::StillDirty { .. } | Self::StillDifferent { .. } => 4,
            _ => 1,
        }
    }

    /// For `map_err` on calls of the file system.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    /// For `map_err` on readers of a document.
    pub(crate) fn read(path: &str) -> impl FnOnce(CsvError) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }

    /// As an error that can leave a transaction; [`from_transaction`] undoes it.
    pub(crate) fn into_domain(self) -> landfast_domain::Error {
        match self {
            Self::Store(error) => error,
            other => landfast_domain::Error::aborted(other),
        }
    }
}

/// The error that left a transaction closure as [`Error::into_domain`], or the store's own.
pub(crate) fn from_transaction(error: landfast_domain::Error) -> Error {
    match error {
        landfast_domain::Error::Aborted(inner) => match inner.downcast::<Error>() {
            Ok(own) => *own,
            Err(other) => Error::Store(landfast_domain::Error::Aborted(other)),
        },
        other => Error::Store(other),
    }
}

//! The report of a plan, an import or a verification: one form for programs, one for people.

mod finding;
mod summary;
mod verification;

pub(crate) use finding::{FindingLog, Spot};
pub use finding::{FindingReport, QuarantineReport};
pub use verification::{CheckReport, Difference, Verification};

use crate::digest::TableDigest;
use crate::repair::RepairReport;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A dry run: nothing was written.
    Plan,
    /// A real import.
    Import,
    /// A comparison of sources and database.
    Verify,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything is loaded and verified; or, for a plan, everything would be.
    Complete,
    /// As `Complete`, but for records that lie in quarantine.
    Quarantined,
    /// Source and database differ.
    Different,
    /// Stopped on request; the same command goes on.
    Interrupted,
}

impl Verdict {
    /// Exit code of the command line contract: 0, 3, 4 or 130.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Quarantined => 3,
            Self::Different => 4,
            Self::Interrupted => 130,
        }
    }

    /// State of the run in the ledger.
    pub(crate) fn run_state(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Quarantined => "quarantined",
            Self::Different => "different",
            Self::Interrupted => "interrupted",
        }
    }
}

/// What a plan, an import or a verification found and did.
///
/// Plan and import have the same keys; what only an import knows is `null` in a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of this form; 1.
    pub schema: u32,
    /// `landfast-import-report`.
    pub kind: String,
    /// What was asked for.
    pub mode: Mode,
    /// Id of the run, for an import that wrote something.
    pub run: Option<String>,
    /// Kind of store: `sqlite`, `postgres` or `files`.
    pub database: String,
    /// Owner of the rows.
    pub user: String,
    /// When it began, UTC, ISO form.
    pub started_at: String,
    /// When it ended.
    pub finished_at: Option<String>,
    /// Folders that were recognised.
    pub sources: Vec<SourceReport>,
    /// Sums over all files.
    pub totals: Counts,
    /// What is odd about the records, by code: how often. All are counted, not all are listed.
    pub finding_totals: BTreeMap<String, u64>,
    /// The first findings of each code.
    pub findings: Vec<FindingReport>,
    /// Records that are not loaded, the first of each code.
    pub quarantine: Vec<QuarantineReport>,
    /// What lies below the given paths and is not loaded.
    pub unrecognised: Vec<Unrecognised>,
    /// How much disk space and time an import needs, roughly.
    pub estimate: Estimate,
    /// Copies of the sources.
    pub backup: Option<Vec<BackupReport>>,
    /// Older copies that were removed, since enough newer ones are kept.
    #[serde(default)]
    pub removed_backups: Vec<String>,
    /// Comparison of sources and database.
    pub verification: Option<Verification>,
    /// What the tables hold, by kind of record; equal on every kind of database.
    pub digests: Option<BTreeMap<String, TableDigest>>,
    /// Values mended on request, cell by cell.
    pub repairs: Option<Vec<RepairReport>>,
    /// Seconds each stage took.
    pub timings: Option<BTreeMap<String, f64>>,
    /// How it ended.
    pub outcome: Verdict,
    /// Exit code that goes with it.
    pub exit_code: u8,
    /// What to do next, if anything.
    pub next: Option<String>,
}

/// A folder of one area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceReport {
    /// Area: `tasks`.
    pub area: String,
    /// The folder.
    pub path: String,
    /// Folder the same content was imported from, when that was another one.
    pub known_as: Option<String>,
    /// Its documents, in the order of their paths.
    pub files: Vec<FileReport>,
}

/// How a document stands to what was loaded before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Never seen.
    New,
    /// Half loaded by an earlier run.
    Resumed,
    /// Loaded before with other bytes.
    Changed,
    /// Loaded before with these bytes, but what lies beside it, such as result files, changed.
    Refreshed,
    /// Loaded before with these bytes.
    Unchanged,
}

/// One document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileReport {
    /// Path below the folder, with `/`.
    pub path: String,
    /// Kind of record.
    pub entity: String,
    /// How it stands to what was loaded before.
    pub status: Status,
    /// Length in bytes.
    pub size_bytes: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// How it is written: line ends, byte order mark.
    pub dialect: String,
    /// What became of its records.
    #[serde(flatten)]
    pub counts: Counts,
    /// Findings by code.
    pub findings: BTreeMap<String, u64>,
}

/// What became of records. `records = loaded + duplicate + quarantined + joined`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records of the file, counted as an independent counter does.
    pub records: u64,
    /// Records that stand for a row.
    pub loaded: u64,
    /// Records that are there already and have no meaning twice.
    pub duplicate: u64,
    /// Records set aside with their bytes.
    pub quarantined: u64,
    /// Parts of broken records that were put together with the part before.
    pub joined: u64,
    /// New rows.
    pub inserted: u64,
    /// Rows that got the source's changes.
    pub updated: u64,
    /// Rows that stay as they are.
    pub unchanged: u64,
    /// Rows whose record the source has no more; they stay.
    pub gone: u64,
    /// Such rows that were deleted on request.
    pub pruned: u64,
}

impl Counts {
    /// Adds other counts.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.loaded += other.loaded;
        self.duplicate += other.duplicate;
        self.quarantined += other.quarantined;
        self.joined += other.joined;
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.gone += other.gone;
        self.pruned += other.pruned;
    }

    /// Rows that were written or would be.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.inserted + self.updated + self.pruned
    }
}

/// Something below the given paths that is not loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unrecognised {
    /// File or folder.
    pub path: String,
    /// Why it is not loaded.
    pub reason: String,
}

/// Rough needs of an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Bytes the database grows by.
    pub database_bytes: u64,
    /// Bytes of the copies.
    pub backup_bytes: u64,
    /// Seconds on an ordinary computer.
    pub seconds: f64,
    /// Bytes that are free where the copies go; `None` where the system does not tell.
    #[serde(default)]
    pub free_bytes: Option<u64>,
}

impl Estimate {
    /// Whether everything fits, if database and copies lie on the same disk; `true` when that is unknown.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.free_bytes.is_none_or(|free| free >= self.backup_bytes.saturating_add(self.database_bytes))
    }
}

/// A copy of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupReport {
    /// Area of the source.
    pub area: String,
    /// The source.
    pub source: String,
    /// Folder of the copy.
    pub path: String,
    /// Files in it, without the list of hashes.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The copy was there already and is intact.
    pub reused: bool,
}

/// What a plan and the import that follows it must agree in. See [`Report::accounts`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Accounts<'a> {
    /// Folders with their files.
    pub sources: &'a [SourceReport],
    /// Sums over all files.
    pub totals: &'a Counts,
    /// Findings by code.
    pub finding_totals: &'a BTreeMap<String, u64>,
    /// What is not loaded.
    pub unrecognised: &'a [Unrecognised],
}

impl Report {
    /// [`Report::kind`] of every report.
    pub const KIND: &'static str = "landfast-import-report";
    /// [`Report::schema`] of this version.
    pub const SCHEMA: u32 = 1;

    /// The part that is equal in a plan and in the import that follows it, as long as neither the sources
    /// nor the database change in between.
    #[must_use]
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts {
            sources: &self.sources,
            totals: &self.totals,
            finding_totals: &self.finding_totals,
            unrecognised: &self.unrecognised,
        }
    }

    /// The report as JSON text with a line break at its end.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "a report has text keys and finite numbers only")]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a report has text keys and finite numbers only");
        text.push('\n');
        text
    }

    /// The report as a text for people: what was read, what became of it, what to do.
    #[must_use]
    pub fn summary(&self) -> String {
        summary::render(self)
    }
}

//! What long work tells the person who waits for it.

use std::fmt;

/// Steps of long work, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Reading the sources without writing anything.
    Plan,
    /// Copying the sources.
    Backup,
    /// Writing into the database.
    Load,
    /// Comparing database and sources.
    Verify,
    /// Mending values on request.
    Repair,
    /// Writing legacy files.
    Export,
    /// Copying from one database to another.
    Copy,
    /// Packing the sources.
    Archive,
    /// Putting sources back.
    Rollback,
}

impl Stage {
    /// Lower-case name, as in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Backup => "backup",
            Self::Load => "load",
            Self::Verify => "verify",
            Self::Repair => "repair",
            Self::Export => "export",
            Self::Copy => "copy",
            Self::Archive => "archive",
            Self::Rollback => "rollback",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Is told how far long work got. Calls may come from another thread than the one that began the work.
pub trait Progress: Sync {
    /// A stage begins that will look at about this many bytes.
    fn begin(&self, stage: Stage, total_bytes: u64);
    /// Some more bytes and records are done; in [`Stage::Load`] called once for each batch that was kept, now or by
    /// an earlier run.
    fn advance(&self, bytes: u64, records: u64);
    /// The stage ended, completed or not.
    fn end(&self);
}

/// Progress that nobody looks at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: Stage, _: u64) {}
    fn advance(&self, _: u64, _: u64) {}
    fn end(&self) {}
}

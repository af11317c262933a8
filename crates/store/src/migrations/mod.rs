//! Versions of the schema: what is applied, applying, taking back, checking.
//!
//! Migrations are compiled in. A ledger in the database says which are applied and what they contained.
//! Each is applied together with its entry in one transaction, by one process at a time: SQLite's lock file
//! is held meanwhile, on PostgreSQL the ledger table is locked. Session locks are not used, since they
//! do not survive a transaction pooler.

mod check;
mod checksum;
mod embedded;
mod ledger;
mod runner;

use landfast_domain::time::Timestamp;

use crate::database::Database;
use crate::error::{Error, Result};
pub use checksum::checksum as migration_checksum;
use embedded::{MIGRATIONS, Migration};
use landfast_domain::Store;

/// The schema's versions in one database; made by [`Database::migrations`].
#[derive(Debug, Clone, Copy)]
pub struct Migrations<'a> {
    database: &'a Database,
}

/// What a database's ledger says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Migrations in the ledger, in order, those unknown to this program included.
    pub applied: Vec<AppliedMigration>,
    /// Migrations of this program that are not applied, in order.
    pub pending: Vec<PendingMigration>,
}

/// A migration in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedMigration {
    /// Sorts in the order of application.
    pub version: String,
    /// What it is about.
    pub name: String,
    /// When it was applied, by the database's clock, UTC; `None` when the ledger holds no readable time.
    pub applied_at: Option<Timestamp>,
    /// Whether this program has it.
    pub known: bool,
    /// Whether this program has it with other content.
    pub changed: bool,
}

/// A migration that is not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingMigration {
    /// Sorts in the order of application.
    pub version: String,
    /// What it is about.
    pub name: String,
}

impl MigrationStatus {
    /// Whether the schema is the one this program works with.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.pending.is_empty() && self.applied.iter().all(|migration| migration.known && !migration.changed)
    }
}

impl<'a> Migrations<'a> {
    pub(crate) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    /// What is applied and what is pending. Changes nothing, also in an empty database.
    ///
    /// # Errors
    /// [`Error::Database`] when the ledger cannot be read.
    pub fn status(&self) -> Result<MigrationStatus> {
        let entries = self.database.with_connection(ledger::entries)?;
        let applied: Vec<_> = entries
            .iter()
            .map(|entry| AppliedMigration {
                version: entry.version.clone(),
                name: entry.name.clone(),
                applied_at: entry.applied_at(),
                known: entry.migration().is_some(),
                changed: entry.migration().is_some_and(|migration| entry.checksum != self.checksum_of(migration)),
            })
            .collect();
        let pending = MIGRATIONS
            .iter()
            .filter(|migration| !entries.iter().any(|entry| entry.version == migration.version))
            .map(|migration| PendingMigration {
                version: migration.version.to_owned(),
                name: migration.name.to_owned(),
            })
            .collect();
        Ok(MigrationStatus { applied, pending })
    }

    /// Makes sure that the schema is the one this program works with.
    ///
    /// # Errors
    /// [`Error::Outdated`], [`Error::Newer`], [`Error::Changed`], [`Error::Skipped`], or
    /// [`Error::Database`] when the ledger cannot be read.
    pub fn require_current(&self) -> Result<()> {
        let entries = self.database.with_connection(ledger::entries)?;
        ledger::judge(&entries, |migration| self.checksum_of(migration))?;
        match MIGRATIONS.get(entries.len()) {
            None => Ok(()),
            Some(first) => Err(Error::Outdated {
                count: MIGRATIONS.len() - entries.len(),
                first: format!("{} ({})", first.version, first.name),
            }),
        }
    }

    /// Applies every pending migration and gives back their versions. Several processes may do so at once;
    /// each migration is applied by one of them.
    ///
    /// # Errors
    /// [`Error::Newer`], [`Error::Changed`] and [`Error::Skipped`] before anything is changed;
    /// [`Error::Migration`] or [`Error::ForeignKeys`] when one fails, of which then nothing is kept;
    /// [`Error::Busy`].
    pub fn migrate(&self) -> Result<Vec<String>> {
        runner::migrate(self.database)
    }

    /// Takes back the last `count` migrations, the newest first, and gives back their versions. **Data in
    /// the tables they made is lost.**
    ///
    /// # Errors
    /// As [`Migrations::migrate`].
    pub fn revert(&self, count: usize) -> Result<Vec<String>> {
        runner::revert(self.database, count)
    }

    /// Looks for faults: migrations pending, changed or unknown, columns that differ from what the program
    /// was compiled for, damage that the database itself can find. Gives back one sentence for each.
    ///
    /// # Errors
    /// [`Error::Database`] when a check cannot be made.
    pub fn check(&self) -> Result<Vec<String>> {
        check::check(self)
    }

    fn checksum_of(&self, migration: &Migration) -> String {
        migration_checksum(migration.scripts(self.database.kind()).up)
    }
}

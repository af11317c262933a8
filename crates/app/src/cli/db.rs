//! `landfast db`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `landfast db`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast db status           kind, place, schema version, rows
  landfast db check            exit code 0: current; 6: `landfast db migrate` is needed
  landfast db migrate          brings the schema up to date; data stays
  landfast db revert 1 --yes   undoes the last schema migration, with what its tables hold
  landfast db size
  landfast db backup copy.db                   one verified file, also while the database is in use
  landfast db restore --dry-run copy.db        is the backup intact, and what would be replaced?
  landfast db restore copy.db")]
pub struct DbArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: DbVerb,
    /// Prints JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// Verbs of `landfast db`.
#[derive(Debug, Subcommand)]
pub enum DbVerb {
    /// Shows kind, place, schema version, pending migrations and row counts
    Status,
    /// Checks that the schema is that of this program
    Check,
    /// Applies pending schema migrations
    Migrate,
    /// Undoes schema migrations, the newest first
    ///
    /// Tables and columns the migration made go away with what they hold. Take a backup first.
    Revert {
        /// How many
        #[arg(default_value_t = 1)]
        steps: usize,
        /// Really do it
        #[arg(long)]
        yes: bool,
    },
    /// Shows how much space the database takes
    Size,
    /// Writes everything into one SQLite file, and verifies it
    ///
    /// Of a SQLite database it is an exact copy of one moment, also while others work with it; of a PostgreSQL
    /// database a copy of all its records in the same portable form. FILE.json beside it holds the hash of the file
    /// and what every table holds. `pg_dump` remains the tool for everything else a PostgreSQL server keeps.
    Backup {
        /// File to write; must not be there
        file: PathBuf,
    },
    /// Puts a backup in the place of the database
    ///
    /// The backup is verified first. A SQLite database that is there is kept as NAME.before-restore-1; nobody else may
    /// have it open. A PostgreSQL database must be empty.
    Restore {
        /// File made by `landfast db backup`
        file: PathBuf,
        /// Verifies the backup and shows what would happen; changes nothing
        #[arg(long)]
        dry_run: bool,
    },
}

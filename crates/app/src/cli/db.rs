//! `landfast db`.

use clap::{Args, Subcommand};

/// `landfast db`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast db status           kind, place, schema version, rows
  landfast db check            exit code 0: current; 6: `landfast db migrate` is needed
  landfast db migrate          brings the schema up to date; data stays
  landfast db revert 1 --yes   undoes the last schema migration, with what its tables hold
  landfast db size")]
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
}

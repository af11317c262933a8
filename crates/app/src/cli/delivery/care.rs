//! Verbs of caches, background tasks, the schema, and packages.

use super::QueryPick;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Verbs of `landfast delivery cache`.
#[derive(Debug, Subcommand)]
pub enum CacheVerb {
    /// Lists the cached responses of a query
    List(QueryPick),
    /// Removes expired responses and change-log entries of all profiles
    Cleanup {
        /// Counts them and removes nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// Verbs of `landfast delivery tasks-progress`.
#[derive(Debug, Subcommand)]
pub enum TaskProgressVerb {
    /// Shows the running or last background task
    Show,
    /// Marks a task that was interrupted as failed; to be called when the program starts
    Recover,
}

/// Verbs of `landfast delivery schema`.
#[derive(Debug, Subcommand)]
pub enum SchemaVerb {
    /// Shows the version kept among the data, 0.0 when there is none
    Version,
}

/// Verbs of `landfast delivery package`.
#[derive(Debug, Subcommand)]
pub enum PackageVerb {
    /// Writes a profile into a file
    Export(PackageExportArgs),
    /// Brings a profile in
    Import(PackageImportArgs),
}

/// `landfast delivery package export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast delivery package export p_79cb9e86830c                settings and queries
  landfast delivery package export p_79cb9e86830c --full -o team.json
  landfast delivery package export p_79cb9e86830c --full -o - | gzip > team.json.gz

Tokens, passwords and mail addresses are taken out at every depth unless --with-tokens is given.")]
pub struct PackageExportArgs {
    /// Id of the profile
    pub profile: String,
    /// Only this query
    #[arg(long, value_name = "ID")]
    pub query: Option<String>,
    /// Everything: caches, change logs, statistics and metrics as well
    #[arg(long)]
    pub full: bool,
    /// Leaves tokens and passwords inside; keep such a file secret
    #[arg(long)]
    pub with_tokens: bool,
    /// File to write, - for standard output [default: a name made of the time, the profile and what is inside]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replaces the file if it is there
    #[arg(long)]
    pub overwrite: bool,
}

/// `landfast delivery package import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast delivery package import team.json --dry-run    what it would become
  landfast delivery package import team.json --merge
  landfast delivery package import team.json --rename 'Team, second copy'

A profile that is there already is only touched with --merge or --overwrite.")]
pub struct PackageImportArgs {
    /// The package, - for standard input
    pub file: PathBuf,
    /// Into a profile with the same id: imported settings but local secrets, queries of both
    #[arg(long, group = "conflict")]
    pub merge: bool,
    /// In place of a profile with the same id, which is gone then
    #[arg(long, group = "conflict")]
    pub overwrite: bool,
    /// Beside a profile with the same id or name, under an id of its own and this name [default: the old name and the time]
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", group = "conflict")]
    pub rename: Option<String>,
    /// Tells what would happen and changes nothing
    #[arg(long)]
    pub dry_run: bool,
}

//! `landfast runs`.

mod change;

pub use change::{CreateRunArgs, UpdateRunArgs};

use clap::{Args, Subcommand};

/// `landfast runs`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast runs list --status complete --limit 20
  landfast runs show run_2025-12-09T14-05-07Z-d88b5f
  landfast runs create --source manual_upload
  landfast runs update ID --status processing --stage 'VE table' --progress 40
  landfast runs fail ID --stage export --code disk_full --message 'no space left'
  landfast runs clean --older-than 90 --dry-run

States: pending, downloading, converting, validating, processing, complete, error. Any may follow any other.")]
pub struct RunsArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: RunsVerb,
    /// Prints JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Acts as if it were this time (UTC), YYYY-MM-DD HH:MM, seconds if you like [default: now]
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
}

/// Verbs of `landfast runs`.
#[derive(Debug, Subcommand)]
pub enum RunsVerb {
    /// Lists runs, the newest first
    List(RunListArgs),
    /// Shows a run with its documents
    Show {
        /// Id of the run
        id: String,
    },
    /// Lists the files of a run with their hashes
    Files {
        /// Id of the run
        id: String,
    },
    /// Makes a run, pending
    Create(CreateRunArgs),
    /// Changes a run; what is not given stays
    Update(Box<UpdateRunArgs>),
    /// Marks a run as complete, with a progress of 100
    Complete {
        /// Id of the run
        id: String,
        /// JSON object of results, or @FILE, or @- for standard input
        #[arg(long, value_name = "JSON|@FILE")]
        results: Option<String>,
    },
    /// Marks a run as failed
    Fail {
        /// Id of the run
        id: String,
        /// Stage it failed in
        #[arg(long)]
        stage: String,
        /// Short code
        #[arg(long)]
        code: String,
        /// What happened
        #[arg(long)]
        message: String,
    },
    /// Removes a run and the list of its files; the files themselves stay
    Delete {
        /// Id of the run
        id: String,
    },
    /// Removes old runs
    Clean(CleanRunsArgs),
}

/// `landfast runs list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast runs list --source jetstream
  landfast runs list --limit 20 --offset 40 --json
  landfast runs list --after 1765289107493000/run_2025-12-09T14-05-07Z-d88b5f   goes on where a page ended")]
pub struct RunListArgs {
    /// Only those with this status
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Only those from this source
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// At most so many, and never more than 1000
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Leaves out so many from the beginning
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "after")]
    pub offset: u64,
    /// Goes on behind this place, which the page before names
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
}

/// `landfast runs clean`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast runs clean --older-than 90             what would go
  landfast runs clean --older-than 90 --execute

Only completed and failed runs that ended longer ago go. Their directories stay where they are.")]
pub struct CleanRunsArgs {
    /// Age
    #[arg(long, value_name = "DAYS")]
    pub older_than: u32,
    /// Shows what would go; this is the default
    #[arg(long, conflicts_with = "execute")]
    pub dry_run: bool,
    /// Removes
    #[arg(long)]
    pub execute: bool,
}

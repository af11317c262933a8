//! `landfast presentations`.

mod steps;
mod work;

pub use steps::{AttemptArgs, ClaimArgs, CreateArgs, FailArgs, FinishArgs, HeartbeatArgs, ReportArgs};
pub use work::{CleanArgs, RecoverArgs, WorkArgs};

use clap::{Args, Subcommand};

/// `landfast presentations`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast presentations create --request request.json --idempotency-key order-17
  landfast presentations list --status queued
  landfast presentations claim --worker w1 --json       takes the next job
  landfast presentations report ID --attempt 1 --progress 40
  landfast presentations finish ID --attempt 1
  landfast presentations recover                        at start: jobs whose worker is gone
  landfast presentations work --drain --command './render.sh'
  landfast presentations clean --dry-run

States: queued, processing, completed, failed. A worker owns a job for the time of its lease, which each
heartbeat extends, and names its attempt in every step; a worker that lost the job is refused.")]
pub struct PresentationsArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: PresentationsVerb,
    /// Prints JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Acts as if it were this time (UTC), YYYY-MM-DD HH:MM, seconds if you like [default: now]
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
}

/// Verbs of `landfast presentations`.
#[derive(Debug, Subcommand)]
pub enum PresentationsVerb {
    /// Lists jobs, the newest first
    #[command(after_help = "\
Examples:
  landfast presentations list --limit 20
  landfast presentations list --status failed --json
  landfast presentations list --after 2025-11-10T12:00:00/5df970f5   goes on where a page ended")]
    List {
        /// Only those with this status
        #[arg(long, value_name = "STATUS")]
        status: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
        /// Goes on behind this place, which the page before names
        #[arg(long, value_name = "PLACE")]
        after: Option<String>,
    },
    /// Shows a job with its request
    Show {
        /// Id of the job
        id: String,
    },
    /// Adds a job to the queue
    Create(CreateArgs),
    /// Takes the next job for a worker
    Claim(ClaimArgs),
    /// Extends the lease of a worker
    Heartbeat(HeartbeatArgs),
    /// Notes how far a worker is, and what it made
    #[command(visible_alias = "progress")]
    Report(ReportArgs),
    /// Completes a job
    Finish(FinishArgs),
    /// Ends an attempt without success; the job waits for the next one, if one is left
    Fail(FailArgs),
    /// Gives a job back unfinished; the attempt does not count
    Release(AttemptArgs),
    /// Cancels a waiting job, or asks the worker of a running one to stop
    Cancel {
        /// Id of the job
        id: String,
    },
    /// Puts a failed job back into the queue
    Retry {
        /// Id of the job
        id: String,
    },
    /// Removes a job that no worker has; its files stay
    Delete {
        /// Id of the job
        id: String,
    },
    /// Deals with jobs whose worker is gone: queued again, or failed
    Recover(RecoverArgs),
    /// Removes old jobs and their files
    Clean(CleanArgs),
    /// Counts jobs by status
    Counts,
    /// Works on jobs: claims them, reports progress with heartbeats, finishes them
    Work(WorkArgs),
}

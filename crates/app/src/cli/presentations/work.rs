//! Workers, recovery, retention.

use super::steps::LEASE_SECONDS;
use clap::Args;
use std::path::PathBuf;

/// `landfast presentations work`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast presentations work --drain --command './render.sh'   until nothing is left to do now
  landfast presentations work --drain --step-delay 50           walks the steps and renders nothing: for tests
  landfast presentations work --worker w1                       goes on until Ctrl-C

The command runs in a shell, once for each attempt. It reads the request as JSON from standard input and
finds LANDFAST_JOB_ID and LANDFAST_ATTEMPT in its environment. Lines it prints are reports:

  progress 40                     percent
  file output/presentations/x.mp4 a file that was made
  provider 5f2c                   a rendering begun at an external service
  image output/x.png              a picture for debugging
  video /presentations/ID/video   address of the video
  thumbnail URL                   address of the preview image

Exit code 0 completes the job; every other one fails the attempt with the end of its standard error.
Heartbeats go on meanwhile. When the job is cancelled or lost, the command and what it started is ended.
Ctrl-C ends it as well and gives the job back without using up an attempt; the exit code is then 130.")]
pub struct WorkArgs {
    /// Ends when there is nothing to do now, instead of waiting for jobs
    #[arg(long)]
    pub drain: bool,
    /// Name of the worker, unique among those that run [default: made of the machine and the process]
    #[arg(long, value_name = "NAME")]
    pub worker: Option<String>,
    /// Renders one job; without it the steps are walked and nothing is rendered
    #[arg(long, value_name = "COMMAND")]
    pub command: Option<String>,
    /// Rest after each step
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0, conflicts_with = "command")]
    pub step_delay: u64,
    /// How long a job belongs to the worker after its last heartbeat
    #[arg(long, value_name = "SECONDS", default_value_t = LEASE_SECONDS, value_parser = clap::value_parser!(u64).range(1..))]
    pub lease: u64,
    /// Wait before the next attempt of a job that failed; doubled with each one
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    pub back_off: u64,
    /// Ends after so many jobs
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
}

/// `landfast presentations recover`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast presentations recover
  landfast presentations recover --root /srv/renderer --json

Call it when the service starts, and from time to time; several processes may do so together.

  processing, the lease ran out, request and attempt left   queued again after a while
  processing, the lease ran out, neither                    failed: interrupted by restart
  the same, but with a finished video below --root          failed; the path is noted for a person
  processing under a valid lease, queued with a request     stays
  queued without a request                                  failed
  completed, failed                                         stays")]
pub struct RecoverArgs {
    /// Folder that holds output/ of the service: finished videos are looked for there, files of broken attempts
    /// removed; without it no file is touched
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Wait before the next attempt; doubled with each one
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    pub back_off: u64,
}

/// `landfast presentations clean`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast presentations clean --dry-run                        what would go
  landfast presentations clean --execute --root /srv/renderer   files first, then the jobs
  landfast presentations clean --execute --keep-files --completed-days 1

Only completed and failed jobs that ended longer ago go. Only regular files inside DIR/output are removed,
and none that another job lists, too.")]
pub struct CleanArgs {
    /// Shows what would go; this is the default
    #[arg(long, conflicts_with = "execute")]
    pub dry_run: bool,
    /// Removes
    #[arg(long)]
    pub execute: bool,
    /// Age of completed jobs
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    pub completed_days: u32,
    /// Age of failed jobs
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub failed_days: u32,
    /// Folder that holds output/ of the service
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Removes jobs only and leaves their files
    #[arg(long, conflicts_with = "root")]
    pub keep_files: bool,
}

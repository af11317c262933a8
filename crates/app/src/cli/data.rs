//! Commands that move data: import, verify, export, quarantine, demo-data.

use clap::{Args, Subcommand};
use landfast_cutover::{HashFiles, RunOptions};
use std::path::PathBuf;
use std::time::Duration;

/// `landfast import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast import --dry-run old/data          what every record would become; nothing is written
  landfast import old/data                    into SQLite in the data directory
  landfast import old/data --report run.html --report run.json
  DATABASE_URL=postgres://me@host/db landfast import old/data

Sources are only read. The import can be stopped or killed at any moment; the same command goes on.
Importing again what was imported changes nothing.")]
pub struct ImportArgs {
    /// Folders to look through for legacy data
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Shows the plan and writes nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Imports; this is the default, the flag says so explicitly
    #[arg(long, conflicts_with = "dry_run")]
    pub execute: bool,
    /// Also writes the report into this file: as a page when it ends in .html, else as JSON; may be repeated
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
    /// Verified copies kept of each source folder, the newest; 0 keeps all [default: setting keep_backups, 5]
    #[arg(long, value_name = "N")]
    pub keep_backups: Option<usize>,
    /// Gives up when more records than this would be set aside
    #[arg(long, value_name = "N")]
    pub max_quarantined: Option<u64>,
    /// Moves expected values out of the columns of actual ones, where the program wrote them before 19 December 2025
    #[arg(long)]
    pub repair_relief: bool,
    /// Takes ratings of rows made before this date as 0 to 10 and multiplies them by 10
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub repair_scale: Option<String>,
    /// Forgets records whose source file lost them since the last import, instead of keeping them
    #[arg(long)]
    pub prune: bool,
    /// Leaves jobs that were queued or running to the old service, which is still running; import again later
    #[arg(long)]
    pub live: bool,
    /// How directories of runs are read
    #[command(flatten)]
    pub runs: RunReadArgs,
    /// Prints the report as JSON
    #[arg(long)]
    pub json: bool,
}

/// How directories of analysis runs are read.
#[derive(Debug, Args)]
pub struct RunReadArgs {
    /// Result files of runs whose hashes are taken and compared: listed (by a manifest), all, or nothing
    #[arg(long, value_name = "WHICH", default_value = "listed", value_parser = ["listed", "all", "nothing"])]
    pub hash_files: String,
    /// How often a document of a run that makes no sense is read again, since a running program rewrites it in place
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub read_retries: u32,
    /// Time between two such tries
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 15)]
    pub read_pause: u64,
}

impl RunReadArgs {
    /// The options for reading.
    #[must_use]
    pub fn options(&self) -> RunOptions {
        let hash = match self.hash_files.as_str() {
            "all" => HashFiles::All,
            "nothing" => HashFiles::Nothing,
            _ => HashFiles::Listed,
        };
        RunOptions { hash, retries: self.read_retries, pause: Duration::from_millis(self.read_pause) }
    }
}

/// `landfast verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast verify old/data          exit code 0: equal; 4: the differences are listed
  landfast verify old/data --allow-edits --report check.html
  landfast verify                   compares with the copy of the files kept in the database itself

Backups in the data directory are checked as well.")]
pub struct VerifyArgs {
    /// Folders the data was imported from; without one, the copy in the database is compared with
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Counts rows that differ from their source as edits made since the import, not as differences
    #[arg(long)]
    pub allow_edits: bool,
    /// Also writes the report into this file: as a page when it ends in .html, else as JSON; may be repeated
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
}

/// `landfast export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast export out/            every file of every imported folder
  landfast export out/ --json     with the SHA-256 of each file")]
pub struct ExportArgs {
    /// Folder to write into; made when it is missing
    pub dir: PathBuf,
    /// Replaces files that are there
    #[arg(long)]
    pub overwrite: bool,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
}

/// `landfast quarantine`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast quarantine list                     what was set aside, where, and why
  landfast quarantine show tasks.csv:17        the bytes of the record on line 17
  landfast quarantine export aside/            one file with the raw bytes for each source file
  landfast quarantine retry tasks.csv:17 --from mended.csv
  printf 't2,\"Two, with a comma\",x\n' | landfast quarantine retry tasks.csv:17 --from -")]
pub struct QuarantineArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: QuarantineVerb,
    /// Prints JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// Verbs of `landfast quarantine`.
#[derive(Debug, Subcommand)]
pub enum QuarantineVerb {
    /// Lists the records with file, line, offset, column, reason
    List,
    /// Shows one record with its bytes
    Show {
        /// FILE:LINE, as `list` prints it
        place: String,
    },
    /// Writes the raw bytes and the reasons into a folder
    Export {
        /// Folder to write into; made when it is missing
        dir: PathBuf,
    },
    /// Loads one record by itself, from its mended bytes
    ///
    /// The record takes the place it has in its file; the file itself is not touched. Without --from, the bytes
    /// that were set aside are tried again, for instance with a newer version of this program.
    Retry(RetryArgs),
}

/// `landfast quarantine retry`.
#[derive(Debug, Args)]
pub struct RetryArgs {
    /// FILE:LINE, as `list` prints it
    pub place: String,
    /// File with the mended record as it should have stood in its file; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Folder the file was imported from, when several have a file of that name
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Shows what the record would become and changes nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `landfast demo-data`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast demo-data /tmp/old
  landfast demo-data /tmp/old --area tasks --scale 400 --seed 7     200,000 instances
  landfast demo-data /tmp/old --area tasks --age nov2025
  landfast demo-data /tmp/old --area delivery --area runs

Each area gets a folder with its name: tasks, delivery, presentations, runs.")]
pub struct DemoDataArgs {
    /// Folder to write into; made when it is missing, files of the same names are replaced
    pub dir: PathBuf,
    /// Chooses the contents; the same seed and scale give the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Amount of data: 1 is 500 task instances, 390 issues, 60 rendering jobs and 28 analysis runs
    #[arg(long, default_value_t = 1)]
    pub scale: u32,
    /// Only this area: tasks, delivery, presentations or runs; may be repeated [default: all]
    #[arg(long = "area", value_name = "AREA")]
    pub areas: Vec<String>,
    /// Which version of the task manager its files look like: nov2025, dec2025, late-dec2025, mar2026
    #[arg(long, default_value = "mar2026")]
    pub age: String,
    /// Last moment anything happens, YYYY-MM-DD HH:MM
    #[arg(long, value_name = "TIME", default_value = "2026-03-07 09:30")]
    pub now: String,
    /// Leaves out the oddities real files hold
    #[arg(long)]
    pub tidy: bool,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
}

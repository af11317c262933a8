//! The command line: every command, option and help text.

mod analytics;
mod care;
mod data;
mod db;
mod delivery;
mod presentations;
mod run;
mod runs;
mod stages;
mod tasks;

pub use analytics::{
    AnalyticsArgs, AnalyticsVerb, DeliveryWhenArgs, ExplainArea, ExplainArgs, PeriodsArgs, RunsWhenArgs, TasksWhenArgs,
    WhenArgs,
};
pub use care::{ArchiveArgs, CopyArgs, RollbackArgs};
pub use data::{DemoDataArgs, ExportArgs, ImportArgs, QuarantineArgs, QuarantineVerb, RetryArgs, VerifyArgs};
pub use db::{DbArgs, DbVerb};
pub use delivery::{
    CacheVerb, ChangelogArgs, ChangelogVerb, DeliveryArgs, DeliveryVerb, IssueVerb, IssuesArgs, IssuesVerb,
    MetricsArgs, MetricsVerb, PackageExportArgs, PackageImportArgs, PackageVerb, ProfileVerb, QueryPick, QueryVerb,
    SchemaVerb, ScopeVerb, SettingVerb, SnapshotsArgs, SnapshotsVerb, StatisticsArgs, StatisticsVerb, TaskProgressVerb,
};
pub use presentations::{
    AttemptArgs, ClaimArgs, CleanArgs, CreateArgs, FailArgs, FinishArgs, HeartbeatArgs, PresentationsArgs,
    PresentationsVerb, RecoverArgs, ReportArgs, WorkArgs,
};
pub use run::{CompletionsArgs, DemoArgs, JsonArgs, ManArgs, ServeArgs};
pub use runs::{CleanRunsArgs, CreateRunArgs, RunListArgs, RunsArgs, RunsVerb, UpdateRunArgs};
pub use stages::{CutoverArgs, CutoverVerb, Prefer, StepArgs};
pub use tasks::{
    EmotionVerb, Fields, InstanceVerb, InstancesArgs, JobVerb, NewInstance, NoteVerb, PayloadArgs, PreferenceVerb,
    TaskFields, TasksArgs, TasksVerb,
};

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  landfast demo                              see everything once, with made-up data
  landfast import --dry-run path/to/data     the plan; nothing is written
  landfast import path/to/data               back up, load, verify
  landfast tasks instances --active          what is open
  landfast export out/                       the files, byte for byte
  DATABASE_URL=postgres://me@host/db landfast db status

Exit codes:
  0 done, nothing left out              4 verification found differences
  1 failed, nothing changed             5 another migrator holds the lock
  2 wrong command line or settings      6 the database schema is not current
  3 done, with records in quarantine    130 interrupted; the same command goes on";

/// Moves application data out of loose files into SQLite or PostgreSQL and proves that nothing was lost.
#[derive(Debug, Parser)]
#[command(name = "landfast", version, about, after_help = EXAMPLES, propagate_version = true, max_term_width = 110)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// Where the data is: sqlite:PATH, postgres://…, or files:DIR [env: DATABASE_URL] [default: landfast.db in the data directory]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Folder of the embedded database and of the backups of sources [env: LANDFAST_DATA_DIR] [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Configuration file [default: landfast.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// User the data belongs to
    #[arg(long, global = true, value_name = "ID", default_value = landfast_domain::accounts::UserId::GUEST)]
    pub user: String,
    /// Says more on stderr; twice for every statement
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// No progress bars and no talk on stderr
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Loads legacy files: plan, verified backup, load, verification, report
    Import(ImportArgs),
    /// Compares the database with the legacy files, cell by cell
    Verify(VerifyArgs),
    /// Writes the data as legacy files; untouched files come back byte for byte
    Export(ExportArgs),
    /// Records that were set aside by an import
    Quarantine(QuarantineArgs),
    /// Puts the imported files back as they were, from their verified backups
    Rollback(RollbackArgs),
    /// Packs the imported files with their hashes, after a verification without differences
    Archive(ArchiveArgs),
    /// Copies everything between SQLite, PostgreSQL and folders of files, and compares
    Copy(CopyArgs),
    /// Moves an area from its files to the database and back, step by step, with both written in between
    Cutover(CutoverArgs),
    /// Works with templates, attempts, emotions, notes, preferences and jobs
    Tasks(Box<TasksArgs>),
    /// Works with profiles, queries, issues, weekly numbers and metrics of the delivery area
    Delivery(Box<DeliveryArgs>),
    /// Works with the queue of rendering jobs
    Presentations(Box<PresentationsArgs>),
    /// Works with analysis runs and the lists of their files
    Runs(Box<RunsArgs>),
    /// Calculates every quantity of an area, as of a time
    Analytics(AnalyticsArgs),
    /// Serves the page and the health checks on a local address
    Serve(ServeArgs),
    /// Schema and care of the database
    Db(DbArgs),
    /// Makes up data, imports and verifies it, shows the report and the page
    Demo(DemoArgs),
    /// Writes a made-up legacy folder, the same for the same seed
    DemoData(DemoDataArgs),
    /// Shows every setting and where its value came from
    Config(JsonArgs),
    /// Checks the data directory, the database, its schema and the free space
    Doctor(JsonArgs),
    /// Runs the rules every store keeps against a database
    ///
    /// Each rule uses users of its own, which are removed afterwards; still, use a database made for it.
    #[cfg(feature = "conformance")]
    Conformance(run::ConformanceArgs),
    /// Prints a completion script for a shell
    Completions(CompletionsArgs),
    /// Prints the manual page, or writes one page a command into a folder
    Man(ManArgs),
}
#[cfg(feature = "conformance")]
pub use run::ConformanceArgs;

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_help_without_a_full_stop_at_the_end() {
        fn walk(command: &clap::Command, path: &str) {
            for sub in command.get_subcommands() {
                let name = format!("{path} {}", sub.get_name());
                let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
                assert!(!about.is_empty() && !about.ends_with('.'), "{name}: {about:?}");
                walk(sub, &name);
            }
        }
        walk(&Cli::command(), "landfast");
    }
}

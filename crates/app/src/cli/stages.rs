//! `landfast cutover`.

use clap::{Args, Subcommand, ValueEnum};
use landfast_domain::cutover::{Area, Stage};
use std::path::PathBuf;

/// `landfast cutover`.
#[derive(Debug, Args)]
#[command(after_help = "\
Stages: files, dual-files (both are written, the files lead), dual-database (both, the database leads), database,
archived. Each step goes one stage forward or back, and only when nothing is in the way.

Examples:
  landfast cutover status                        where every area is, and what is in its way
  landfast cutover advance tasks --folder data   from the files to writing both: imports, verifies, switches
  landfast cutover compare tasks                 every field in which files and database differ
  landfast cutover repair                        copies to the following store what it lacks
  landfast cutover advance tasks                 now the database leads
  landfast cutover back tasks --to dual-files    and now the files again
  landfast cutover reconcile --prefer newest     after a fallback: merges, then removes the mark

Exit codes: 0 done, 1 failed, 3 something is in quarantine, 4 files and database differ, 6 schema not current")]
pub struct CutoverArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: CutoverVerb,
    /// Folder of the legacy files [default: the recorded one, or legacy_dir of the settings]
    #[arg(long, global = true, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Prints JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// Verbs of `landfast cutover`.
#[derive(Debug, Subcommand)]
pub enum CutoverVerb {
    /// Shows the stage of every area, what the following store lacks, what differs, and the history
    Status,
    /// Takes an area one stage towards the database
    Advance(StepArgs),
    /// Takes an area one stage towards the files
    Back(StepArgs),
    /// Compares files and database field by field; exit code 4 when they differ
    Compare {
        /// tasks, delivery, presentations or runs [default: all]
        #[arg(value_parser = area)]
        area: Option<Area>,
    },
    /// Copies to the following store everything in which it differs from the leading one
    ///
    /// While the files lead, this takes over what a program wrote that knows only the files.
    Repair {
        /// tasks, delivery, presentations or runs [default: all]
        #[arg(value_parser = area)]
        area: Option<Area>,
    },
    /// Merges files and database after a fallback to the files, and removes the mark it left
    ///
    /// Without --prefer it asks about every difference, which needs a terminal.
    Reconcile {
        /// Whose version counts; newest takes the one that names the later time and removes nothing
        #[arg(long, value_enum)]
        prefer: Option<Prefer>,
        /// Lists the differences and what would become of them
        #[arg(long)]
        dry_run: bool,
    },
}

/// Which area, and how far.
#[derive(Debug, Args)]
pub struct StepArgs {
    /// tasks, delivery, presentations or runs
    #[arg(value_parser = area)]
    pub area: Area,
    /// Goes on to this stage, step by step
    #[arg(long, value_name = "STAGE", value_parser = stage)]
    pub to: Option<Stage>,
    /// For the step to archived: the files are packed already, only record it
    #[arg(long)]
    pub packed: bool,
}

/// Whose version of a difference counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Prefer {
    /// The files'.
    Files,
    /// The database's.
    Database,
    /// The one that names the later time.
    Newest,
}

fn area(text: &str) -> Result<Area, String> {
    Area::parse(text).ok_or_else(|| "write tasks, delivery, presentations or runs".to_owned())
}

fn stage(text: &str) -> Result<Stage, String> {
    Stage::parse(text).ok_or_else(|| "write files, dual-files, dual-database, database or archived".to_owned())
}

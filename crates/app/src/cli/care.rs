//! Commands that copy, pack and put back whole sets of data: copy, archive, rollback.

use clap::Args;
use std::path::PathBuf;

/// `landfast rollback`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast rollback --dry-run                which files differ from what was imported
  landfast rollback                          every imported folder
  landfast rollback old/data

Each folder is made anew beside the live one from its verified backup and then takes its place in one step.
The live one is kept as DIR.before-rollback-1. Files that were never imported stay. The database is not touched.")]
pub struct RollbackArgs {
    /// Only imported folders at or below these; without one, all of them
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Shows what would be put back and changes nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
}

/// `landfast archive`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast archive --dry-run attic/
  landfast archive attic/
  tar --zstd -xf attic/tasks-….tar.zst && sha256sum -c SHA256SUMS

Every imported folder is verified first; with a difference or a record in quarantine nothing is packed.
Each archive is read back before it gets its name. Nothing is removed: that is for you to decide.")]
pub struct ArchiveArgs {
    /// Folder to write the archives into; made when it is missing
    pub dir: PathBuf,
    /// Verifies and shows what would be packed, and writes nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
}

/// `landfast copy`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  landfast copy --from sqlite:data/landfast.db --to postgres://me@host/empty_db
  landfast copy --from postgres://me@host/db --to sqlite:copy.db
  landfast copy --from files:old/data --to sqlite:new.db
  landfast copy --from sqlite:data/landfast.db --to files:out

The target must be empty or not be there yet. It gets everything in one step: a copy that is interrupted or
killed leaves nothing in it. Afterwards both sides are compared table by table. A database gives all its users,
a folder of files holds the data of one user (--user).")]
pub struct CopyArgs {
    /// Where the data is: sqlite:PATH, postgres://… or files:DIR
    #[arg(long, value_name = "URL")]
    pub from: String,
    /// Where it shall be: sqlite:PATH, postgres://… or files:DIR
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Gives up when more records than this would be set aside; for a folder of files
    #[arg(long, value_name = "N")]
    pub max_quarantined: Option<u64>,
    /// Looks at both sides and shows what would be copied; nothing is written
    #[arg(long)]
    pub dry_run: bool,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
}

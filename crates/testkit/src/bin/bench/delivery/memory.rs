//! How much memory an import takes, by the number of issues.

use super::{MEASURED, tree};
use crate::report::Report;
use crate::{AnyError, Extent};
use landfast_demo::DeliverySize;
use landfast_store::{Database, DatabaseUrl, PoolOptions};
use landfast_testkit::imports::import_folder;
use std::path::Path;
use std::process::Command;

/// What this program is called with to import one folder and tell how much memory that took.
pub(crate) const IMPORT_ONLY: &str = "--import-only";

/// Imports trees of growing size into SQLite, each in a process of its own, and tells the peak of its memory.
pub(crate) fn run(extent: Extent, report: &mut Report) -> Result<(), AnyError> {
    let mut issues = MEASURED.issues;
    while issues <= extent.most_issues {
        let folder = tempfile::tempdir()?;
        let source = folder.path().join("data");
        let times = issues / MEASURED.issues;
        tree(&source, DeliverySize { issues, changes: MEASURED.changes * times, ..MEASURED })?;
        let begun = std::time::Instant::now();
        let answer = Command::new(std::env::current_exe()?)
            .args([IMPORT_ONLY.as_ref(), source.as_os_str(), folder.path().join("own").as_os_str()])
            .output()?;
        if !answer.status.success() {
            return Err(String::from_utf8_lossy(&answer.stderr).into_owned().into());
        }
        let kibibytes: f64 = String::from_utf8(answer.stdout)?.trim().parse()?;
        let name = "delivery_memory_sqlite";
        report.add(name, format!("peak with {issues} issues"), kibibytes / 1024.0, "MiB");
        report.add(name, format!("{issues} issues imported and verified"), begun.elapsed().as_secs_f64(), "s");
        issues *= 10;
    }
    Ok(())
}

/// Imports a folder into a new SQLite database and prints the peak of this process's memory in KiB.
pub(crate) fn import_only(source: &Path, own: &Path) -> Result<(), AnyError> {
    std::fs::create_dir(own)?;
    let database = Database::open(&DatabaseUrl::sqlite(own.join("landfast.db")), PoolOptions::default())?;
    database.migrations().migrate()?;
    let outcome = import_folder(&database, source, &own.join("backups"))?;
    if outcome.exit_code != 0 {
        return Err(outcome.summary().into());
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    println!("{}", peak.trim().trim_end_matches("kB").trim());
    Ok(())
}

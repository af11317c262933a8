//! What the data take on the disk, beside what was planned (SC-007).

use super::{MEASURED, tree};
use crate::load_sqlite::path;
use crate::report::Report;
use crate::{AnyError, Extent};
use landfast_testkit::databases;
use landfast_testkit::imports::import_folder;
use rusqlite::Connection;

/// Tables with what a row of theirs was planned to take, in bytes, indexes included.
const TABLES: [(&str, &str, f64); 4] = [
    ("jira_issues", "an issue", 1_200.0),
    ("jira_changelog_items", "a change", 240.0),
    ("metrics_snapshots", "a snapshot", 120.0),
    ("metric_values", "a value of a metric", 96.0),
];

/// Sizes of tables with their indexes in SQLite, for each row, after an import of the tree of a known size.
pub(crate) fn run(_extent: Extent, report: &mut Report) -> Result<(), AnyError> {
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("data");
    tree(&source, MEASURED)?;
    let database = databases::sqlite();
    import_folder(database.store(), &source, &folder.path().join("backup"))?;
    let connection = Connection::open(path(&database)?)?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    let name = "delivery_size_sqlite";
    for (table, what, planned) in TABLES {
        let rows: f64 = connection.query_row(&format!("SELECT 1.0 * count(*) FROM {table}"), [], |row| row.get(0))?;
        let sum = "SELECT 1.0 * coalesce(sum(pgsize), 0) FROM dbstat \
                   WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?1)";
        let bytes: f64 = connection.query_row(sum, [table], |row| row.get(0))?;
        report.add(name, format!("{what}, of {rows}"), bytes / rows, "bytes");
        report.add(name, format!("{what}, planned"), planned, "bytes");
    }
    let pages = "SELECT 1.0 * page_count * page_size FROM pragma_page_count, pragma_page_size";
    let total: f64 = connection.query_row(pages, [], |row| row.get(0))?;
    let chunks = "SELECT 1.0 * coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE '%chunk%'";
    let kept: f64 = connection.query_row(chunks, [], |row| row.get(0))?;
    report.add(name, "whole file", total / 1024.0, "KiB");
    report.add(name, "of it the compressed source documents", kept / 1024.0, "KiB");
    Ok(())
}

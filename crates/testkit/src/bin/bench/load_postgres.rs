//! Loading instances into PostgreSQL, against `psql \copy`.

use crate::load_sqlite::load;
use crate::measure::{cost, median};
use crate::report::Report;
use crate::rows::instances;
use crate::{AnyError, Extent};
use landfast_testkit::databases::{self, PostgresDatabase};
use std::path::Path;
use std::process::{Command, Stdio};

const NAME: &str = "tasks_load_postgres";

/// Rounds of the same rows into new databases, ours and `psql` taking turns.
///
/// `psql` copies the very rows that ours stored, from a CSV file, into the same table with the same indexes.
/// Only the wall clock is compared: the server does most of the work on both sides.
pub(crate) fn run(extent: Extent, report: &mut Report) -> Result<(), AnyError> {
    let rows = instances(extent.rows)?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("task_instances.csv");
    let has_psql = psql().arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    let (mut wall, mut speed) = (Vec::new(), Vec::new());
    for _ in 0..extent.rounds {
        let Some(ours) = PostgresDatabase::migrated() else { return Ok(()) };
        let database = databases::open(&landfast_store::DatabaseUrl::parse(ours.url())?);
        let (our_cost, ()) = cost(|| load(&database, &rows))?;
        speed.push(f64::from(extent.rows) / our_cost.wall.as_secs_f64());
        if !has_psql {
            continue;
        }
        copy(&ours, "TO", &file)?;
        let Some(theirs) = PostgresDatabase::migrated() else { return Ok(()) };
        let (psql_cost, ()) = cost(|| copy(&theirs, "FROM", &file))?;
        wall.push(our_cost.wall.as_secs_f64() / psql_cost.wall.as_secs_f64());
    }
    report.add(NAME, "rows per second", median(speed), "1/s");
    if has_psql {
        report.add(NAME, "wall against psql \\copy", median(wall), "x");
    } else {
        eprintln!("{NAME}: no psql to compare with");
    }
    Ok(())
}

fn psql() -> Command {
    Command::new("psql")
}

fn copy(database: &PostgresDatabase, direction: &str, file: &Path) -> Result<(), AnyError> {
    let command = format!("\\copy task_instances {direction} '{}' CSV", file.display());
    let status = psql()
        .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", database.url(), "--command", &command])
        .stdout(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err("psql failed".into()) }
}

//! Loading instances into SQLite, against a bare prepared statement.

use crate::measure::{cost, median, ratios};
use crate::raw::{self, CHUNK, Table};
use crate::report::Report;
use crate::rows::instances;
use crate::{AnyError, Extent};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::record::Placed;
use landfast_domain::tasks::TaskInstance;
use landfast_testkit::databases;
use rusqlite::Connection;
use std::path::PathBuf;

const NAME: &str = "tasks_load_sqlite";

/// Rounds of the same rows into new files, ours and raw taking turns.
///
/// The raw side inserts the very values that ours stored, into the same tables with the same indexes and
/// the same settings; reading the cells and finding their typed values is our side's alone.
pub(crate) fn run(extent: Extent, report: &mut Report) -> Result<(), AnyError> {
    let rows = instances(extent.rows)?;
    let (mut wall, mut cpu, mut speed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..extent.rounds {
        let ours = databases::sqlite();
        let (our_cost, ()) = cost(|| load(ours.store(), &rows))?;
        let stored = [table(&ours)?];
        let raw = databases::sqlite();
        let raw_cost = raw::load(&stored, &path(&raw)?)?;
        if [table(&raw)?] != stored {
            return Err("the raw loop stored something else".into());
        }
        let (wall_ratio, cpu_ratio) = ratios(&our_cost, &raw_cost);
        wall.push(wall_ratio);
        cpu.extend(cpu_ratio);
        speed.push(f64::from(extent.rows) / our_cost.wall.as_secs_f64());
    }
    report.add(NAME, "rows per second", median(speed), "1/s");
    report.add(NAME, "wall against raw", median(wall), "x");
    if !cpu.is_empty() {
        report.add(NAME, "processor against raw", median(cpu), "x");
    }
    Ok(())
}

/// Loads rows with the store, a transaction for each chunk.
pub(crate) fn load(store: &dyn Store, rows: &[Placed<TaskInstance>]) -> Result<(), AnyError> {
    for chunk in rows.chunks(CHUNK) {
        store.write(|r| r.instances().insert_batch(&UserId::guest(), chunk))?;
    }
    Ok(())
}

fn table(home: &databases::ThrowAway) -> Result<Table, AnyError> {
    Table::read(&Connection::open(path(home)?)?, "task_instances", "position")
}

/// File of a throw-away SQLite database.
pub(crate) fn path(home: &databases::ThrowAway) -> Result<PathBuf, AnyError> {
    match home.url() {
        Some(landfast_store::DatabaseUrl::Sqlite(path)) => Ok(path.clone()),
        _ => Err("not a SQLite database".into()),
    }
}

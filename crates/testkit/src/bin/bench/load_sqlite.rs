//! Loading instances into SQLite, against a bare prepared statement.

use crate::measure::{Cost, cost, median, ratios};
use crate::report::Report;
use crate::rows::instances;
use crate::{AnyError, Extent};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::record::Placed;
use landfast_domain::tasks::TaskInstance;
use landfast_testkit::databases;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::path::Path;

const NAME: &str = "tasks_load_sqlite";
/// Rows a transaction.
const CHUNK: usize = 5_000;

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
        let stored = Table::read(&path(&ours)?)?;
        let raw = databases::sqlite();
        let raw_cost = stored.load(&path(&raw)?)?;
        if Table::read(&path(&raw)?)?.rows != stored.rows {
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

fn path(home: &databases::ThrowAway) -> Result<std::path::PathBuf, AnyError> {
    match home.url() {
        Some(landfast_store::DatabaseUrl::Sqlite(path)) => Ok(path.clone()),
        _ => Err("not a SQLite database".into()),
    }
}

/// A table as it is stored.
struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Table {
    fn read(path: &Path) -> Result<Self, AnyError> {
        let connection = Connection::open(path)?;
        let mut statement = connection.prepare("SELECT * FROM task_instances ORDER BY position")?;
        let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let count = columns.len();
        let rows = statement.query_map([], |row| (0..count).map(|column| row.get(column)).collect())?;
        Ok(Self { columns, rows: rows.collect::<Result<_, _>>()? })
    }

    fn load(&self, path: &Path) -> Result<Cost, AnyError> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let places = vec!["?"; self.columns.len()].join(", ");
        let insert = format!("INSERT INTO task_instances ({}) VALUES ({places})", self.columns.join(", "));
        let (cost, ()) = cost(|| {
            let mut statement = connection.prepare(&insert)?;
            for chunk in self.rows.chunks(CHUNK) {
                connection.execute_batch("BEGIN IMMEDIATE")?;
                for row in chunk {
                    statement.execute(params_from_iter(row))?;
                }
                connection.execute_batch("COMMIT")?;
            }
            Ok(())
        })?;
        Ok(cost)
    }
}

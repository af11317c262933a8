//! Rows of a SQLite database as they are stored, inserted again by bare prepared statements.

use crate::AnyError;
use crate::measure::{Cost, cost};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::path::Path;

/// Rows a transaction.
pub(crate) const CHUNK: usize = 5_000;

/// A table as it is stored.
#[derive(PartialEq)]
pub(crate) struct Table {
    name: String,
    columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Table {
    /// Reads a table in the order of some expression.
    pub(crate) fn read(connection: &Connection, name: &str, order: &str) -> Result<Self, AnyError> {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY {order}"))?;
        let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let count = columns.len();
        let rows = statement.query_map([], |row| (0..count).map(|column| row.get(column)).collect())?;
        let rows = rows.collect::<Result<_, _>>()?;
        Ok(Self { name: name.to_owned(), columns, rows })
    }

    /// Every table that has rows and is not among the `others`, those that others refer to first.
    pub(crate) fn read_all(path: &Path, others: &[Self]) -> Result<Vec<Self>, AnyError> {
        let connection = Connection::open(path)?;
        // Tables stand in the schema in the order they were made, so what others refer to comes first.
        let mut statement = connection.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
        )?;
        let names = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        let mut tables = Vec::new();
        for name in names {
            tables.push(Self::read(&connection, &name, "rowid").or_else(|_| Self::read(&connection, &name, "1"))?);
        }
        tables.retain(|table| !table.rows.is_empty() && !others.iter().any(|other| other.name == table.name));
        Ok(tables)
    }
}

/// Inserts the rows of tables into a database that has the schema, with the settings of the program's own
/// connections; a transaction for each so many rows of a table.
pub(crate) fn load(tables: &[Table], path: &Path) -> Result<Cost, AnyError> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let (cost, ()) = cost(|| {
        for table in tables {
            let places = vec!["?"; table.columns.len()].join(", ");
            let insert = format!("INSERT INTO {} ({}) VALUES ({places})", table.name, table.columns.join(", "));
            let mut statement = connection.prepare(&insert)?;
            for chunk in table.rows.chunks(CHUNK) {
                connection.execute_batch("BEGIN IMMEDIATE")?;
                for row in chunk {
                    statement.execute(params_from_iter(row))?;
                }
                connection.execute_batch("COMMIT")?;
            }
        }
        Ok(())
    })?;
    Ok(cost)
}

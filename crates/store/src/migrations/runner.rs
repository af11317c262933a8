//! Applies migrations and takes them back.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use landfast_domain::Store;
use landfast_domain::store::StoreKind;

use super::checksum::checksum;
use super::embedded::{MIGRATIONS, Migration};
use super::ledger;
use crate::connection::{DbConnection, on_each_backend};
use crate::database::Database;
use crate::error::{Error, Result};

/// Which way a migration is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

pub(super) fn migrate(database: &Database) -> Result<Vec<String>> {
    steps(database, Direction::Up, usize::MAX)
}

pub(super) fn revert(database: &Database, count: usize) -> Result<Vec<String>> {
    steps(database, Direction::Down, count)
}

fn steps(database: &Database, direction: Direction, most: usize) -> Result<Vec<String>> {
    let _lock = database.lock()?;
    // A connection of its own: it works with foreign keys off and is closed afterwards.
    let mut connection = database.connect()?;
    ledger::create(&mut connection)?;
    prepare(&mut connection)?;
    let mut done = Vec::new();
    while done.len() < most {
        match step(&mut connection, database.kind(), direction)? {
            Some(migration) => {
                tracing::info!(version = migration.version, name = migration.name, ?direction, "schema changed");
                done.push(migration.version.to_owned());
            }
            None => break,
        }
    }
    Ok(done)
}

/// With foreign keys on, SQLite deletes the rows of a rebuilt table's children when the old table is
/// dropped. They can only be switched outside of a transaction; each step checks them by itself.
fn prepare(connection: &mut DbConnection) -> Result<()> {
    match connection {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(_) => Ok(connection.batch("PRAGMA foreign_keys = OFF")?),
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(_) => Ok(()),
    }
}

/// Goes one migration in one transaction; `None` when there is none to go.
fn step(connection: &mut DbConnection, kind: StoreKind, direction: Direction) -> Result<Option<&'static Migration>> {
    begin(connection)?;
    match step_inside(connection, kind, direction) {
        Ok(migration) => {
            on_each_backend!(connection, |conn| AnsiTransactionManager::commit_transaction(conn))?;
            Ok(migration)
        }
        Err(error) => {
            // The first error says what happened; the connection is closed in any case.
            if let Err(error) = on_each_backend!(connection, |conn| AnsiTransactionManager::rollback_transaction(conn))
            {
                tracing::warn!(%error, "a failed migration could not be rolled back by request");
            }
            Err(error)
        }
    }
}

/// Begins, and waits until no other process migrates. On PostgreSQL what is read afterwards is what
/// the other left behind, since every statement at this level sees what is committed by then.
fn begin(connection: &mut DbConnection) -> Result<()> {
    match connection {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(conn) => {
            AnsiTransactionManager::begin_transaction_sql(&mut **conn, "BEGIN IMMEDIATE")?;
        }
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(conn) => {
            AnsiTransactionManager::begin_transaction_sql(&mut **conn, "BEGIN ISOLATION LEVEL READ COMMITTED")?;
            connection.batch("LOCK TABLE schema_migrations IN EXCLUSIVE MODE")?;
        }
    }
    Ok(())
}

fn step_inside(
    connection: &mut DbConnection,
    kind: StoreKind,
    direction: Direction,
) -> Result<Option<&'static Migration>> {
    let entries = ledger::entries(connection)?;
    ledger::judge(&entries, |migration| checksum(migration.scripts(kind).up))?;
    let migration = match direction {
        Direction::Up => MIGRATIONS.get(entries.len()),
        Direction::Down => entries.last().and_then(ledger::Entry::migration),
    };
    let Some(migration) = migration else { return Ok(None) };
    let scripts = migration.scripts(kind);
    let failed = |source| Error::Migration {
        version: migration.version,
        name: migration.name,
        direction: if direction == Direction::Up { "up" } else { "down" },
        source,
    };
    match direction {
        Direction::Up => {
            connection.batch(scripts.up).map_err(failed)?;
            ledger::add(connection, migration, scripts.up).map_err(failed)?;
        }
        Direction::Down => {
            connection.batch(scripts.down).map_err(failed)?;
            ledger::remove(connection, migration).map_err(failed)?;
        }
    }
    if let Some((table, count)) = dangling(connection)?.into_iter().next() {
        return Err(Error::ForeignKeys { version: migration.version, name: migration.name, table, count });
    }
    Ok(Some(migration))
}

/// Tables with rows that point to nothing, and how many. PostgreSQL never lets it come to that.
pub(super) fn dangling(connection: &mut DbConnection) -> Result<Vec<(String, usize)>> {
    match connection {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(conn) => {
            use diesel::prelude::*;
            #[derive(QueryableByName)]
            struct Row {
                #[diesel(sql_type = diesel::sql_types::Text)]
                table_name: String,
                #[diesel(sql_type = diesel::sql_types::BigInt)]
                rows: i64,
            }
            let rows: Vec<Row> = diesel::sql_query(
                "SELECT \"table\" AS table_name, COUNT(*) AS rows FROM pragma_foreign_key_check GROUP BY 1 ORDER BY 1",
            )
            .load(&mut **conn)?;
            Ok(rows.into_iter().map(|row| (row.table_name, usize::try_from(row.rows).unwrap_or(0))).collect())
        }
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(_) => Ok(Vec::new()),
    }
}

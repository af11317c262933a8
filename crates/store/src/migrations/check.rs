//! Looks for faults in a database.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::Migrations;
use super::runner::dangling;
use crate::catalog::{differences, expected_schema, read};
use crate::connection::DbConnection;
use crate::error::Result;

pub(super) fn check(migrations: &Migrations<'_>) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    if let Err(error) = migrations.require_current() {
        match error {
            crate::Error::Database(_) | crate::Error::Pool(_) => return Err(error),
            fault => faults.push(fault.to_string()),
        }
    }
    migrations.database.with_connection(|connection| {
        faults.extend(differences(&expected_schema(), &read(connection)?));
        faults.extend(damage(connection)?);
        for (table, count) in dangling(connection)? {
            faults.push(format!("{count} rows of table {table} point to rows that do not exist"));
        }
        Ok(())
    })?;
    Ok(faults)
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    finding: String,
}

/// What the database itself finds wrong with its files, indexes and constraints.
fn damage(connection: &mut DbConnection) -> Result<Vec<String>> {
    let findings: Vec<Finding> = match connection {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(conn) => diesel::sql_query(
            "SELECT integrity_check AS finding FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
        )
        .load(&mut **conn)?,
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(conn) => diesel::sql_query(
            "SELECT 'index ' || c.relname || ' is not valid' AS finding
             FROM pg_index AS i
             JOIN pg_class AS c ON c.oid = i.indexrelid
             JOIN pg_namespace AS n ON n.oid = c.relnamespace
             WHERE NOT i.indisvalid AND n.nspname = current_schema()
             UNION ALL
             SELECT 'constraint ' || r.conname || ' was never checked'
             FROM pg_constraint AS r
             JOIN pg_namespace AS n ON n.oid = r.connamespace
             WHERE NOT r.convalidated AND n.nspname = current_schema()",
        )
        .load(&mut **conn)?,
    };
    Ok(findings.into_iter().map(|row| row.finding).collect())
}

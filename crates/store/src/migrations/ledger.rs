//! The list of applied migrations that every database keeps.

use diesel::prelude::*;
use diesel::result::Error as DieselError;
use landfast_domain::time::Timestamp;

use super::checksum::checksum;
use super::embedded::{MIGRATIONS, Migration};
use crate::connection::{DbConnection, on_each_backend};
use crate::error::{Error, Result};
use crate::schema::schema_migrations;
use crate::time::StoredTime;

/// A migration as the ledger has it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema_migrations)]
pub(super) struct Entry {
    pub(super) version: String,
    pub(super) name: String,
    pub(super) checksum: String,
    applied_at: StoredTime,
}

impl Entry {
    /// When it was applied, by the clock of the database in UTC; `None` after a manual edit.
    pub(super) fn applied_at(&self) -> Option<Timestamp> {
        self.applied_at.clone().known().ok()
    }

    /// The migration of this program that it stands for.
    pub(super) fn migration(&self) -> Option<&'static Migration> {
        MIGRATIONS.iter().find(|migration| migration.version == self.version)
    }
}

/// `applied_at` is left to the database's clock.
#[derive(Insertable)]
#[diesel(table_name = schema_migrations)]
#[diesel(treat_none_as_default_value = false)]
struct NewEntry<'a> {
    version: &'a str,
    name: &'a str,
    checksum: &'a str,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    found: bool,
}

/// Whether the database has a ledger.
pub(super) fn exists(connection: &mut DbConnection) -> Result<bool> {
    let row: Found = match connection {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(conn) => diesel::sql_query(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations') AS found",
        )
        .get_result(&mut **conn)?,
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(conn) => {
            diesel::sql_query("SELECT to_regclass('schema_migrations') IS NOT NULL AS found").get_result(&mut **conn)?
        }
    };
    Ok(row.found)
}

/// How often making the ledger is tried against others who make it at the same moment.
const TRIES: u32 = 20;

/// Makes the ledger if there is none.
///
/// On PostgreSQL `IF NOT EXISTS` is no protection: of two who make a table at the same moment one fails. It
/// then finds the other's table.
pub(super) fn create(connection: &mut DbConnection) -> Result<()> {
    let mut tries = 0;
    while !exists(connection)? {
        let created = match connection {
            #[cfg(feature = "sqlite")]
            DbConnection::Sqlite(_) => connection.batch(
                "CREATE TABLE IF NOT EXISTS schema_migrations (
                    version TEXT PRIMARY KEY NOT NULL,
                    name TEXT NOT NULL,
                    checksum TEXT NOT NULL,
                    applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
                )",
            ),
            #[cfg(feature = "postgres")]
            DbConnection::Postgres(_) => connection.batch(
                "CREATE TABLE IF NOT EXISTS schema_migrations (
                    version TEXT COLLATE \"C\" PRIMARY KEY NOT NULL,
                    name TEXT NOT NULL,
                    checksum TEXT NOT NULL,
                    applied_at TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
                )",
            ),
        };
        tries += 1;
        if let Err(error) = created
            && (tries == TRIES || Error::is_lost_connection(&error))
        {
            return Err(error.into());
        }
    }
    Ok(())
}

/// The entries in order of version; none when there is no ledger.
pub(super) fn entries(connection: &mut DbConnection) -> Result<Vec<Entry>> {
    if !exists(connection)? {
        return Ok(Vec::new());
    }
    Ok(on_each_backend!(connection, |conn| schema_migrations::table
        .order(schema_migrations::version.asc())
        .select(Entry::as_select())
        .load(conn))?)
}

/// Refuses a ledger that this program must not touch.
pub(super) fn judge(entries: &[Entry], checksum_of: impl Fn(&Migration) -> String) -> Result<()> {
    for (place, entry) in entries.iter().enumerate() {
        let (version, name) = (entry.version.clone(), entry.name.clone());
        let Some(migration) = entry.migration() else { return Err(Error::Newer { version, name }) };
        if entry.checksum != checksum_of(migration) {
            return Err(Error::Changed { version, name });
        }
        if let Some(expected) = MIGRATIONS.get(place)
            && expected.version != migration.version
        {
            return Err(Error::Skipped { version: expected.version.to_owned(), name: expected.name.to_owned() });
        }
    }
    Ok(())
}

pub(super) fn add(connection: &mut DbConnection, migration: &Migration, sql: &str) -> Result<(), DieselError> {
    let checksum = checksum(sql);
    let entry = NewEntry { version: migration.version, name: migration.name, checksum: &checksum };
    on_each_backend!(connection, |conn| diesel::insert_into(schema_migrations::table).values(&entry).execute(conn))?;
    Ok(())
}

pub(super) fn remove(connection: &mut DbConnection, migration: &Migration) -> Result<(), DieselError> {
    on_each_backend!(connection, |conn| diesel::delete(schema_migrations::table.find(migration.version))
        .execute(conn))?;
    Ok(())
}

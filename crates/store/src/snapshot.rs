//! Copies of a SQLite database as one file, and files that nobody else has open.
#![cfg(feature = "sqlite")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::{DefaultLoadingMode, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use sha2::{Digest as _, Sha256};

use crate::connection::DbConnection;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::lock_file::{LockFile, LockGuard};
use crate::records::hex;

/// What a table holds, in one number; the order of its rows does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePrint {
    /// Number of rows.
    pub rows: u64,
    /// Lower-case hex of the sum, modulo 2^256, of the SHA-256 of each row: every column with its type.
    pub sum: String,
}

/// A SQLite file that nobody else has open and that holds everything itself, without a write-ahead log beside it.
///
/// While this lives no other process of this program can open the database.
#[derive(Debug)]
pub struct Alone {
    _guard: LockGuard,
    /// Why the file could not be read as a database, if so. Then it is unknown whether somebody has it open.
    pub damage: Option<String>,
}

/// How often a copy is made anew because the database changed meanwhile.
const TRIES: u32 = 3;

impl Database {
    /// Writes everything into a new SQLite file, also while others work with the database; the copy is of one
    /// moment and on disk when this returns. Gives what every table held at that moment; `None` when the database
    /// was changed during each of three tries, so that the last copy could not be compared with it.
    ///
    /// # Errors
    /// [`Error::NotSqlite`]; [`Error::Database`] and [`Error::File`], also when the file exists.
    ///
    /// ```
    /// use landfast_store::{Database, DatabaseUrl, PoolOptions};
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let database = Database::open(&DatabaseUrl::sqlite(folder.path().join("a.db")), PoolOptions::default()).unwrap();
    /// database.migrations().migrate().unwrap();
    /// let copy = folder.path().join("copy.db");
    /// let held = database.snapshot(&copy).unwrap();
    /// let copy = Database::open(&DatabaseUrl::sqlite(copy), PoolOptions::default()).unwrap();
    /// assert_eq!(held, Some(copy.table_prints().unwrap()));
    /// ```
    pub fn snapshot(&self, path: &Path) -> Result<Option<BTreeMap<String, TablePrint>>> {
        let name = path.to_str().ok_or_else(|| Error::File {
            path: path.to_owned(),
            source: std::io::Error::new(std::io::ErrorKind::InvalidInput, "the path is not UTF-8"),
        })?;
        let held = self.with_connection(|connection| {
            let connection = sqlite(connection)?;
            let mut tries = 0;
            loop {
                let before = data_version(connection)?;
                diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(connection)?;
                let held = prints(connection)?;
                if data_version(connection)? == before {
                    return Ok(Some(held));
                }
                tries += 1;
                if tries == TRIES {
                    return Ok(None);
                }
                std::fs::remove_file(path).map_err(failed(path))?;
            }
        })?;
        File::open(path).and_then(|file| file.sync_all()).map_err(failed(path))?;
        Ok(held)
    }

    /// What every table of a SQLite database holds, by name; the write-ahead log is included, SQLite's own tables are
    /// not. Two databases with the same prints hold the same, whatever their pages look like.
    ///
    /// # Errors
    /// [`Error::NotSqlite`], [`Error::Database`].
    pub fn table_prints(&self) -> Result<BTreeMap<String, TablePrint>> {
        self.with_connection(|connection| prints(sqlite(connection)?))
    }

    /// Makes sure that nobody else has read a SQLite file and still has it open, and moves everything from its write-ahead log into it. A
    /// file that cannot be read as a database is given back with [`Alone::damage`].
    ///
    /// # Errors
    /// [`Error::Busy`] when somebody has it open after `patience`; [`Error::File`].
    pub fn alone(path: &Path, patience: Duration) -> Result<Alone> {
        // SQLite would make a missing file.
        File::open(path).map_err(failed(path))?;
        let guard = LockFile::beside(path).acquire(patience)?;
        // SQLite does not wait for the others here, so the waiting is done here.
        let deadline = Instant::now() + patience;
        let damage = loop {
            match end_log(path) {
                Ok(()) => break None,
                Err(Error::Database(error)) if Error::is_locked(&error) => {
                    if Instant::now() >= deadline {
                        return Err(Error::Busy { what: path.display().to_string(), seconds: patience.as_secs() });
                    }
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(Error::Database(error)) => break Some(error.to_string()),
                Err(other) => return Err(other),
            }
        };
        if damage.is_none() {
            File::open(path).and_then(|file| file.sync_all()).map_err(failed(path))?;
            stands_alone(path).map_err(failed(path))?;
        }
        Ok(Alone { _guard: guard, damage })
    }
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::File { path: path.to_owned(), source }
}

fn sqlite(connection: &mut DbConnection) -> Result<&mut SqliteConnection> {
    match connection {
        DbConnection::Sqlite(connection) => Ok(connection),
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(_) => Err(Error::NotSqlite { what: "a copy as a file" }),
    }
}

/// Leaves write-ahead logging, which SQLite does only for the one connection there is.
fn end_log(path: &Path) -> Result<()> {
    #[derive(QueryableByName)]
    struct Mode {
        #[diesel(sql_type = Text)]
        journal_mode: String,
    }
    let name = path.display().to_string();
    let mut connection = SqliteConnection::establish(&name)
        .map_err(|error| Error::Connect { url: format!("sqlite:{name}"), reason: error.to_string() })?;
    connection.batch_execute("PRAGMA synchronous = FULL")?;
    // A file of another kind shows only when it is read.
    diesel::sql_query("SELECT COUNT(*) FROM sqlite_master").execute(&mut connection)?;
    let mode: Mode = diesel::sql_query("PRAGMA journal_mode = DELETE").get_result(&mut connection)?;
    if mode.journal_mode == "delete" {
        return Ok(());
    }
    Err(Error::Connect { url: format!("sqlite:{name}"), reason: format!("its journal stays {}", mode.journal_mode) })
}

/// Looks at the closed file itself: SQLite says that it left write-ahead logging also when the disk refused to write
/// that into the header, or to remove a journal that would later be applied to whatever file has this name.
fn stands_alone(path: &Path) -> std::io::Result<()> {
    // Offsets 18 and 19 of the header: versions for writing and reading, 1 with a journal and 2 with a log
    // (SQLite file format, section 1.3.3).
    let mut header = [0_u8; 20];
    let mut file = File::open(path)?;
    if file.metadata()?.len() > 0 {
        file.read_exact(&mut header)?;
        if header.get(18..) != Some(&[1, 1]) {
            return Err(std::io::Error::other(
                "the disk refused what was needed to leave write-ahead logging; check the disk, then try again",
            ));
        }
    }
    for end in ["-journal", "-wal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(end);
        let beside = Path::new(&beside);
        if beside.try_exists()? {
            let what = format!("{} could not be removed; check the disk, then try again", beside.display());
            return Err(std::io::Error::other(what));
        }
    }
    Ok(())
}

/// A number that changes when another connection changes the database.
fn data_version(connection: &mut SqliteConnection) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = BigInt)]
        data_version: i64,
    }
    let row: Version = diesel::sql_query("PRAGMA data_version").get_result(connection)?;
    Ok(row.data_version)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

fn prints(connection: &mut SqliteConnection) -> Result<BTreeMap<String, TablePrint>> {
    let tables: Vec<Line> = diesel::sql_query(
        "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'",
    )
    .load(connection)?;
    tables.into_iter().map(|table| Ok((table.text.clone(), print(connection, &table.text)?))).collect()
}

fn print(connection: &mut SqliteConnection, table: &str) -> Result<TablePrint> {
    let columns: Vec<Line> = diesel::sql_query("SELECT name AS text FROM pragma_table_xinfo(?) ORDER BY cid")
        .bind::<Text, _>(table)
        .load(connection)?;
    // A number as its text, all else as bytes: a text may hold a NUL, where most functions end.
    let cells: Vec<String> = columns
        .iter()
        .map(|column| {
            let name = quoted(&column.text);
            format!("typeof({name}) || CASE typeof({name}) WHEN 'real' THEN quote({name}) ELSE hex({name}) END")
        })
        .collect();
    let query = format!("SELECT {} AS text FROM {}", cells.join(" || ',' || "), quoted(table));
    let mut sum = [0_u8; 32];
    let mut rows = 0;
    // Row by row, so that a large table needs no memory.
    for line in diesel::sql_query(query).load_iter::<Line, DefaultLoadingMode>(connection)? {
        rows += 1;
        let mut carry = 0_u16;
        for (total, byte) in sum.iter_mut().zip(Sha256::digest(line?.text.as_bytes())) {
            carry += u16::from(*total) + u16::from(byte);
            let [low, high] = carry.to_le_bytes();
            *total = low;
            carry = u16::from(high);
        }
    }
    Ok(TablePrint { rows, sum: hex(&sum) })
}

/// Names cannot be bound; they come from the database's own catalogue.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::PoolOptions;
    use crate::url::DatabaseUrl;

    fn database(folder: &Path) -> (std::path::PathBuf, Database) {
        let path = folder.join("x.db");
        let database = Database::open(&DatabaseUrl::sqlite(&path), PoolOptions::default()).unwrap();
        database.migrations().migrate().unwrap();
        (path, database)
    }

    fn sql(database: &Database, sql: &str) {
        database.with_connection(|connection| Ok(connection.batch(sql)?)).unwrap();
    }

    #[test]
    fn a_copy_holds_the_same_and_is_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let (_, database) = database(folder.path());
        let copy = folder.path().join("copy.db");
        let held = database.snapshot(&copy).unwrap().unwrap();
        assert_eq!(held, database.table_prints().unwrap());
        assert_eq!(held["users"].rows, 1);
        assert!(!folder.path().join("copy.db-wal").exists());
        assert!(database.snapshot(&copy).is_err(), "a file that is there is never replaced");
    }

    #[test]
    fn prints_see_every_byte_and_type_but_no_order() {
        let folder = tempfile::tempdir().unwrap();
        let (_, database) = database(folder.path());
        sql(&database, "CREATE TABLE t (a, b)");
        let print = |rows: &str| {
            sql(&database, &format!("DELETE FROM t; INSERT INTO t VALUES {rows}"));
            database.table_prints().unwrap()["t"].clone()
        };
        let first = print("(1, 'x'), (2, 'y')");
        assert_eq!(print("(2, 'y'), (1, 'x')"), first);
        let others = [
            "(1, 'x')",
            "('1', 'x'), (2, 'y')",
            "(1.0, 'x'), (2, 'y')",
            "(1, 'x' || char(0) || 'z'), (2, 'y')",
            "(1, NULL), (2, 'y')",
            "(1, 'x'), (2, 'y'), (2, 'y')",
            "(1, 'x'), (2, x'79')",
        ];
        let mut seen: Vec<String> = others.iter().map(|rows| print(rows).sum).chain([first.sum]).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), others.len() + 1);
    }

    #[test]
    fn a_database_in_use_is_not_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (path, database) = database(folder.path());
        let patience = Duration::from_millis(50);
        // A connection keeps its lock from its first look at the tables on.
        database.table_prints().unwrap();
        assert!(matches!(Database::alone(&path, patience), Err(Error::Busy { .. })));
        drop(database);
        let alone = Database::alone(&path, Duration::from_secs(5)).unwrap();
        assert_eq!(alone.damage, None);
        assert!(!folder.path().join("x.db-wal").exists());
        drop(alone);
        assert!(stands_alone(&path).is_ok());
        let beside = folder.path().join("x.db-journal");
        std::fs::write(&beside, "left over").unwrap();
        assert!(stands_alone(&path).is_err());
        std::fs::remove_file(&beside).unwrap();
        let mut logged = std::fs::read(&path).unwrap();
        logged[18..20].fill(2);
        std::fs::write(&path, &logged).unwrap();
        assert!(stands_alone(&path).is_err());
        std::fs::write(&path, "no database at all, but long enough to be looked at").unwrap();
        assert!(Database::alone(&path, patience).unwrap().damage.is_some());
    }
}

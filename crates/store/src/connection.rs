//! Connections to either database.

#[cfg(feature = "sqlite")]
use std::path::{Path, PathBuf};
#[cfg(feature = "sqlite")]
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::error::{Error, Result};
#[cfg(feature = "sqlite")]
use crate::lock_file::LockFile;
use crate::lock_file::LockGuard;
use crate::options::PoolOptions;
#[cfg(feature = "postgres")]
use crate::postgres_url::{PostgresUrl, Surroundings};
use crate::url::DatabaseUrl;

/// A connection to one of the databases.
pub(crate) enum DbConnection {
    #[cfg(feature = "sqlite")]
    Sqlite(Box<SqliteConnection>),
    #[cfg(feature = "postgres")]
    Postgres(Box<PgConnection>),
}

/// Compiles one expression for each kind of connection and runs the fitting one.
///
/// One query text serves both databases this way; where they truly differ, write a `match`.
macro_rules! on_each_backend {
    ($connection:expr, |$c:ident| $body:expr) => {
        match $connection {
            #[cfg(feature = "sqlite")]
            $crate::connection::DbConnection::Sqlite($c) => {
                let $c = &mut **$c;
                $body
            }
            #[cfg(feature = "postgres")]
            $crate::connection::DbConnection::Postgres($c) => {
                let $c = &mut **$c;
                $body
            }
        }
    };
}
pub(crate) use on_each_backend;

impl DbConnection {
    /// Runs statements that take no parameters.
    pub(crate) fn batch(&mut self, sql: &str) -> QueryResult<()> {
        on_each_backend!(self, |conn| conn.batch_execute(sql))
    }
}

/// Where connections go, checked and completed.
#[derive(Debug)]
pub(crate) enum Target {
    #[cfg(feature = "sqlite")]
    Sqlite { path: PathBuf, lock: LockFile, lock_timeout: Duration },
    #[cfg(feature = "postgres")]
    Postgres { url: PostgresUrl, for_libpq: Secret },
}

/// Text that `Debug` does not show.
#[cfg(feature = "postgres")]
pub(crate) struct Secret(String);

#[cfg(feature = "postgres")]
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Target {
    /// Checks what can be checked before connecting.
    pub(crate) fn new(url: &DatabaseUrl, options: &PoolOptions) -> Result<Self> {
        match url {
            #[cfg(feature = "sqlite")]
            DatabaseUrl::Sqlite(path) => sqlite_target(url, path, options),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(postgres) => Ok(Self::Postgres {
                for_libpq: Secret(postgres.for_libpq(options.connect_timeout, &Surroundings::of_process())?),
                url: postgres.clone(),
            }),
            #[cfg(not(feature = "sqlite"))]
            DatabaseUrl::Sqlite(_) => Err(Error::Feature { what: url.to_string(), feature: "sqlite" }),
            #[cfg(not(feature = "postgres"))]
            DatabaseUrl::Postgres(_) => {
                let _ = options;
                Err(Error::Feature { what: url.to_string(), feature: "postgres" })
            }
            DatabaseUrl::Files(_) => {
                Err(Error::Url { url: url.to_string(), reason: "a folder of files is no database".to_owned() })
            }
        }
    }

    /// Makes a connection and sets it up.
    pub(crate) fn connect(&self) -> Result<DbConnection> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite { path, .. } => {
                let connection = sqlite_connection(path, || self.lock())?;
                Ok(DbConnection::Sqlite(Box::new(connection)))
            }
            #[cfg(feature = "postgres")]
            Self::Postgres { url, for_libpq } => match PgConnection::establish(&for_libpq.0) {
                Ok(connection) => Ok(DbConnection::Postgres(Box::new(connection))),
                Err(error) => {
                    Err(Error::Connect { url: url.to_string(), reason: url.redact(error.to_string().trim()) })
                }
            },
        }
    }

    /// The lock that SQLite's writers hold; PostgreSQL needs none.
    pub(crate) fn lock(&self) -> Result<Option<LockGuard>> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite { lock, lock_timeout, .. } => lock.acquire(*lock_timeout).map(Some),
            #[cfg(feature = "postgres")]
            Self::Postgres { .. } => Ok(None),
        }
    }
}

#[cfg(feature = "sqlite")]
fn sqlite_target(url: &DatabaseUrl, path: &Path, options: &PoolOptions) -> Result<Target> {
    // Absolute, so that a later change of the working directory does not move the database, and so
    // that no path is taken for one of SQLite's own URLs.
    let path = std::path::absolute(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
    let refuse = |reason: String| Err(Error::Connect { url: url.to_string(), reason });
    if path.to_str().is_none() {
        return refuse("the path is not UTF-8".to_owned());
    }
    if let Some(folder) = path.parent()
        && !folder.is_dir()
    {
        return refuse(format!("the folder {} does not exist", folder.display()));
    }
    if !options.create && !path.exists() {
        return refuse("the file does not exist".to_owned());
    }
    Ok(Target::Sqlite { lock: LockFile::beside(&path), lock_timeout: options.lock_timeout, path })
}

/// How long SQLite waits for locks of programs that do not use the lock file, in milliseconds.
#[cfg(feature = "sqlite")]
const BUSY_TIMEOUT_MS: u32 = 10_000;

/// Settings of a SQLite connection, in this order.
///
/// `synchronous = FULL`: a transaction that was reported as kept survives a power cut; with `NORMAL` the
/// last ones before it could vanish. `fullfsync` makes macOS really flush. The cache is 64 MiB.
/// `trusted_schema` keeps a prepared file from running functions through its schema.
#[cfg(feature = "sqlite")]
const SETTINGS: &str = "PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -65536;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA journal_size_limit = 67108864;";

#[cfg(feature = "sqlite")]
#[derive(QueryableByName)]
struct JournalMode {
    #[diesel(sql_type = diesel::sql_types::Text)]
    journal_mode: String,
}

#[cfg(feature = "sqlite")]
fn sqlite_connection<G>(path: &Path, lock: impl FnOnce() -> Result<G>) -> Result<SqliteConnection> {
    let failed = |reason: String| Error::Connect { url: format!("sqlite:{}", path.display()), reason };
    let query_failed = |error: diesel::result::Error| {
        if Error::is_locked(&error) { Error::Database(error) } else { failed(error.to_string()) }
    };
    let name = path.to_str().ok_or_else(|| failed("the path is not UTF-8".to_owned()))?;
    let is_new = !path.exists();
    let mut connection = SqliteConnection::establish(name).map_err(|error| failed(error.to_string()))?;
    // First of all, because every other setting may meet a lock.
    connection.batch_execute(&format!("PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")).map_err(query_failed)?;
    if journal_mode(&mut connection, "PRAGMA journal_mode").map_err(query_failed)? != "wal" {
        // Only one may switch at a time. Asking needs no lock, so whoever opens a database in use does not
        // wait for its writers.
        let _guard = lock()?;
        if switch_to_wal(&mut connection).map_err(query_failed)? != "wal" {
            return Err(failed("the file system does not support write-ahead logging".to_owned()));
        }
    }
    connection.batch_execute(SETTINGS).map_err(query_failed)?;
    if is_new {
        sync_folder(path)?;
    }
    Ok(connection)
}

#[cfg(feature = "sqlite")]
fn journal_mode(connection: &mut SqliteConnection, sql: &str) -> QueryResult<String> {
    let row: JournalMode = diesel::sql_query(sql).get_result(connection)?;
    Ok(row.journal_mode)
}

/// Switches to write-ahead logging. SQLite does not wait when another connection happens to read at that
/// moment, so the waiting is done here.
#[cfg(feature = "sqlite")]
fn switch_to_wal(connection: &mut SqliteConnection) -> QueryResult<String> {
    let deadline = Instant::now() + Duration::from_millis(BUSY_TIMEOUT_MS.into());
    loop {
        match journal_mode(connection, "PRAGMA journal_mode = WAL") {
            Err(error) if Error::is_locked(&error) && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(2));
            }
            outcome => return outcome,
        }
    }
}

/// Makes the entry of a new file in its folder durable.
#[cfg(all(feature = "sqlite", unix))]
fn sync_folder(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| Error::File { path: folder.to_owned(), source })
}

/// Other systems keep folders durable by themselves and cannot open them as files.
#[cfg(all(feature = "sqlite", not(unix)))]
fn sync_folder(_path: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use super::*;

    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = diesel::sql_types::Text)]
        answer: String,
    }

    fn connection() -> (tempfile::TempDir, SqliteConnection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = sqlite_connection(&folder.path().join("x.db"), || Ok(())).unwrap();
        (folder, connection)
    }

    fn ask(connection: &mut SqliteConnection, sql: &str) -> Vec<String> {
        let rows: Vec<Answer> = diesel::sql_query(sql).load(connection).unwrap();
        rows.into_iter().map(|row| row.answer).collect()
    }

    #[test]
    fn the_settings_hold() {
        let (_folder, mut connection) = connection();
        for (setting, value) in [
            ("busy_timeout", "10000"),
            ("journal_mode", "wal"),
            // 2 is FULL.
            ("synchronous", "2"),
            ("fullfsync", "1"),
            ("foreign_keys", "1"),
            ("cache_size", "-65536"),
            ("temp_store", "2"),
            ("trusted_schema", "0"),
            ("journal_size_limit", "67108864"),
        ] {
            let column = if setting == "busy_timeout" { "timeout" } else { setting };
            let sql = format!("SELECT CAST({column} AS TEXT) AS answer FROM pragma_{setting}");
            assert_eq!(ask(&mut connection, &sql), [value], "{setting}");
        }
    }

    /// Without this option every query with a LIMIT is prepared anew at each execution.
    #[test]
    fn sqlite_is_compiled_with_stable_query_plans() {
        let (_folder, mut connection) = connection();
        let options = ask(&mut connection, "SELECT compile_options AS answer FROM pragma_compile_options");
        assert!(options.contains(&"ENABLE_QPSG".to_owned()), "{options:?}");
    }
}

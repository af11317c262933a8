//! Throw-away databases for the tests of this crate.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::record::{Placed, Record, RecordKey, SourceRef};
use landfast_store::{Database, DatabaseUrl, PoolOptions};

/// A database of its own for one test, removed when dropped.
pub(crate) struct Scratch {
    pub(crate) url: DatabaseUrl,
    cleanup: Cleanup,
}

enum Cleanup {
    #[cfg(feature = "sqlite")]
    Folder(tempfile::TempDir),
    #[cfg(feature = "postgres")]
    Postgres { admin: String, name: String, own: String },
}

impl Scratch {
    /// The database with its schema.
    pub(crate) fn migrated(&self) -> Database {
        let database = self.open();
        database.migrations().migrate().unwrap();
        database
    }

    pub(crate) fn open(&self) -> Database {
        Database::open(&self.url, PoolOptions::default()).unwrap()
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.url, DatabaseUrl::Sqlite(_))
    }

    /// Path of the SQLite file.
    #[cfg(feature = "sqlite")]
    pub(crate) fn path(&self) -> String {
        match &self.cleanup {
            Cleanup::Folder(folder) => folder.path().join("test.db").to_str().unwrap().to_owned(),
            #[cfg(feature = "postgres")]
            Cleanup::Postgres { .. } => panic!("not a file"),
        }
    }

    /// Runs SQL on a connection that has nothing to do with the crate's own.
    pub(crate) fn execute(&self, sql: &str) {
        match &self.cleanup {
            #[cfg(feature = "sqlite")]
            Cleanup::Folder(_) => SqliteConnection::establish(&self.path()).unwrap().batch_execute(sql).unwrap(),
            #[cfg(feature = "postgres")]
            Cleanup::Postgres { own, .. } => PgConnection::establish(own).unwrap().batch_execute(sql).unwrap(),
        }
    }
}

/// A path for a SQLite database that does not exist yet.
#[cfg(feature = "sqlite")]
pub(crate) fn sqlite() -> Scratch {
    let folder = tempfile::tempdir().unwrap();
    Scratch { url: DatabaseUrl::sqlite(folder.path().join("test.db")), cleanup: Cleanup::Folder(folder) }
}

/// An empty PostgreSQL database, or `None` when the test run was told that there is no server.
#[cfg(feature = "postgres")]
pub(crate) fn postgres() -> Option<Scratch> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    if std::env::var("LANDFAST_TEST_POSTGRES").is_ok_and(|value| value == "absent") {
        return None;
    }
    let admin = std::env::var("LANDFAST_TEST_POSTGRES_URL")
        .expect("set LANDFAST_TEST_POSTGRES_URL, or LANDFAST_TEST_POSTGRES=absent to leave PostgreSQL out");
    let name = format!("landfast_store_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    PgConnection::establish(&admin).unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let (server, parameters) = admin.split_once('?').map_or((admin.as_str(), None), |(s, p)| (s, Some(p)));
    let (server, _) = server.rsplit_once('/').unwrap();
    let own = match parameters {
        Some(parameters) => format!("{server}/{name}?{parameters}"),
        None => format!("{server}/{name}"),
    };
    Some(Scratch { url: DatabaseUrl::parse(&own).unwrap(), cleanup: Cleanup::Postgres { admin, name, own } })
}

impl Drop for Scratch {
    fn drop(&mut self) {
        match &self.cleanup {
            #[cfg(feature = "sqlite")]
            Cleanup::Folder(_) => {}
            #[cfg(feature = "postgres")]
            Cleanup::Postgres { admin, name, .. } => {
                let dropped = PgConnection::establish(admin).map_err(|error| error.to_string()).and_then(|mut conn| {
                    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                    conn.batch_execute(&drop).map_err(|error| error.to_string())
                });
                if let Err(error) = dropped {
                    eprintln!("the database {name} was left behind: {error}");
                }
            }
        }
    }
}

/// Makes a test for each database out of functions that take a [`Scratch`].
macro_rules! on_both {
    ($( $name:ident ),* $(,)?) => {
        #[cfg(feature = "sqlite")]
        mod sqlite {
            $( #[test] fn $name() { super::$name(&crate::support::sqlite()); } )*
        }
        #[cfg(feature = "postgres")]
        mod postgres {
            $( #[test] fn $name() {
                if let Some(scratch) = crate::support::postgres() {
                    super::$name(&scratch);
                }
            } )*
        }
    };
}
pub(crate) use on_both;

pub(crate) fn guest() -> UserId {
    UserId::guest()
}

/// A record without cells.
pub(crate) fn blank<R: Record>(key: &str) -> R {
    R::blank(RecordKey::new(key))
}

pub(crate) fn placed<R: Record>(position: i64, source: Option<SourceRef>, record: R) -> Placed<R> {
    Placed { position, source, record }
}

/// Everything of one kind that the guest has, with its places.
pub(crate) fn all<R: Record>(database: &Database) -> Vec<Placed<R>> {
    let store: &dyn Store = database;
    store.read(|repositories| R::repository(repositories).page(&guest(), None, usize::MAX)).unwrap()
}

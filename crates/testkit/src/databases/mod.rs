//! Throw-away stores: made for one test, gone with it.
//!
//! | store | where | made by |
//! |---|---|---|
//! | SQLite | a file in a temporary folder | migrating a new file |
//! | PostgreSQL | a database of its own in the cluster of `LANDFAST_TEST_POSTGRES_URL` | copying a migrated template |
//! | files | a temporary folder | nothing, the folder is empty |
//! | memory | the file store without a folder | nothing |
//! | both | files and SQLite as one store | both of them |
//!
//! A store that was asked for and cannot be had is a failure: only `LANDFAST_TEST_POSTGRES=absent` lets tests
//! of PostgreSQL pass without one, and they say so.

mod both;
mod postgres;
mod postgres_shared;
mod postgres_template;
mod url;

pub use both::{Both, both, both_in, sqlite_in};
pub use postgres::PostgresDatabase;

use landfast_domain::Store;
use landfast_legacy::files::FileStore;
use landfast_store::{Database, DatabaseUrl, PoolOptions};
use tempfile::TempDir;

/// A store that is removed when this value is dropped.
pub struct ThrowAway {
    // Dropped before what it lives in.
    store: Box<dyn Store>,
    url: Option<DatabaseUrl>,
    _home: Home,
}

/// What has to be removed.
#[expect(dead_code, reason = "held to be dropped")]
enum Home {
    Nothing,
    Folder(TempDir),
    Postgres(PostgresDatabase),
}

impl ThrowAway {
    /// The store.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The URL of a database; `None` for files and memory.
    #[must_use]
    pub fn url(&self) -> Option<&DatabaseUrl> {
        self.url.as_ref()
    }
}

/// A migrated SQLite database in a file of its own.
#[must_use]
pub fn sqlite() -> ThrowAway {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = DatabaseUrl::sqlite(folder.path().join("landfast.db"));
    let store = Box::new(migrated(&url));
    ThrowAway { store, url: Some(url), _home: Home::Folder(folder) }
}

/// A migrated PostgreSQL database of its own, or `None` when there is no PostgreSQL and that was declared.
///
/// # Panics
/// When neither `LANDFAST_TEST_POSTGRES_URL` is set nor `LANDFAST_TEST_POSTGRES=absent`, and when the cluster
/// cannot be used.
#[must_use]
pub fn postgres() -> Option<ThrowAway> {
    let home = PostgresDatabase::migrated()?;
    let url = DatabaseUrl::parse(home.url()).expect("a PostgreSQL URL");
    let store = Box::new(open(&url));
    Some(ThrowAway { store, url: Some(url), _home: Home::Postgres(home) })
}

/// The PostgreSQL database that all rules of a test run share, or `None` as for [`postgres`]. It stays in the
/// cluster until a later run removes it.
///
/// # Panics
/// As [`postgres`].
#[must_use]
pub fn shared_postgres() -> Option<ThrowAway> {
    let url = DatabaseUrl::parse(&postgres_shared::url()?).expect("a PostgreSQL URL");
    let store = Box::new(open(&url));
    Some(ThrowAway { store, url: Some(url), _home: Home::Nothing })
}

/// An empty folder as a store.
#[must_use]
pub fn files() -> ThrowAway {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Box::new(FileStore::open(folder.path()).expect("an empty folder is a store"));
    ThrowAway { store, url: None, _home: Home::Folder(folder) }
}

/// The file store without a folder.
#[must_use]
pub fn memory() -> ThrowAway {
    ThrowAway { store: Box::new(FileStore::in_memory()), url: None, _home: Home::Nothing }
}

/// Opens a database as tests use it.
///
/// # Panics
/// When that fails.
#[must_use]
pub fn open(url: &DatabaseUrl) -> Database {
    Database::open(url, PoolOptions::default()).unwrap_or_else(|error| panic!("cannot open {url}: {error}"))
}

pub(super) fn migrated(url: &DatabaseUrl) -> Database {
    let database = open(url);
    database.migrations().migrate().unwrap_or_else(|error| panic!("cannot migrate {url}: {error}"));
    database
}

//! A database as a store.

use std::sync::Arc;

use diesel::r2d2::{Pool, R2D2Connection};
use landfast_domain::store::{Store, StoreKind, Work};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use crate::connection::{DbConnection, Target, on_each_backend};
use crate::error::{Error, Result};
use crate::lock_file::LockGuard;
use crate::migrations::Migrations;
use crate::options::PoolOptions;
use crate::pool::{self, Borrowed, Manager};
use crate::retry;
use crate::transaction::{self, Access, Durable, Ending, Isolation};
use crate::url::DatabaseUrl;

/// A SQLite or PostgreSQL database. Clones share one pool of connections.
///
/// Opening changes no schema; see [`Database::migrations`].
///
/// A transaction must not be started inside another one of the same database: on SQLite a writer inside
/// a writer waits for itself, until [`PoolOptions::lock_timeout`] ends it with
/// [`landfast_domain::Error::Busy`].
///
/// ```
/// # #[cfg(feature = "sqlite")] {
/// use landfast_domain::Store;
/// use landfast_store::{Database, DatabaseUrl, PoolOptions};
///
/// let folder = tempfile::tempdir().unwrap();
/// let url = DatabaseUrl::sqlite(folder.path().join("landfast.db"));
/// let database = Database::open(&url, PoolOptions::default()).unwrap();
/// database.migrations().migrate().unwrap();
///
/// let store: &dyn Store = &database;
/// let users = store.read(|repositories| repositories.accounts().list()).unwrap();
/// assert_eq!(users.len(), 1, "the guest");
/// # }
/// ```
#[derive(Clone)]
pub struct Database {
    pool: Pool<Manager>,
    target: Arc<Target>,
    options: PoolOptions,
    url: DatabaseUrl,
}

impl Database {
    /// Opens a database, which must be reachable; a missing SQLite file is made unless
    /// [`PoolOptions::create`] is off.
    ///
    /// # Errors
    /// [`Error::Feature`] when the program was built without what the URL needs, [`Error::Connect`],
    /// [`Error::Busy`], [`Error::Url`] for a folder of files.
    pub fn open(url: &DatabaseUrl, options: PoolOptions) -> Result<Self> {
        let target = Arc::new(Target::new(url, &options)?);
        let first = target.connect()?;
        let pool = pool::build(Arc::clone(&target), first, &options)?;
        Ok(Self { pool, target, options, url: url.clone() })
    }

    /// The schema's versions: status, changes, checks.
    #[must_use]
    pub fn migrations(&self) -> Migrations<'_> {
        Migrations::new(self)
    }

    /// The URL the database was opened with. Its `Display` shows no password.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// [`Error::Pool`] or [`Error::Database`] when there is none.
    pub fn ping(&self) -> Result<()> {
        self.checkout_alive().map(drop)
    }

    /// Size on disk in bytes: the SQLite file with its write-ahead log, or what PostgreSQL reports for
    /// the whole database.
    ///
    /// # Errors
    /// [`Error::File`] or [`Error::Database`].
    pub fn size_bytes(&self) -> Result<u64> {
        match &*self.target {
            #[cfg(feature = "sqlite")]
            Target::Sqlite { path, .. } => sqlite_size(path),
            #[cfg(feature = "postgres")]
            Target::Postgres { .. } => self.with_connection(postgres_size),
        }
    }

    /// A connection outside of the pool, for work that changes a connection's settings.
    pub(crate) fn connect(&self) -> Result<DbConnection> {
        self.target.connect()
    }

    /// The lock that SQLite's writers hold; PostgreSQL needs none.
    pub(crate) fn lock(&self) -> Result<Option<LockGuard>> {
        self.target.lock()
    }

    /// Runs statements outside of a transaction.
    pub(crate) fn with_connection<T>(&self, work: impl FnOnce(&mut DbConnection) -> Result<T>) -> Result<T> {
        let mut link = self.checkout_alive()?;
        let result = work(&mut link.connection);
        if let Err(Error::Database(error)) = &result {
            link.broken |= Error::is_lost_connection(error);
        }
        result
    }

    fn checkout(&self) -> Result<Borrowed> {
        self.pool.get().map_err(|error| Error::Pool(Box::new(error)))
    }

    /// A connection that has just answered. Those that broke while unused are thrown away.
    fn checkout_alive(&self) -> Result<Borrowed> {
        let mut tries_left = self.options.size.max(1);
        loop {
            let mut link = self.checkout()?;
            match on_each_backend!(&mut link.connection, |conn| conn.ping()) {
                Ok(()) => return Ok(link),
                Err(error) if tries_left == 0 => return Err(error.into()),
                Err(_) => link.broken = true,
            }
            tries_left -= 1;
        }
    }

    /// A connection on which a transaction has begun.
    ///
    /// A connection that broke while it was unused, for instance by a restart of the server, shows at
    /// `BEGIN`. Nothing has happened by then, so the next connection is taken; there are not more broken
    /// ones than the pool holds.
    fn begin(&self, access: Access) -> Result<Borrowed> {
        let mut tries_left = self.options.size.max(1);
        loop {
            let mut link = self.checkout()?;
            match transaction::begin(&mut link.connection, access) {
                Ok(()) => return Ok(link),
                Err(error) => {
                    let may_be_stale = match link.connection {
                        #[cfg(feature = "sqlite")]
                        DbConnection::Sqlite(_) => false,
                        #[cfg(feature = "postgres")]
                        DbConnection::Postgres(_) => true,
                    };
                    link.broken |= may_be_stale;
                    if !may_be_stale || tries_left == 0 {
                        return Err(error.into());
                    }
                    tries_left -= 1;
                }
            }
        }
    }

    fn attempt(&self, access: Access, durable: Durable, isolation: Isolation, work: &mut Work<'_>) -> Result<Ending> {
        let lock = match access {
            Access::Read => None,
            Access::Write => self.lock()?,
        };
        let mut link = match durable {
            Durable::Now => self.begin(access)?,
            Durable::Soon => self.begin_deferred(access)?,
        };
        let (ending, usable) = transaction::run(&mut link.connection, access, isolation, work);
        link.broken |= !usable;
        if durable == Durable::Soon {
            // A connection that keeps the setting must not be used for anything else.
            link.broken |= transaction::prepare(&mut link.connection, Durable::Now).is_err();
        }
        // The next writer need not wait until the connection is back in the pool.
        drop(lock);
        Ok(ending)
    }

    /// A connection on which a transaction has begun that need not be durable at once.
    fn begin_deferred(&self, access: Access) -> Result<Borrowed> {
        // SQLite takes the setting only outside of a transaction, and its connections do not go stale.
        if self.kind() == StoreKind::Sqlite {
            let mut link = self.checkout()?;
            let begun = transaction::prepare(&mut link.connection, Durable::Soon)
                .and_then(|()| transaction::begin(&mut link.connection, access));
            link.broken |= begun.is_err();
            return begun.map(|()| link).map_err(Error::from);
        }
        let mut link = self.begin(access)?;
        let deferred = transaction::defer(&mut link.connection, Durable::Soon);
        link.broken |= deferred.is_err();
        deferred.map(|()| link).map_err(Error::from)
    }

    fn run(&self, access: Access, durable: Durable, work: &mut Work<'_>) -> DomainResult<()> {
        let mut lost = 0;
        loop {
            let isolation = if lost == 0 { Isolation::Open } else { Isolation::Full };
            match self.attempt(access, durable, isolation, work)? {
                Ending::Kept => return Ok(()),
                Ending::Failed(error) => return Err(error),
                Ending::LostRace(error) => {
                    lost += 1;
                    if lost == retry::TRIES {
                        return Err(match error {
                            DomainError::SerializationFailure(_) => error,
                            other => DomainError::SerializationFailure(Box::new(other)),
                        });
                    }
                    tracing::debug!(lost, %error, "a transaction lost against another one");
                    std::thread::sleep(retry::pause(lost - 1));
                }
            }
        }
    }
}

impl Store for Database {
    fn run_read(&self, work: &mut Work<'_>) -> DomainResult<()> {
        self.run(Access::Read, Durable::Now, work)
    }

    fn run_write(&self, work: &mut Work<'_>) -> DomainResult<()> {
        self.run(Access::Write, Durable::Now, work)
    }

    fn run_write_soon(&self, work: &mut Work<'_>) -> DomainResult<()> {
        self.run(Access::Write, Durable::Soon, work)
    }

    fn kind(&self) -> StoreKind {
        self.url.kind()
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("url", &self.url).field("options", &self.options).finish_non_exhaustive()
    }
}

#[cfg(feature = "sqlite")]
fn sqlite_size(path: &std::path::Path) -> Result<u64> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let size = |path: &std::path::Path| match std::fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(source) => Err(Error::File { path: path.to_owned(), source }),
    };
    Ok(size(path)? + size(std::path::Path::new(&log))?)
}

#[cfg(feature = "postgres")]
fn postgres_size(connection: &mut DbConnection) -> Result<u64> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Size {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        size: i64,
    }
    let query = diesel::sql_query("SELECT pg_database_size(current_database()) AS size");
    let row: Size = on_each_backend!(connection, |conn| query.get_result(conn))?;
    Ok(u64::try_from(row.size).unwrap_or(0))
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;
    use diesel::prelude::*;

    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Text)]
        setting: String,
    }

    /// How durable the transactions of the only connection are; 2 is FULL.
    fn synchronous(database: &Database) -> String {
        let sql = "SELECT CAST(synchronous AS TEXT) AS setting FROM pragma_synchronous";
        let row = database.with_connection(|connection| match connection {
            DbConnection::Sqlite(conn) => Ok(diesel::sql_query(sql).get_result::<Setting>(&mut **conn)?),
            #[cfg(feature = "postgres")]
            DbConnection::Postgres(_) => unreachable!("a SQLite database"),
        });
        row.expect("the pragma answers").setting
    }

    #[test]
    fn only_the_deferred_transaction_is_less_durable() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::sqlite(folder.path().join("x.db"));
        let database = Database::open(&url, PoolOptions { size: 1, ..PoolOptions::default() }).unwrap();
        database.migrations().migrate().unwrap();
        let store: &dyn Store = &database;
        store.write_soon(|repositories| repositories.delivery()?.set_app_state("a", "1")).unwrap();
        assert_eq!(synchronous(&database), "2");
        let failed = store.write_soon(|repositories| {
            repositories.delivery()?.set_app_state("a", "2")?;
            repositories.delivery()?.delete_profile(&landfast_domain::delivery::ProfileId::new("none")?)
        });
        assert!(failed.is_err());
        assert_eq!(synchronous(&database), "2");
        let kept = store.read(|repositories| repositories.delivery()?.app_state("a")).unwrap();
        assert_eq!(kept.as_deref(), Some("1"));
    }
}

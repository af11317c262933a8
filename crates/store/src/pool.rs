//! The pool of connections.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::r2d2::{HandleError, ManageConnection, Pool, PooledConnection, R2D2Connection};

use crate::connection::{DbConnection, Target, on_each_backend};
use crate::error::{Error, Result};
use crate::options::PoolOptions;

/// A connection of the pool, and whether it must not go back there.
pub(crate) struct Link {
    pub(crate) connection: DbConnection,
    pub(crate) broken: bool,
}

/// A borrowed connection.
pub(crate) type Borrowed = PooledConnection<Manager>;

/// Makes and judges connections for the pool.
pub(crate) struct Manager {
    target: Arc<Target>,
    /// Made while opening the database, so that opening reports errors at once and costs one connection.
    first: Mutex<Option<DbConnection>>,
}

impl ManageConnection for Manager {
    type Connection = Link;
    type Error = Error;

    fn connect(&self) -> Result<Link> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let connection = match first {
            Some(connection) => connection,
            None => self.target.connect()?,
        };
        Ok(Link { connection, broken: false })
    }

    fn is_valid(&self, link: &mut Link) -> Result<()> {
        Ok(on_each_backend!(&mut link.connection, |conn| conn.ping())?)
    }

    /// Also true for a connection whose transaction was neither kept nor rolled back.
    fn has_broken(&self, link: &mut Link) -> bool {
        link.broken || std::thread::panicking() || on_each_backend!(&mut link.connection, |conn| conn.is_broken())
    }
}

/// Reports failed connection attempts of the pool's own threads.
#[derive(Debug)]
struct Report;

impl HandleError<Error> for Report {
    fn handle_error(&self, error: Error) {
        tracing::warn!(%error, "a database connection failed");
    }
}

/// Builds the pool around a first connection.
pub(crate) fn build(target: Arc<Target>, first: DbConnection, options: &PoolOptions) -> Result<Pool<Manager>> {
    let max_lifetime = match first {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(_) => None,
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(_) => options.max_lifetime,
    };
    Pool::builder()
        .max_size(options.size.max(1))
        // Connections are made when needed; a reserve would double what a short command costs the server.
        .min_idle(Some(0))
        // A test would cost a round trip each time; broken connections are noticed when a transaction begins.
        .test_on_check_out(false)
        .idle_timeout(options.idle_timeout.map(at_least_a_moment))
        .max_lifetime(max_lifetime.map(at_least_a_moment))
        .connection_timeout(at_least_a_moment(options.checkout_timeout))
        .error_handler(Box::new(Report))
        .build(Manager { target, first: Mutex::new(Some(first)) })
        .map_err(|error| Error::Pool(Box::new(error)))
}

/// The pool panics when told to wait no time at all.
fn at_least_a_moment(time: Duration) -> Duration {
    time.max(Duration::from_millis(1))
}

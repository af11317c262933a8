//! PostgreSQL databases for one test each.

use super::postgres_template;
use super::url::{cluster, with_database};
use diesel::prelude::*;
use diesel::{PgConnection, sql_query};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A database that is dropped with this value.
#[derive(Debug)]
pub struct PostgresDatabase {
    cluster: String,
    name: String,
    url: String,
}

impl PostgresDatabase {
    /// A database with the current schema; `None` when PostgreSQL was declared absent.
    ///
    /// # Panics
    /// When nothing was declared, and when the cluster cannot be used.
    #[must_use]
    pub fn migrated() -> Option<Self> {
        let cluster = cluster()?;
        let template = postgres_template::name(&cluster);
        Some(Self::create(cluster, &template))
    }

    /// A database without any table; `None` when PostgreSQL was declared absent.
    ///
    /// # Panics
    /// As [`PostgresDatabase::migrated`].
    #[must_use]
    pub fn empty() -> Option<Self> {
        Some(Self::create(cluster()?, "template1"))
    }

    /// A database with what this one holds, to which nobody may be connected.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn copied(&self) -> Self {
        Self::create(self.cluster.clone(), &self.name)
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    fn create(cluster: String, template: &str) -> Self {
        let name = unique_name("landfast_test");
        // A template that somebody else is just connected to cannot be copied.
        retried(|| run(&cluster, &format!("CREATE DATABASE {name} TEMPLATE {template}")))
            .unwrap_or_else(|error| panic!("cannot make a database from {template}: {error}"));
        let url = with_database(&cluster, &name);
        Self { cluster, name, url }
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        if let Err(error) = run(&self.cluster, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)) {
            eprintln!("test database {} is left behind: {error}", self.name);
        }
    }
}

/// A database name nobody else uses.
pub(super) fn unique_name(start: &str) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    format!("{start}_{}_{nanos}_{number}", std::process::id())
}

/// A connection to the cluster's own database.
pub(super) fn connect(cluster: &str) -> PgConnection {
    PgConnection::establish(cluster).unwrap_or_else(|error| panic!("cannot reach the tests' PostgreSQL: {error}"))
}

/// Runs an administrative statement on a connection of its own.
pub(super) fn run(cluster: &str, statement: &str) -> QueryResult<usize> {
    sql_query(statement).execute(&mut connect(cluster))
}

/// Tries for some seconds.
pub(super) fn retried<T>(mut work: impl FnMut() -> QueryResult<T>) -> QueryResult<T> {
    for _ in 0..100 {
        if let Ok(value) = work() {
            return Ok(value);
        }
        thread::sleep(Duration::from_millis(50));
    }
    work()
}

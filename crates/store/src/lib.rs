//! SQLite and PostgreSQL behind the contract of [`landfast_domain::store`].
//!
//! One query text serves both databases: every query is an expression of Diesel that is compiled once for
//! each of them. Only where they truly differ (how transactions begin, bulk loading, catalogues) is there a
//! branch. [`Database`] is the store; [`Migrations`] cares for its schema.
//!
//! Invariants: every write transaction is durable when it was reported as kept, also over a power cut; two
//! transactions never overwrite each other's changes unseen; no failed statement is ever taken for an
//! empty answer; no message contains a password.

mod accounts;
mod catalog;
mod connection;
mod cutover;
mod database;
mod delivery;
mod error;
mod exact;
mod imports;
mod lock_file;
mod migrations;
mod options;
mod pool;
mod postgres_url;
mod presentations;
mod records;
mod retry;
mod runs;
mod schema;
mod snapshot;
mod time;
mod transaction;
mod url;

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
compile_error!("enable at least one of the features `sqlite` and `postgres`");

pub use catalog::{ColumnInfo, TableInfo, TypeClass, expected_schema};
pub use database::Database;
pub use error::{Error, Result};
pub use migrations::{AppliedMigration, MigrationStatus, Migrations, PendingMigration, migration_checksum};
pub use options::PoolOptions;
pub use postgres_url::PostgresUrl;
#[cfg(feature = "sqlite")]
pub use snapshot::{Alone, TablePrint};
pub use url::DatabaseUrl;

// The C libraries are linked for Diesel; these names only turn their features on.
#[cfg(feature = "sqlite")]
use libsqlite3_sys as _;
#[cfg(feature = "pg-tls")]
use openssl_sys as _;
#[cfg(feature = "postgres")]
use pq_sys as _;

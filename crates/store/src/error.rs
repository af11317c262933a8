//! What can go wrong in this crate.

use std::path::PathBuf;

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use landfast_domain::error::BoxError;

/// Result of an operation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation of this crate failed.
///
/// No variant ever holds a password: messages of the PostgreSQL library are searched for it first.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A database URL has no scheme at all.
    #[error("database URL has no scheme; write sqlite:PATH, postgres://HOST/NAME or files:FOLDER")]
    NoScheme,
    /// A database URL has a scheme nobody here knows.
    #[error("database URL has the unknown scheme `{scheme}`; known are sqlite, postgres, postgresql and files")]
    UnknownScheme {
        /// The scheme.
        scheme: String,
    },
    /// A database URL has a known scheme, but what follows cannot be used.
    #[error("database URL {url}: {reason}")]
    Url {
        /// The URL without its password.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// This program was built without a part that is needed.
    #[error("{what} needs a build with the feature `{feature}`")]
    Feature {
        /// What was asked for.
        what: String,
        /// Name of the cargo feature.
        feature: &'static str,
    },
    /// The database could not be reached or opened.
    #[error("cannot connect to {url}: {reason}")]
    Connect {
        /// The URL without its password.
        url: String,
        /// What the database library said.
        reason: String,
    },
    /// No connection became free in time, or none could be made.
    #[error("no database connection available: {0}")]
    Pool(#[source] BoxError),
    /// A file beside the database could not be used.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Somebody else kept the database locked for too long.
    #[error("{what} is in use by another process or transaction; gave up after {seconds} s")]
    Busy {
        /// What is locked.
        what: String,
        /// How long was waited.
        seconds: u64,
    },
    /// Only SQLite can do what was asked for.
    #[error("{what} is there for SQLite databases only")]
    NotSqlite {
        /// What was asked for.
        what: &'static str,
    },
    /// A statement failed.
    #[error(transparent)]
    Database(#[from] DieselError),
    /// The connection broke while a commit was under way.
    #[error("the connection was lost during commit, so it is unknown whether the transaction was kept: {0}")]
    CommitUnknown(#[source] DieselError),
    /// The work of a transaction went on after one of its statements had failed, and asked to keep the rest.
    #[error("the transaction was rolled back, because a statement in it had failed: {0}")]
    Poisoned(String),
    /// The database was migrated by a newer version of this program.
    #[error("the database is newer than this program: it has migration {version} ({name})")]
    Newer {
        /// Version of the first migration this program does not know.
        version: String,
        /// Its name.
        name: String,
    },
    /// A migration that was applied differs from the one in this program.
    #[error("migration {version} ({name}) was applied with other content than this program has")]
    Changed {
        /// Version of the migration.
        version: String,
        /// Its name.
        name: String,
    },
    /// A migration is missing between others that were applied.
    #[error("migration {version} ({name}) was skipped: a later one is applied, this one is not")]
    Skipped {
        /// Version of the migration.
        version: String,
        /// Its name.
        name: String,
    },
    /// Migrations of this program are not applied to the database yet.
    #[error("the database lacks {count} migrations, the first is {first}; apply them first")]
    Outdated {
        /// How many.
        count: usize,
        /// Version and name of the first.
        first: String,
    },
    /// The SQL of a migration failed; nothing of it was kept.
    #[error("migration {version} ({name}), {direction}: {source}")]
    Migration {
        /// Version of the migration.
        version: &'static str,
        /// Its name.
        name: &'static str,
        /// `up` or `down`.
        direction: &'static str,
        /// What the database said.
        source: DieselError,
    },
    /// After a migration, rows point to rows that do not exist; nothing of it was kept.
    #[error("migration {version} ({name}) leaves {count} rows of table {table} that point to nothing")]
    ForeignKeys {
        /// Version of the migration.
        version: &'static str,
        /// Its name.
        name: &'static str,
        /// First table with such rows.
        table: String,
        /// How many such rows it has.
        count: usize,
    },
}

impl Error {
    /// Whether the database took the transaction back in favour of another one.
    pub(crate) fn is_lost_race(error: &DieselError) -> bool {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
            // Diesel keeps no error code for a deadlock; servers may translate the message.
            DieselError::DatabaseError(DatabaseErrorKind::Unknown, information) => {
                let message = information.message().to_lowercase();
                DEADLOCK_WORDS.iter().any(|word| message.contains(word))
            }
            DieselError::RollbackErrorOnCommit { commit_error, .. } => Self::is_lost_race(commit_error),
            _ => false,
        }
    }

    /// Whether the connection is gone.
    pub(crate) fn is_lost_connection(error: &DieselError) -> bool {
        match error {
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            )
            | DieselError::BrokenTransactionManager => true,
            DieselError::RollbackErrorOnCommit { commit_error, .. } => Self::is_lost_connection(commit_error),
            _ => false,
        }
    }

    /// Whether SQLite gave up waiting for another process.
    pub(crate) fn is_locked(error: &DieselError) -> bool {
        match error {
            DieselError::DatabaseError(_, information) => {
                let message = information.message();
                message.contains("database is locked") || message.contains("database table is locked")
            }
            DieselError::RollbackErrorOnCommit { commit_error, .. } => Self::is_locked(commit_error),
            _ => false,
        }
    }
}

/// "Deadlock" as PostgreSQL's translations have it, lower case.
const DEADLOCK_WORDS: [&str; 8] =
    ["deadlock", "interblocage", "взаимоблокировка", "デッドロック", "死锁", "死結", "데드락", "교착"];

impl From<Error> for landfast_domain::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Database(ref inner) if Error::is_lost_race(inner) => Self::SerializationFailure(Box::new(error)),
            Error::Database(ref inner) if Error::is_locked(inner) => {
                Self::Busy { what: "the database".to_owned(), holder: "another process or transaction".to_owned() }
            }
            Error::Busy { what, seconds } => {
                Self::Busy { what, holder: format!("another process or transaction, for more than {seconds} s") }
            }
            other => Self::Backend(Box::new(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(kind: DatabaseErrorKind, message: &str) -> DieselError {
        DieselError::DatabaseError(kind, Box::new(message.to_owned()))
    }

    #[test]
    fn a_locked_database_is_busy() {
        let error = Error::from(database(DatabaseErrorKind::Unknown, "database is locked"));
        assert!(matches!(error.into(), landfast_domain::Error::Busy { .. }));
    }

    #[test]
    fn a_lost_race_is_told_apart_from_other_failures() {
        let lost = database(DatabaseErrorKind::SerializationFailure, "could not serialize access");
        assert!(Error::is_lost_race(&lost));
        assert!(matches!(Error::from(lost).into(), landfast_domain::Error::SerializationFailure(_)));
        for message in ["deadlock detected", "Verklemmung (Deadlock) entdeckt", "обнаружена взаимоблокировка"]
        {
            assert!(Error::is_lost_race(&database(DatabaseErrorKind::Unknown, message)), "{message}");
        }
        let other = database(DatabaseErrorKind::Unknown, "disk I/O error");
        assert!(!Error::is_lost_race(&other) && !Error::is_locked(&other) && !Error::is_lost_connection(&other));
        assert!(matches!(Error::from(other).into(), landfast_domain::Error::Backend(_)));
    }

    #[test]
    fn the_cause_of_a_failed_commit_counts_not_the_failed_rollback() {
        let nested = |commit| DieselError::RollbackErrorOnCommit {
            rollback_error: Box::new(database(DatabaseErrorKind::ClosedConnection, "no connection")),
            commit_error: Box::new(commit),
        };
        assert!(Error::is_lost_race(&nested(database(DatabaseErrorKind::SerializationFailure, "x"))));
        assert!(!Error::is_lost_connection(&nested(database(DatabaseErrorKind::SerializationFailure, "x"))));
        assert!(Error::is_lost_connection(&nested(database(DatabaseErrorKind::ClosedConnection, "x"))));
    }
}

//! Transactions: how they begin and end, when they are repeated, and what they see.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use landfast_domain::accounts::{AccountRepository, SecurityRepository};
use landfast_domain::cutover::CutoverRepository;
use landfast_domain::delivery::DeliveryRepository;
use landfast_domain::imports::ImportRepository;
use landfast_domain::presentations::PresentationRepository;
use landfast_domain::runs::RunRepository;
use landfast_domain::store::{InstanceRepository, RecordRepository, Work};
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task,
};
use landfast_domain::{Error as DomainError, Repositories, Result as DomainResult};

use crate::connection::{DbConnection, on_each_backend};
use crate::error::{Error, Result};

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Look at one consistent state.
    Read,
    /// Change it.
    Write,
}

/// When a change survives a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durable {
    /// As soon as it is kept.
    Now,
    /// With the next change that is durable at once: both databases write their logs in order.
    Soon,
}

/// Says how durable the transaction to come is. Only for SQLite, where this is a setting of the connection.
pub(crate) fn prepare(connection: &mut DbConnection, durable: Durable) -> QueryResult<()> {
    match connection {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(_) => connection.batch(match durable {
            Durable::Now => "PRAGMA synchronous = FULL",
            Durable::Soon => "PRAGMA synchronous = NORMAL",
        }),
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(_) => Ok(()),
    }
}

/// Says how durable the transaction that has begun is. Only for PostgreSQL; it ends with the transaction.
pub(crate) fn defer(connection: &mut DbConnection, durable: Durable) -> QueryResult<()> {
    match (connection, durable) {
        #[cfg(feature = "postgres")]
        (connection @ DbConnection::Postgres(_), Durable::Soon) => {
            connection.batch("SET LOCAL synchronous_commit = off")
        }
        _ => Ok(()),
    }
}

/// How a transaction ended.
pub(crate) enum Ending {
    /// Kept, or read to the end.
    Kept,
    /// Rolled back for this reason.
    Failed(DomainError),
    /// Rolled back by the database in favour of another transaction; trying again may succeed.
    LostRace(DomainError),
}

/// An open transaction; every repository of this crate is one.
pub(crate) struct Transaction<'c> {
    pub(crate) connection: &'c mut DbConnection,
    access: Access,
    isolation: Isolation,
    failure: Option<Failure>,
}

/// How a transaction on PostgreSQL is kept apart from others, beyond what its kind of access says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// As it began.
    Full,
    /// No statement has run, and a claim may lower the isolation.
    Open,
    /// Lowered for claims; whatever else the work does needs another try at full isolation.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "nothing has to be lowered on SQLite"))]
    Lowered,
}

/// A statement that failed. The work may have ignored it, the end of the transaction must not.
struct Failure {
    message: String,
    lost_race: bool,
    lost_connection: bool,
}

/// Runs a query on whichever database it is and notes its failure.
macro_rules! query {
    ($transaction:expr, |$c:ident| $body:expr) => {{
        let result = $crate::connection::on_each_backend!(&mut *$transaction.connection, |$c| $body);
        $transaction.checked(result)
    }};
}
pub(crate) use query;

/// Starts a transaction.
///
/// SQLite's writers begin with `IMMEDIATE`: a transaction that reads first and writes later fails at once,
/// without waiting, when another wrote in between. PostgreSQL's writers are `SERIALIZABLE`, so that what
/// they read cannot have changed when they commit, unless [they only claim jobs](Transaction::lower_for_claim);
/// its readers see one snapshot and cannot fail.
pub(crate) fn begin(connection: &mut DbConnection, access: Access) -> QueryResult<()> {
    match connection {
        #[cfg(feature = "sqlite")]
        DbConnection::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(
            &mut **conn,
            match access {
                Access::Read => "BEGIN DEFERRED",
                Access::Write => "BEGIN IMMEDIATE",
            },
        ),
        #[cfg(feature = "postgres")]
        DbConnection::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(
            &mut **conn,
            match access {
                Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                Access::Write => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            },
        ),
    }
}

/// Does the work in a transaction that has begun, and ends it.
///
/// The flag says whether the connection can be used further.
pub(crate) fn run(
    connection: &mut DbConnection,
    access: Access,
    isolation: Isolation,
    work: &mut Work<'_>,
) -> (Ending, bool) {
    let mut transaction = Transaction { connection, access, isolation, failure: None };
    let outcome = work(&mut transaction);
    let failure = transaction.failure;
    let lost_race = failure.as_ref().is_some_and(|failure| failure.lost_race);
    let usable = !failure.as_ref().is_some_and(|failure| failure.lost_connection);
    let error = match (outcome, failure) {
        (Ok(()), None) => return end(connection),
        // PostgreSQL would answer this commit with a silent rollback.
        (Ok(()), Some(failure)) => Error::Poisoned(failure.message).into(),
        (Err(error), _) => error,
    };
    let rolled_back = on_each_backend!(connection, |conn| AnsiTransactionManager::rollback_transaction(conn));
    let usable = usable && rolled_back.is_ok();
    // Whatever the work made of the error: the database says that another try may succeed.
    if lost_race || matches!(error, DomainError::SerializationFailure(_)) {
        (Ending::LostRace(error), usable)
    } else {
        (Ending::Failed(error), usable)
    }
}

fn end(connection: &mut DbConnection) -> (Ending, bool) {
    let committed = on_each_backend!(connection, |conn| AnsiTransactionManager::commit_transaction(conn));
    match committed {
        Ok(()) => (Ending::Kept, true),
        Err(error) if Error::is_lost_race(&error) => {
            let usable = !matches!(error, DieselError::RollbackErrorOnCommit { .. });
            (Ending::LostRace(DomainError::SerializationFailure(Box::new(Error::from(error)))), usable)
        }
        Err(error) if Error::is_lost_connection(&error) => (Ending::Failed(Error::CommitUnknown(error).into()), false),
        Err(error) => {
            let usable = !matches!(error, DieselError::RollbackErrorOnCommit { .. });
            (Ending::Failed(Error::from(error).into()), usable)
        }
    }
}

impl Transaction<'_> {
    /// Notes a failed statement, so that the transaction cannot be kept any more.
    pub(crate) fn checked<T>(&mut self, result: QueryResult<T>) -> Result<T> {
        let result = match self.isolation {
            Isolation::Lowered => result.and_then(|_| Err(needs_full_isolation())),
            Isolation::Open | Isolation::Full => result,
        };
        self.isolation = Isolation::Full;
        self.checked_claim(result)
    }

    /// Lets claims of other transactions pass without a conflict, if a claim is all that this one does.
    ///
    /// A claim is one statement that locks the row it takes and passes over locked ones, so it needs no more
    /// than to see what is committed. Among serializable transactions nearly every claim that meets another
    /// one would be rolled back. Work that goes on with anything else is tried again at full isolation.
    pub(crate) fn lower_for_claim(&mut self) -> Result<()> {
        if self.isolation != Isolation::Open {
            return Ok(());
        }
        match &mut *self.connection {
            #[cfg(feature = "sqlite")]
            DbConnection::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            DbConnection::Postgres(conn) => {
                use diesel::connection::SimpleConnection;
                let lowered = conn.batch_execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
                self.checked_claim(lowered)?;
                self.isolation = Isolation::Lowered;
                Ok(())
            }
        }
    }

    /// As [`Self::checked`], for the statement of a claim.
    pub(crate) fn checked_claim<T>(&mut self, result: QueryResult<T>) -> Result<T> {
        result.map_err(|error| {
            if matches!(error, DieselError::DatabaseError(..) | DieselError::BrokenTransactionManager) {
                self.failure.get_or_insert(Failure {
                    message: error.to_string(),
                    lost_race: Error::is_lost_race(&error),
                    lost_connection: Error::is_lost_connection(&error),
                });
            }
            Error::from(error)
        })
    }

    /// Marks the transaction as one that must be given up.
    pub(crate) fn give_up(&mut self, message: String) {
        self.failure.get_or_insert(Failure { message, lost_race: false, lost_connection: false });
    }

    /// Refuses to write in a read transaction, in the same way on both databases.
    pub(crate) fn require_write(&self) -> DomainResult<()> {
        match self.access {
            Access::Write => Ok(()),
            Access::Read => Err(DomainError::backend("a read transaction cannot write")),
        }
    }
}

fn needs_full_isolation() -> DieselError {
    let message = "the work does more than to claim a job".to_owned();
    DieselError::DatabaseError(diesel::result::DatabaseErrorKind::SerializationFailure, Box::new(message))
}

impl Repositories for Transaction<'_> {
    fn accounts(&mut self) -> &mut dyn AccountRepository {
        self
    }
    fn tasks(&mut self) -> &mut dyn RecordRepository<Task> {
        self
    }
    fn instances(&mut self) -> &mut dyn InstanceRepository {
        self
    }
    fn emotions(&mut self) -> &mut dyn RecordRepository<Emotion> {
        self
    }
    fn preferences(&mut self) -> &mut dyn RecordRepository<Preference> {
        self
    }
    fn survey_responses(&mut self) -> &mut dyn RecordRepository<SurveyResponse> {
        self
    }
    fn notes(&mut self) -> &mut dyn RecordRepository<Note> {
        self
    }
    fn jobs(&mut self) -> &mut dyn RecordRepository<Job> {
        self
    }
    fn job_tasks(&mut self) -> &mut dyn RecordRepository<JobTask> {
        self
    }
    fn popup_triggers(&mut self) -> &mut dyn RecordRepository<PopupTrigger> {
        self
    }
    fn popup_responses(&mut self) -> &mut dyn RecordRepository<PopupResponse> {
        self
    }
    fn legacy_rows(&mut self) -> &mut dyn RecordRepository<LegacyRow> {
        self
    }
    fn delivery(&mut self) -> DomainResult<&mut dyn DeliveryRepository> {
        Ok(self)
    }
    fn presentations(&mut self) -> DomainResult<&mut dyn PresentationRepository> {
        Ok(self)
    }
    fn runs(&mut self) -> DomainResult<&mut dyn RunRepository> {
        Ok(self)
    }
    fn imports(&mut self) -> DomainResult<&mut dyn ImportRepository> {
        Ok(self)
    }
    fn security(&mut self) -> DomainResult<&mut dyn SecurityRepository> {
        Ok(self)
    }
    fn cutover(&mut self) -> DomainResult<&mut dyn CutoverRepository> {
        Ok(self)
    }
}

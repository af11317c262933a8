//! The contract every store keeps.

use crate::accounts::{AccountRepository, SecurityRepository, UserId};
use crate::cutover::CutoverRepository;
use crate::delivery::DeliveryRepository;
use crate::imports::ImportRepository;
use crate::presentations::PresentationRepository;
use crate::record::{Placed, Record, RecordKey};
use crate::runs::RunRepository;
use crate::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use crate::{Error, Result};

/// Work done inside one transaction.
pub type Work<'a> = dyn FnMut(&mut dyn Repositories) -> Result<()> + 'a;

/// A place where records live: a SQLite file, a PostgreSQL database, or a folder of legacy files.
///
/// Implementors provide [`Store::run_read`] and [`Store::run_write`]; callers use `read` and `write`
/// on `dyn Store`, which can return a value.
pub trait Store: Send + Sync {
    /// Runs `work` in a transaction that sees one consistent state and writes nothing.
    ///
    /// # Errors
    /// What `work` returned, or [`Error::Backend`].
    fn run_read(&self, work: &mut Work<'_>) -> Result<()>;

    /// Runs `work` in a transaction: all of it is kept, durably, or none of it.
    ///
    /// `work` may run several times when the database asks for a retry, so it must have no effect
    /// outside of the repositories that it does not overwrite at its next run.
    ///
    /// # Errors
    /// What `work` returned, after rolling back; [`Error::SerializationFailure`] when every retry lost;
    /// [`Error::Backend`].
    fn run_write(&self, work: &mut Work<'_>) -> Result<()>;

    /// Like [`run_write`](Self::run_write) for one of many transactions of a long job: all of it is kept or none,
    /// but it need not be durable before the next [`run_write`](Self::run_write) returns. Until then a power cut may
    /// undo it, together with everything after it; the end of the process, however sudden, undoes nothing.
    ///
    /// A store that has no such way does [`run_write`](Self::run_write).
    ///
    /// # Errors
    /// As [`run_write`](Self::run_write).
    fn run_write_soon(&self, work: &mut Work<'_>) -> Result<()> {
        self.run_write(work)
    }

    /// What kind of store this is, for messages and reports.
    fn kind(&self) -> StoreKind;
}

/// Kinds of stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreKind {
    /// Legacy files in a folder, or the same in memory.
    Files,
    /// A SQLite database.
    Sqlite,
    /// A PostgreSQL database, or one that speaks its protocol.
    Postgres,
}

impl StoreKind {
    /// Lower-case name: `files`, `sqlite` or `postgres`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl dyn Store + '_ {
    /// Runs `work` in a read transaction and gives back its value. See [`Store::run_read`].
    ///
    /// # Errors
    /// What `work` returned, or [`Error::Backend`].
    pub fn read<T>(&self, mut work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> Result<T> {
        let mut value = None;
        self.run_read(&mut |repositories| {
            value = Some(work(repositories)?);
            Ok(())
        })?;
        value.ok_or_else(not_run)
    }

    /// Runs `work` in a write transaction and gives back its value. See [`Store::run_write`].
    ///
    /// # Errors
    /// As [`Store::run_write`].
    pub fn write<T>(&self, mut work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> Result<T> {
        let mut value = None;
        self.run_write(&mut |repositories| {
            value = Some(work(repositories)?);
            Ok(())
        })?;
        value.ok_or_else(not_run)
    }

    /// Runs `work` in a write transaction that is durable only with the next `write`. See
    /// [`Store::run_write_soon`].
    ///
    /// # Errors
    /// As [`Store::run_write`].
    pub fn write_soon<T>(&self, mut work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> Result<T> {
        let mut value = None;
        self.run_write_soon(&mut |repositories| {
            value = Some(work(repositories)?);
            Ok(())
        })?;
        value.ok_or_else(not_run)
    }
}

/// All repositories of one transaction.
pub trait Repositories {
    /// Users.
    fn accounts(&mut self) -> &mut dyn AccountRepository;
    /// Task templates.
    fn tasks(&mut self) -> &mut dyn RecordRepository<Task>;
    /// Task instances.
    fn instances(&mut self) -> &mut dyn InstanceRepository;
    /// The vocabulary of emotions.
    fn emotions(&mut self) -> &mut dyn RecordRepository<Emotion>;
    /// Preference rows, one a profile.
    fn preferences(&mut self) -> &mut dyn RecordRepository<Preference>;
    /// Survey answers.
    fn survey_responses(&mut self) -> &mut dyn RecordRepository<SurveyResponse>;
    /// Free notes.
    fn notes(&mut self) -> &mut dyn RecordRepository<Note>;
    /// Jobs: named groups of templates.
    fn jobs(&mut self) -> &mut dyn RecordRepository<Job>;
    /// Which template belongs to which job.
    fn job_tasks(&mut self) -> &mut dyn RecordRepository<JobTask>;
    /// Counters of shown popups.
    fn popup_triggers(&mut self) -> &mut dyn RecordRepository<PopupTrigger>;
    /// Log of shown and answered popups.
    fn popup_responses(&mut self) -> &mut dyn RecordRepository<PopupResponse>;
    /// Rows of legacy files that have no table of their own.
    fn legacy_rows(&mut self) -> &mut dyn RecordRepository<LegacyRow>;
    /// Profiles, queries and their data.
    ///
    /// # Errors
    /// [`Error::Backend`] when a folder of files cannot be read.
    fn delivery(&mut self) -> Result<&mut dyn DeliveryRepository>;
    /// Rendering jobs.
    ///
    /// # Errors
    /// [`Error::Backend`] when a folder of files cannot be read.
    fn presentations(&mut self) -> Result<&mut dyn PresentationRepository>;
    /// Analysis runs and the lists of their files.
    ///
    /// # Errors
    /// [`Error::Backend`] when a folder of files cannot be read.
    fn runs(&mut self) -> Result<&mut dyn RunRepository>;
    /// The import ledger.
    ///
    /// # Errors
    /// [`Error::Unsupported`] on a store that is itself a folder of source files.
    fn imports(&mut self) -> Result<&mut dyn ImportRepository>;
    /// Credentials, sessions and the log of what concerns safety.
    ///
    /// # Errors
    /// [`Error::Unsupported`], which is also what it answers unless a store says otherwise: a folder of files
    /// knows no passwords.
    fn security(&mut self) -> Result<&mut dyn SecurityRepository> {
        Err(Error::Unsupported { store: "this store", what: "accounts with passwords" })
    }
    /// Stages, dirty items and mismatches of the cutover.
    ///
    /// # Errors
    /// [`Error::Unsupported`], which is also what it answers unless a store says otherwise;
    /// [`Error::Backend`] when a folder of files cannot be read.
    fn cutover(&mut self) -> Result<&mut dyn CutoverRepository> {
        Err(Error::Unsupported { store: "this store", what: "stages of a cutover" })
    }
}

/// Keeps records of one kind, each owned by one user.
///
/// Every method sees only the records of the user it is called for. Lists are ordered by position,
/// which is the order of the legacy file followed by the order of insertion.
pub trait RecordRepository<R: Record> {
    /// Adds a record at the end of the user's list.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the key is taken; the transaction stays usable.
    fn insert(&mut self, user: &UserId, record: &R) -> Result<()>;
    /// Adds many records at their given positions. Returns how many were added.
    ///
    /// # Errors
    /// [`Error::Conflict`] when a key is taken; the transaction must then be given up.
    fn insert_batch(&mut self, user: &UserId, records: &[Placed<R>]) -> Result<usize>;
    /// The record with this key.
    ///
    /// # Errors
    /// [`Error::Backend`] when the store fails, [`Error::Corrupt`] when a stored value makes no sense.
    fn get(&mut self, user: &UserId, key: &RecordKey) -> Result<Option<R>>;
    /// Replaces the cells of the record with the same key; position and provenance stay.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    fn update(&mut self, user: &UserId, record: &R) -> Result<()>;
    /// Removes a record; `false` when there is none.
    ///
    /// # Errors
    /// [`Error::Backend`] when the store fails.
    fn delete(&mut self, user: &UserId, key: &RecordKey) -> Result<bool>;
    /// Up to `limit` records with a position greater than `after`, in order. `None` starts at the first.
    ///
    /// # Errors
    /// As [`RecordRepository::get`].
    fn page(&mut self, user: &UserId, after: Option<i64>, limit: usize) -> Result<Vec<Placed<R>>>;
    /// How many records the user has.
    ///
    /// # Errors
    /// [`Error::Backend`] when the store fails.
    fn count(&mut self, user: &UserId) -> Result<u64>;
    /// Greatest position in use, 0 when there is none.
    ///
    /// # Errors
    /// [`Error::Backend`] when the store fails.
    fn last_position(&mut self, user: &UserId) -> Result<i64>;
    /// Moves a record to another place and provenance without touching its cells.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    fn place(
        &mut self,
        user: &UserId,
        key: &RecordKey,
        position: i64,
        source: Option<crate::record::SourceRef>,
    ) -> Result<()>;

    /// All records of the user, in order. Meant for small kinds; page through large ones.
    ///
    /// # Errors
    /// As [`RecordRepository::get`].
    fn list(&mut self, user: &UserId) -> Result<Vec<R>> {
        let placed = self.page(user, None, usize::MAX)?;
        Ok(placed.into_iter().map(|placed| placed.record).collect())
    }
}

/// Task instances have lists of their own.
pub trait InstanceRepository: RecordRepository<TaskInstance> {
    /// Instances for which [`TaskInstance::is_active`] holds, in list order.
    ///
    /// # Errors
    /// As [`RecordRepository::get`].
    fn list_active(&mut self, user: &UserId) -> Result<Vec<TaskInstance>>;
    /// Instances with a completion time, by the *text* of `completed_at` in descending byte order (so that
    /// an impossible date such as `2025-13-45 99:99` has a defined place); ties in list order.
    ///
    /// # Errors
    /// As [`RecordRepository::get`].
    fn list_recent_completed(&mut self, user: &UserId, limit: usize) -> Result<Vec<TaskInstance>>;
    /// Instances for which [`TaskInstance::is_cancelled`] holds, by the text of `cancelled_at` in
    /// descending byte order, empty texts last; ties in list order.
    ///
    /// # Errors
    /// As [`RecordRepository::get`].
    fn list_cancelled(&mut self, user: &UserId) -> Result<Vec<TaskInstance>>;
    /// Instances whose `task_id` text is exactly this, in list order.
    ///
    /// # Errors
    /// As [`RecordRepository::get`].
    fn list_by_task(&mut self, user: &UserId, task_id: &str) -> Result<Vec<TaskInstance>>;
}

fn not_run() -> Error {
    Error::backend("the store did not run the transaction")
}

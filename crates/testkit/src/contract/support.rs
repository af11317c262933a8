//! Small helpers the rules share.

use landfast_domain::accounts::{User, UserId};
use landfast_domain::record::{ColumnKind, Placed, Record, RecordKey};
use landfast_domain::store::{Repositories, StoreKind};
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Result, Store};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Ids of users, rendering jobs and runs that rules make begin with this.
pub(crate) const OWN_PREFIX: &str = "contract-";

/// A moment for records whose time does not matter.
pub(crate) fn moment() -> Timestamp {
    time("2026-01-15 08:30")
}

/// A time from its text.
pub(crate) fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a well-formed time")
}

/// A text no other rule, thread or process makes.
pub(crate) fn unique(prefix: &str) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() % 1_000_000_000_000);
    format!("{prefix}{}-{nanos}-{number}", std::process::id())
}

/// A new user of its own, so that a rule can run on a store that holds data already.
pub(crate) fn user(store: &dyn Store) -> UserId {
    let id = UserId::new(unique(OWN_PREFIX)).expect("a legal id");
    let user = User { name: format!("name of {id}"), id, created_at: moment() };
    store.write(|r| r.accounts().insert(&user)).unwrap();
    user.id
}

/// Whether the store is a folder of legacy files, where positions are line numbers and all records of a
/// file have the same columns.
pub(crate) fn is_files(store: &dyn Store) -> bool {
    store.kind() == StoreKind::Files
}

/// Record kinds that rules can make samples of.
pub(crate) trait Sample: Record {
    /// Sets the columns the legacy id is made of.
    fn set_identity(&mut self, id: &str);

    /// A record with this legacy id; other cells as in a file that lacks their columns.
    fn with_id(id: &str) -> Self {
        let mut record = Self::blank(RecordKey::nth(id, 1));
        record.set_identity(id);
        record.set_key(RecordKey::nth(&record.identity(), 1));
        record
    }

    /// A record of which every other cell is made from its column and `variant`.
    fn filled(id: &str, text: impl Fn(&'static str, ColumnKind) -> String) -> Self {
        let mut record = Self::blank(RecordKey::nth(id, 1));
        for (number, column) in Self::COLUMNS.iter().enumerate() {
            record.set_cell(number, text(column.name, column.kind));
        }
        record.set_identity(id);
        record.set_key(RecordKey::nth(&record.identity(), 1));
        record
    }

    /// Numbers of the columns that are no part of the id.
    fn free_columns() -> Vec<usize> {
        let (a, b) = (Self::with_id("one"), Self::with_id("two"));
        (0..Self::COLUMNS.len()).filter(|column| a.cell(*column) == b.cell(*column)).collect()
    }
}

macro_rules! sample {
    ($($record:ident => |$r:ident, $id:ident| $set:expr;)*) => { $(
        impl Sample for $record {
            fn set_identity(&mut self, $id: &str) {
                let $r = self;
                $set;
            }
        }
    )* };
}

sample! {
    Task => |r, id| r.task_id.set_raw(id);
    TaskInstance => |r, id| r.instance_id.set_raw(id);
    Emotion => |r, id| r.emotion.set_raw(id);
    Preference => |r, id| r.user_id.set_raw(id);
    SurveyResponse => |r, id| r.response_id.set_raw(id);
    Note => |r, id| r.note_id.set_raw(id);
    Job => |r, id| r.job_id.set_raw(id);
    JobTask => |r, id| { r.job_id.set_raw(id); r.task_id.set_raw(format!("t-{id}")) };
    PopupTrigger => |r, id| r.id.set_raw(id);
    PopupResponse => |r, id| r.id.set_raw(id);
    LegacyRow => |r, id| r.file.set_raw(id);
}

/// Runs a generic check for every kind of record.
macro_rules! for_every_kind {
    ($check:ident($store:expr)) => {{
        use landfast_domain::tasks as kinds;
        $check::<kinds::Task>($store);
        $check::<kinds::TaskInstance>($store);
        $check::<kinds::Emotion>($store);
        $check::<kinds::Preference>($store);
        $check::<kinds::SurveyResponse>($store);
        $check::<kinds::Note>($store);
        $check::<kinds::Job>($store);
        $check::<kinds::JobTask>($store);
        $check::<kinds::PopupTrigger>($store);
        $check::<kinds::PopupResponse>($store);
        // Rows of files without a table of their own take the shape of their file in a folder of files.
        if !$crate::contract::support::is_files($store) {
            $check::<kinds::LegacyRow>($store);
        }
    }};
}
pub(crate) use for_every_kind;

/// A repository call that returns a value, in a write transaction of its own.
pub(crate) fn write<T>(store: &dyn Store, work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> T {
    store.write(work).unwrap()
}

/// The same in a read transaction.
pub(crate) fn read<T>(store: &dyn Store, work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> T {
    store.read(work).unwrap()
}

/// Adds one record.
pub(crate) fn insert<R: Record>(store: &dyn Store, user: &UserId, record: &R) {
    write(store, |r| R::repository(r).insert(user, record));
}

/// Adds records in one transaction.
pub(crate) fn insert_all<R: Record>(store: &dyn Store, user: &UserId, records: &[R]) {
    write(store, |r| records.iter().try_for_each(|record| R::repository(r).insert(user, record)));
}

/// The error of a call that a rule expects to be refused, inside of a transaction.
///
/// That the transaction lost against a concurrent one is passed on, for the store to try again.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Result<Error> {
    match result {
        Err(error @ Error::SerializationFailure(_)) => Err(error),
        Err(error) => Ok(error),
        Ok(value) => panic!("not refused: {value:?}"),
    }
}

/// Reads one record.
pub(crate) fn get<R: Record>(store: &dyn Store, user: &UserId, key: &RecordKey) -> Option<R> {
    read(store, |r| R::repository(r).get(user, key))
}

/// Reads all records.
pub(crate) fn list<R: Record>(store: &dyn Store, user: &UserId) -> Vec<R> {
    read(store, |r| R::repository(r).list(user))
}

/// Keys of all records, in list order.
pub(crate) fn keys<R: Record>(store: &dyn Store, user: &UserId) -> Vec<String> {
    list::<R>(store, user).iter().map(|record| record.key().to_string()).collect()
}

/// Legacy ids of instances.
pub(crate) fn ids(instances: &[TaskInstance]) -> Vec<&str> {
    instances.iter().map(|instance| instance.instance_id.raw()).collect()
}

/// A template that is filled as a user would fill it.
pub(crate) fn task(id: &str) -> Task {
    let mut task = Task::with_id(id);
    task.name.set_raw(format!("Task {id}"));
    task.created_at.set_raw("2026-01-10 09:00");
    task.categories.set_raw("[]");
    task.default_estimate_minutes.set_raw("30");
    task
}

/// An instance of a template, newly created.
pub(crate) fn instance(id: &str, task_id: &str) -> TaskInstance {
    let mut instance = TaskInstance::with_id(id);
    instance.task_id.set_raw(task_id);
    instance.task_name.set_raw(format!("Task {task_id}"));
    instance.task_version.set_raw("1");
    instance.created_at.set_raw("2026-01-14 09:00");
    instance.predicted.set_raw("{}");
    instance.actual.set_raw("{}");
    instance.is_completed.set_raw("False");
    instance.is_deleted.set_raw("False");
    instance.status.set_raw("active");
    instance
}

/// Records at given positions, without provenance.
pub(crate) fn placed<R: Record>(records: impl IntoIterator<Item = (i64, R)>) -> Vec<Placed<R>> {
    records.into_iter().map(|(position, record)| Placed { position, source: None, record }).collect()
}

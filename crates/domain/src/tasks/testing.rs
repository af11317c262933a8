//! A store in memory for the unit tests of the rules.

use crate::accounts::{AccountRepository, User, UserId};
use crate::imports::ImportRepository;
use crate::json::{Json, Object};
use crate::record::{Placed, Record, RecordKey, SourceRef};
use crate::store::{InstanceRepository, RecordRepository, Repositories};
use crate::tasks::*;
use crate::time::Timestamp;
use crate::{Error, Result};
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(crate) fn user() -> UserId {
    UserId::guest()
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Members of a JSON object text.
pub(crate) fn object(text: &str) -> Object {
    Json::parse(text).unwrap().as_object().unwrap().clone()
}

/// Records of one kind, by user.
#[derive(Debug)]
pub(crate) struct Table<R>(BTreeMap<UserId, Vec<Placed<R>>>);

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<R: Record> Table<R> {
    fn find(&mut self, user: &UserId, key: &RecordKey) -> Option<&mut Placed<R>> {
        self.0.get_mut(user)?.iter_mut().find(|placed| placed.record.key() == key)
    }
}

impl<R: Record> RecordRepository<R> for Table<R> {
    fn insert(&mut self, user: &UserId, record: &R) -> Result<()> {
        let position = self.last_position(user)? + 1;
        self.insert_batch(user, &[Placed { position, source: None, record: record.clone() }]).map(drop)
    }
    fn insert_batch(&mut self, user: &UserId, records: &[Placed<R>]) -> Result<usize> {
        for placed in records {
            let key = placed.record.key();
            if self.find(user, key).is_some() {
                return Err(Error::Conflict { entity: R::ENTITY, key: key.to_string() });
            }
            let rows = self.0.entry(user.clone()).or_default();
            rows.push(placed.clone());
            rows.sort_by_key(|row| row.position);
        }
        Ok(records.len())
    }
    fn get(&mut self, user: &UserId, key: &RecordKey) -> Result<Option<R>> {
        Ok(self.find(user, key).map(|placed| placed.record.clone()))
    }
    fn update(&mut self, user: &UserId, record: &R) -> Result<()> {
        let placed = self.find(user, record.key()).ok_or_else(|| access::not_found::<R>(record.key()))?;
        placed.record = record.clone();
        Ok(())
    }
    fn delete(&mut self, user: &UserId, key: &RecordKey) -> Result<bool> {
        let Some(rows) = self.0.get_mut(user) else { return Ok(false) };
        let before = rows.len();
        rows.retain(|placed| placed.record.key() != key);
        Ok(rows.len() < before)
    }
    fn page(&mut self, user: &UserId, after: Option<i64>, limit: usize) -> Result<Vec<Placed<R>>> {
        let rows = self.0.get(user).map(Vec::as_slice).unwrap_or_default();
        Ok(rows.iter().filter(|row| after.is_none_or(|after| row.position > after)).take(limit).cloned().collect())
    }
    fn count(&mut self, user: &UserId) -> Result<u64> {
        Ok(self.list(user)?.len().try_into().unwrap())
    }
    fn last_position(&mut self, user: &UserId) -> Result<i64> {
        Ok(self.0.get(user).and_then(|rows| rows.last()).map_or(0, |row| row.position))
    }
    fn place(&mut self, user: &UserId, key: &RecordKey, position: i64, source: Option<SourceRef>) -> Result<()> {
        let placed = self.find(user, key).ok_or_else(|| access::not_found::<R>(key))?;
        (placed.position, placed.source) = (position, source);
        self.0.entry(user.clone()).or_default().sort_by_key(|row| row.position);
        Ok(())
    }
}

impl InstanceRepository for Table<TaskInstance> {
    fn list_active(&mut self, user: &UserId) -> Result<Vec<TaskInstance>> {
        Ok(self.list(user)?.into_iter().filter(TaskInstance::is_active).collect())
    }
    fn list_recent_completed(&mut self, user: &UserId, limit: usize) -> Result<Vec<TaskInstance>> {
        let mut rows = self.list(user)?;
        rows.retain(|row| row.completed_text().is_some());
        rows.sort_by_key(|row| Reverse(row.completed_at.legacy().to_owned()));
        rows.truncate(limit);
        Ok(rows)
    }
    fn list_cancelled(&mut self, user: &UserId) -> Result<Vec<TaskInstance>> {
        let mut rows = self.list(user)?;
        rows.retain(TaskInstance::is_cancelled);
        rows.sort_by_key(|row| Reverse(row.cancelled_at.legacy().to_owned()));
        Ok(rows)
    }
    fn list_by_task(&mut self, user: &UserId, task_id: &str) -> Result<Vec<TaskInstance>> {
        Ok(self.list(user)?.into_iter().filter(|row| row.task_id.raw() == task_id).collect())
    }
}

/// No users: the rules never ask for them.
#[derive(Debug, Default)]
pub(crate) struct NoAccounts;

impl AccountRepository for NoAccounts {
    fn insert(&mut self, user: &User) -> Result<()> {
        Err(Error::Conflict { entity: "user", key: user.id.to_string() })
    }
    fn get(&mut self, _: &UserId) -> Result<Option<User>> {
        Ok(None)
    }
    fn find_by_name(&mut self, _: &str) -> Result<Option<User>> {
        Ok(None)
    }
    fn list(&mut self) -> Result<Vec<User>> {
        Ok(Vec::new())
    }
    fn delete(&mut self, _: &UserId) -> Result<bool> {
        Ok(false)
    }
}

macro_rules! memory {
    ($($table:ident: $record:ident),*) => {
        /// All tables, without transactions.
        #[derive(Debug, Default)]
        pub(crate) struct Memory {
            accounts: NoAccounts,
            instances: Table<TaskInstance>,
            delivery: crate::delivery::memory::MemoryDelivery,
            presentations: crate::presentations::memory::MemoryPresentations,
            runs: crate::runs::memory::MemoryRuns,
            $($table: Table<$record>,)*
        }
        impl Repositories for Memory {
            fn accounts(&mut self) -> &mut dyn AccountRepository { &mut self.accounts }
            fn instances(&mut self) -> &mut dyn InstanceRepository { &mut self.instances }
            fn imports(&mut self) -> Result<&mut dyn ImportRepository> {
                Err(Error::Unsupported { store: "memory", what: "an import ledger" })
            }
            fn delivery(&mut self) -> Result<&mut dyn crate::delivery::DeliveryRepository> { Ok(&mut self.delivery) }
            fn presentations(&mut self) -> Result<&mut dyn crate::presentations::PresentationRepository> {
                Ok(&mut self.presentations)
            }
            fn runs(&mut self) -> Result<&mut dyn crate::runs::RunRepository> { Ok(&mut self.runs) }
            $(fn $table(&mut self) -> &mut dyn RecordRepository<$record> { &mut self.$table })*
        }
    };
}
memory! {
    tasks: Task, emotions: Emotion, preferences: Preference, survey_responses: SurveyResponse, notes: Note,
    jobs: Job, job_tasks: JobTask, popup_triggers: PopupTrigger, popup_responses: PopupResponse,
    legacy_rows: LegacyRow
}

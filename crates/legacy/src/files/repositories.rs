//! The repositories of a transaction.

use super::transaction::Transaction;
use landfast_domain::accounts::{AccountRepository, User, UserId};
use landfast_domain::cutover::CutoverRepository;
use landfast_domain::delivery::DeliveryRepository;
use landfast_domain::imports::ImportRepository;
use landfast_domain::presentations::PresentationRepository;
use landfast_domain::record::{Placed, Record, RecordKey, SourceRef};
use landfast_domain::runs::RunRepository;
use landfast_domain::store::{InstanceRepository, RecordRepository, Repositories};
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use landfast_domain::{Error, Result};

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
    fn delivery(&mut self) -> Result<&mut dyn DeliveryRepository> {
        Ok(self.areas.delivery(self.cache, self.backing, self.writable)?)
    }
    fn presentations(&mut self) -> Result<&mut dyn PresentationRepository> {
        Ok(self.areas.presentations(self.cache, self.backing, self.writable)?)
    }
    fn runs(&mut self) -> Result<&mut dyn RunRepository> {
        Ok(self.areas.runs(self.cache, self.backing, self.writable)?)
    }
    fn imports(&mut self) -> Result<&mut dyn ImportRepository> {
        Err(Error::Unsupported { store: "files", what: "an import ledger" })
    }
    fn cutover(&mut self) -> Result<&mut dyn CutoverRepository> {
        if self.cutover.is_none() {
            self.cutover = Some(self.cache.cutover(self.backing, self.writable)?);
        }
        Ok(self.cutover.get_or_insert_default())
    }
}

impl<R: Record> RecordRepository<R> for Transaction<'_> {
    fn insert(&mut self, user: &UserId, record: &R) -> Result<()> {
        Self::check(record)?;
        self.rows_mut::<R>(user)?.append(record.clone())
    }

    fn insert_batch(&mut self, user: &UserId, records: &[Placed<R>]) -> Result<usize> {
        let rows = self.rows_mut::<R>(user)?;
        for placed in records {
            Self::check(&placed.record)?;
            rows.insert(placed.clone())?;
        }
        Ok(records.len())
    }

    fn get(&mut self, user: &UserId, key: &RecordKey) -> Result<Option<R>> {
        Ok(self.rows::<R>(user)?.and_then(|rows| rows.get(key.as_str())).cloned())
    }

    fn update(&mut self, user: &UserId, record: &R) -> Result<()> {
        Self::check(record)?;
        if !self.is_user(user)? {
            return Err(Error::NotFound { entity: R::ENTITY, key: record.key().to_string() });
        }
        self.rows_mut::<R>(user)?.update(record)
    }

    fn delete(&mut self, user: &UserId, key: &RecordKey) -> Result<bool> {
        let is_there = self.rows::<R>(user)?.is_some_and(|rows| rows.get(key.as_str()).is_some());
        Ok(is_there && self.rows_mut::<R>(user)?.delete(key.as_str()))
    }

    fn page(&mut self, user: &UserId, after: Option<i64>, limit: usize) -> Result<Vec<Placed<R>>> {
        Ok(self.rows::<R>(user)?.map_or_else(Vec::new, |rows| rows.page(after, limit)))
    }

    fn count(&mut self, user: &UserId) -> Result<u64> {
        let count = self.rows::<R>(user)?.map_or(0, |rows| rows.count());
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    fn last_position(&mut self, user: &UserId) -> Result<i64> {
        Ok(self.rows::<R>(user)?.map_or(0, |rows| rows.last_record_position()))
    }

    fn place(&mut self, user: &UserId, key: &RecordKey, position: i64, source: Option<SourceRef>) -> Result<()> {
        if !self.is_user(user)? {
            return Err(Error::NotFound { entity: R::ENTITY, key: key.to_string() });
        }
        self.rows_mut::<R>(user)?.place(key, position, source)
    }
}

impl InstanceRepository for Transaction<'_> {
    fn list_active(&mut self, user: &UserId) -> Result<Vec<TaskInstance>> {
        self.select(user, TaskInstance::is_active)
    }

    fn list_recent_completed(&mut self, user: &UserId, limit: usize) -> Result<Vec<TaskInstance>> {
        let Some(rows) = self.rows::<TaskInstance>(user)? else { return Ok(Vec::new()) };
        let mut found: Vec<(&str, &TaskInstance)> =
            rows.records().filter_map(|instance| Some((instance.completed_text()?, instance))).collect();
        // A stable sort leaves ties in list order.
        found.sort_by(|(a, _), (b, _)| b.cmp(a));
        Ok(found.into_iter().take(limit).map(|(_, instance)| instance.clone()).collect())
    }

    fn list_cancelled(&mut self, user: &UserId) -> Result<Vec<TaskInstance>> {
        let mut found = self.select(user, TaskInstance::is_cancelled)?;
        found.sort_by(|a, b| b.cancelled_at.legacy().cmp(a.cancelled_at.legacy()));
        Ok(found)
    }

    fn list_by_task(&mut self, user: &UserId, task_id: &str) -> Result<Vec<TaskInstance>> {
        self.select(user, |instance| instance.task_id.raw() == task_id)
    }
}

impl AccountRepository for Transaction<'_> {
    fn insert(&mut self, user: &User) -> Result<()> {
        self.ensure_writable()?;
        self.users()?.insert(user)
    }

    fn get(&mut self, id: &UserId) -> Result<Option<User>> {
        Ok(self.users()?.get(id))
    }

    fn find_by_name(&mut self, name: &str) -> Result<Option<User>> {
        Ok(self.users()?.find(name))
    }

    fn list(&mut self) -> Result<Vec<User>> {
        Ok(self.users()?.list())
    }

    fn delete(&mut self, id: &UserId) -> Result<bool> {
        self.ensure_writable()?;
        let found = self.users()?.delete(id)?;
        if found {
            self.forget(id);
        }
        Ok(found)
    }
}

impl Transaction<'_> {
    fn select(&mut self, user: &UserId, keep: impl Fn(&TaskInstance) -> bool) -> Result<Vec<TaskInstance>> {
        let rows = self.rows::<TaskInstance>(user)?;
        Ok(rows.map_or_else(Vec::new, |rows| rows.records().filter(|instance| keep(instance)).cloned().collect()))
    }
}

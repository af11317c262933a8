//! Users and records.

use super::Recorder;
use crate::dual::items::record_tables;
use landfast_domain::Result;
use landfast_domain::accounts::{AccountRepository, User, UserId};
use landfast_domain::cutover::Area;
use landfast_domain::record::{Placed, Record, RecordKey, SourceRef};
use landfast_domain::store::{InstanceRepository, RecordRepository};
use landfast_domain::tasks::{LegacyRow, TaskInstance};
use std::any::TypeId;

impl AccountRepository for Recorder<'_> {
    fn insert(&mut self, user: &User) -> Result<()> {
        self.enter(Area::Tasks)?;
        self.inner.accounts().insert(user)?;
        self.wrote(Area::Tasks, "user", "", &[user.id.as_str()]);
        Ok(())
    }

    fn get(&mut self, id: &UserId) -> Result<Option<User>> {
        self.enter(Area::Tasks)?;
        let user = self.inner.accounts().get(id)?;
        if *id != UserId::guest() {
            self.noticed(Area::Tasks, "user", "", &[id.as_str()]);
        }
        Ok(user)
    }

    fn find_by_name(&mut self, name: &str) -> Result<Option<User>> {
        self.enter(Area::Tasks)?;
        self.inner.accounts().find_by_name(name)
    }

    fn list(&mut self) -> Result<Vec<User>> {
        self.enter(Area::Tasks)?;
        self.inner.accounts().list()
    }

    fn delete(&mut self, id: &UserId) -> Result<bool> {
        self.enter(Area::Tasks)?;
        let deleted = self.inner.accounts().delete(id)?;
        if deleted {
            self.wrote(Area::Tasks, "user", "", &[id.as_str()]);
            // A user of the same id may come back without the records, which the other store then still has.
            for table in record_tables().iter().skip(1) {
                self.wrote_all(Area::Tasks, table.name(), id.as_str());
            }
        }
        Ok(deleted)
    }
}

impl<R: Record> RecordRepository<R> for Recorder<'_> {
    fn insert(&mut self, user: &UserId, record: &R) -> Result<()> {
        self.enter(Area::Tasks)?;
        R::repository(self.inner).insert(user, record)?;
        self.wrote_record::<R>(user, record.key());
        Ok(())
    }

    fn insert_batch(&mut self, user: &UserId, records: &[Placed<R>]) -> Result<usize> {
        self.enter(Area::Tasks)?;
        let added = R::repository(self.inner).insert_batch(user, records)?;
        if added > 0 {
            // They stand where the caller wants them.
            self.wrote_all(Area::Tasks, R::ENTITY, user.as_str());
        }
        Ok(added)
    }

    fn get(&mut self, user: &UserId, key: &RecordKey) -> Result<Option<R>> {
        self.enter(Area::Tasks)?;
        let record = R::repository(self.inner).get(user, key)?;
        self.read_record::<R>(user, key);
        Ok(record)
    }

    fn update(&mut self, user: &UserId, record: &R) -> Result<()> {
        self.enter(Area::Tasks)?;
        R::repository(self.inner).update(user, record)?;
        self.wrote_record::<R>(user, record.key());
        Ok(())
    }

    fn delete(&mut self, user: &UserId, key: &RecordKey) -> Result<bool> {
        self.enter(Area::Tasks)?;
        let deleted = R::repository(self.inner).delete(user, key)?;
        if deleted {
            self.wrote_record::<R>(user, key);
        }
        Ok(deleted)
    }

    fn page(&mut self, user: &UserId, after: Option<i64>, limit: usize) -> Result<Vec<Placed<R>>> {
        self.enter(Area::Tasks)?;
        let page = R::repository(self.inner).page(user, after, limit)?;
        for placed in &page {
            self.read_record::<R>(user, placed.record.key());
        }
        Ok(page)
    }

    fn count(&mut self, user: &UserId) -> Result<u64> {
        self.enter(Area::Tasks)?;
        R::repository(self.inner).count(user)
    }

    fn last_position(&mut self, user: &UserId) -> Result<i64> {
        self.enter(Area::Tasks)?;
        R::repository(self.inner).last_position(user)
    }

    fn place(&mut self, user: &UserId, key: &RecordKey, position: i64, source: Option<SourceRef>) -> Result<()> {
        self.enter(Area::Tasks)?;
        R::repository(self.inner).place(user, key, position, source)?;
        self.wrote_all(Area::Tasks, R::ENTITY, user.as_str());
        Ok(())
    }
}

impl InstanceRepository for Recorder<'_> {
    fn list_active(&mut self, user: &UserId) -> Result<Vec<TaskInstance>> {
        self.enter(Area::Tasks)?;
        let found = self.inner.instances().list_active(user)?;
        Ok(self.read_records(user, found))
    }

    fn list_recent_completed(&mut self, user: &UserId, limit: usize) -> Result<Vec<TaskInstance>> {
        self.enter(Area::Tasks)?;
        let found = self.inner.instances().list_recent_completed(user, limit)?;
        Ok(self.read_records(user, found))
    }

    fn list_cancelled(&mut self, user: &UserId) -> Result<Vec<TaskInstance>> {
        self.enter(Area::Tasks)?;
        let found = self.inner.instances().list_cancelled(user)?;
        Ok(self.read_records(user, found))
    }

    fn list_by_task(&mut self, user: &UserId, task_id: &str) -> Result<Vec<TaskInstance>> {
        self.enter(Area::Tasks)?;
        let found = self.inner.instances().list_by_task(user, task_id)?;
        Ok(self.read_records(user, found))
    }
}

impl Recorder<'_> {
    fn wrote_record<R: Record>(&mut self, user: &UserId, key: &RecordKey) {
        if TypeId::of::<R>() == TypeId::of::<LegacyRow>() {
            self.wrote_all(Area::Tasks, R::ENTITY, user.as_str());
        } else {
            self.wrote(Area::Tasks, R::ENTITY, user.as_str(), &[key.as_str()]);
        }
    }

    fn read_record<R: Record>(&mut self, user: &UserId, key: &RecordKey) {
        if TypeId::of::<R>() != TypeId::of::<LegacyRow>() {
            self.noticed(Area::Tasks, R::ENTITY, user.as_str(), &[key.as_str()]);
        }
    }

    fn read_records(&mut self, user: &UserId, found: Vec<TaskInstance>) -> Vec<TaskInstance> {
        for instance in &found {
            self.read_record::<TaskInstance>(user, instance.key());
        }
        found
    }
}

//! Records of one kind, of all users, in a list.

use super::Fault;
use landfast_domain::accounts::UserId;
use landfast_domain::record::{Placed, Record, RecordKey, SourceRef};
use landfast_domain::store::{InstanceRepository, RecordRepository};
use landfast_domain::tasks::TaskInstance;
use landfast_domain::text::legacy_text;
use landfast_domain::{Error, Result};
use std::cmp::Reverse;

/// Records with their owners, ordered by position.
#[derive(Debug, Clone)]
pub(super) struct Table<R> {
    rows: Vec<(UserId, Placed<R>)>,
    fault: Option<Fault>,
}

impl<R> Table<R> {
    pub(super) fn new(fault: Option<Fault>) -> Self {
        Self { rows: Vec::new(), fault }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }
}

impl<R: Record> Table<R> {
    pub(super) fn forget(&mut self, user: &UserId) {
        self.rows.retain(|(owner, _)| owner != user);
    }

    pub(super) fn owners(&self) -> impl Iterator<Item = &UserId> {
        self.rows.iter().map(|(owner, _)| owner)
    }

    fn of(&self, user: &UserId) -> impl Iterator<Item = &Placed<R>> {
        let everybody = self.has(Fault::ForgetsOwners);
        self.rows.iter().filter(move |(owner, _)| everybody || owner == user).map(|(_, placed)| placed)
    }

    /// The record as it is kept.
    fn kept(&self, record: &R) -> R {
        let mut kept = record.clone();
        for column in 0..R::COLUMNS.len() {
            let cell = record.cell(column);
            let text = match self.fault {
                Some(Fault::TrimsCells) => cell.trim(),
                Some(Fault::EmptiesMissingWords) => legacy_text(cell),
                Some(Fault::CutsSeconds) if cell.get(4..5) == Some("-") => cell.get(..16).unwrap_or(cell),
                _ => cell,
            };
            kept.set_cell(column, text.to_owned());
        }
        if self.has(Fault::DropsUnknownColumns) {
            kept.extra_mut().clear();
        }
        kept
    }

    fn find(&mut self, user: &UserId, key: &RecordKey) -> Result<&mut Placed<R>> {
        let wanted = |(owner, placed): &&mut (UserId, Placed<R>)| owner == user && placed.record.key() == key;
        match self.rows.iter_mut().find(wanted) {
            Some((_, placed)) => Ok(placed),
            None => Err(Error::NotFound { entity: R::ENTITY, key: key.to_string() }),
        }
    }

    fn add(&mut self, user: &UserId, placed: Placed<R>) -> Result<()> {
        if self.has(Fault::OverwritesOnInsert) {
            self.delete(user, placed.record.key())?;
        }
        if self.of(user).any(|known| known.record.key() == placed.record.key()) {
            return Err(Error::Conflict { entity: R::ENTITY, key: placed.record.key().to_string() });
        }
        self.rows.push((user.clone(), placed));
        Ok(())
    }

    fn sort(&mut self) {
        self.rows.sort_by_key(|(_, placed)| placed.position);
        if self.has(Fault::SortsByKey) {
            self.rows.sort_by_key(|(_, placed)| placed.record.key().clone());
        }
    }
}

impl<R: Record> RecordRepository<R> for Table<R> {
    fn insert(&mut self, user: &UserId, record: &R) -> Result<()> {
        let position = self.last_position(user)? + 1;
        self.add(user, Placed { position, source: None, record: self.kept(record) })?;
        self.sort();
        Ok(())
    }

    fn insert_batch(&mut self, user: &UserId, records: &[Placed<R>]) -> Result<usize> {
        let mut taken: std::collections::HashSet<RecordKey> =
            self.of(user).map(|known| known.record.key().clone()).collect();
        for placed in records {
            if !taken.insert(placed.record.key().clone()) {
                return Err(Error::Conflict { entity: R::ENTITY, key: placed.record.key().to_string() });
            }
            self.rows.push((user.clone(), placed.clone()));
        }
        self.sort();
        Ok(records.len())
    }

    fn get(&mut self, user: &UserId, key: &RecordKey) -> Result<Option<R>> {
        Ok(self.of(user).find(|placed| placed.record.key() == key).map(|placed| placed.record.clone()))
    }

    fn update(&mut self, user: &UserId, record: &R) -> Result<()> {
        let kept = self.kept(record);
        self.find(user, record.key())?.record = kept;
        Ok(())
    }

    fn delete(&mut self, user: &UserId, key: &RecordKey) -> Result<bool> {
        let before = self.rows.len();
        self.rows.retain(|(owner, placed)| !(owner == user && placed.record.key() == key));
        Ok(self.rows.len() < before)
    }

    fn page(&mut self, user: &UserId, after: Option<i64>, limit: usize) -> Result<Vec<Placed<R>>> {
        let later = |placed: &&Placed<R>| after.is_none_or(|after| placed.position > after);
        let limit = if self.has(Fault::IgnoresLimits) { usize::MAX } else { limit };
        Ok(self.of(user).filter(later).take(limit).cloned().collect())
    }

    fn count(&mut self, user: &UserId) -> Result<u64> {
        Ok(self.of(user).map(|_| 1).sum())
    }

    fn last_position(&mut self, user: &UserId) -> Result<i64> {
        Ok(self.of(user).map(|placed| placed.position).max().unwrap_or(0))
    }

    fn place(&mut self, user: &UserId, key: &RecordKey, position: i64, source: Option<SourceRef>) -> Result<()> {
        let placed = self.find(user, key)?;
        placed.position = position;
        placed.source = source;
        self.sort();
        Ok(())
    }
}

impl InstanceRepository for Table<TaskInstance> {
    fn list_active(&mut self, user: &UserId) -> Result<Vec<TaskInstance>> {
        Ok(self.list(user)?.into_iter().filter(TaskInstance::is_active).collect())
    }

    fn list_recent_completed(&mut self, user: &UserId, limit: usize) -> Result<Vec<TaskInstance>> {
        let mut rows: Vec<_> = self.list(user)?.into_iter().filter(|row| row.completed_text().is_some()).collect();
        rows.sort_by_key(|row| Reverse(row.completed_text().map(str::to_owned)));
        rows.truncate(limit);
        Ok(rows)
    }

    fn list_cancelled(&mut self, user: &UserId) -> Result<Vec<TaskInstance>> {
        let mut rows: Vec<_> = self.list(user)?.into_iter().filter(TaskInstance::is_cancelled).collect();
        rows.sort_by_key(|row| Reverse(row.cancelled_at.legacy().to_owned()));
        Ok(rows)
    }

    fn list_by_task(&mut self, user: &UserId, task_id: &str) -> Result<Vec<TaskInstance>> {
        Ok(self.list(user)?.into_iter().filter(|row| row.task_id.raw() == task_id).collect())
    }
}

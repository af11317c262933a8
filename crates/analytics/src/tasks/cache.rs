//! Numbers of a user that are asked for again and again.

use super::clock::Clock;
use super::document::document_of;
use super::rows::{PreparedRow, TaskData, TaskInput};
use crate::cache::CacheWork;
use landfast_domain::accounts::UserId;
use landfast_domain::record::{Record as _, RecordKey};
use landfast_domain::tasks::{LegacyRow, PopupResponse, Preference, Task, TaskInstance};
use landfast_domain::{Repositories, Result};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// File a dump of the popup log has, as a JSON list of rows.
const POPUP_LOG: &str = "popup_responses.json";

/// All records of a user that calculations look at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaskRecords {
    /// Templates, in the order of the store.
    pub tasks: Vec<Task>,
    /// Instances, likewise.
    pub instances: Vec<TaskInstance>,
    /// Settings, likewise.
    pub preferences: Vec<Preference>,
    /// The log of popups; without one, that of a dump which was imported with the folder.
    pub popup_responses: Vec<PopupResponse>,
}

impl TaskRecords {
    /// Reads the records of a user. Everything in one transaction, so that they belong together.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(repositories: &mut dyn Repositories, user: &UserId) -> Result<Self> {
        let mut popup_responses = repositories.popup_responses().list(user)?;
        if popup_responses.is_empty() {
            popup_responses = popups_of_log(&repositories.legacy_rows().list(user)?);
        }
        Ok(Self {
            tasks: repositories.tasks().list(user)?,
            instances: repositories.instances().list(user)?,
            preferences: repositories.preferences().list(user)?,
            popup_responses,
        })
    }

    /// What calculations take.
    #[must_use]
    pub fn input(&self) -> TaskInput<'_> {
        TaskInput {
            tasks: &self.tasks,
            instances: &self.instances,
            preferences: &self.preferences,
            popup_responses: &self.popup_responses,
        }
    }
}

/// Keeps the prepared rows of one user, and the last document, for as long as the records are the same.
///
/// Give it the records as they are in the store **now**; it compares them, cell by cell, with those it has prepared.
/// Equal records give the same rows and, at the same time, the same document without any calculation. After a write
/// only rows whose record changed are prepared again. Nothing can be stale, since no answer is given for other
/// records than those it was handed: there is no version number that a writer could forget to raise. The price is
/// the memory of one copy of the records.
///
/// ```
/// use landfast_analytics::tasks::{TaskCache, TaskRecords};
/// use landfast_domain::record::Record as _;
/// use landfast_domain::tasks::TaskInstance;
/// use landfast_domain::time::Timestamp;
///
/// let now = Timestamp::parse("2025-12-27 18:00").unwrap();
/// let mut records = TaskRecords { instances: vec![TaskInstance::blank("i1".into())], ..TaskRecords::default() };
/// let mut cache = TaskCache::default();
/// let first = cache.document(records.clone(), now);
/// assert_eq!(cache.document(records.clone(), now), first);
/// assert_eq!((cache.work().documents_made, cache.work().rows_prepared), (1, 1));
/// records.instances.push(TaskInstance::blank("i2".into()));
/// assert_ne!(cache.document(records, now), first);
/// assert_eq!((cache.work().documents_made, cache.work().rows_prepared), (2, 2));
/// ```
#[derive(Debug, Default)]
pub struct TaskCache {
    records: TaskRecords,
    data: Option<Arc<TaskData>>,
    document: Option<(Clock, Arc<Value>)>,
    work: CacheWork,
}

impl TaskCache {
    /// The prepared rows of these records.
    #[must_use]
    pub fn data(&mut self, records: TaskRecords) -> Arc<TaskData> {
        if let Some(data) = self.data.as_ref().filter(|_| records == self.records) {
            return Arc::clone(data);
        }
        self.document = None;
        let data = Arc::new(self.renewed(records));
        self.data = Some(Arc::clone(&data));
        data
    }

    /// The document ([`super::document`]) of these records at a time.
    #[must_use]
    pub fn document(&mut self, records: TaskRecords, now: impl Into<Clock>) -> Arc<Value> {
        let clock = now.into();
        let data = self.data(records);
        if let Some((_, document)) = self.document.as_ref().filter(|(made_at, _)| *made_at == clock) {
            self.work.documents_reused += 1;
            return Arc::clone(document);
        }
        let document = Arc::new(document_of(&self.records.input(), &data, clock));
        self.document = Some((clock, Arc::clone(&document)));
        self.work.documents_made += 1;
        document
    }

    /// What has been calculated and what was spared so far.
    #[must_use]
    pub fn work(&self) -> CacheWork {
        self.work
    }

    fn renewed(&mut self, records: TaskRecords) -> TaskData {
        let before = std::mem::replace(&mut self.records, records);
        let mut rows = self.data.take().map(prepared_rows).unwrap_or_default();
        let places: HashMap<&RecordKey, usize> =
            before.instances.iter().enumerate().map(|(place, instance)| (&instance.key, place)).collect();
        let (mut prepared, mut reused) = (0, 0);
        let data = TaskData::renewed(
            &self.records.input(),
            |instance| {
                let place = *places.get(&instance.key)?;
                let is_same = before.instances.get(place).is_some_and(|known| known == instance);
                is_same.then(|| rows.get_mut(place)?.take()).flatten()
            },
            |was_reused| if was_reused { reused += 1 } else { prepared += 1 },
        );
        self.work.rows_prepared += prepared;
        self.work.rows_reused += reused;
        self.work.preparations += 1;
        data
    }
}

/// The rows by the places of their records. After a fresh start rows and records do not correspond, so all are made
/// anew.
fn prepared_rows(data: Arc<TaskData>) -> Vec<Option<PreparedRow>> {
    if data.fresh_start().is_some() {
        return Vec::new();
    }
    let rows = Arc::try_unwrap(data).map_or_else(|shared| shared.rows().to_vec(), TaskData::into_rows);
    rows.into_iter().map(Some).collect()
}

/// The popup log of a dump that was imported with the folder; the old program kept it in a database only.
fn popups_of_log(others: &[LegacyRow]) -> Vec<PopupResponse> {
    let dump = others.iter().find(|row| row.file.raw() == POPUP_LOG);
    let rows: Vec<serde_json::Map<String, Value>> =
        dump.and_then(|row| serde_json::from_str(row.content.raw()).ok()).unwrap_or_default();
    let mut popups = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        let mut popup = PopupResponse::blank(RecordKey::from(format!("{POPUP_LOG}-{number}").as_str()));
        for (name, value) in row {
            let text = match value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            popup.set_cell_named(name, text);
        }
        popups.push(popup);
    }
    popups
}

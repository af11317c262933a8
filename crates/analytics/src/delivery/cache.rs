//! Numbers of a query that are asked for again and again.

use super::document::query_part;
use super::input::QueryData;
use super::issue_row::IssueRow;
use crate::cache::CacheWork;
use landfast_domain::delivery::{ChangelogEntry, Issue, MetricsSnapshot, Profile, ProjectData, QueryKey};
use landfast_domain::time::Timestamp;
use landfast_domain::{Repositories, Result};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Rows read at a time.
const PAGE: usize = 1000;

/// All records of a query that calculations look at.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryRecords {
    /// The query.
    pub key: QueryKey,
    /// Its profile.
    pub profile: Profile,
    /// Issues of its cached responses, in the order of the documents; `None` without a response.
    pub issues: Option<Vec<Issue>>,
    /// Entries of its change log; `None` without one.
    pub changelog: Option<Vec<ChangelogEntry>>,
    /// Weekly statistics and scope.
    pub project_data: Option<ProjectData>,
    /// Weekly metrics, in the order of the document.
    pub snapshots: Vec<MetricsSnapshot>,
}

impl QueryRecords {
    /// Reads everything a query has, expired or not.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(repositories: &mut dyn Repositories, profile: &Profile, key: &QueryKey) -> Result<Self> {
        let repository = repositories.delivery()?;
        let caches = repository.list_caches(key)?;
        let mut issues = Vec::new();
        for cache in &caches {
            let mut after = None;
            loop {
                let page = repository.issues_page(key, &cache.cache_key, after, PAGE)?;
                let Some(last) = page.last() else { break };
                after = Some(last.ordinal);
                issues.extend(page);
            }
        }
        let changelog = repository.get_changelog(key)?;
        let mut entries = Vec::new();
        let mut after = None;
        while changelog.is_some() {
            let page = repository.changelog_page(key, after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.ordinal);
            entries.extend(page);
        }
        let mut snapshots = repository.list_snapshots(key, None, None)?;
        snapshots.sort_by_key(|snapshot| (snapshot.ordinal, snapshot.kind));
        Ok(Self {
            key: key.clone(),
            profile: profile.clone(),
            issues: (!caches.is_empty()).then_some(issues),
            changelog: changelog.is_some().then_some(entries),
            project_data: repository.get_project_data(key)?,
            snapshots,
        })
    }

    /// The query, prepared, under a name of its own.
    #[must_use]
    pub fn prepare(&self, alias: impl Into<String>) -> QueryData {
        QueryData::renewed(alias, self, |_, _| None)
    }
}

/// Keeps a prepared query, and its last part of the document, for as long as its records are the same.
///
/// Works as [`crate::tasks::TaskCache`] does: it is handed the records as they are in the store now and compares them
/// with those it has prepared, so that no answer can be stale. After a write only issues are prepared again whose
/// text, or whose entry of the change log, changed.
#[derive(Debug, Default)]
pub struct QueryCache {
    records: Option<QueryRecords>,
    data: Option<Arc<QueryData>>,
    part: Option<(Timestamp, Arc<Value>)>,
    work: CacheWork,
}

impl QueryCache {
    /// The prepared query of these records. `alias` is its name in documents.
    #[must_use]
    pub fn data(&mut self, alias: &str, records: QueryRecords) -> Arc<QueryData> {
        let is_same = |data: &&Arc<QueryData>| data.alias == alias && self.records.as_ref() == Some(&records);
        if let Some(data) = self.data.as_ref().filter(is_same) {
            return Arc::clone(data);
        }
        self.part = None;
        let before = self.records.take();
        let data = Arc::new(self.renewed(alias, &records, before));
        self.records = Some(records);
        self.data = Some(Arc::clone(&data));
        data
    }

    /// What a document says about these records at a time: the value under `queries.<alias>`.
    #[must_use]
    pub fn part(&mut self, alias: &str, records: QueryRecords, now: Timestamp) -> Arc<Value> {
        let data = self.data(alias, records);
        if let Some((_, part)) = self.part.as_ref().filter(|(made_at, _)| *made_at == now) {
            self.work.documents_reused += 1;
            return Arc::clone(part);
        }
        let part = Arc::new(query_part(&data, now));
        self.part = Some((now, Arc::clone(&part)));
        self.work.documents_made += 1;
        part
    }

    /// What has been calculated and what was spared so far.
    #[must_use]
    pub fn work(&self) -> CacheWork {
        self.work
    }

    fn renewed(&mut self, alias: &str, records: &QueryRecords, before: Option<QueryRecords>) -> QueryData {
        let mut known = Known::new(before.as_ref(), self.data.take(), records);
        let (mut prepared, mut reused) = (0, 0);
        let data = QueryData::renewed(alias, records, |issue, entry| {
            let row = known.take(issue, entry);
            if row.is_some() {
                reused += 1
            } else {
                prepared += 1
            }
            row
        });
        self.work.rows_prepared += prepared;
        self.work.rows_reused += reused;
        self.work.preparations += 1;
        data
    }
}

/// Rows of before, by their records.
struct Known<'a> {
    issues: &'a [Issue],
    rows: Vec<Option<IssueRow>>,
    places: HashMap<&'a str, usize>,
    entries: HashMap<&'a str, &'a ChangelogEntry>,
}

impl<'a> Known<'a> {
    fn new(before: Option<&'a QueryRecords>, data: Option<Arc<QueryData>>, now: &QueryRecords) -> Self {
        let mut known = Self { issues: &[], rows: Vec::new(), places: HashMap::new(), entries: HashMap::new() };
        // What is kept of an issue depends on the settings.
        let (Some(before), Some(data)) = (before.filter(|before| before.profile == now.profile), data) else {
            return known;
        };
        let rows = Arc::try_unwrap(data).map_or_else(|shared| shared.issues.clone(), |data| data.issues);
        known.rows = rows.into_iter().map(Some).collect();
        known.issues = before.issues.as_deref().unwrap_or_default();
        let texts = known.issues.iter().enumerate().map(|(place, issue)| (issue.text.as_str(), place));
        known.places = texts.collect();
        let entries = before.changelog.as_deref().unwrap_or_default();
        known.entries = entries.iter().map(|entry| (entry.issue_key.as_str(), entry)).collect();
        known
    }

    /// The row of an issue and its entry, if both are as they were.
    fn take(&mut self, issue: &Issue, entry: Option<&ChangelogEntry>) -> Option<IssueRow> {
        let place = *self.places.get(issue.text.as_str())?;
        let key = issue.facts.key.as_deref();
        let entry_of_before = key.and_then(|key| self.entries.get(key).copied());
        let is_same = self.issues.get(place) == Some(issue) && entry_of_before == entry;
        is_same.then(|| self.rows.get_mut(place)?.take()).flatten()
    }
}

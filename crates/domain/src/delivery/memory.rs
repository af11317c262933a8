//! The contract in memory: the model a file store works on, and a store for tests.

use super::order::{keep_newest_weeks, newest_weeks_first};
use super::*;
use crate::copy_on_write::CopyOnWrite;
use crate::time::Timestamp;
use crate::{Error, Result};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

type CacheKey = (QueryKey, String);

/// A [`DeliveryRepository`] whose rows are in maps. Gone with the value; a clone is a copy of everything, but
/// costs only as much as is changed afterwards.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct MemoryDelivery {
    state: CopyOnWrite<BTreeMap<String, String>>,
    profiles: CopyOnWrite<BTreeMap<ProfileId, Profile>>,
    queries: CopyOnWrite<BTreeMap<QueryKey, Query>>,
    caches: CopyOnWrite<BTreeMap<CacheKey, JiraCache>>,
    issues: CopyOnWrite<BTreeMap<(QueryKey, String, i64), Issue>>,
    changelogs: CopyOnWrite<BTreeMap<QueryKey, Changelog>>,
    entries: CopyOnWrite<BTreeMap<(QueryKey, i64), ChangelogEntry>>,
    data: CopyOnWrite<BTreeMap<QueryKey, ProjectData>>,
    snapshots: CopyOnWrite<BTreeMap<(QueryKey, String, MetricKind), MetricsSnapshot>>,
    progress: CopyOnWrite<BTreeMap<String, TaskProgress>>,
    task: Option<String>,
}

impl MemoryDelivery {
    /// Queries that are only in one of two models, or whose rows are not the same in both.
    #[must_use]
    pub fn changed_queries(&self, other: &Self) -> BTreeSet<QueryKey> {
        let mut changed = BTreeSet::new();
        compare(&self.queries, &other.queries, |key| key, &mut changed);
        compare(&self.caches, &other.caches, |(query, _)| query, &mut changed);
        compare(&self.issues, &other.issues, |(query, _, _)| query, &mut changed);
        compare(&self.changelogs, &other.changelogs, |key| key, &mut changed);
        compare(&self.entries, &other.entries, |(query, _)| query, &mut changed);
        compare(&self.data, &other.data, |key| key, &mut changed);
        compare(&self.snapshots, &other.snapshots, |(query, _, _)| query, &mut changed);
        changed
    }

    fn need(&self, query: &QueryKey) -> Result<()> {
        self.queries.contains_key(query).then_some(()).ok_or_else(|| query.not_found())
    }

    fn drop_query(&mut self, key: &QueryKey) {
        self.caches.retain(|(query, _), _| query != key);
        self.issues.retain(|(query, _, _), _| query != key);
        self.changelogs.remove(key);
        self.entries.retain(|(query, _), _| query != key);
        self.data.remove(key);
        self.snapshots.retain(|(query, _, _), _| query != key);
    }
}

/// Adds the queries of rows that are not the same on both sides.
fn compare<K: Ord, V: PartialEq>(
    a: &CopyOnWrite<BTreeMap<K, V>>,
    b: &CopyOnWrite<BTreeMap<K, V>>,
    query: impl Fn(&K) -> &QueryKey,
    changed: &mut BTreeSet<QueryKey>,
) {
    if CopyOnWrite::is_same(a, b) {
        return;
    }
    let differing = a.iter().filter(|(key, value)| b.get(key) != Some(value)).map(|(key, _)| key);
    let gone = b.keys().filter(|key| !a.contains_key(key));
    changed.extend(differing.chain(gone).map(|key| query(key).clone()));
}

fn no_cache(query: &QueryKey, cache_key: &str) -> Error {
    Error::NotFound { entity: "jira cache", key: format!("{query}/{cache_key}") }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Newest first, unreadable times last.
fn newest_first<T, K: Ord>(list: &mut [T], instant: impl Fn(&T) -> Option<Timestamp>, tie: impl Fn(&T) -> K) {
    list.sort_by(|a, b| instant(b).cmp(&instant(a)).then_with(|| tie(a).cmp(&tie(b))));
}

impl DeliveryRepository for MemoryDelivery {
    fn app_state(&mut self, key: &str) -> Result<Option<String>> {
        Ok(self.state.get(key).cloned())
    }
    fn set_app_state(&mut self, key: &str, value: &str) -> Result<()> {
        self.state.insert(key.to_owned(), value.to_owned());
        Ok(())
    }
    fn delete_app_state(&mut self, key: &str) -> Result<bool> {
        Ok(self.state.remove(key).is_some())
    }
    fn list_app_state(&mut self) -> Result<Vec<(String, String)>> {
        Ok(self.state.iter().map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn get_profile(&mut self, id: &ProfileId) -> Result<Option<Profile>> {
        Ok(self.profiles.get(id).cloned())
    }
    fn save_profile(&mut self, profile: &Profile) -> Result<()> {
        self.profiles.insert(profile.id().clone(), profile.clone());
        Ok(())
    }
    fn list_profiles(&mut self) -> Result<Vec<ProfileSummary>> {
        let mut list: Vec<_> = self.profiles.values().map(Profile::summary).collect();
        newest_first(&mut list, |profile| profile.last_used.instant, |profile| profile.id.clone());
        Ok(list)
    }
    fn delete_profile(&mut self, id: &ProfileId) -> Result<()> {
        self.profiles.remove(id).ok_or_else(|| id.not_found())?;
        let keys: Vec<_> = self.queries.keys().filter(|key| key.profile == *id).cloned().collect();
        keys.iter().try_for_each(|key| self.delete_query(key))
    }

    fn get_query(&mut self, key: &QueryKey) -> Result<Option<Query>> {
        Ok(self.queries.get(key).cloned())
    }
    fn save_query(&mut self, query: &Query) -> Result<()> {
        if !self.profiles.contains_key(&query.key().profile) {
            return Err(query.key().profile.not_found());
        }
        self.queries.insert(query.key().clone(), query.clone());
        Ok(())
    }
    fn list_queries(&mut self, profile: &ProfileId) -> Result<Vec<Query>> {
        let mut list: Vec<_> = self.queries.values().filter(|query| query.key().profile == *profile).cloned().collect();
        newest_first(&mut list, |query| query.facts().last_used.instant, |query| query.key().clone());
        Ok(list)
    }
    fn delete_query(&mut self, key: &QueryKey) -> Result<()> {
        self.queries.remove(key).ok_or_else(|| key.not_found())?;
        self.drop_query(key);
        Ok(())
    }

    fn get_cache(&mut self, query: &QueryKey, cache_key: &str) -> Result<Option<JiraCache>> {
        Ok(self.caches.get(&(query.clone(), cache_key.to_owned())).cloned())
    }
    fn list_caches(&mut self, query: &QueryKey) -> Result<Vec<JiraCache>> {
        Ok(self.caches.values().filter(|cache| cache.query == *query).cloned().collect())
    }
    fn save_cache(&mut self, cache: &JiraCache) -> Result<()> {
        self.need(&cache.query)?;
        self.delete_cache(&cache.query, &cache.cache_key)?;
        self.caches.insert((cache.query.clone(), cache.cache_key.clone()), cache.clone());
        Ok(())
    }
    fn update_cache(&mut self, cache: &JiraCache) -> Result<()> {
        match self.caches.get_mut(&(cache.query.clone(), cache.cache_key.clone())) {
            Some(present) => present.clone_from(cache),
            None => return Err(no_cache(&cache.query, &cache.cache_key)),
        }
        Ok(())
    }
    fn delete_cache(&mut self, query: &QueryKey, cache_key: &str) -> Result<bool> {
        self.issues.retain(|(q, key, _), _| q != query || key != cache_key);
        Ok(self.caches.remove(&(query.clone(), cache_key.to_owned())).is_some())
    }
    fn save_issues(&mut self, query: &QueryKey, cache_key: &str, issues: &[Issue]) -> Result<()> {
        if !self.caches.contains_key(&(query.clone(), cache_key.to_owned())) {
            return Err(no_cache(query, cache_key));
        }
        for issue in issues {
            self.issues.insert((query.clone(), cache_key.to_owned(), issue.ordinal), issue.clone());
        }
        Ok(())
    }
    fn issues_page(
        &mut self,
        query: &QueryKey,
        cache_key: &str,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Issue>> {
        let of_cache = self.issues.iter().filter(|((q, key, _), _)| q == query && key == cache_key);
        let later = of_cache.filter(|(_, issue)| after.is_none_or(|after| issue.ordinal > after));
        Ok(later.map(|(_, issue)| issue.clone()).take(limit).collect())
    }
    fn issue_keys(&mut self, query: &QueryKey, cache_key: &str) -> Result<Vec<(i64, Option<String>)>> {
        let own = self.issues.iter().filter(|((q, key, _), _)| q == query && key == cache_key);
        Ok(own.map(|(_, issue)| (issue.ordinal, issue.facts.key.clone())).collect())
    }
    fn list_issues(&mut self, query: &QueryKey, filter: &IssueFilter) -> Result<Vec<Issue>> {
        let of_query: Vec<_> = self.issues.iter().filter(|((q, _, _), _)| q == query).collect();
        let mut newest = HashMap::new();
        for ((_, cache, ordinal), issue) in &of_query {
            // Places ascend, so the last one stays.
            newest.insert((cache, issue.facts.key.as_deref()), *ordinal);
        }
        let is_newest = |cache: &String, issue: &Issue| {
            let key = issue.facts.key.as_deref();
            key.is_none() || newest.get(&(cache, key)) == Some(&issue.ordinal)
        };
        let accepted = of_query.iter().filter(|((_, cache, _), issue)| {
            filter.cache_key.as_ref().is_none_or(|key| key == cache)
                && is_newest(cache, issue)
                && filter.accepts(&issue.facts)
        });
        Ok(accepted.map(|(_, issue)| (*issue).clone()).take(filter.limit.unwrap_or(usize::MAX)).collect())
    }

    fn get_changelog(&mut self, query: &QueryKey) -> Result<Option<Changelog>> {
        Ok(self.changelogs.get(query).cloned())
    }
    fn save_changelog(&mut self, changelog: &Changelog) -> Result<()> {
        self.need(&changelog.query)?;
        self.changelogs.insert(changelog.query.clone(), changelog.clone());
        Ok(())
    }
    fn delete_changelog(&mut self, query: &QueryKey) -> Result<bool> {
        self.entries.retain(|(q, _), _| q != query);
        Ok(self.changelogs.remove(query).is_some())
    }
    fn save_changelog_entries(&mut self, query: &QueryKey, entries: &[ChangelogEntry]) -> Result<()> {
        if !self.changelogs.contains_key(query) {
            return Err(Error::NotFound { entity: "change log", key: query.to_string() });
        }
        for entry in entries {
            self.entries.insert((query.clone(), entry.ordinal), entry.clone());
        }
        Ok(())
    }
    fn get_changelog_entry(&mut self, query: &QueryKey, issue_key: &str) -> Result<Option<ChangelogEntry>> {
        let own = self.entries.iter().filter(|((q, _), entry)| q == query && entry.issue_key == issue_key);
        Ok(own.max_by_key(|(place, _)| *place).map(|(_, entry)| entry.clone()))
    }
    fn changelog_keys(&mut self, query: &QueryKey) -> Result<Vec<(i64, String)>> {
        let own = self.entries.iter().filter(|((q, _), _)| q == query);
        Ok(own.map(|(_, entry)| (entry.ordinal, entry.issue_key.clone())).collect())
    }
    fn changelog_page(&mut self, query: &QueryKey, after: Option<i64>, limit: usize) -> Result<Vec<ChangelogEntry>> {
        let own =
            self.entries.iter().filter(|((q, ordinal), _)| q == query && after.is_none_or(|after| *ordinal > after));
        Ok(own.map(|(_, entry)| entry.clone()).take(limit).collect())
    }
    fn list_changelog_items(&mut self, query: &QueryKey, filter: &ItemFilter) -> Result<Vec<ChangelogItem>> {
        let own = self.entries.iter().filter(|((q, _), _)| q == query);
        let mut items: Vec<_> = own.flat_map(|(_, entry)| entry.items()).filter(|item| filter.accepts(item)).collect();
        newest_first(
            &mut items,
            |item| item.changed.as_ref()?.instant,
            |item| Reverse((item.entry, item.history, item.item)),
        );
        items.truncate(filter.limit.unwrap_or(usize::MAX));
        Ok(items)
    }

    fn cleanup_expired_cache(&mut self, now: Timestamp) -> Result<u64> {
        let expired: Vec<_> = self.caches.values().filter(|cache| cache.is_expired(now)).cloned().collect();
        for cache in &expired {
            self.delete_cache(&cache.query, &cache.cache_key)?;
        }
        let before = self.entries.len();
        self.entries.retain(|_, entry| !entry.is_expired(now));
        Ok(count(expired.len() + before - self.entries.len()))
    }

    fn get_project_data(&mut self, query: &QueryKey) -> Result<Option<ProjectData>> {
        Ok(self.data.get(query).cloned())
    }
    fn save_project_data(&mut self, data: &ProjectData) -> Result<()> {
        self.need(&data.query)?;
        self.data.insert(data.query.clone(), data.clone());
        Ok(())
    }
    fn delete_project_data(&mut self, query: &QueryKey) -> Result<bool> {
        Ok(self.data.remove(query).is_some())
    }
    fn list_statistics(&mut self, query: &QueryKey, filter: &StatisticFilter) -> Result<Vec<WeeklyStatistic>> {
        let mut rows = self.data.get(query).map(ProjectData::statistics).unwrap_or_default();
        rows.retain(|row| filter.accepts(row));
        if let Some(limit) = filter.limit {
            rows.sort_by_key(|row| Reverse((row.date, row.ordinal)));
            rows.truncate(limit);
            rows.sort_by_key(|row| row.ordinal);
        }
        Ok(rows)
    }
    fn get_scope(&mut self, query: &QueryKey) -> Result<Option<String>> {
        Ok(self.data.get(query).and_then(ProjectData::scope))
    }

    fn get_snapshot(&mut self, query: &QueryKey, label: &str, kind: MetricKind) -> Result<Option<MetricsSnapshot>> {
        Ok(self.snapshots.get(&(query.clone(), label.to_owned(), kind)).cloned())
    }
    fn list_snapshots(
        &mut self,
        query: &QueryKey,
        kind: Option<MetricKind>,
        weeks: Option<usize>,
    ) -> Result<Vec<MetricsSnapshot>> {
        let own = self
            .snapshots
            .values()
            .filter(|snapshot| snapshot.query == *query && kind.is_none_or(|kind| kind == snapshot.kind));
        let mut list: Vec<_> = own.cloned().collect();
        newest_weeks_first(&mut list);
        keep_newest_weeks(&mut list, weeks, |snapshot| (snapshot.week, &snapshot.label));
        Ok(list)
    }
    fn save_snapshots(&mut self, query: &QueryKey, snapshots: &[MetricsSnapshot]) -> Result<()> {
        self.need(query)?;
        for snapshot in snapshots {
            let snapshot = MetricsSnapshot { query: query.clone(), ..snapshot.clone() };
            self.snapshots.insert((query.clone(), snapshot.label.clone(), snapshot.kind), snapshot);
        }
        Ok(())
    }
    fn delete_snapshots(&mut self, query: &QueryKey) -> Result<u64> {
        let before = self.snapshots.len();
        self.snapshots.retain(|(q, _, _), _| q != query);
        Ok(count(before - self.snapshots.len()))
    }
    fn list_metric_values(&mut self, query: &QueryKey, filter: &MetricFilter) -> Result<Vec<MetricValue>> {
        let snapshots = self.list_snapshots(query, None, None)?;
        let mut values: Vec<_> =
            snapshots.iter().flat_map(MetricsSnapshot::values).filter(|value| filter.accepts(value)).collect();
        keep_newest_weeks(&mut values, filter.weeks, |value| (value.week, &value.label));
        Ok(values)
    }

    fn get_task_progress(&mut self, task_name: &str) -> Result<Option<TaskProgress>> {
        Ok(self.progress.get(task_name).cloned())
    }
    fn save_task_progress(&mut self, progress: &TaskProgress) -> Result<()> {
        progress.check()?;
        self.progress.insert(progress.task_name.clone(), progress.clone());
        Ok(())
    }
    fn clear_task_progress(&mut self, task_name: &str) -> Result<()> {
        self.progress.remove(task_name);
        Ok(())
    }
    fn list_task_progress(&mut self) -> Result<Vec<TaskProgress>> {
        Ok(self.progress.values().cloned().collect())
    }
    fn get_task_state(&mut self) -> Result<Option<String>> {
        Ok(self.task.clone())
    }
    fn save_task_state(&mut self, document: &str) -> Result<()> {
        self.task = Some(document.to_owned());
        Ok(())
    }
    fn clear_task_state(&mut self) -> Result<()> {
        self.task = None;
        Ok(())
    }

    fn row_counts(&mut self) -> Result<Vec<(&'static str, u64)>> {
        let counts = [
            self.state.len(),
            self.profiles.len(),
            self.queries.len(),
            self.caches.len(),
            self.issues.len(),
            self.changelogs.len(),
            self.entries.len(),
            self.entries.values().map(|entry| entry.items().len()).sum(),
            self.data.len(),
            self.data.values().map(|data| data.statistics().len()).sum(),
            self.snapshots.len(),
            self.snapshots.values().map(|snapshot| snapshot.values().len()).sum(),
            self.progress.len(),
        ];
        Ok(ROW_KINDS.into_iter().zip(counts.map(count)).collect())
    }
}

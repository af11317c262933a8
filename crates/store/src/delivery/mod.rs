//! The delivery area: profiles, queries, and the documents of queries with the rows made of them.
//!
//! Documents are kept as text. Beside them stand rows of what is in them (issues, changed fields, weeks,
//! values of metrics), made at every write, so that lists are answered by indexes and no document is parsed.
//! A row is written with a statement that is prepared once, on PostgreSQL a thousand rows at a time.

mod caches;
mod changelogs;
mod counts;
mod entries;
mod insert;
mod issues;
mod items;
mod metric_values;
mod profiles;
mod progress;
mod project_data;
mod queries;
mod snapshots;
mod state;
mod statistics;

use landfast_domain::Result as DomainResult;
use landfast_domain::delivery::{
    Changelog, ChangelogEntry, ChangelogItem, DeliveryRepository, Issue, IssueFilter, ItemFilter, JiraCache,
    MetricFilter, MetricKind, MetricValue, MetricsSnapshot, Profile, ProfileId, ProfileSummary, ProjectData, Query,
    QueryKey, StatisticFilter, TaskProgress, WeeklyStatistic,
};
use landfast_domain::time::Timestamp;

use crate::transaction::Transaction;

impl DeliveryRepository for Transaction<'_> {
    fn app_state(&mut self, key: &str) -> DomainResult<Option<String>> {
        state::get(self, key)
    }
    fn set_app_state(&mut self, key: &str, value: &str) -> DomainResult<()> {
        state::set(self, key, value)
    }
    fn delete_app_state(&mut self, key: &str) -> DomainResult<bool> {
        state::delete(self, key)
    }
    fn list_app_state(&mut self) -> DomainResult<Vec<(String, String)>> {
        state::list(self)
    }

    fn get_profile(&mut self, id: &ProfileId) -> DomainResult<Option<Profile>> {
        profiles::get(self, id)
    }
    fn save_profile(&mut self, profile: &Profile) -> DomainResult<()> {
        profiles::save(self, profile)
    }
    fn list_profiles(&mut self) -> DomainResult<Vec<ProfileSummary>> {
        profiles::list(self)
    }
    fn delete_profile(&mut self, id: &ProfileId) -> DomainResult<()> {
        profiles::delete(self, id)
    }

    fn get_query(&mut self, key: &QueryKey) -> DomainResult<Option<Query>> {
        queries::get(self, key)
    }
    fn save_query(&mut self, query: &Query) -> DomainResult<()> {
        queries::save(self, query)
    }
    fn list_queries(&mut self, profile: &ProfileId) -> DomainResult<Vec<Query>> {
        queries::list(self, profile)
    }
    fn delete_query(&mut self, key: &QueryKey) -> DomainResult<()> {
        queries::delete(self, key)
    }

    fn get_cache(&mut self, query: &QueryKey, cache_key: &str) -> DomainResult<Option<JiraCache>> {
        caches::get(self, query, cache_key)
    }
    fn list_caches(&mut self, query: &QueryKey) -> DomainResult<Vec<JiraCache>> {
        caches::list(self, query)
    }
    fn save_cache(&mut self, cache: &JiraCache) -> DomainResult<()> {
        caches::save(self, cache)
    }
    fn update_cache(&mut self, cache: &JiraCache) -> DomainResult<()> {
        caches::update(self, cache)
    }
    fn delete_cache(&mut self, query: &QueryKey, cache_key: &str) -> DomainResult<bool> {
        caches::delete(self, query, cache_key)
    }
    fn save_issues(&mut self, query: &QueryKey, cache_key: &str, issues: &[Issue]) -> DomainResult<()> {
        issues::save(self, query, cache_key, issues)
    }
    fn issues_page(
        &mut self,
        query: &QueryKey,
        cache_key: &str,
        after: Option<i64>,
        limit: usize,
    ) -> DomainResult<Vec<Issue>> {
        issues::page(self, query, cache_key, after, limit)
    }
    fn issue_keys(&mut self, query: &QueryKey, cache_key: &str) -> DomainResult<Vec<(i64, Option<String>)>> {
        issues::keys(self, query, cache_key)
    }
    fn list_issues(&mut self, query: &QueryKey, filter: &IssueFilter) -> DomainResult<Vec<Issue>> {
        issues::list(self, query, filter)
    }

    fn get_changelog(&mut self, query: &QueryKey) -> DomainResult<Option<Changelog>> {
        changelogs::get(self, query)
    }
    fn save_changelog(&mut self, changelog: &Changelog) -> DomainResult<()> {
        changelogs::save(self, changelog)
    }
    fn delete_changelog(&mut self, query: &QueryKey) -> DomainResult<bool> {
        changelogs::delete(self, query)
    }
    fn save_changelog_entries(&mut self, query: &QueryKey, entries: &[ChangelogEntry]) -> DomainResult<()> {
        entries::save(self, query, entries)
    }
    fn get_changelog_entry(&mut self, query: &QueryKey, issue_key: &str) -> DomainResult<Option<ChangelogEntry>> {
        entries::newest(self, query, issue_key)
    }
    fn changelog_keys(&mut self, query: &QueryKey) -> DomainResult<Vec<(i64, String)>> {
        entries::keys(self, query)
    }
    fn changelog_page(
        &mut self,
        query: &QueryKey,
        after: Option<i64>,
        limit: usize,
    ) -> DomainResult<Vec<ChangelogEntry>> {
        entries::page(self, query, after, limit)
    }
    fn list_changelog_items(&mut self, query: &QueryKey, filter: &ItemFilter) -> DomainResult<Vec<ChangelogItem>> {
        items::list(self, query, filter)
    }

    fn cleanup_expired_cache(&mut self, now: Timestamp) -> DomainResult<u64> {
        Ok(caches::delete_expired(self, now)? + entries::delete_expired(self, now)?)
    }

    fn get_project_data(&mut self, query: &QueryKey) -> DomainResult<Option<ProjectData>> {
        project_data::get(self, query)
    }
    fn save_project_data(&mut self, data: &ProjectData) -> DomainResult<()> {
        project_data::save(self, data)
    }
    fn delete_project_data(&mut self, query: &QueryKey) -> DomainResult<bool> {
        project_data::delete(self, query)
    }
    fn list_statistics(&mut self, query: &QueryKey, filter: &StatisticFilter) -> DomainResult<Vec<WeeklyStatistic>> {
        statistics::list(self, query, filter)
    }
    fn get_scope(&mut self, query: &QueryKey) -> DomainResult<Option<String>> {
        project_data::scope(self, query)
    }

    fn get_snapshot(
        &mut self,
        query: &QueryKey,
        label: &str,
        kind: MetricKind,
    ) -> DomainResult<Option<MetricsSnapshot>> {
        snapshots::get(self, query, label, kind)
    }
    fn list_snapshots(
        &mut self,
        query: &QueryKey,
        kind: Option<MetricKind>,
        weeks: Option<usize>,
    ) -> DomainResult<Vec<MetricsSnapshot>> {
        snapshots::list(self, query, kind, weeks)
    }
    fn save_snapshots(&mut self, query: &QueryKey, snapshots: &[MetricsSnapshot]) -> DomainResult<()> {
        snapshots::save(self, query, snapshots)
    }
    fn delete_snapshots(&mut self, query: &QueryKey) -> DomainResult<u64> {
        snapshots::delete(self, query)
    }
    fn list_metric_values(&mut self, query: &QueryKey, filter: &MetricFilter) -> DomainResult<Vec<MetricValue>> {
        metric_values::list(self, query, filter)
    }

    fn get_task_progress(&mut self, task_name: &str) -> DomainResult<Option<TaskProgress>> {
        progress::get(self, task_name)
    }
    fn save_task_progress(&mut self, progress: &TaskProgress) -> DomainResult<()> {
        progress::save(self, progress)
    }
    fn clear_task_progress(&mut self, task_name: &str) -> DomainResult<()> {
        progress::clear(self, task_name)
    }
    fn list_task_progress(&mut self) -> DomainResult<Vec<TaskProgress>> {
        progress::list(self)
    }
    fn get_task_state(&mut self) -> DomainResult<Option<String>> {
        progress::document(self)
    }
    fn save_task_state(&mut self, document: &str) -> DomainResult<()> {
        progress::save_document(self, document)
    }
    fn clear_task_state(&mut self) -> DomainResult<()> {
        progress::clear_document(self)
    }

    fn row_counts(&mut self) -> DomainResult<Vec<(&'static str, u64)>> {
        counts::of_rows(self)
    }
}

/// Places from the first after this one on; `None` when there are none.
fn first_after(after: Option<i64>) -> Option<i64> {
    after.map_or(Some(i64::MIN), |after| after.checked_add(1))
}

/// A number of rows as SQL takes it.
fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// A number of rows as the domain counts them.
fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

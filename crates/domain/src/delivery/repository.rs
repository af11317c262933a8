//! The repository of the delivery area.

use super::cache::JiraCache;
use super::changelog::{Changelog, ChangelogEntry, ChangelogItem, ItemFilter};
use super::ids::{ProfileId, QueryKey};
use super::issue::{Issue, IssueFilter};
use super::profile::{Profile, ProfileSummary};
use super::progress::TaskProgress;
use super::project_data::{ProjectData, StatisticFilter, WeeklyStatistic};
use super::query::Query;
use super::snapshot::{MetricFilter, MetricKind, MetricValue, MetricsSnapshot};
use crate::Result;
use crate::time::Timestamp;

/// How many weeks of snapshots are listed when nobody says otherwise.
pub const DEFAULT_WEEKS: usize = 52;

/// Names of the kinds of rows, in the order sizes are reported in.
pub const ROW_KINDS: [&str; 13] = [
    "app_state",
    "profiles",
    "queries",
    "jira_cache",
    "issues",
    "changelogs",
    "changelog_entries",
    "changelog_items",
    "project_data",
    "weekly_statistics",
    "metrics_snapshots",
    "metric_values",
    "task_progress",
];

/// Keeps profiles, queries and their data.
///
/// Rows made from documents (issues, change-log items, weekly statistics, metric values) are kept beside
/// them by the repository itself, with the functions of this area, so that every store answers alike.
/// Deleting a profile deletes its queries; deleting a query deletes its cached responses with their issues,
/// its change log, its project data and its snapshots. Rules that concern several rows, such as unique
/// names, are those of [`super::profiles`] and its neighbours, not of the repository.
///
/// Errors of all methods: [`crate::Error::Backend`] when the store fails, [`crate::Error::Corrupt`] when a
/// kept document is damaged; a method that writes below a profile or query that does not exist answers
/// [`crate::Error::NotFound`] with entity `profile` or `query`; more where noted.
#[expect(clippy::missing_errors_doc, reason = "stated once for the trait")]
pub trait DeliveryRepository {
    /// Value of a key of the application's state.
    fn app_state(&mut self, key: &str) -> Result<Option<String>>;
    /// Sets a key of the application's state.
    fn set_app_state(&mut self, key: &str, value: &str) -> Result<()>;
    /// Removes a key; `false` when there is none.
    fn delete_app_state(&mut self, key: &str) -> Result<bool>;
    /// All keys and values, by the bytes of the keys.
    fn list_app_state(&mut self) -> Result<Vec<(String, String)>>;

    /// The profile.
    fn get_profile(&mut self, id: &ProfileId) -> Result<Option<Profile>>;
    /// Adds a profile or replaces its documents. Its queries stay.
    fn save_profile(&mut self, profile: &Profile) -> Result<()>;
    /// All profiles: the most recently used first, those without a readable time last, ties by the bytes
    /// of the ids.
    fn list_profiles(&mut self) -> Result<Vec<ProfileSummary>>;
    /// Deletes a profile and everything below it.
    ///
    /// [`crate::Error::NotFound`] when there is none.
    fn delete_profile(&mut self, id: &ProfileId) -> Result<()>;

    /// The query.
    fn get_query(&mut self, key: &QueryKey) -> Result<Option<Query>>;
    /// Adds a query or replaces its document. Its data stay.
    fn save_query(&mut self, query: &Query) -> Result<()>;
    /// Queries of a profile: the most recently used first, those without a readable time last, ties by the
    /// bytes of the ids. Empty for an unknown profile.
    fn list_queries(&mut self, profile: &ProfileId) -> Result<Vec<Query>>;
    /// Deletes a query and its data.
    ///
    /// [`crate::Error::NotFound`] when there is none.
    fn delete_query(&mut self, key: &QueryKey) -> Result<()>;

    /// A cached response, expired or not, without its issues.
    fn get_cache(&mut self, query: &QueryKey, cache_key: &str) -> Result<Option<JiraCache>>;
    /// Cached responses of a query, by the bytes of their keys.
    fn list_caches(&mut self, query: &QueryKey) -> Result<Vec<JiraCache>>;
    /// Adds or replaces a cached response; the issues of a replaced one are removed.
    fn save_cache(&mut self, cache: &JiraCache) -> Result<()>;
    /// Replaces the document and the times of a cached response; its issues stay, unlike with
    /// [`Self::save_cache`].
    ///
    /// [`crate::Error::NotFound`] with entity `jira cache` when there is no such response.
    fn update_cache(&mut self, cache: &JiraCache) -> Result<()>;
    /// Deletes a cached response and its issues; `false` when there is none.
    fn delete_cache(&mut self, query: &QueryKey, cache_key: &str) -> Result<bool>;
    /// Adds issues of a cached response, or replaces those in the same places.
    ///
    /// [`crate::Error::NotFound`] with entity `jira cache` when there is no such response.
    fn save_issues(&mut self, query: &QueryKey, cache_key: &str, issues: &[Issue]) -> Result<()>;
    /// Up to `limit` issues of a cached response in their order, from the first place after `after`.
    fn issues_page(
        &mut self,
        query: &QueryKey,
        cache_key: &str,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Issue>>;
    /// Place and key of each issue of a cached response, in their order.
    fn issue_keys(&mut self, query: &QueryKey, cache_key: &str) -> Result<Vec<(i64, Option<String>)>>;
    /// Issues of a query that the filter accepts, ordered by cache key and place. Of issues with the same
    /// key in one response, only the newest is looked at, which is the last; issues without key all are.
    fn list_issues(&mut self, query: &QueryKey, filter: &IssueFilter) -> Result<Vec<Issue>>;

    /// The change log of a query without its entries.
    fn get_changelog(&mut self, query: &QueryKey) -> Result<Option<Changelog>>;
    /// Adds or replaces the change log of a query. Entries stay; see [`Self::delete_changelog`].
    fn save_changelog(&mut self, changelog: &Changelog) -> Result<()>;
    /// Deletes the change log of a query with all entries; `false` when there is none.
    fn delete_changelog(&mut self, query: &QueryKey) -> Result<bool>;
    /// Adds entries, or replaces those in the same places, with their items.
    ///
    /// [`crate::Error::NotFound`] with entity `change log` when the query has none.
    fn save_changelog_entries(&mut self, query: &QueryKey, entries: &[ChangelogEntry]) -> Result<()>;
    /// The newest entry of an issue, expired or not: the one in the last place.
    fn get_changelog_entry(&mut self, query: &QueryKey, issue_key: &str) -> Result<Option<ChangelogEntry>>;
    /// Place and issue key of each entry, in their order.
    fn changelog_keys(&mut self, query: &QueryKey) -> Result<Vec<(i64, String)>>;
    /// Up to `limit` entries in their order, from the first place after `after`.
    fn changelog_page(&mut self, query: &QueryKey, after: Option<i64>, limit: usize) -> Result<Vec<ChangelogEntry>>;
    /// Changed fields the filter accepts, newest first: by instant, those without a readable time last;
    /// ties by entry, history and item, all descending.
    fn list_changelog_items(&mut self, query: &QueryKey, filter: &ItemFilter) -> Result<Vec<ChangelogItem>>;

    /// Deletes cached responses and change-log entries that read as absent at this time, in all profiles.
    /// Tells how many of both together; issues and items that go with them do not count.
    fn cleanup_expired_cache(&mut self, now: Timestamp) -> Result<u64>;

    /// The project data of a query.
    fn get_project_data(&mut self, query: &QueryKey) -> Result<Option<ProjectData>>;
    /// Adds or replaces the project data of a query.
    fn save_project_data(&mut self, data: &ProjectData) -> Result<()>;
    /// Deletes the project data of a query; `false` when there are none.
    fn delete_project_data(&mut self, query: &QueryKey) -> Result<bool>;
    /// Rows of the weekly statistics the filter accepts, in the order of the document; with a limit, the
    /// last so many of them by date, then place, rows without a date before all others.
    fn list_statistics(&mut self, query: &QueryKey, filter: &StatisticFilter) -> Result<Vec<WeeklyStatistic>>;
    /// JSON text of the scope; see [`ProjectData::scope`].
    fn get_scope(&mut self, query: &QueryKey) -> Result<Option<String>>;

    /// The snapshot with this label and kind.
    fn get_snapshot(&mut self, query: &QueryKey, label: &str, kind: MetricKind) -> Result<Option<MetricsSnapshot>>;
    /// Snapshots of a query, of one kind or of all: newest week first, labels that name no week last, ties
    /// by place descending, then kind. `weeks` limits how many different weeks there are; labels that name
    /// no week count one each.
    fn list_snapshots(
        &mut self,
        query: &QueryKey,
        kind: Option<MetricKind>,
        weeks: Option<usize>,
    ) -> Result<Vec<MetricsSnapshot>>;
    /// Adds snapshots, or replaces those with the same label and kind.
    fn save_snapshots(&mut self, query: &QueryKey, snapshots: &[MetricsSnapshot]) -> Result<()>;
    /// Deletes all snapshots of a query; tells how many there were.
    fn delete_snapshots(&mut self, query: &QueryKey) -> Result<u64>;
    /// Values of metrics the filter accepts, in the order of [`Self::list_snapshots`] and within a snapshot
    /// in the order of [`MetricsSnapshot::values`]. The limit counts weeks as there, among the weeks that
    /// have an accepted value.
    fn list_metric_values(&mut self, query: &QueryKey, filter: &MetricFilter) -> Result<Vec<MetricValue>>;

    /// Progress of a task.
    fn get_task_progress(&mut self, task_name: &str) -> Result<Option<TaskProgress>>;
    /// Adds or replaces the progress of a task.
    ///
    /// [`crate::Error::Invalid`] as [`TaskProgress::check`].
    fn save_task_progress(&mut self, progress: &TaskProgress) -> Result<()>;
    /// Removes the progress of a task; no error without one.
    fn clear_task_progress(&mut self, task_name: &str) -> Result<()>;
    /// Progress of all tasks, by the bytes of their names.
    fn list_task_progress(&mut self) -> Result<Vec<TaskProgress>>;
    /// The document of the running or last background task.
    fn get_task_state(&mut self) -> Result<Option<String>>;
    /// Replaces the document of the background task.
    fn save_task_state(&mut self, document: &str) -> Result<()>;
    /// Removes the document of the background task; no error without one.
    fn clear_task_state(&mut self) -> Result<()>;

    /// Number of rows of each kind, in the order of [`ROW_KINDS`].
    fn row_counts(&mut self) -> Result<Vec<(&'static str, u64)>>;
}

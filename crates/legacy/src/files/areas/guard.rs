//! Models in a transaction: read transactions may not change them.

use landfast_domain::delivery::memory::MemoryDelivery;
use landfast_domain::delivery::{
    Changelog, ChangelogEntry, ChangelogItem, DeliveryRepository, Issue, IssueFilter, ItemFilter, JiraCache,
    MetricFilter, MetricKind, MetricValue, MetricsSnapshot, Profile, ProfileId, ProfileSummary, ProjectData, Query,
    QueryKey, StatisticFilter, TaskProgress, WeeklyStatistic,
};
use landfast_domain::presentations::memory::MemoryPresentations;
use landfast_domain::presentations::{
    Claim, JobCursor, JobId, JobStatus, PresentationJob, PresentationRepository, RetentionLimits,
};
use landfast_domain::runs::memory::MemoryRuns;
use landfast_domain::runs::{Run, RunFile, RunFilter, RunId, RunPage, RunRepository};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Result};

/// A model and whether it may be changed.
#[derive(Debug)]
pub(in super::super) struct Guard<M> {
    pub(super) model: M,
    pub(super) writable: bool,
}

impl<M> Guard<M> {
    fn writable(&mut self) -> Result<&mut M> {
        if self.writable {
            Ok(&mut self.model)
        } else {
            Err(Error::Unsupported { store: "files", what: "changes in a read transaction" })
        }
    }
}

/// Implements a repository by that of the model; the methods of the second list are refused to readers.
macro_rules! guard {
    (
        $repository:ident for $model:ty;
        read { $(fn $read:ident($($read_arg:ident: $read_type:ty),*) -> $read_out:ty;)* }
        write { $(fn $write:ident($($write_arg:ident: $write_type:ty),*) -> $write_out:ty;)* }
    ) => {
        impl $repository for Guard<$model> {
            $(
                fn $read(&mut self, $($read_arg: $read_type),*) -> Result<$read_out> {
                    self.model.$read($($read_arg),*)
                }
            )*
            $(
                fn $write(&mut self, $($write_arg: $write_type),*) -> Result<$write_out> {
                    self.writable()?.$write($($write_arg),*)
                }
            )*
        }
    };
}

guard! {
    DeliveryRepository for MemoryDelivery;
    read {
        fn app_state(key: &str) -> Option<String>;
        fn list_app_state() -> Vec<(String, String)>;
        fn get_profile(id: &ProfileId) -> Option<Profile>;
        fn list_profiles() -> Vec<ProfileSummary>;
        fn get_query(key: &QueryKey) -> Option<Query>;
        fn list_queries(profile: &ProfileId) -> Vec<Query>;
        fn get_cache(query: &QueryKey, cache_key: &str) -> Option<JiraCache>;
        fn list_caches(query: &QueryKey) -> Vec<JiraCache>;
        fn issues_page(query: &QueryKey, cache_key: &str, after: Option<i64>, limit: usize) -> Vec<Issue>;
        fn issue_keys(query: &QueryKey, cache_key: &str) -> Vec<(i64, Option<String>)>;
        fn list_issues(query: &QueryKey, filter: &IssueFilter) -> Vec<Issue>;
        fn get_changelog(query: &QueryKey) -> Option<Changelog>;
        fn get_changelog_entry(query: &QueryKey, issue_key: &str) -> Option<ChangelogEntry>;
        fn changelog_keys(query: &QueryKey) -> Vec<(i64, String)>;
        fn changelog_page(query: &QueryKey, after: Option<i64>, limit: usize) -> Vec<ChangelogEntry>;
        fn list_changelog_items(query: &QueryKey, filter: &ItemFilter) -> Vec<ChangelogItem>;
        fn get_project_data(query: &QueryKey) -> Option<ProjectData>;
        fn list_statistics(query: &QueryKey, filter: &StatisticFilter) -> Vec<WeeklyStatistic>;
        fn get_scope(query: &QueryKey) -> Option<String>;
        fn get_snapshot(query: &QueryKey, label: &str, kind: MetricKind) -> Option<MetricsSnapshot>;
        fn list_snapshots(query: &QueryKey, kind: Option<MetricKind>, weeks: Option<usize>) -> Vec<MetricsSnapshot>;
        fn list_metric_values(query: &QueryKey, filter: &MetricFilter) -> Vec<MetricValue>;
        fn get_task_progress(task_name: &str) -> Option<TaskProgress>;
        fn list_task_progress() -> Vec<TaskProgress>;
        fn get_task_state() -> Option<String>;
        fn row_counts() -> Vec<(&'static str, u64)>;
    }
    write {
        fn set_app_state(key: &str, value: &str) -> ();
        fn delete_app_state(key: &str) -> bool;
        fn save_profile(profile: &Profile) -> ();
        fn delete_profile(id: &ProfileId) -> ();
        fn save_query(query: &Query) -> ();
        fn delete_query(key: &QueryKey) -> ();
        fn save_cache(cache: &JiraCache) -> ();
        fn update_cache(cache: &JiraCache) -> ();
        fn delete_cache(query: &QueryKey, cache_key: &str) -> bool;
        fn save_issues(query: &QueryKey, cache_key: &str, issues: &[Issue]) -> ();
        fn save_changelog(changelog: &Changelog) -> ();
        fn delete_changelog(query: &QueryKey) -> bool;
        fn save_changelog_entries(query: &QueryKey, entries: &[ChangelogEntry]) -> ();
        fn cleanup_expired_cache(now: Timestamp) -> u64;
        fn save_project_data(data: &ProjectData) -> ();
        fn delete_project_data(query: &QueryKey) -> bool;
        fn save_snapshots(query: &QueryKey, snapshots: &[MetricsSnapshot]) -> ();
        fn delete_snapshots(query: &QueryKey) -> u64;
        fn save_task_progress(progress: &TaskProgress) -> ();
        fn clear_task_progress(task_name: &str) -> ();
        fn save_task_state(document: &str) -> ();
        fn clear_task_state() -> ();
    }
}

guard! {
    PresentationRepository for MemoryPresentations;
    read {
        fn get(id: &JobId) -> Option<PresentationJob>;
        fn find_by_idempotency_key(key: &str) -> Option<PresentationJob>;
        fn list(status: Option<&JobStatus>, after: Option<&JobCursor>, limit: usize) -> Vec<PresentationJob>;
        fn count_by_status() -> Vec<(JobStatus, u64)>;
        fn list_lost(now: Timestamp, after: Option<&JobId>, limit: usize) -> Vec<PresentationJob>;
        fn list_removable(limits: &RetentionLimits, after: Option<&JobId>, limit: usize) -> Vec<PresentationJob>;
    }
    write {
        fn insert(job: &PresentationJob) -> ();
        fn insert_batch(jobs: &[PresentationJob]) -> usize;
        fn update(job: &PresentationJob) -> ();
        fn update_if(job: &PresentationJob, status: &JobStatus, attempts: u32) -> bool;
        fn claim_next(claim: &Claim) -> Option<PresentationJob>;
        fn delete(id: &JobId) -> bool;
    }
}

guard! {
    RunRepository for MemoryRuns;
    read {
        fn get(id: &RunId) -> Option<Run>;
        fn list(filter: &RunFilter, page: &RunPage, limit: usize) -> Vec<Run>;
        fn count(filter: &RunFilter) -> u64;
        fn files(id: &RunId) -> Vec<RunFile>;
        fn list_ended_before(before: Timestamp, after: Option<&RunId>, limit: usize) -> Vec<Run>;
    }
    write {
        fn insert(run: &Run) -> ();
        fn update(run: &Run) -> ();
        fn delete(id: &RunId) -> bool;
        fn replace_files(id: &RunId, files: &[RunFile]) -> ();
    }
}

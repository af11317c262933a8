//! Delivery, presentations and runs.

use super::Recorder;
use landfast_domain::Result;
use landfast_domain::cutover::Area;
use landfast_domain::delivery::{
    Changelog, ChangelogEntry, ChangelogItem, DeliveryRepository, Issue, IssueFilter, ItemFilter, JiraCache,
    MetricFilter, MetricKind, MetricValue, MetricsSnapshot, Profile, ProfileId, ProfileSummary, ProjectData, Query,
    QueryKey, StatisticFilter, TaskProgress, WeeklyStatistic,
};
use landfast_domain::presentations::{
    Claim, JobCursor, JobId, JobStatus, PresentationJob, PresentationRepository, RetentionLimits,
};
use landfast_domain::runs::{Run, RunFile, RunFilter, RunId, RunPage, RunRepository};
use landfast_domain::time::Timestamp;

/// Passes calls on. After `=> |recorder, result|` stands what is noted of a call that succeeded.
macro_rules! record {
    (
        $repository:ident by $access:ident;
        $(fn $name:ident($($arg:ident: $type:ty),*) -> $out:ty $(=> |$recorder:ident, $result:ident| $note:expr)?;)*
    ) => {
        impl $repository for Recorder<'_> {
            $(
                fn $name(&mut self, $($arg: $type),*) -> Result<$out> {
                    let result = self.inner.$access()?.$name($($arg),*)?;
                    $({
                        let ($recorder, $result) = (&mut *self, &result);
                        $note;
                    })?
                    Ok(result)
                }
            )*
        }
    };
}

const DELIVERY: Area = Area::Delivery;

impl Recorder<'_> {
    fn wrote_query(&mut self, table: &str, key: &QueryKey) {
        self.wrote(DELIVERY, table, "", &[key.profile.as_str(), key.query.as_str()]);
    }

    fn wrote_cache(&mut self, key: &QueryKey, cache_key: &str) {
        self.wrote(DELIVERY, "jira cache", "", &[key.profile.as_str(), key.query.as_str(), cache_key]);
    }

    fn read_query(&mut self, table: &str, key: &QueryKey) {
        self.noticed(DELIVERY, table, "", &[key.profile.as_str(), key.query.as_str()]);
    }

    fn wrote_job(&mut self, id: &JobId) {
        self.wrote(Area::Presentations, "presentation job", "", &[id.as_str()]);
    }

    fn read_job(&mut self, id: &JobId) {
        self.noticed(Area::Presentations, "presentation job", "", &[id.as_str()]);
    }

    fn wrote_run(&mut self, id: &RunId) {
        self.wrote(Area::Runs, "run", "", &[id.as_str()]);
    }

    fn read_run(&mut self, id: &RunId) {
        self.noticed(Area::Runs, "run", "", &[id.as_str()]);
    }
}

record! {
    DeliveryRepository by delivery;
    fn app_state(key: &str) -> Option<String> => |r, _result| r.noticed(DELIVERY, "app state", "", &[key]);
    fn list_app_state() -> Vec<(String, String)>
        => |r, all| all.iter().for_each(|(key, _)| r.noticed(DELIVERY, "app state", "", &[key]));
    fn get_profile(id: &ProfileId) -> Option<Profile>
        => |r, _result| r.noticed(DELIVERY, "profile", "", &[id.as_str()]);
    fn list_profiles() -> Vec<ProfileSummary>
        => |r, all| all.iter().for_each(|found| r.noticed(DELIVERY, "profile", "", &[found.id.as_str()]));
    fn get_query(key: &QueryKey) -> Option<Query> => |r, _result| r.read_query("query", key);
    fn list_queries(profile: &ProfileId) -> Vec<Query>
        => |r, all| all.iter().for_each(|query| r.read_query("query", query.key()));
    fn get_cache(query: &QueryKey, cache_key: &str) -> Option<JiraCache>
        => |r, _result| r.noticed(DELIVERY, "jira cache", "", &[query.profile.as_str(), query.query.as_str(), cache_key]);
    fn list_caches(query: &QueryKey) -> Vec<JiraCache>;
    fn issues_page(query: &QueryKey, cache_key: &str, after: Option<i64>, limit: usize) -> Vec<Issue>
        => |r, _result| r.noticed(DELIVERY, "jira cache", "", &[query.profile.as_str(), query.query.as_str(), cache_key]);
    fn issue_keys(query: &QueryKey, cache_key: &str) -> Vec<(i64, Option<String>)>;
    fn list_issues(query: &QueryKey, filter: &IssueFilter) -> Vec<Issue>;
    fn get_changelog(query: &QueryKey) -> Option<Changelog> => |r, _result| r.read_query("change log", query);
    fn get_changelog_entry(query: &QueryKey, issue_key: &str) -> Option<ChangelogEntry>;
    fn changelog_keys(query: &QueryKey) -> Vec<(i64, String)>;
    fn changelog_page(query: &QueryKey, after: Option<i64>, limit: usize) -> Vec<ChangelogEntry>
        => |r, _result| r.read_query("change log", query);
    fn list_changelog_items(query: &QueryKey, filter: &ItemFilter) -> Vec<ChangelogItem>;
    fn get_project_data(query: &QueryKey) -> Option<ProjectData> => |r, _result| r.read_query("project data", query);
    fn list_statistics(query: &QueryKey, filter: &StatisticFilter) -> Vec<WeeklyStatistic>
        => |r, _result| r.read_query("project data", query);
    fn get_scope(query: &QueryKey) -> Option<String> => |r, _result| r.read_query("project data", query);
    fn get_snapshot(query: &QueryKey, label: &str, kind: MetricKind) -> Option<MetricsSnapshot>
        => |r, _result| r.read_query("metrics snapshots", query);
    fn list_snapshots(query: &QueryKey, kind: Option<MetricKind>, weeks: Option<usize>) -> Vec<MetricsSnapshot>
        => |r, _result| r.read_query("metrics snapshots", query);
    fn list_metric_values(query: &QueryKey, filter: &MetricFilter) -> Vec<MetricValue>;
    fn get_task_progress(task_name: &str) -> Option<TaskProgress>
        => |r, _result| r.noticed(DELIVERY, "task progress", "", &[task_name]);
    fn list_task_progress() -> Vec<TaskProgress>;
    fn get_task_state() -> Option<String> => |r, _result| r.noticed(DELIVERY, "task state", "", &["document"]);
    fn row_counts() -> Vec<(&'static str, u64)>;

    fn set_app_state(key: &str, value: &str) -> () => |r, _result| r.wrote(DELIVERY, "app state", "", &[key]);
    fn delete_app_state(key: &str) -> bool => |r, _result| r.wrote(DELIVERY, "app state", "", &[key]);
    fn save_profile(profile: &Profile) -> ()
        => |r, _result| r.wrote(DELIVERY, "profile", "", &[profile.id().as_str()]);
    fn delete_profile(id: &ProfileId) -> () => |r, _result| r.wrote(DELIVERY, "profile tree", "", &[id.as_str()]);
    fn save_query(query: &Query) -> () => |r, _result| r.wrote_query("query", query.key());
    fn delete_query(key: &QueryKey) -> () => |r, _result| r.wrote_query("query tree", key);
    fn save_cache(cache: &JiraCache) -> () => |r, _result| r.wrote_cache(&cache.query, &cache.cache_key);
    fn update_cache(cache: &JiraCache) -> () => |r, _result| r.wrote_cache(&cache.query, &cache.cache_key);
    fn delete_cache(query: &QueryKey, cache_key: &str) -> bool => |r, _result| r.wrote_cache(query, cache_key);
    fn save_issues(query: &QueryKey, cache_key: &str, issues: &[Issue]) -> ()
        => |r, _result| r.wrote_cache(query, cache_key);
    fn save_changelog(changelog: &Changelog) -> () => |r, _result| r.wrote_query("change log", &changelog.query);
    fn delete_changelog(query: &QueryKey) -> bool => |r, _result| r.wrote_query("change log", query);
    fn save_changelog_entries(query: &QueryKey, entries: &[ChangelogEntry]) -> ()
        => |r, _result| r.wrote_query("change log", query);
    fn cleanup_expired_cache(now: Timestamp) -> u64
        => |r, removed| if *removed > 0 {
            r.wrote_all(DELIVERY, "jira cache", "");
            r.wrote_all(DELIVERY, "change log", "");
        };
    fn save_project_data(data: &ProjectData) -> () => |r, _result| r.wrote_query("project data", &data.query);
    fn delete_project_data(query: &QueryKey) -> bool => |r, _result| r.wrote_query("project data", query);
    fn save_snapshots(query: &QueryKey, snapshots: &[MetricsSnapshot]) -> ()
        => |r, _result| r.wrote_query("metrics snapshots", query);
    fn delete_snapshots(query: &QueryKey) -> u64 => |r, _result| r.wrote_query("metrics snapshots", query);
    fn save_task_progress(progress: &TaskProgress) -> ()
        => |r, _result| r.wrote(DELIVERY, "task progress", "", &[&progress.task_name]);
    fn clear_task_progress(task_name: &str) -> () => |r, _result| r.wrote(DELIVERY, "task progress", "", &[task_name]);
    fn save_task_state(document: &str) -> () => |r, _result| r.wrote(DELIVERY, "task state", "", &["document"]);
    fn clear_task_state() -> () => |r, _result| r.wrote(DELIVERY, "task state", "", &["document"]);
}

record! {
    PresentationRepository by presentations;
    fn get(id: &JobId) -> Option<PresentationJob> => |r, _result| r.read_job(id);
    fn find_by_idempotency_key(key: &str) -> Option<PresentationJob>
        => |r, found| if let Some(job) = found { r.read_job(&job.id) };
    fn list(status: Option<&JobStatus>, after: Option<&JobCursor>, limit: usize) -> Vec<PresentationJob>
        => |r, all| all.iter().for_each(|job| r.read_job(&job.id));
    fn count_by_status() -> Vec<(JobStatus, u64)>;
    fn list_lost(now: Timestamp, after: Option<&JobId>, limit: usize) -> Vec<PresentationJob>;
    fn list_removable(limits: &RetentionLimits, after: Option<&JobId>, limit: usize) -> Vec<PresentationJob>;

    fn insert(job: &PresentationJob) -> () => |r, _result| r.wrote_job(&job.id);
    fn insert_batch(jobs: &[PresentationJob]) -> usize
        => |r, _result| jobs.iter().for_each(|job| r.wrote_job(&job.id));
    fn update(job: &PresentationJob) -> () => |r, _result| r.wrote_job(&job.id);
    fn update_if(job: &PresentationJob, status: &JobStatus, attempts: u32) -> bool
        => |r, done| if *done { r.wrote_job(&job.id) };
    fn claim_next(claim: &Claim) -> Option<PresentationJob>
        => |r, claimed| if let Some(job) = claimed { r.wrote_job(&job.id) };
    fn delete(id: &JobId) -> bool => |r, done| if *done { r.wrote_job(id) };
}

record! {
    RunRepository by runs;
    fn get(id: &RunId) -> Option<Run> => |r, _result| r.read_run(id);
    fn find_directory(directory: &str) -> Option<Run> => |r, found| if let Some(run) = found { r.read_run(&run.id) };
    fn list(filter: &RunFilter, page: &RunPage, limit: usize) -> Vec<Run>
        => |r, all| all.iter().for_each(|run| r.read_run(&run.id));
    fn count(filter: &RunFilter) -> u64;
    fn files(id: &RunId) -> Vec<RunFile> => |r, _result| r.read_run(id);
    fn list_ended_before(before: Timestamp, after: Option<&RunId>, limit: usize) -> Vec<Run>;

    fn insert(run: &Run) -> () => |r, _result| r.wrote_run(&run.id);
    fn update(run: &Run) -> () => |r, _result| r.wrote_run(&run.id);
    fn delete(id: &RunId) -> bool => |r, done| if *done { r.wrote_run(id) };
    fn replace_files(id: &RunId, files: &[RunFile]) -> () => |r, _result| r.wrote_run(id);
}

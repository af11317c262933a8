//! Removing old jobs and their files.
//!
//! Only final jobs go, and only those that ended strictly before the limit; a job of exactly the limit's
//! age stays. They are first marked, then their files are removed by the caller, then the rows are deleted;
//! whoever is interrupted in between starts again with the marked ones.

use super::{JobCursor, JobId, PresentationJob, PresentationRepository, RetentionLimits, files};
use crate::Result;
use crate::instant::earlier;
use crate::time::Timestamp;
use std::collections::HashSet;
use std::time::Duration;

/// How long final jobs are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Completed ones, 7 days by default.
    pub completed: Duration,
    /// Failed ones, 30 days by default.
    pub failed: Duration,
}

const DAY: u64 = 24 * 60 * 60;

impl Default for Retention {
    fn default() -> Self {
        Self { completed: Duration::from_secs(7 * DAY), failed: Duration::from_secs(30 * DAY) }
    }
}

impl Retention {
    /// The limits at a moment.
    #[must_use]
    pub fn limits(&self, now: Timestamp) -> RetentionLimits {
        RetentionLimits { completed_before: earlier(now, self.completed), failed_before: earlier(now, self.failed) }
    }
}

/// A job to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The job.
    pub id: JobId,
    /// Its files, relative to the working directory. Remove regular files inside the configured output folder
    /// only, after resolving the path; a missing one is fine. Files that another job lists, too, are left out.
    pub files: Vec<String>,
}

/// Jobs read at a time.
const PAGE: usize = 500;

/// What [`mark`] would choose, without writing.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn plan(
    repository: &mut dyn PresentationRepository,
    limits: &RetentionLimits,
    limit: usize,
) -> Result<Vec<Removal>> {
    let jobs = repository.list_removable(limits, None, limit)?;
    removals(repository, &jobs)
}

/// Chooses up to `limit` jobs for removal, marks them and tells which files go. Commit, remove the files, then
/// call [`delete`]; repeat until nothing is chosen.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn mark(
    repository: &mut dyn PresentationRepository,
    limits: &RetentionLimits,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Removal>> {
    let jobs = repository.list_removable(limits, None, limit)?;
    let removals = removals(repository, &jobs)?;
    for mut job in jobs {
        if job.queue.removal_marked_at.is_none() {
            job.queue.removal_marked_at = Some(now);
            repository.update(&job)?;
        }
    }
    Ok(removals)
}

/// Deletes the rows of marked jobs whose files are gone. Returns how many were deleted; jobs that are not
/// marked stay.
///
/// # Errors
/// [`crate::Error::Backend`] when the store fails.
pub fn delete<'a>(
    repository: &mut dyn PresentationRepository,
    ids: impl IntoIterator<Item = &'a JobId>,
) -> Result<u64> {
    let mut deleted = 0;
    for id in ids {
        let marked = repository.get(id)?.is_some_and(|job| job.queue.removal_marked_at.is_some());
        if marked && repository.delete(id)? {
            deleted += 1;
        }
    }
    Ok(deleted)
}

/// Files of jobs, without those that a job which stays lists, too: old names have a resolution of one second.
fn removals(repository: &mut dyn PresentationRepository, jobs: &[PresentationJob]) -> Result<Vec<Removal>> {
    let chosen: HashSet<&JobId> = jobs.iter().map(|job| &job.id).collect();
    let mut wanted: HashSet<String> = jobs.iter().flat_map(files::of_job).collect();
    let mut after: Option<JobCursor> = None;
    while !wanted.is_empty() {
        let page = repository.list(None, after.as_ref(), PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(JobCursor::of(last));
        for job in page.iter().filter(|job| !chosen.contains(&job.id)) {
            for path in files::of_job(job) {
                wanted.remove(&path);
            }
        }
    }
    let removal = |job: &PresentationJob| {
        let files = files::of_job(job).into_iter().filter(|path| wanted.contains(path)).collect();
        Removal { id: job.id.clone(), files }
    };
    Ok(jobs.iter().map(removal).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presentations::JobStatus;
    use crate::presentations::memory::MemoryPresentations;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn job(id: &str, status: JobStatus, created: &str, completed: Option<&str>, files: &[&str]) -> PresentationJob {
        let mut job = PresentationJob::blank(id.into(), at(created));
        job.status = status;
        job.completed_at = completed.map(at);
        job.created_files = files.iter().map(|path| (*path).to_owned()).collect();
        job
    }

    fn jobs() -> MemoryPresentations {
        use JobStatus::{Completed, Failed, Other, Processing, Queued};
        [
            job("exact", Completed, "2025-01-01 00:00", Some("2025-01-24 00:00"), &[]),
            job(
                "old",
                Completed,
                "2025-01-01 00:00",
                Some("2025-01-23 23:59:59.999999"),
                &["output/own.mp4", "output/shared.mp4", "../x"],
            ),
            job("undated", Completed, "2025-01-01 00:00", None, &[]),
            job("failed", Failed, "2025-01-01 00:00", Some("2025-01-02 00:00"), &["output/shared.mp4"]),
            job("failed-long-ago", Failed, "2024-12-01 00:00", Some("2024-12-02 00:00"), &[]),
            job("queued", Queued, "2024-01-01 00:00", None, &[]),
            job("running", Processing, "2024-01-01 00:00", None, &[]),
            job("odd", Other("x".into()), "2024-01-01 00:00", None, &[]),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn only_final_jobs_past_the_limit_go() {
        let (mut jobs, now) = (jobs(), at("2025-01-31 00:00"));
        let limits = Retention::default().limits(now);
        let before = jobs.clone();
        let planned = plan(&mut jobs, &limits, 100).unwrap();
        assert_eq!(jobs, before);
        let ids: Vec<_> = planned.iter().map(|removal| removal.id.as_str()).collect();
        assert_eq!(ids, ["failed-long-ago", "old", "undated"]);
        assert!(planned[1].files.contains(&"output/own.mp4".to_owned()));
        assert!(!planned[1].files.iter().any(|path| path.contains("shared") || path.contains("..")));
        let marked = mark(&mut jobs, &limits, 2, now).unwrap();
        assert_eq!(marked, planned[..2]);
        // Interrupted here: the marked ones come again, also under shorter limits.
        let nothing =
            RetentionLimits { completed_before: at("2000-01-01 00:00"), failed_before: at("2000-01-01 00:00") };
        assert_eq!(mark(&mut jobs, &nothing, 9, now).unwrap(), marked);
        assert_eq!(
            delete(&mut jobs, [&"failed-long-ago".into(), &"old".into(), &"exact".into(), &"gone".into()]).unwrap(),
            2
        );
        assert_eq!(mark(&mut jobs, &limits, 9, now).unwrap().len(), 1);
        assert_eq!(jobs.iter().count(), 6);
    }
}

//! How often jobs need more than one attempt.

use crate::stats::share;
use landfast_domain::presentations::{JobStatus, PresentationJob};
use serde::Serialize;

/// Attempts of the jobs that a worker took at least once.
///
/// Jobs of the legacy service have no attempts and take no part. An attempt that was given back unfinished
/// counts too, since attempt numbers are never used twice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Retries {
    /// Jobs with at least one attempt.
    pub jobs: usize,
    /// Attempts of them all.
    pub attempts: usize,
    /// Number of jobs by their number of attempts, ascending.
    pub by_attempts: Vec<(u32, usize)>,
    /// Jobs with more than one attempt.
    pub retried: usize,
    /// `retried / jobs`, 0 to 1; `None` without jobs.
    pub retried_share: Option<f64>,
    /// Retried jobs that were completed.
    pub recovered: usize,
    /// `recovered` as a share of the retried jobs that have ended; `None` when none has.
    pub recovered_share: Option<f64>,
    /// Failed jobs, not cancelled, without an attempt left.
    pub exhausted: usize,
    /// Ended jobs completed at the first attempt, as a share of all ended jobs with an attempt; cancelled
    /// jobs do not count as ended.
    pub first_attempt_share: Option<f64>,
}

/// Counts attempts.
#[must_use]
pub fn retries(jobs: &[PresentationJob]) -> Retries {
    let taken: Vec<&PresentationJob> = jobs.iter().filter(|job| job.queue.attempts > 0).collect();
    let mut by_attempts = std::collections::BTreeMap::<u32, usize>::new();
    for job in &taken {
        *by_attempts.entry(job.queue.attempts).or_default() += 1;
    }
    let is_retried = |job: &&&PresentationJob| job.queue.attempts > 1;
    let is_ended = |job: &&&PresentationJob| job.status.is_final() && !job.is_cancelled();
    let is_completed = |job: &&&PresentationJob| job.status == JobStatus::Completed;
    let retried = taken.iter().filter(is_retried).count();
    let recovered = taken.iter().filter(is_retried).filter(is_completed).count();
    let first = taken.iter().filter(is_completed).count() - recovered;
    Retries {
        jobs: taken.len(),
        attempts: taken.iter().filter_map(|job| usize::try_from(job.queue.attempts).ok()).sum(),
        by_attempts: by_attempts.into_iter().collect(),
        retried,
        retried_share: share(retried, taken.len()),
        recovered,
        recovered_share: share(recovered, taken.iter().filter(is_retried).filter(is_ended).count()),
        exhausted: taken
            .iter()
            .filter(is_ended)
            .filter(|job| job.status == JobStatus::Failed && job.queue.attempts >= job.queue.max_attempts)
            .count(),
        first_attempt_share: share(first, taken.iter().filter(is_ended).count()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failed, job};
    use super::*;
    use landfast_domain::presentations::CANCELLED;

    #[test]
    fn attempts_are_counted_by_outcome() {
        let with = |mut job: PresentationJob, attempts| {
            job.queue.attempts = attempts;
            job
        };
        let jobs = [
            with(job("first", "completed", "10:00", Some("10:05")), 1),
            with(job("second", "completed", "10:00", Some("10:05")), 2),
            with(failed("exhausted", "10:00", "10:05", "x"), 3),
            with(failed("given up", "10:00", "10:05", "x"), 1),
            with(failed("cancelled", "10:00", "10:05", CANCELLED), 3),
            with(job("running", "processing", "10:00", None), 2),
            job("legacy", "completed", "10:00", Some("10:05")),
        ];
        let found = retries(&jobs);
        assert_eq!((found.jobs, found.attempts, found.retried, found.recovered, found.exhausted), (6, 12, 4, 1, 1));
        assert_eq!(found.by_attempts, [(1, 2), (2, 2), (3, 2)]);
        assert_eq!(found.recovered_share, Some(0.5));
        assert_eq!(found.first_attempt_share, Some(0.25));
        assert_eq!(retries(&[]).retried_share, None);
    }
}

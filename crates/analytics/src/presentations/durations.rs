//! How long jobs take and wait.

use crate::stats::Spread;
use landfast_domain::presentations::{JobStatus, PresentationJob, state};
use landfast_domain::time::Timestamp;
use serde::Serialize;

/// Minutes from the creation of a job to its end: `completed_at − created_at`, 0 or more.
///
/// `None` while the job is not final, when its end is not known, and when it ends before its creation. It
/// holds waiting, broken attempts and rendering together, since a job does not keep when a worker took it.
#[must_use]
pub fn turnaround_minutes(job: &PresentationJob) -> Option<f64> {
    let end = job.completed_at.filter(|_| job.status.is_final())?;
    Some(end.minutes_since(job.created_at)).filter(|minutes| *minutes >= 0.0)
}

/// Spread of [`turnaround_minutes`] over the jobs in one final state.
#[must_use]
pub fn turnarounds<'a>(jobs: impl IntoIterator<Item = &'a PresentationJob>, status: &JobStatus) -> Spread {
    Spread::of(jobs.into_iter().filter(|job| job.status == *status).filter_map(turnaround_minutes))
}

/// Minutes a queued job has waited at `now` since it might have begun: `now − max(created_at, run_at)`, 0 or
/// more; 0 before its time has come. `None` for a job in any other state.
///
/// After a broken attempt the wait counts from the end of the back-off, which moved `run_at`.
#[must_use]
pub fn waiting_minutes(job: &PresentationJob, now: Timestamp) -> Option<f64> {
    let since = job.created_at.max(job.queue.run_at);
    (job.status == JobStatus::Queued).then(|| now.minutes_since(since).max(0.0))
}

/// The waiting line at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Waiting {
    /// Queued jobs that a worker may take now.
    pub ready: usize,
    /// Queued jobs whose time has not come.
    pub scheduled: usize,
    /// Other queued jobs: without a request, owned by another service, or to be cancelled or removed.
    pub blocked: usize,
    /// Spread of [`waiting_minutes`] of the ready ones; the oldest wait is its `max`.
    pub minutes: Spread,
}

/// Counts the waiting line.
///
/// ```
/// use landfast_analytics::presentations::waiting;
/// use landfast_domain::presentations::{PresentationJob, RequestText};
/// use landfast_domain::time::Timestamp;
///
/// let time = |text| Timestamp::parse(text).unwrap();
/// let mut job = PresentationJob::blank("a".into(), time("2025-01-01 10:00"));
/// job.request = Some(RequestText("{}".to_owned()));
/// let line = waiting(&[job], time("2025-01-01 10:12"));
/// assert_eq!((line.ready, line.minutes.max), (1, Some(12.0)));
/// ```
#[must_use]
pub fn waiting(jobs: &[PresentationJob], now: Timestamp) -> Waiting {
    let queued = || jobs.iter().filter(|job| job.status == JobStatus::Queued);
    let ready = || queued().filter(|job| state::is_claimable(job, now));
    let scheduled = queued().filter(|job| job.queue.run_at > now).count();
    let count = ready().count();
    Waiting {
        ready: count,
        scheduled,
        blocked: queued().count() - count - scheduled,
        minutes: Spread::of(ready().filter_map(|job| waiting_minutes(job, now))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, job};
    use super::*;
    use landfast_domain::presentations::RequestText;

    #[test]
    fn only_final_jobs_with_an_end_after_their_creation_have_a_turnaround() {
        assert_eq!(turnaround_minutes(&job("a", "completed", "10:00", Some("10:03"))), Some(3.0));
        assert_eq!(turnaround_minutes(&job("a", "failed", "10:00", Some("10:00"))), Some(0.0));
        assert_eq!(turnaround_minutes(&job("a", "completed", "10:00", None)), None);
        assert_eq!(turnaround_minutes(&job("a", "completed", "10:00", Some("09:59"))), None);
        assert_eq!(turnaround_minutes(&job("a", "processing", "10:00", Some("10:03"))), None);
        assert_eq!(turnaround_minutes(&job("a", "paused", "10:00", Some("10:03"))), None);
    }

    #[test]
    fn each_outcome_has_its_own_turnarounds() {
        let jobs = [
            job("a", "completed", "10:00", Some("10:02")),
            job("b", "failed", "10:00", Some("11:00")),
            job("c", "completed", "10:00", Some("10:04")),
        ];
        let spread = turnarounds(&jobs, &JobStatus::Completed);
        assert_eq!((spread.n, spread.mean, spread.max), (2, Some(3.0), Some(4.0)));
    }

    #[test]
    fn the_waiting_line_tells_ready_scheduled_and_blocked_apart() {
        let now = at("2025-01-01 12:00");
        let mut ready = job("ready", "queued", "11:00", None);
        ready.request = Some(RequestText("{}".to_owned()));
        let mut again = ready.clone();
        again.queue.run_at = at("2025-01-01 11:50");
        let mut later = ready.clone();
        later.queue.run_at = at("2025-01-01 12:01");
        let line = waiting(
            &[ready, again, later, job("no request", "queued", "09:00", None), job("x", "processing", "08:00", None)],
            now,
        );
        assert_eq!((line.ready, line.scheduled, line.blocked), (2, 1, 1));
        assert_eq!((line.minutes.min, line.minutes.max), (Some(10.0), Some(60.0)));
        assert_eq!(waiting_minutes(&job("x", "processing", "08:00", None), now), None);
    }
}

//! Steps of a job's life, as pure functions that every store shares.
//!
//! | step | queued | processing | failed | completed |
//! |---|---|---|---|---|
//! | claim | → processing | – | – | – |
//! | heartbeat, report | – | stays | – | – |
//! | finish | – | → completed | – | – |
//! | fail | – | → queued, or failed when no attempt is left | – | – |
//! | release | – | → queued | – | – |
//! | cancel | → failed | asks the worker to stop | – | – |
//! | retry | – | – | → queued | – |
//! | recover a lost job | → failed, without a request | → queued or failed | – | – |
//!
//! Everything else is [`Error::Transition`], and the job is left as it was. A step of a worker names its
//! attempt; it is refused unless that is the job's present one, so a worker that lost its job does no harm.

use super::back_off::{BackOff, Jitter};
use super::job::{CANCELLED, ENTITY, EXTERNAL_OWNER, INTERRUPTED};
use super::{Claim, JobStatus, Lease, PresentationJob, files, progress};
use crate::instant::later;
use crate::time::Timestamp;
use crate::{Error, Result};

/// Most characters kept of an error text that a worker reports.
pub const MAX_ERROR_CHARS: usize = 8000;

/// What a worker has to tell between two steps.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Percent; `None` leaves it.
    pub progress: Option<f64>,
    /// Files made since the last report, relative to the working directory. Known ones are not listed again.
    pub created_files: Vec<String>,
    /// Renderings begun at external services since the last report.
    pub provider_ids: Vec<String>,
    /// Picture for debugging; `None` leaves it.
    pub slide_image_path: Option<String>,
}

/// What became of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFailure {
    /// The job waits for its next attempt.
    Queued,
    /// The job failed for good.
    Failed,
}

/// Whether a worker may take the job: queued, due, with a request, owned by nobody, neither to be cancelled
/// nor to be removed.
#[must_use]
pub fn is_claimable(job: &PresentationJob, now: Timestamp) -> bool {
    let queue = &job.queue;
    job.status == JobStatus::Queued
        && queue.run_at <= now
        && job.request.is_some()
        && queue.lease.is_none()
        && !queue.cancel_requested
        && queue.removal_marked_at.is_none()
}

/// Whether nobody will ever finish the job: processing without a valid lease, or queued without a request
/// and without an owner.
#[must_use]
pub fn is_lost(job: &PresentationJob, now: Timestamp) -> bool {
    match job.status {
        JobStatus::Processing => job.queue.lease.as_ref().is_none_or(|lease| lease.expires_at <= now),
        JobStatus::Queued => job.request.is_none() && job.queue.lease.is_none(),
        _ => false,
    }
}

/// Gives the job to a worker: the next attempt begins.
///
/// # Errors
/// [`Error::Transition`] unless the job [may be claimed](is_claimable).
pub fn claim(job: &mut PresentationJob, claim: &Claim) -> Result<()> {
    if !is_claimable(job, claim.now) {
        return Err(refused(job, "claim"));
    }
    job.status = JobStatus::Processing;
    job.queue.attempts = job.queue.attempts.saturating_add(1);
    job.queue.lease = Some(Lease { owner: claim.worker.clone(), expires_at: claim.lease_until });
    job.last_heartbeat = Some(claim.now);
    job.progress = Some(progress::STARTED);
    job.error = None;
    job.completed_at = None;
    Ok(())
}

/// Extends the lease. Tells whether the worker shall stop.
///
/// # Errors
/// [`Error::Transition`] for a worker that lost the job.
pub fn heartbeat(job: &mut PresentationJob, attempt: u32, now: Timestamp, lease_until: Timestamp) -> Result<bool> {
    owned(job, attempt, "receive a heartbeat")?;
    job.last_heartbeat = Some(now);
    if let Some(lease) = &mut job.queue.lease {
        lease.expires_at = lease_until;
    }
    Ok(job.queue.cancel_requested)
}

/// Notes what a worker has done so far. Tells whether it shall stop.
///
/// # Errors
/// [`Error::Transition`] for a worker that lost the job; [`Error::Invalid`] for a progress that is no finite
/// number.
pub fn report(job: &mut PresentationJob, attempt: u32, report: &Report) -> Result<bool> {
    owned(job, attempt, "report progress")?;
    if let Some(value) = report.progress.filter(|value| !value.is_finite()) {
        return Err(Error::Invalid { entity: ENTITY, field: "progress", value: value.to_string(), reason: "must be finite" });
    }
    job.progress = report.progress.or(job.progress);
    add_new(&mut job.created_files, &report.created_files);
    add_new(&mut job.queue.provider_ids, &report.provider_ids);
    if report.slide_image_path.is_some() {
        job.slide_image_path.clone_from(&report.slide_image_path);
    }
    Ok(job.queue.cancel_requested)
}

/// Completes the job. A wish to cancel that came too late is forgotten.
///
/// # Errors
/// [`Error::Transition`] for a worker that lost the job.
pub fn finish(job: &mut PresentationJob, attempt: u32, video_url: &str, thumbnail_url: Option<&str>, now: Timestamp) -> Result<()> {
    owned(job, attempt, "finish")?;
    job.status = JobStatus::Completed;
    job.progress = Some(progress::DONE);
    job.error = None;
    job.video_url = Some(video_url.to_owned());
    job.thumbnail_url = thumbnail_url.map(str::to_owned);
    job.completed_at = Some(now);
    job.queue.lease = None;
    job.queue.cancel_requested = false;
    job.queue.note = None;
    Ok(())
}

/// Ends an attempt without success. The job waits for the next attempt when one is left and `may_retry`;
/// otherwise it failed, with its last progress. A worker that stopped because the job was cancelled calls this,
/// too: the job then failed as [`CANCELLED`]. Of the error the first [`MAX_ERROR_CHARS`] characters are kept.
///
/// # Errors
/// [`Error::Transition`] for a worker that lost the job.
pub fn fail(
    job: &mut PresentationJob,
    attempt: u32,
    error: &str,
    may_retry: bool,
    back_off: &BackOff,
    jitter: Jitter,
    now: Timestamp,
) -> Result<AfterFailure> {
    owned(job, attempt, "fail")?;
    let error: String = error.chars().take(MAX_ERROR_CHARS).collect();
    Ok(after_failure(job, &error, may_retry, back_off, jitter, now))
}

/// Gives the job back unfinished, for instance because the worker's process ends. It may start again at
/// once. The attempt does not count: one more is allowed, since attempt numbers are never used twice.
///
/// # Errors
/// [`Error::Transition`] for a worker that lost the job.
pub fn release(job: &mut PresentationJob, attempt: u32, now: Timestamp) -> Result<()> {
    owned(job, attempt, "be released")?;
    if job.queue.cancel_requested {
        end(job, CANCELLED, now);
        return Ok(());
    }
    job.queue.max_attempts = job.queue.max_attempts.saturating_add(1);
    wait_again(job, "released", now);
    Ok(())
}

/// Cancels a waiting job at once, and asks the worker of a running one to stop.
///
/// # Errors
/// [`Error::Transition`] for a final job and for one that a legacy service works on.
pub fn cancel(job: &mut PresentationJob, now: Timestamp) -> Result<()> {
    if job.queue.lease.as_ref().is_some_and(|lease| lease.owner == EXTERNAL_OWNER) {
        return Err(refused(job, "be cancelled"));
    }
    match job.status {
        JobStatus::Queued => end(job, CANCELLED, now),
        JobStatus::Processing => job.queue.cancel_requested = true,
        _ => return Err(refused(job, "be cancelled")),
    }
    Ok(())
}

/// Puts a failed job back into the queue, with at least one attempt.
///
/// # Errors
/// [`Error::Transition`] unless the job failed, has a request and is not being removed.
pub fn retry(job: &mut PresentationJob, now: Timestamp) -> Result<()> {
    if job.status != JobStatus::Failed || job.request.is_none() || job.queue.removal_marked_at.is_some() {
        return Err(refused(job, "be retried"));
    }
    job.queue.max_attempts = job.queue.max_attempts.max(job.queue.attempts.saturating_add(1));
    job.queue.note = job.error.take();
    job.queue.cancel_requested = false;
    job.queue.run_at = now;
    job.status = JobStatus::Queued;
    job.completed_at = None;
    job.progress = Some(0.0);
    (job.video_url, job.thumbnail_url) = (None, None);
    Ok(())
}

/// Deals with a [lost](is_lost) job. With a request and an attempt left it waits for the next one, and the
/// files of the broken attempt, which are given back, are to be removed. Otherwise it failed as
/// [`INTERRUPTED`] and keeps progress, heartbeat and files. So it does when a finished video was found: whether
/// that is complete nobody knows, so its path is noted for a person.
///
/// The attempt of a legacy service counts as one; those of workers were counted when they began.
///
/// # Errors
/// [`Error::Transition`] when the job is not lost.
pub fn recover(
    job: &mut PresentationJob,
    found_video: Option<&str>,
    back_off: &BackOff,
    jitter: Jitter,
    now: Timestamp,
) -> Result<Vec<String>> {
    if !is_lost(job, now) {
        return Err(refused(job, "be recovered"));
    }
    if job.status == JobStatus::Processing {
        job.queue.attempts = job.queue.attempts.max(1);
    }
    if let Some(path) = found_video {
        job.queue.found_video = Some(path.to_owned());
    }
    if after_failure(job, INTERRUPTED, found_video.is_none(), back_off, jitter, now) == AfterFailure::Failed {
        return Ok(Vec::new());
    }
    let mut broken = std::mem::take(&mut job.created_files);
    broken.retain(|path| files::is_safe_path(path));
    Ok(broken)
}

fn after_failure(
    job: &mut PresentationJob,
    error: &str,
    may_retry: bool,
    back_off: &BackOff,
    jitter: Jitter,
    now: Timestamp,
) -> AfterFailure {
    let left = job.queue.attempts < job.queue.max_attempts;
    if job.queue.cancel_requested {
        end(job, CANCELLED, now);
    } else if may_retry && left && job.request.is_some() {
        let run_at = later(now, back_off.wait(job.queue.attempts, jitter));
        wait_again(job, error, run_at);
        return AfterFailure::Queued;
    } else {
        end(job, error, now);
    }
    AfterFailure::Failed
}

fn wait_again(job: &mut PresentationJob, note: &str, run_at: Timestamp) {
    job.status = JobStatus::Queued;
    job.queue.lease = None;
    job.queue.run_at = run_at;
    job.queue.note = Some(note.to_owned());
}

fn end(job: &mut PresentationJob, error: &str, now: Timestamp) {
    job.status = JobStatus::Failed;
    job.error = Some(error.to_owned());
    job.completed_at = Some(now);
    job.queue.lease = None;
    job.queue.cancel_requested = false;
}

fn add_new(list: &mut Vec<String>, new: &[String]) {
    for text in new {
        if !list.contains(text) {
            list.push(text.clone());
        }
    }
}

fn owned(job: &PresentationJob, attempt: u32, action: &'static str) -> Result<()> {
    let external = job.queue.lease.as_ref().is_none_or(|lease| lease.owner == EXTERNAL_OWNER);
    if job.status != JobStatus::Processing || external {
        return Err(refused(job, action));
    }
    if job.queue.attempts != attempt {
        let state = format!("in attempt {}, not {attempt}", job.queue.attempts);
        return Err(Error::Transition { entity: ENTITY, key: job.id.to_string(), action, state });
    }
    Ok(())
}

pub(super) fn refused(job: &PresentationJob, action: &'static str) -> Error {
    let queue = &job.queue;
    let state = if queue.lease.as_ref().is_some_and(|lease| lease.owner == EXTERNAL_OWNER) {
        format!("{} at a legacy service", job.status)
    } else if queue.removal_marked_at.is_some() {
        "being removed".to_owned()
    } else if job.request.is_none() && matches!(job.status, JobStatus::Queued | JobStatus::Failed) {
        format!("{}, without a request", job.status)
    } else {
        job.status.to_string()
    };
    Error::Transition { entity: ENTITY, key: job.id.to_string(), action, state }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presentations::RequestText;
    use proptest::prelude::*;
    use std::time::Duration;

    fn at(seconds: u64) -> Timestamp {
        later(Timestamp::parse("2025-11-10 12:00").unwrap(), Duration::from_secs(seconds))
    }

    fn queued() -> PresentationJob {
        let mut job = PresentationJob::blank("j".into(), at(0));
        job.request = Some(RequestText("{}".into()));
        job
    }

    fn claim_at(worker: &str, seconds: u64) -> Claim {
        Claim { worker: worker.into(), now: at(seconds), lease_until: at(seconds + 300) }
    }

    fn running() -> PresentationJob {
        let mut job = queued();
        claim(&mut job, &claim_at("w", 1)).unwrap();
        job
    }

    const PATIENT: BackOff = BackOff { first: Duration::from_secs(15), most: Duration::from_secs(3600) };

    fn no_jitter() -> Jitter {
        Jitter::new(0)
    }

    #[test]
    fn a_claim_needs_all_conditions() {
        assert!(is_claimable(&queued(), at(0)));
        let changes: [fn(&mut PresentationJob); 6] = [
            |job| job.status = JobStatus::Other("paused".into()),
            |job| job.queue.run_at = at(9),
            |job| job.request = None,
            |job| job.queue.lease = Some(Lease { owner: EXTERNAL_OWNER.into(), expires_at: at(0) }),
            |job| job.queue.cancel_requested = true,
            |job| job.queue.removal_marked_at = Some(at(0)),
        ];
        for change in changes {
            let mut job = queued();
            change(&mut job);
            let before = job.clone();
            assert!(matches!(claim(&mut job, &claim_at("w", 1)), Err(Error::Transition { .. })));
            assert_eq!(job, before);
        }
    }

    #[test]
    fn a_worker_that_lost_its_job_changes_nothing() {
        let mut job = running();
        recover(&mut job, None, &PATIENT, no_jitter(), at(301)).unwrap();
        let waiting = job.clone();
        assert!(finish(&mut job, 1, "v", None, at(302)).is_err());
        assert_eq!(job, waiting);
        claim(&mut job, &claim_at("w2", 400)).unwrap();
        let second = job.clone();
        assert!(heartbeat(&mut job, 1, at(401), at(701)).is_err());
        assert!(report(&mut job, 1, &Report::default()).is_err());
        assert!(fail(&mut job, 1, "x", true, &PATIENT, no_jitter(), at(401)).is_err());
        assert!(release(&mut job, 1, at(401)).is_err());
        assert!(finish(&mut job, 1, "v", None, at(401)).is_err());
        assert_eq!(job, second);
        finish(&mut job, 2, "v", Some("t"), at(402)).unwrap();
        assert_eq!((job.status, job.progress, job.queue.lease), (JobStatus::Completed, Some(100.0), None));
    }

    #[test]
    fn attempts_end_with_failure() {
        let mut job = running();
        let after = fail(&mut job, 1, "boom", true, &PATIENT, no_jitter(), at(10)).unwrap();
        assert_eq!((after, &job.status, job.queue.run_at), (AfterFailure::Queued, &JobStatus::Queued, at(25)));
        assert_eq!((job.queue.note.as_deref(), job.error.as_deref(), job.completed_at), (Some("boom"), None, None));
        for attempt in 2..=3 {
            claim(&mut job, &claim_at("w", 1000 * u64::from(attempt))).unwrap();
            fail(&mut job, attempt, &"é".repeat(9000), true, &PATIENT, no_jitter(), at(1000 * u64::from(attempt) + 1)).unwrap();
        }
        assert_eq!((&job.status, job.completed_at), (&JobStatus::Failed, Some(at(3001))));
        assert_eq!(job.error.as_ref().map(|error| error.chars().count()), Some(MAX_ERROR_CHARS));
        retry(&mut job, at(9001)).unwrap();
        assert!(is_claimable(&job, at(9001)));
        claim(&mut job, &claim_at("w", 9002)).unwrap();
        assert_eq!(fail(&mut job, 4, "x", true, &PATIENT, no_jitter(), at(9003)).unwrap(), AfterFailure::Failed);
    }

    #[test]
    fn a_fatal_error_is_not_tried_again() {
        let mut job = running();
        assert_eq!(fail(&mut job, 1, "bad request", false, &PATIENT, no_jitter(), at(2)).unwrap(), AfterFailure::Failed);
    }

    #[test]
    fn releasing_uses_no_attempt_but_a_number() {
        let mut job = running();
        release(&mut job, 1, at(5)).unwrap();
        assert!(is_claimable(&job, at(5)));
        assert_eq!((job.queue.attempts, job.queue.max_attempts), (1, 4));
        claim(&mut job, &claim_at("w", 6)).unwrap();
        assert!(heartbeat(&mut job, 1, at(7), at(8)).is_err());
    }

    #[test]
    fn cancelling() {
        let mut job = queued();
        cancel(&mut job, at(1)).unwrap();
        assert!(job.is_cancelled());
        assert!(cancel(&mut job, at(2)).is_err());
        let mut job = running();
        cancel(&mut job, at(2)).unwrap();
        assert!(heartbeat(&mut job, 1, at(3), at(303)).unwrap());
        assert!(report(&mut job, 1, &Report::default()).unwrap());
        assert_eq!(fail(&mut job, 1, "stopped", true, &PATIENT, no_jitter(), at(4)).unwrap(), AfterFailure::Failed);
        assert!(job.is_cancelled());
        let mut job = running();
        cancel(&mut job, at(2)).unwrap();
        recover(&mut job, None, &PATIENT, no_jitter(), at(999)).unwrap();
        assert!(job.is_cancelled());
    }

    #[test]
    fn lost_jobs() {
        // Imported from a service that is gone, with and without a request.
        let mut job = queued();
        job.status = JobStatus::Processing;
        job.created_files = vec!["output/a.mp4".into(), "/etc/passwd".into()];
        let mut stock = job.clone();
        stock.request = None;
        stock.progress = Some(40.0);
        assert_eq!(recover(&mut job, None, &PATIENT, no_jitter(), at(0)).unwrap(), ["output/a.mp4"]);
        assert_eq!((&job.status, job.queue.attempts, job.queue.run_at), (&JobStatus::Queued, 1, at(15)));
        assert_eq!(recover(&mut stock, None, &PATIENT, no_jitter(), at(0)).unwrap(), Vec::<String>::new());
        assert_eq!((stock.error.as_deref(), stock.progress, stock.created_files.len()), (Some(INTERRUPTED), Some(40.0), 2));
        assert_eq!(stock.completed_at, Some(at(0)));
        // Found a video.
        let mut job = running();
        recover(&mut job, Some("output/v.mp4"), &PATIENT, no_jitter(), at(301)).unwrap();
        assert_eq!((&job.status, job.queue.found_video.as_deref()), (&JobStatus::Failed, Some("output/v.mp4")));
        // Not lost: the lease is valid until its last microsecond, and the legacy service's for ever.
        assert!(recover(&mut running(), None, &PATIENT, no_jitter(), at(300)).is_err());
        let mut nobody = queued();
        nobody.request = None;
        assert!(is_lost(&nobody, at(0)));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Claim,
        Beat(u32),
        Report(u32),
        Finish(u32),
        Fail(u32),
        Release(u32),
        Cancel,
        Retry,
        Recover,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => Just(Step::Claim),
            1 => (0_u32..5).prop_map(Step::Beat),
            1 => (0_u32..5).prop_map(Step::Report),
            1 => (0_u32..5).prop_map(Step::Finish),
            1 => (0_u32..5).prop_map(Step::Fail),
            1 => (0_u32..5).prop_map(Step::Release),
            1 => Just(Step::Cancel),
            1 => Just(Step::Retry),
            1 => Just(Step::Recover),
        ]
    }

    proptest! {
        #[test]
        fn what_holds_after_any_steps(steps in prop::collection::vec((step(), 0_u64..400), 0..40)) {
            let (mut job, mut clock) = (queued(), 0);
            for (step, seconds) in steps {
                clock += seconds;
                let (before, now) = (job.clone(), at(clock));
                let done = match step {
                    Step::Claim => claim(&mut job, &claim_at("w", clock)).is_ok(),
                    Step::Beat(n) => heartbeat(&mut job, n, now, at(clock + 300)).is_ok(),
                    Step::Report(n) => report(&mut job, n, &Report { progress: Some(50.0), ..Report::default() }).is_ok(),
                    Step::Finish(n) => finish(&mut job, n, "v", None, now).is_ok(),
                    Step::Fail(n) => fail(&mut job, n, "e", true, &PATIENT, no_jitter(), now).is_ok(),
                    Step::Release(n) => release(&mut job, n, now).is_ok(),
                    Step::Cancel => cancel(&mut job, now).is_ok(),
                    Step::Retry => retry(&mut job, now).is_ok(),
                    Step::Recover => recover(&mut job, None, &PATIENT, no_jitter(), now).is_ok(),
                };
                prop_assert!(done || job == before);
                prop_assert!(job.queue.attempts >= before.queue.attempts);
                prop_assert_eq!(job.queue.lease.is_some(), job.status == JobStatus::Processing);
                prop_assert_eq!(job.completed_at.is_some(), job.status.is_final());
                prop_assert_eq!(job.error.is_some(), job.status == JobStatus::Failed);
                prop_assert!(!job.queue.cancel_requested || job.status == JobStatus::Processing);
                prop_assert_eq!(before.status == JobStatus::Completed && done, false);
            }
        }
    }
}

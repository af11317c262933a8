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
        return Err(Error::Invalid {
            entity: ENTITY,
            field: "progress",
            value: value.to_string(),
            reason: "must be finite",
        });
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
pub fn finish(
    job: &mut PresentationJob,
    attempt: u32,
    video_url: &str,
    thumbnail_url: Option<&str>,
    now: Timestamp,
) -> Result<()> {
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

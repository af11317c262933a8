//! Operations on the queue. Run each inside a write transaction of a store.
//!
//! Errors of all operations on one job: [`Error::NotFound`] for an unknown id, [`Error::Transition`] where
//! [`super::state`] refuses the step; workers get the latter, too, once they lost their job.

use super::back_off::{BackOff, Jitter};
use super::job::ENTITY;
use super::state::{self, AfterFailure, Report};
use super::{Claim, JobId, JobStatus, PresentationJob, PresentationRepository, RequestText};
use crate::time::Timestamp;
use crate::{Error, Result};

/// A job to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Its id, unless a job with the idempotency key exists.
    pub id: JobId,
    /// What to render. It is not checked here, see
    /// [`validate`](super::request::PresentationRequest::validate).
    pub request: RequestText,
    /// Smaller numbers go first; 0 is normal.
    pub priority: i32,
    /// Not worked on before this moment; `None`: at once.
    pub run_at: Option<Timestamp>,
    /// Attempts, at least 1.
    pub max_attempts: u32,
    /// Chosen by the client, so that sending a request twice makes one job. Not empty, at most 255 characters.
    pub idempotency_key: Option<String>,
}

/// What [`create`] answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Created {
    /// The new job, or the one that has the idempotency key.
    pub job: PresentationJob,
    /// Whether the job is new.
    pub is_new: bool,
}

/// Adds a job to the queue. A second call with the same idempotency key gives back the first job, whatever
/// has become of it, and changes nothing.
///
/// # Errors
/// [`Error::Conflict`] when the id is taken; [`Error::Invalid`] for no attempts, an unusable key or a request
/// with a raw NUL.
pub fn create(repository: &mut dyn PresentationRepository, new: NewJob, now: Timestamp) -> Result<Created> {
    let invalid = |field, value: String, reason| Err(Error::Invalid { entity: ENTITY, field, value, reason });
    if new.max_attempts == 0 {
        return invalid("max_attempts", new.max_attempts.to_string(), "must be at least 1");
    }
    if new.request.0.contains('\0') {
        return invalid("request", String::new(), "must not hold a NUL byte");
    }
    if let Some(key) = &new.idempotency_key {
        if key.is_empty() || key.chars().count() > 255 || key.contains('\0') {
            return invalid("idempotency_key", key.clone(), "must have 1 to 255 characters and no NUL");
        }
        if let Some(job) = repository.find_by_idempotency_key(key)? {
            return Ok(Created { job, is_new: false });
        }
    }
    let mut job = PresentationJob::blank(new.id, now);
    job.request = Some(new.request);
    job.queue.priority = new.priority;
    job.queue.run_at = new.run_at.unwrap_or(now);
    job.queue.max_attempts = new.max_attempts;
    job.queue.idempotency_key = new.idempotency_key;
    repository.insert(&job)?;
    Ok(Created { job, is_new: true })
}

/// The job with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub fn require(repository: &mut dyn PresentationRepository, id: &JobId) -> Result<PresentationJob> {
    repository.get(id)?.ok_or_else(|| Error::NotFound { entity: ENTITY, key: id.to_string() })
}

/// Gives the next job to a worker; see [`PresentationRepository::claim_next`].
///
/// # Errors
/// [`Error::Invalid`] for a worker without a name; [`Error::Backend`] when the store fails.
pub fn claim(repository: &mut dyn PresentationRepository, claim: &Claim) -> Result<Option<PresentationJob>> {
    if claim.worker.is_empty() || claim.worker == super::EXTERNAL_OWNER {
        let value = claim.worker.clone();
        return Err(Error::Invalid { entity: ENTITY, field: "worker", value, reason: "must be a name of its own" });
    }
    repository.claim_next(claim)
}

/// Extends the worker's lease; `true`: stop, the job is to be cancelled.
///
/// # Errors
/// [Those of the module](self).
pub fn heartbeat(
    repository: &mut dyn PresentationRepository,
    id: &JobId,
    attempt: u32,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<bool> {
    change(repository, id, |job| state::heartbeat(job, attempt, now, lease_until)).map(|(_, stop)| stop)
}

/// Notes progress, files and external renderings; `true`: stop, the job is to be cancelled.
///
/// # Errors
/// [Those of the module](self); [`Error::Invalid`] for a progress that is no finite number.
pub fn report(repository: &mut dyn PresentationRepository, id: &JobId, attempt: u32, report: &Report) -> Result<bool> {
    change(repository, id, |job| state::report(job, attempt, report)).map(|(_, stop)| stop)
}

/// Completes the job.
///
/// # Errors
/// [Those of the module](self).
pub fn finish(
    repository: &mut dyn PresentationRepository,
    id: &JobId,
    attempt: u32,
    video_url: &str,
    thumbnail_url: Option<&str>,
    now: Timestamp,
) -> Result<PresentationJob> {
    change(repository, id, |job| state::finish(job, attempt, video_url, thumbnail_url, now)).map(|(job, ())| job)
}

/// Ends the attempt without success; see [`state::fail`].
///
/// # Errors
/// [Those of the module](self).
#[expect(clippy::too_many_arguments, reason = "who, what, when, and what next")]
pub fn fail(
    repository: &mut dyn PresentationRepository,
    id: &JobId,
    attempt: u32,
    error: &str,
    may_retry: bool,
    back_off: &BackOff,
    jitter: Jitter,
    now: Timestamp,
) -> Result<(PresentationJob, AfterFailure)> {
    change(repository, id, |job| state::fail(job, attempt, error, may_retry, back_off, jitter, now))
}

/// Gives the job back without using up an attempt.
///
/// # Errors
/// [Those of the module](self).
pub fn release(
    repository: &mut dyn PresentationRepository,
    id: &JobId,
    attempt: u32,
    now: Timestamp,
) -> Result<PresentationJob> {
    change(repository, id, |job| state::release(job, attempt, now)).map(|(job, ())| job)
}

/// Cancels a waiting job, or asks the worker of a running one to stop.
///
/// # Errors
/// [Those of the module](self).
pub fn cancel(repository: &mut dyn PresentationRepository, id: &JobId, now: Timestamp) -> Result<PresentationJob> {
    change(repository, id, |job| state::cancel(job, now)).map(|(job, ())| job)
}

/// Puts a failed job back into the queue.
///
/// # Errors
/// [Those of the module](self).
pub fn retry(repository: &mut dyn PresentationRepository, id: &JobId, now: Timestamp) -> Result<PresentationJob> {
    change(repository, id, |job| state::retry(job, now)).map(|(job, ())| job)
}

/// Removes a job that no worker has.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Transition`] while it is processing under a valid lease.
pub fn delete(repository: &mut dyn PresentationRepository, id: &JobId, now: Timestamp) -> Result<()> {
    let job = require(repository, id)?;
    if job.status == JobStatus::Processing && !state::is_lost(&job, now) {
        return Err(state::refused(&job, "be deleted"));
    }
    repository.delete(id).map(drop)
}

/// Applies a step to the stored job, if it is still as it was read.
pub(super) fn change<T>(
    repository: &mut dyn PresentationRepository,
    id: &JobId,
    step: impl FnOnce(&mut PresentationJob) -> Result<T>,
) -> Result<(PresentationJob, T)> {
    let mut job = require(repository, id)?;
    let (status, attempts) = (job.status.clone(), job.queue.attempts);
    let value = step(&mut job)?;
    if repository.update_if(&job, &status, attempts)? {
        return Ok((job, value));
    }
    let holder = "another worker, which changed it at the same time".to_owned();
    Err(Error::Busy { what: format!("{ENTITY} `{id}`"), holder })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presentations::memory::MemoryPresentations;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn new(id: &str) -> NewJob {
        let request = RequestText("{}".into());
        NewJob { id: id.into(), request, priority: 0, run_at: None, max_attempts: 3, idempotency_key: None }
    }

    fn claim_at(time: &str) -> Claim {
        Claim { worker: "w".into(), now: at(time), lease_until: at("2025-01-01 11:00") }
    }

    #[test]
    fn the_same_request_makes_one_job() {
        let mut jobs = MemoryPresentations::default();
        let keyed = |id| NewJob { idempotency_key: Some("k".into()), ..new(id) };
        assert!(create(&mut jobs, keyed("a"), at("2025-01-01 10:00")).unwrap().is_new);
        let second = create(&mut jobs, keyed("b"), at("2025-01-01 10:01")).unwrap();
        assert_eq!((second.is_new, second.job.id.as_str()), (false, "a"));
        assert!(matches!(create(&mut jobs, new("a"), at("2025-01-01 10:00")), Err(Error::Conflict { .. })));
        for (field, bad) in [
            ("max_attempts", NewJob { max_attempts: 0, ..new("c") }),
            ("idempotency_key", NewJob { idempotency_key: Some(String::new()), ..new("c") }),
            ("request", NewJob { request: RequestText("\"\0\"".into()), ..new("c") }),
        ] {
            assert!(
                matches!(create(&mut jobs, bad, at("2025-01-01 10:00")), Err(Error::Invalid { field: f, .. }) if f == field)
            );
        }
    }

    #[test]
    fn jobs_go_by_priority_time_and_id() {
        let mut jobs = MemoryPresentations::default();
        for (id, priority, run_at) in
            [("c", 0, "10:00"), ("b", 0, "10:00"), ("late", -9, "10:30"), ("low", 5, "09:00"), ("urgent", -1, "10:01")]
        {
            let job = NewJob { priority, run_at: Some(at(&format!("2025-01-01 {run_at}"))), ..new(id) };
            create(&mut jobs, job, at("2025-01-01 08:00")).unwrap();
        }
        let mut order = Vec::new();
        while let Some(job) = claim(&mut jobs, &claim_at("2025-01-01 10:05")).unwrap() {
            order.push(job.id.to_string());
        }
        assert_eq!(order, ["urgent", "b", "c", "low"]);
        assert_eq!(
            claim(&mut jobs, &claim_at("2025-01-01 10:30")).unwrap().map(|job| job.id.to_string()).as_deref(),
            Some("late")
        );
        let nameless = Claim { worker: String::new(), ..claim_at("2025-01-01 10:30") };
        assert!(matches!(claim(&mut jobs, &nameless), Err(Error::Invalid { .. })));
    }

    #[test]
    fn a_whole_life() {
        let mut jobs = MemoryPresentations::default();
        let id = JobId::from("a");
        create(&mut jobs, new("a"), at("2025-01-01 10:00")).unwrap();
        let job = claim(&mut jobs, &claim_at("2025-01-01 10:00")).unwrap().unwrap();
        let attempt = job.queue.attempts;
        assert!(!heartbeat(&mut jobs, &id, attempt, at("2025-01-01 10:01"), at("2025-01-01 10:06")).unwrap());
        let step = Report {
            progress: Some(40.0),
            created_files: vec!["x".into()],
            provider_ids: vec!["p".into()],
            slide_image_path: None,
        };
        report(&mut jobs, &id, attempt, &step).unwrap();
        report(&mut jobs, &id, attempt, &step).unwrap();
        assert!(matches!(delete(&mut jobs, &id, at("2025-01-01 10:02")), Err(Error::Transition { .. })));
        let job = finish(&mut jobs, &id, attempt, "/v", Some("/t"), at("2025-01-01 10:03")).unwrap();
        assert_eq!((job.created_files.len(), job.queue.provider_ids.len()), (1, 1));
        assert_eq!(jobs.get(&id).unwrap(), Some(job));
        assert!(matches!(retry(&mut jobs, &id, at("2025-01-01 10:04")), Err(Error::Transition { .. })));
        delete(&mut jobs, &id, at("2025-01-01 10:04")).unwrap();
        assert!(matches!(cancel(&mut jobs, &id, at("2025-01-01 10:04")), Err(Error::NotFound { .. })));
    }
}

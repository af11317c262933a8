//! The steps of a job's life.

use super::back_off::{BackOff, Jitter};
use super::state::*;
use super::*;
use crate::Error;
use crate::instant::later;
use crate::time::Timestamp;
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
        fail(&mut job, attempt, &"é".repeat(9000), true, &PATIENT, no_jitter(), at(1000 * u64::from(attempt) + 1))
            .unwrap();
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

//! The life of a job, step by step.

use super::support::{Ids, at, claim, create, get, new_job, request, seen, tried, with};
use crate::contract::concurrency::together;
use crate::contract::support::{moment, unique};
use landfast_domain::accounts::{User, UserId};
use landfast_domain::presentations::back_off::{BackOff, Jitter};
use landfast_domain::presentations::queue::{self, NewJob};
use landfast_domain::presentations::state::{AfterFailure, Report};
use landfast_domain::presentations::{CANCELLED, JobId, JobStatus, PresentationJob, progress};
use landfast_domain::{Error, Store};

/// A failure that may be retried.
fn fail(store: &dyn Store, id: &JobId, attempt: u32, clock: &str) -> (PresentationJob, AfterFailure) {
    with(store, |r| queue::fail(r, id, attempt, "out of memory", true, &BackOff::default(), Jitter::new(0), at(clock)))
}

/// From the request to the video.
pub fn a_job_lives_from_request_to_video(store: &dyn Store) {
    let ids = Ids::new();
    let id = ids.id("a");
    let created = create(store, &new_job(id.clone()));
    assert_eq!(
        (created.status, created.request, created.created_at),
        (JobStatus::Queued, Some(request()), at("10:00"))
    );
    let attempt = claim(store, "11", "w").unwrap().queue.attempts;
    assert!(!with(store, |r| queue::heartbeat(r, &id, attempt, at("11:01"), at("11:06"))));
    let report = Report {
        progress: Some(40.0),
        created_files: vec!["output/x.mp4".to_owned()],
        provider_ids: vec!["p1".to_owned()],
        slide_image_path: Some("output/y.png".to_owned()),
    };
    for _ in 0..2 {
        assert!(!with(store, |r| queue::report(r, &id, attempt, &report)));
    }
    let running = get(store, &id);
    assert_eq!((running.progress, running.last_heartbeat), (Some(40.0), Some(at("11:01"))));
    assert_eq!(running.queue.lease.map(|lease| lease.expires_at), Some(at("11:06")));
    with(store, |r| queue::finish(r, &id, attempt, "/v", Some("/t"), at("11:03")));
    let done = get(store, &id);
    assert_eq!(
        (done.status, done.progress, done.completed_at),
        (JobStatus::Completed, Some(progress::DONE), Some(at("11:03")))
    );
    assert_eq!((done.video_url.as_deref(), done.thumbnail_url.as_deref()), (Some("/v"), Some("/t")));
    assert_eq!((done.created_files, done.queue.provider_ids), (report.created_files, report.provider_ids));
    assert_eq!(done.queue.lease, None);
}

/// A second request with the same key is answered with the first job and changes nothing.
pub fn a_second_request_with_the_key_gives_the_first_job(store: &dyn Store) {
    let ids = Ids::new();
    let key = unique("contract-key ");
    let keyed = |name: &str| NewJob { idempotency_key: Some(key.clone()), ..new_job(ids.id(name)) };
    let first = with(store, |r| queue::create(r, keyed("a"), at("10:00")));
    claim(store, "11", "w").unwrap();
    let second = with(store, |r| queue::create(r, keyed("b"), at("11:01")));
    assert_eq!((first.is_new, second.is_new, second.job.status), (true, false, JobStatus::Processing));
    assert_eq!(second.job.id, ids.id("a"));
    assert_eq!(seen(store, |r| r.get(&ids.id("b"))), None);
}

/// Requests that cannot be kept are refused.
pub fn unusable_requests_are_refused(store: &dyn Store) {
    let ids = Ids::new();
    for (field, bad) in [
        ("max_attempts", NewJob { max_attempts: 0, ..new_job(ids.id("a")) }),
        ("idempotency_key", NewJob { idempotency_key: Some("x".repeat(256)), ..new_job(ids.id("a")) }),
    ] {
        let refused = tried(store, |r| queue::create(r, bad.clone(), at("10:00")));
        assert!(matches!(refused, Err(Error::Invalid { field: named, .. }) if named == field), "{refused:?}");
    }
    create(store, &new_job(ids.id("a")));
    let taken = tried(store, |r| queue::create(r, new_job(ids.id("a")), at("10:00")));
    assert!(matches!(taken, Err(Error::Conflict { .. })), "{taken:?}");
}

/// A failed attempt waits for the next one; after the last one the job failed.
pub fn a_failed_attempt_waits_for_the_next(store: &dyn Store) {
    let ids = Ids::new();
    let id = ids.id("a");
    create(store, &new_job(id.clone()));
    let first = claim(store, "11", "w").unwrap().queue.attempts;
    let (waiting, after) = fail(store, &id, first, "11:01");
    assert_eq!(
        (after, waiting.status, waiting.queue.run_at),
        (AfterFailure::Queued, JobStatus::Queued, at("11:01:15"))
    );
    assert_eq!(waiting.queue.note.as_deref(), Some("out of memory"));
    assert_eq!(claim(store, "11", "w"), None);
    let second = claim(store, "12", "w").unwrap().queue.attempts;
    let (failed, after) = fail(store, &id, second, "12:01");
    assert_eq!(
        (after, failed.status, failed.completed_at),
        (AfterFailure::Failed, JobStatus::Failed, Some(at("12:01")))
    );
    assert_eq!(get(store, &id).error.as_deref(), Some("out of memory"));
    assert_eq!(claim(store, "13", "w"), None);
}

/// A waiting job is cancelled at once; the worker of a running one is asked to stop.
pub fn cancelling_ends_a_waiting_job_and_asks_a_running_one(store: &dyn Store) {
    let ids = Ids::new();
    let (waiting, running) = (ids.id("waiting"), ids.id("running"));
    create(store, &new_job(running.clone()));
    let attempt = claim(store, "11", "w").unwrap().queue.attempts;
    create(store, &new_job(waiting.clone()));
    for id in [&waiting, &running] {
        with(store, |r| queue::cancel(r, id, at("11:01")));
    }
    assert!(get(store, &waiting).is_cancelled());
    assert_eq!(claim(store, "12", "w"), None);
    assert!(with(store, |r| queue::heartbeat(r, &running, attempt, at("11:02"), at("11:07"))));
    assert!(with(store, |r| queue::report(r, &running, attempt, &Report::default())));
    let (failed, _) = fail(store, &running, attempt, "11:03");
    assert_eq!((failed.status, failed.error.as_deref()), (JobStatus::Failed, Some(CANCELLED)));
    assert!(matches!(tried(store, |r| queue::cancel(r, &running, at("11:04"))), Err(Error::Transition { .. })));
}

/// A failed job can be put back into the queue, with an attempt more.
pub fn a_failed_job_can_be_retried(store: &dyn Store) {
    let ids = Ids::new();
    let id = ids.id("a");
    create(store, &NewJob { max_attempts: 1, ..new_job(id.clone()) });
    let attempt = claim(store, "11", "w").unwrap().queue.attempts;
    assert_eq!(fail(store, &id, attempt, "11:01").1, AfterFailure::Failed);
    with(store, |r| queue::retry(r, &id, at("11:30")));
    let again = get(store, &id);
    assert_eq!((again.status, again.error, again.completed_at), (JobStatus::Queued, None, None));
    assert_eq!(again.queue.note.as_deref(), Some("out of memory"));
    assert_eq!(claim(store, "12", "w").map(|job| job.queue.attempts), Some(2));
}

/// A job that is given back can start again at once and loses no attempt.
pub fn a_released_job_can_start_again_at_once(store: &dyn Store) {
    let ids = Ids::new();
    let id = ids.id("a");
    create(store, &NewJob { max_attempts: 1, ..new_job(id.clone()) });
    let attempt = claim(store, "11", "w").unwrap().queue.attempts;
    with(store, |r| queue::release(r, &id, attempt, at("11:01")));
    let again = claim(store, "12", "other").unwrap();
    assert_eq!((again.queue.attempts, again.queue.max_attempts), (2, 2));
}

/// A running job is not deleted; a lost one may be.
pub fn a_running_job_is_not_deleted(store: &dyn Store) {
    let ids = Ids::new();
    let id = ids.id("a");
    create(store, &new_job(id.clone()));
    claim(store, "11", "w").unwrap();
    let refused = tried(store, |r| queue::delete(r, &id, at("11:04:59.999999")));
    assert!(matches!(refused, Err(Error::Transition { .. })), "{refused:?}");
    with(store, |r| queue::delete(r, &id, at("11:05")));
    assert_eq!(seen(store, |r| r.get(&id)), None);
}

/// Steps of jobs that do not exist are refused.
pub fn steps_of_unknown_jobs_are_not_found(store: &dyn Store) {
    let id = Ids::new().id("missing");
    for refused in [
        tried(store, |r| queue::require(r, &id).map(drop)),
        tried(store, |r| queue::heartbeat(r, &id, 1, at("11:00"), at("11:05")).map(drop)),
        tried(store, |r| queue::cancel(r, &id, at("11:00")).map(drop)),
        tried(store, |r| queue::retry(r, &id, at("11:00")).map(drop)),
        tried(store, |r| queue::delete(r, &id, at("11:00"))),
    ] {
        assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
    }
}

/// A job is made together with other data, or not at all.
pub fn enqueueing_is_part_of_its_transaction(store: &dyn Store) {
    let ids = Ids::new();
    let user = UserId::new(unique("contract-")).unwrap();
    for fails in [true, false] {
        let done = store.write(|r| {
            r.accounts().insert(&User { id: user.clone(), name: user.to_string(), created_at: moment() })?;
            queue::create(r.presentations()?, new_job(ids.id("a")), at("10:00"))?;
            if fails { Err(Error::aborted("on purpose")) } else { Ok(()) }
        });
        assert_eq!(done.is_err(), fails);
        let there =
            store.read(|r| Ok((r.accounts().get(&user)?.is_some(), r.presentations()?.get(&ids.id("a"))?.is_some())));
        assert_eq!(there.unwrap(), (!fails, !fails));
    }
}

/// Of four clients that send the same request at the same time one makes a job, and all get it.
pub fn concurrent_requests_with_one_key_make_one_job(store: &dyn Store) {
    let ids = Ids::new();
    let key = unique("contract-key ");
    let created = together(|client| {
        let new = NewJob { idempotency_key: Some(key.clone()), ..new_job(ids.id(&client.to_string())) };
        with(store, |r| queue::create(r, new.clone(), at("10:00")))
    });
    assert_eq!(created.iter().filter(|created| created.is_new).count(), 1);
    assert!(created.iter().all(|one| one.job.id == created[0].job.id));
    assert_eq!(super::support::old_jobs(store, None, 9).len(), 1);
}

/// Reports that come at the same time are all kept.
pub fn concurrent_reports_are_all_kept(store: &dyn Store) {
    let ids = Ids::new();
    let id = ids.id("a");
    create(store, &new_job(id.clone()));
    let attempt = claim(store, "11", "w").unwrap().queue.attempts;
    together(|thread| {
        for number in 0..10 {
            let report = Report { created_files: vec![format!("{thread}-{number}.mp4")], ..Report::default() };
            with(store, |r| queue::report(r, &id, attempt, &report));
        }
    });
    let mut files = get(store, &id).created_files;
    files.sort();
    files.dedup();
    assert_eq!(files.len(), 40);
}

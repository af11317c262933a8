//! Giving jobs to workers.

use super::support::{Ids, at, claim, claim_at, create, get, insert, job, new_job, seen, tried, with};
use crate::contract::concurrency::together;
use landfast_domain::presentations::back_off::{BackOff, Jitter};
use landfast_domain::presentations::queue::{self, NewJob};
use landfast_domain::presentations::state::Report;
use landfast_domain::presentations::{JobStatus, Lease, PresentationJob, progress, recovery};
use landfast_domain::{Error, Store};
use std::collections::BTreeSet;

/// Jobs are taken by priority, then time, then the bytes of the id.
pub fn claims_go_by_priority_time_and_id(store: &dyn Store) {
    let ids = Ids::new();
    for (name, priority, clock) in [
        ("c", 0, "10:00"),
        ("Z", 0, "10:00"),
        ("ä", 0, "10:00"),
        ("b", 0, "10:00"),
        ("early", 0, "09:00:00.000001"),
        ("late", -9, "11:30"),
        ("low", 5, "08:00"),
        ("urgent", -1, "10:01"),
    ] {
        create(store, &NewJob { priority, run_at: Some(at(clock)), ..new_job(ids.id(name)) });
    }
    let mut order = Vec::new();
    while let Some(job) = claim(store, "11", "w") {
        order.push(job);
    }
    assert_eq!(ids.names(&order), ["urgent", "early", "Z", "b", "c", "ä", "low"]);
    assert_eq!(ids.names(&claim(store, "12", "w")), ["late"]);
}

/// A claim begins the next attempt, and the stored job is the one that is given.
pub fn a_claim_begins_the_next_attempt(store: &dyn Store) {
    let ids = Ids::new();
    let mut waiting = job(ids.id("a"));
    waiting.error = Some("left over".to_owned());
    waiting.completed_at = Some(at("09:00"));
    waiting.queue.attempts = 1;
    waiting.queue.note = Some("first attempt".to_owned());
    insert(store, std::slice::from_ref(&waiting));
    let taken = claim(store, "11", "worker ä").unwrap();
    let mut expected = waiting;
    expected.status = JobStatus::Processing;
    expected.queue.attempts = 2;
    expected.queue.lease = Some(Lease { owner: "worker ä".to_owned(), expires_at: at("11:05") });
    expected.last_heartbeat = Some(at("11:00"));
    expected.progress = Some(progress::STARTED);
    (expected.error, expected.completed_at) = (None, None);
    assert_eq!(super::support::without_text(taken), expected);
    assert_eq!(get(store, &expected.id), expected);
}

/// Whatever stands in the way of a claim keeps a job waiting.
pub fn jobs_that_may_not_be_claimed_are_passed_over(store: &dyn Store) {
    let ids = Ids::new();
    type Change = (&'static str, fn(&mut PresentationJob));
    let change: [Change; 8] = [
        ("processing", |job| job.status = JobStatus::Processing),
        ("completed", |job| job.status = JobStatus::Completed),
        ("failed", |job| job.status = JobStatus::Failed),
        ("later", |job| job.queue.run_at = at("11:00:00.000001")),
        ("without request", |job| job.request = None),
        ("owned", |job| job.queue.lease = Some(Lease { owner: "legacy".to_owned(), expires_at: at("10:30") })),
        ("to be cancelled", |job| job.queue.cancel_requested = true),
        ("to be removed", |job| job.queue.removal_marked_at = Some(at("10:30"))),
    ];
    for (name, change) in change {
        let mut job = job(ids.id(name));
        change(&mut job);
        insert(store, &[job]);
    }
    assert_eq!(claim(store, "11", "w"), None);
    insert(store, &[job(ids.id("zzz"))]);
    assert_eq!(ids.names(&claim(store, "11", "w")), ["zzz"]);
    assert_eq!(get(store, &ids.id("owned")).queue.attempts, 0);
}

/// A job is due at its very moment.
pub fn a_job_is_due_at_its_very_moment(store: &dyn Store) {
    let ids = Ids::new();
    create(store, &NewJob { run_at: Some(at("11:00:00.000001")), ..new_job(ids.id("a")) });
    assert_eq!(claim(store, "11", "w"), None);
    let mut moment = claim_at("11", "w");
    moment.now = at("11:00:00.000001");
    assert_eq!(ids.names(&with(store, |r| queue::claim(r, &moment))), ["a"]);
}

/// A worker needs a name of its own.
pub fn a_claim_needs_a_worker(store: &dyn Store) {
    let ids = Ids::new();
    create(store, &new_job(ids.id("a")));
    for worker in ["", landfast_domain::presentations::EXTERNAL_OWNER] {
        let refused = tried(store, |r| queue::claim(r, &claim_at("11", worker)));
        assert!(matches!(refused, Err(Error::Invalid { field: "worker", .. })), "{refused:?}");
    }
    assert_eq!(get(store, &ids.id("a")).queue.attempts, 0);
}

/// A claim of a transaction that failed leaves the job waiting.
pub fn a_claim_that_is_rolled_back_leaves_the_job_waiting(store: &dyn Store) {
    let ids = Ids::new();
    let before = super::support::without_text(create(store, &new_job(ids.id("a"))));
    let failed = tried(store, |r| {
        queue::claim(r, &claim_at("11", "w"))?;
        Err::<(), _>(Error::aborted("on purpose"))
    });
    assert!(matches!(failed, Err(Error::Aborted(_))));
    assert_eq!(get(store, &ids.id("a")), before);
    assert_eq!(ids.names(&claim(store, "11", "w")), ["a"]);
}

/// Two claims of one transaction take two jobs.
pub fn claims_of_one_transaction_take_different_jobs(store: &dyn Store) {
    let ids = Ids::new();
    insert(store, &["a", "b"].map(|name| job(ids.id(name))));
    let taken = with(store, |r| {
        let claim = claim_at("11", "w");
        Ok([queue::claim(r, &claim)?, queue::claim(r, &claim)?, queue::claim(r, &claim)?])
    });
    assert_eq!(ids.names(taken.iter().flatten()), ["a", "b"]);
}

/// A worker that lost its job cannot write to it any more.
pub fn a_worker_that_lost_its_job_cannot_write(store: &dyn Store) {
    let ids = Ids::new();
    let id = ids.id("a");
    create(store, &new_job(id.clone()));
    let first = claim(store, "11", "one").unwrap().queue.attempts;
    let no_video = |_: &_| None;
    let recovered = with(store, |r| {
        recovery::recover_next(r, Some(&ids.before()), &no_video, &BackOff::default(), Jitter::new(0), at("11:05"))
    });
    assert_eq!(recovered.map(|recovered| (recovered.id, recovered.status)), Some((id.clone(), JobStatus::Queued)));
    let second = claim(store, "12", "two").unwrap().queue.attempts;
    assert!(second > first);
    let before = get(store, &id);
    for refused in [
        tried(store, |r| queue::heartbeat(r, &id, first, at("12:01"), at("12:06")).map(drop)),
        tried(store, |r| queue::report(r, &id, first, &Report::default()).map(drop)),
        tried(store, |r| queue::finish(r, &id, first, "/v", None, at("12:01")).map(drop)),
        tried(store, |r| queue::release(r, &id, first, at("12:01")).map(drop)),
    ] {
        assert!(matches!(refused, Err(Error::Transition { .. })), "{refused:?}");
    }
    assert_eq!(get(store, &id), before);
    with(store, |r| queue::finish(r, &id, second, "/v", None, at("12:02")));
}

/// Four workers that drain a queue take each job once.
pub fn concurrent_claims_take_each_job_once(store: &dyn Store) {
    let ids = Ids::new();
    insert(store, &(0..60).map(|number| job(ids.id(&number.to_string()))).collect::<Vec<_>>());
    let taken = together(|worker| {
        let mut own = Vec::new();
        while let Some(job) = claim(store, "11", &format!("w{worker}")) {
            assert_eq!((job.queue.attempts, job.queue.lease.map(|lease| lease.owner)), (1, Some(format!("w{worker}"))));
            own.push(job.id.to_string());
        }
        own
    });
    let all: Vec<String> = taken.into_iter().flatten().collect();
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (60, 60));
    assert!(seen(store, |r| r.list(Some(&JobStatus::Queued), Some(&super::support::start()), 9)).is_empty());
}

//! What happens to jobs without a worker, and to old ones.

use super::support::{Ids, at, claim, create, get, insert, job, new_job, seen, with};
use crate::contract::concurrency::together;
use landfast_domain::presentations::back_off::{BackOff, Jitter};
use landfast_domain::presentations::queue::NewJob;
use landfast_domain::presentations::recovery::{Recovered, recover_next};
use landfast_domain::presentations::{INTERRUPTED, JobId, JobStatus, Lease, RetentionLimits, retention};
use landfast_domain::{Result, Store};

/// Deals with the next lost job among one's own.
fn recover(store: &dyn Store, after: &JobId, clock: &str) -> Result<Option<Recovered>> {
    let video = |id: &JobId| id.as_str().ends_with("video").then(|| "output/video.mp4".to_owned());
    store.write(|r| {
        recover_next(r.presentations()?, Some(after), &video, &BackOff::default(), Jitter::new(0), at(clock))
    })
}

/// A lost job waits for its next attempt, or failed when there is none.
pub fn a_lost_job_is_queued_again_or_failed(store: &dyn Store) {
    let ids = Ids::new();
    create(store, &new_job(ids.id("again")));
    create(store, &NewJob { max_attempts: 1, ..new_job(ids.id("last")) });
    create(store, &new_job(ids.id("with video")));
    for _ in 0..3 {
        claim(store, "11", "w").unwrap();
    }
    let mut after = ids.before();
    let mut recovered = Vec::new();
    while let Some(one) = recover(store, &after, "11:05").unwrap().filter(|one| one.id <= ids.id("~")) {
        after = one.id.clone();
        recovered.push((one.id, one.status));
    }
    let expected = [("again", JobStatus::Queued), ("last", JobStatus::Failed), ("with video", JobStatus::Failed)];
    assert_eq!(recovered, expected.map(|(name, status)| (ids.id(name), status)));
    let [again, last, video] = ["again", "last", "with video"].map(|name| get(store, &ids.id(name)));
    assert_eq!((again.queue.lease, again.queue.run_at), (None, at("11:05:15")));
    assert_eq!((last.error.as_deref(), last.completed_at), (Some(INTERRUPTED), Some(at("11:05"))));
    assert_eq!(video.queue.found_video.as_deref(), Some("output/video.mp4"));
}

/// Processes that start at the same time deal with each lost job once.
pub fn concurrent_recoveries_deal_with_each_job_once(store: &dyn Store) {
    let ids = Ids::new();
    for number in 0..8 {
        let mut job = job(ids.id(&number.to_string()));
        job.status = JobStatus::Processing;
        job.queue.attempts = 1;
        job.queue.lease = Some(Lease { owner: "gone".to_owned(), expires_at: at("10:30") });
        insert(store, &[job]);
    }
    let recovered = together(|_| {
        let (mut after, mut own) = (ids.before(), Vec::new());
        while let Some(one) = recover(store, &after, "11:00").unwrap().filter(|one| one.id <= ids.id("~")) {
            after = one.id.clone();
            own.push(one.id);
        }
        own
    });
    let mut all: Vec<JobId> = recovered.into_iter().flatten().collect();
    all.sort();
    assert_eq!(all, (0..8).map(|number| ids.id(&number.to_string())).collect::<Vec<_>>());
    assert!(all.iter().all(|id| get(store, id).queue.attempts == 1));
}

/// Old jobs are marked, then deleted; what is not marked stays.
pub fn old_jobs_are_marked_and_then_deleted(store: &dyn Store) {
    let ids = Ids::new();
    for (name, status, files) in [
        ("done", JobStatus::Completed, vec!["output/own.mp4", "output/shared.mp4"]),
        ("waiting", JobStatus::Queued, vec!["output/shared.mp4"]),
    ] {
        let mut job = job(ids.id(name));
        job.status = status;
        job.created_files = files.into_iter().map(str::to_owned).collect();
        insert(store, &[job]);
    }
    let limits = RetentionLimits { completed_before: at("11:00"), failed_before: at("11:00") };
    let removals = with(store, |r| retention::mark(r, &limits, 99, at("12:00")));
    let own: Vec<_> = removals.into_iter().filter(|removal| removal.id == ids.id("done")).collect();
    assert!(own[0].files.contains(&"output/own.mp4".to_owned()));
    assert!(!own[0].files.contains(&"output/shared.mp4".to_owned()));
    assert_eq!(get(store, &ids.id("done")).queue.removal_marked_at, Some(at("12:00")));
    assert_eq!(with(store, |r| retention::delete(r, [&ids.id("done"), &ids.id("waiting")])), 1);
    assert_eq!(seen(store, |r| r.get(&ids.id("done"))), None);
    assert_eq!(get(store, &ids.id("waiting")).queue.removal_marked_at, None);
}

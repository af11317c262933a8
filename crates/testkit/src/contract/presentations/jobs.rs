//! Keeping rendering jobs.

use super::support::{Ids, at, get, insert, job, seen, tried, with, without_text};
use crate::contract::support::refusal;
use landfast_domain::presentations::document::{self, TimeBase};
use landfast_domain::presentations::{JobStatus, Lease, PresentationJob, RequestText};
use landfast_domain::{Error, Store};

/// A job with a value everywhere.
fn full(ids: &Ids, name: &str) -> PresentationJob {
    let mut job = job(ids.id(name));
    job.status = JobStatus::Processing;
    job.progress = Some(37.6);
    job.error = Some("ffmpeg: \"no such file\"\n at line 3 \u{1f3ac}".to_owned());
    job.video_url = Some("/presentations/a/video".to_owned());
    job.thumbnail_url = Some("/presentations/a/thumbnail".to_owned());
    job.slide_image_path = Some("output/presentations/slide_image_debug_1.png".to_owned());
    job.completed_at = Some(at("11:00:00.000001"));
    job.last_heartbeat = Some(at("10:59:59.999999"));
    job.created_files = vec!["output/b.mp4".to_owned(), "output/a.mp4".to_owned(), "output/b.mp4".to_owned()];
    job.queue.priority = -3;
    job.queue.run_at = at("10:30:00.5");
    job.queue.attempts = 2;
    job.queue.max_attempts = 5;
    job.queue.lease = Some(Lease { owner: "worker ä".to_owned(), expires_at: at("11:04") });
    job.queue.idempotency_key = Some(format!("key of {}", job.id));
    job.queue.cancel_requested = true;
    job.queue.provider_ids = vec!["p2".to_owned(), "p1".to_owned()];
    job.queue.note = Some("released".to_owned());
    job.queue.found_video = Some("output/presentations/presentation_a.mp4".to_owned());
    job.queue.removal_marked_at = Some(at("12:00"));
    job
}

/// A job comes back with everything it was given.
pub fn an_inserted_job_is_given_back(store: &dyn Store) {
    let ids = Ids::new();
    let jobs = [full(&ids, "full"), job(ids.id("blank"))];
    insert(store, &jobs);
    for job in jobs {
        assert_eq!(get(store, &job.id), job);
    }
    assert_eq!(seen(store, |r| r.get(&ids.id("missing"))), None);
}

/// An id that is taken conflicts, and the transaction goes on.
pub fn a_taken_job_id_conflicts(store: &dyn Store) {
    let ids = Ids::new();
    let first = full(&ids, "a");
    insert(store, std::slice::from_ref(&first));
    let error = with(store, |r| {
        let error = refusal(r.insert(&job(ids.id("a"))))?;
        r.insert(&job(ids.id("b")))?;
        Ok(error)
    });
    assert!(matches!(error, Error::Conflict { key, .. } if key == first.id.as_str()));
    assert_eq!(get(store, &first.id), first);
    assert_eq!(get(store, &ids.id("b")).status, JobStatus::Queued);
}

/// A job is found by its idempotency key, and by nothing else.
pub fn a_job_is_found_by_its_key(store: &dyn Store) {
    let ids = Ids::new();
    let job = full(&ids, "a");
    insert(store, std::slice::from_ref(&job));
    let key = job.queue.idempotency_key.clone().unwrap();
    let find = |key: &str| seen(store, |r| r.find_by_idempotency_key(key)).map(without_text);
    assert_eq!(find(&key), Some(job));
    assert_eq!(find(&key.to_uppercase()), None);
    assert_eq!(find(""), None);
}

/// A key that another job has conflicts, in an insert and in an update, and the transaction goes on.
pub fn a_taken_idempotency_key_conflicts(store: &dyn Store) {
    let ids = Ids::new();
    let (first, mut second) = (full(&ids, "a"), job(ids.id("b")));
    insert(store, std::slice::from_ref(&first));
    let key = first.queue.idempotency_key.clone();
    let errors = with(store, |r| {
        second.queue.idempotency_key.clone_from(&key);
        let inserting = refusal(r.insert(&second))?;
        second.queue.idempotency_key = None;
        r.insert(&second)?;
        second.queue.idempotency_key.clone_from(&key);
        let updating = refusal(r.update(&second))?;
        let conditionally = refusal(r.update_if(&second, &JobStatus::Queued, 0))?;
        second.queue.idempotency_key = None;
        Ok([inserting, updating, conditionally])
    });
    for error in errors {
        assert!(matches!(&error, Error::Conflict { key: taken, .. } if Some(taken) == key.as_ref()), "{error:?}");
    }
    assert_eq!(get(store, &second.id), second);
    with(store, |r| r.update(&first));
}

/// An update replaces everything but the id.
pub fn a_job_update_replaces_everything(store: &dyn Store) {
    let ids = Ids::new();
    let (blank, full) = (job(ids.id("a")), full(&ids, "a"));
    insert(store, std::slice::from_ref(&blank));
    for job in [&full, &blank] {
        with(store, |r| r.update(job));
        assert_eq!(&get(store, &job.id), job);
    }
}

/// An update of a job that does not exist is refused.
pub fn an_update_of_a_missing_job_is_not_found(store: &dyn Store) {
    let ids = Ids::new();
    let job = full(&ids, "a");
    assert!(matches!(tried(store, |r| r.update(&job)), Err(Error::NotFound { .. })));
    assert!(!with(store, |r| r.update_if(&job, &job.status, 2)));
    assert_eq!(seen(store, |r| r.get(&job.id)), None);
}

/// A conditional update writes only over the status and attempt it names.
pub fn a_conditional_update_needs_status_and_attempt(store: &dyn Store) {
    let ids = Ids::new();
    let mut job = full(&ids, "a");
    insert(store, std::slice::from_ref(&job));
    let stored = job.clone();
    job.status = JobStatus::Completed;
    for (status, attempts) in [(JobStatus::Queued, 2), (JobStatus::Processing, 1), (JobStatus::Completed, 2)] {
        assert!(!with(store, |r| r.update_if(&job, &status, attempts)));
    }
    assert_eq!(get(store, &job.id), stored);
    assert!(with(store, |r| r.update_if(&job, &JobStatus::Processing, 2)));
    assert!(!with(store, |r| r.update_if(&job, &JobStatus::Processing, 2)));
    assert_eq!(get(store, &job.id), job);
}

/// A deleted job is gone; its id and key are free.
pub fn a_deleted_job_frees_its_id_and_key(store: &dyn Store) {
    let ids = Ids::new();
    let job = full(&ids, "a");
    insert(store, std::slice::from_ref(&job));
    assert!(with(store, |r| r.delete(&job.id)));
    assert!(!with(store, |r| r.delete(&job.id)));
    assert_eq!(seen(store, |r| r.get(&job.id)), None);
    insert(store, std::slice::from_ref(&job));
    assert_eq!(get(store, &job.id), job);
}

/// A batch adds all its jobs.
pub fn a_batch_of_jobs_is_kept(store: &dyn Store) {
    let ids = Ids::new();
    let jobs: Vec<PresentationJob> = (0..1200).map(|n| job(ids.id(&format!("{n:04}")))).collect();
    assert_eq!(with(store, |r| r.insert_batch(&jobs)), 1200);
    assert_eq!(with(store, |r| r.insert_batch(&[])), 0);
    let first = seen(store, |r| r.get(&ids.id("0000"))).map(without_text);
    assert_eq!((first.as_ref(), &get(store, &ids.id("1199"))), (jobs.first(), &jobs[1199]));
    assert_eq!(super::support::old_jobs(store, None, 2000).len(), 1200);
}

/// A batch with an id or key that is taken leaves nothing behind.
pub fn a_batch_with_a_taken_id_or_key_is_given_up(store: &dyn Store) {
    let ids = Ids::new();
    let taken = full(&ids, "taken");
    insert(store, std::slice::from_ref(&taken));
    let mut same_key = job(ids.id("c"));
    same_key.queue.idempotency_key.clone_from(&taken.queue.idempotency_key);
    for (odd, key) in [(job(taken.id.clone()), taken.id.to_string()), (same_key, format!("key of {}", taken.id))] {
        let batch = [job(ids.id("a")), odd, job(ids.id("b"))];
        let error = tried(store, |r| r.insert_batch(&batch)).unwrap_err();
        assert!(matches!(&error, Error::Conflict { key: named, .. } if *named == key), "{error:?}");
        assert_eq!(seen(store, |r| r.get(&ids.id("a"))), None);
    }
}

/// The text a job was read from and its request are kept byte for byte.
pub fn the_text_of_a_job_is_kept_byte_for_byte(store: &dyn Store) {
    let ids = Ids::new();
    let text = format!(
        "{{\"job_id\":\"{}\" ,\"status\":\"failed\",\"progress\":1.260e2, \"own\": [1,1.0,1e0, {{\"a\":1,\"a\":2}}],\
         \"error\":\"\\u00e4\\n\", \"created_at\":\"0900-01-01T10:00:00.120\",\n \"created_files\":[\"b\",\"a\"],\
         \"request\":{{\"slide_url\" : \"x\",  \"voiceover_texts\":[\"\\ud83c\\udfac\"], \"resolution\": [1920,1080]}}}}",
        ids.id("a")
    );
    let read = document::read(&text, None, &TimeBase::default()).unwrap().job;
    insert(store, std::slice::from_ref(&read));
    let stored = seen(store, |r| r.get(&read.id)).unwrap();
    assert_eq!(stored.document.as_ref(), Some(&text));
    assert_eq!(stored, read);
    let request = RequestText(
        "{\"slide_url\" : \"x\",  \"voiceover_texts\":[\"\\ud83c\\udfac\"], \"resolution\": [1920,1080]}".to_owned(),
    );
    assert_eq!(stored.request, Some(request));
}

/// Progress is kept as reported: fractions, more than a hundred, none.
pub fn progress_is_kept_as_reported(store: &dyn Store) {
    let ids = Ids::new();
    for (number, progress) in
        [Some(72.6), Some(126.0), Some(-0.5), Some(0.1 + 0.2), Some(1e-300), None].into_iter().enumerate()
    {
        let mut job = job(ids.id(&number.to_string()));
        job.progress = progress;
        insert(store, std::slice::from_ref(&job));
        assert_eq!(get(store, &job.id).progress, progress);
    }
}

/// A status that a source invented is kept, listed and never worked on.
pub fn an_unknown_status_is_kept(store: &dyn Store) {
    let ids = Ids::new();
    let mut job = job(ids.id("a"));
    job.status = JobStatus::Other("Queued".to_owned());
    insert(store, std::slice::from_ref(&job));
    assert_eq!(get(store, &job.id), job);
    assert_eq!(super::support::claim(store, "11", "w"), None);
    assert_eq!(ids.names(&super::support::old_jobs(store, Some(&job.status), 9)), ["a"]);
}

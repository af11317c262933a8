//! Lists of jobs.

use super::support::{Ids, at, insert, job, old_jobs, seen, start, with};
use crate::contract::support::unique;
use landfast_domain::Store;
use landfast_domain::presentations::{JobCursor, JobId, JobStatus, Lease, PresentationJob, RetentionLimits};

/// Adds jobs by name and status, made at the given times.
fn made(store: &dyn Store, ids: &Ids, jobs: &[(&str, &JobStatus, &str)]) {
    let jobs: Vec<PresentationJob> = jobs
        .iter()
        .map(|(name, status, clock)| {
            let mut job = PresentationJob::blank(ids.id(name), at(clock));
            job.status = (*status).clone();
            job
        })
        .collect();
    insert(store, &jobs);
}

/// Jobs are listed newest first, those of one moment by the bytes of the id.
pub fn jobs_are_listed_newest_first(store: &dyn Store) {
    let ids = Ids::new();
    let status = &JobStatus::Completed;
    made(
        store,
        &ids,
        &[
            ("ä", status, "10:00"),
            ("b", status, "10:00"),
            ("B", status, "10:00"),
            ("new", status, "10:00:00.000001"),
            ("newest", status, "11:00"),
            ("old", status, "09:59:59.999999"),
        ],
    );
    assert_eq!(ids.names(&old_jobs(store, None, 99)), ["newest", "new", "B", "b", "ä", "old"]);
    assert_eq!(ids.names(&old_jobs(store, None, 2)), ["newest", "new"]);
    assert_eq!(old_jobs(store, None, 0), []);
    assert_eq!(ids.names(&seen(store, |r| r.list(None, Some(&start()), usize::MAX))).len(), 6);
}

/// Walking through pages gives each job once, whatever is added before the page meanwhile.
pub fn walking_through_pages_gives_each_job_once(store: &dyn Store) {
    let ids = Ids::new();
    let names: Vec<(String, String)> = (0..20).map(|n| (format!("{n:02}"), format!("10:{:02}", n / 3))).collect();
    for (name, clock) in &names {
        made(store, &ids, &[(name, &JobStatus::Failed, clock)]);
    }
    let (mut walked, mut after) = (Vec::new(), start());
    loop {
        let page = seen(store, |r| r.list(Some(&JobStatus::Failed), Some(&after), 7));
        let Some(last) = page.last() else { break };
        after = JobCursor::of(last);
        walked.extend(ids.names(&page));
        made(store, &ids, &[(&format!("later {}", walked.len()), &JobStatus::Failed, "11:00")]);
    }
    let mut expected = names;
    expected.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    assert_eq!(walked, expected.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
}

/// Jobs are listed and counted by their exact status.
pub fn jobs_are_listed_and_counted_by_status(store: &dyn Store) {
    let ids = Ids::new();
    let (odd, other) = (JobStatus::Other(unique("Status ")), JobStatus::Other(unique("status ")));
    let before = seen(store, |r| r.count_by_status());
    made(
        store,
        &ids,
        &[("a", &odd, "10:00"), ("b", &other, "10:01"), ("c", &odd, "10:02"), ("d", &JobStatus::Failed, "10:03")],
    );
    assert_eq!(ids.names(&old_jobs(store, Some(&odd), 9)), ["c", "a"]);
    assert_eq!(ids.names(&old_jobs(store, Some(&JobStatus::Failed), 9)), ["d"]);
    let counts = seen(store, |r| r.count_by_status());
    assert!(counts.is_sorted_by(|a, b| a.0.as_str() < b.0.as_str()), "{counts:?}");
    let count = |counts: &[(JobStatus, u64)], status: &JobStatus| {
        counts.iter().find(|(counted, _)| counted == status).map_or(0, |(_, count)| *count)
    };
    assert_eq!((count(&counts, &odd), count(&counts, &other)), (2, 1));
    assert_eq!(count(&counts, &JobStatus::Failed), count(&before, &JobStatus::Failed) + 1);
    with(store, |r| r.delete(&ids.id("b")));
    assert_eq!(count(&seen(store, |r| r.count_by_status()), &other), 0);
}

/// Lost jobs are those without a valid lease, in the order of their ids.
pub fn lost_jobs_are_found_by_id(store: &dyn Store) {
    let ids = Ids::new();
    let lease = |until: &str| Some(Lease { owner: "w".to_owned(), expires_at: at(until) });
    let jobs = [
        ("z processing", JobStatus::Processing, None, true),
        ("expired", JobStatus::Processing, lease("11:00"), true),
        ("alive", JobStatus::Processing, lease("11:00:00.000001"), true),
        ("waiting", JobStatus::Queued, None, true),
        ("A without request", JobStatus::Queued, None, false),
        ("external", JobStatus::Queued, lease("10:00"), false),
        ("done", JobStatus::Completed, None, false),
        ("odd", JobStatus::Other("processing ".to_owned()), None, false),
    ];
    for (name, status, lease, has_request) in jobs {
        let mut job = job(ids.id(name));
        (job.status, job.queue.lease) = (status, lease);
        job.request.take_if(|_| !has_request);
        insert(store, &[job]);
    }
    let lost = |after: &JobId, limit| ids.names(&seen(store, |r| r.list_lost(at("11:00"), Some(after), limit)));
    assert_eq!(lost(&ids.before(), 99), ["A without request", "expired", "z processing"]);
    assert_eq!(lost(&ids.before(), 2), ["A without request", "expired"]);
    assert_eq!(lost(&ids.id("expired"), 99), ["z processing"]);
}

/// Removable jobs are the final ones that ended before their limit, and marked ones, in the order of their ids.
pub fn removable_jobs_are_found_by_id(store: &dyn Store) {
    use JobStatus::{Completed, Failed, Processing};
    let ids = Ids::new();
    let jobs = [
        ("old", Completed, Some("10:59:59.999999"), None),
        ("exact", Completed, Some("11:00"), None),
        ("undated", Completed, None, None),
        ("marked", Completed, Some("12:00"), Some("12:01")),
        ("failed", Failed, Some("10:29"), None),
        ("failed later", Failed, Some("10:59"), None),
        ("running", Processing, Some("09:00"), Some("09:30")),
    ];
    for (name, status, completed, marked) in jobs {
        let mut job = job(ids.id(name));
        job.status = status;
        job.completed_at = completed.map(at);
        job.queue.removal_marked_at = marked.map(at);
        insert(store, &[job]);
    }
    let limits = RetentionLimits { completed_before: at("11:00"), failed_before: at("10:30") };
    let removable = |after: &JobId, limit| ids.names(&seen(store, |r| r.list_removable(&limits, Some(after), limit)));
    assert_eq!(removable(&ids.before(), 99), ["failed", "marked", "old", "undated"]);
    assert_eq!(removable(&ids.before(), 1), ["failed"]);
    assert_eq!(removable(&ids.id("marked"), 99), ["old", "undated"]);
}
